import { api, type Call } from '@dialmark/shared';
import { CarrierName } from '@dialmark/shared/wire/forwarding';
import { describe, expect, it } from 'vitest';
import { type Fields, secretsOf, signedRequest } from './carrier-signers.ts';
import { type Later, STORIES } from './carrier-stories.ts';
import { admin, ledgerRows, mainOf, newSite, worker } from './edge.ts';
import { everything } from './everything.ts';
import { settled } from './journeys.ts';

const CALLER = '+12125550187';
const SECRET = 'the secret of the account';

const callOf = (site: string): Promise<Call> => admin.call(api.getCall, { site, id: 'CA1' });

it('takes what a destination said of an erased call with it', async () => {
  const site = await newSite(1);
  const { number } = await mainOf(site, 's_1', { visitor: 'v_1' });
  const call = { id: 'CA1', from: CALLER, to: number as string, startedAt: new Date().toISOString() };
  await admin.call(api.reportCall, { site, body: call as never });
  await settled(site);
  await ledgerRows(
    site,
    `INSERT INTO deliveries (id, integration, call, event, revision, position, digest, state, payload, last_error,
       created_at, next_at) VALUES ('d_1', 'ads', 'CA1', 'conversion', 0, 1, 'x', 'failed', ?1, ?1, 0, 0)`,
    `answered 400: ${CALLER} is not valid`,
  );
  await admin.call(api.eraseCaller, { site, number: CALLER });
  await settled(site);
  const { items } = await admin.call(api.listDeliveries, { site, query: {} });
  expect(items).toMatchObject([{ id: 'd_1', state: 'failed', lastError: 'erased' }]);
  expect(await everything(site)).not.toContain(CALLER.slice(1));
});

describe.each(CarrierName.options)('a call by %s whose caller was erased', (carrier) => {
  async function rungUp() {
    const site = await newSite(1, { carriers: { [carrier]: await secretsOf(carrier, SECRET) } });
    const { number } = await mainOf(site, 's_needle', { visitor: 'v_needle' });
    const voice = `https://edge.example/v1/sites/${site}/carriers/${carrier}/voice`;
    const send = async ([url, fields]: [url: string, fields: Fields]) => {
      const response = await worker(await signedRequest(carrier, SECRET, url, fields));
      expect([200, 204]).toContain(response.status);
      return response.text();
    };
    const dialled = { call: 'CA1', from: CALLER, to: number as string };
    const first: Later = [voice, STORIES[carrier].incoming(dialled)];
    const answer = await send(first);
    const later = STORIES[carrier].answered(dialled, answer, voice.replace('/voice', '/status'));
    return { site, send, first, answer, later };
  }

  it('stays a call of nobody, whatever comes late or again', async () => {
    const { site, send, first, answer, later } = await rungUp();
    await settled(site);
    expect(await everything(site)).toContain(CALLER.slice(1));
    await admin.call(api.eraseCaller, { site, number: CALLER });
    expect(await everything(site)).not.toContain(CALLER.slice(1));

    for (const webhook of later) await send(webhook);
    // A redelivery is answered as it was: the call that it is about may still be ringing.
    expect(await send(first)).toBe(answer);
    await settled(site);
    expect(await everything(site)).not.toContain(CALLER.slice(1));
    expect(await callOf(site)).toMatchObject({
      ...{ status: 'completed', durationSeconds: 60, from: null, recordingUrl: null, firstTime: false },
      attribution: { match: 'none', session: null, visitor: null, candidates: [] },
    });
  });

  it('stays so where its visitor was erased, and where the API reports it once more', async () => {
    const { site, send, later } = await rungUp();
    await admin.call(api.eraseVisitor, { site, id: 'v_needle' });
    for (const webhook of later) await send(webhook);
    const { to } = await callOf(site);
    const report = {
      id: 'CA1',
      from: CALLER,
      to: to as string,
      startedAt: '2026-11-01T10:00:00Z',
      durationSeconds: 60,
      value: 80,
    };
    expect(await admin.call(api.reportCall, { site, body: report })).toMatchObject({ from: null, value: 80 });
    await settled(site);
    const left = await everything(site);
    expect(left).not.toContain(CALLER.slice(1));
    expect(left).not.toContain('needle');
  });
});
