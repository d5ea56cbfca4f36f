import { runInDurableObject } from 'cloudflare:test';
import { api, type EpochMs } from '@dialmark/shared';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { queueDeliveries } from '../src/conversions/queue-deliveries.ts';
import type { NumberPool } from '../src/pool/number-pool.ts';
import { secretsOf, signedRequest } from './carrier-signers.ts';
import { STORIES } from './carrier-stories.ts';
import { admin, drain, env, leaseOf, ledgerRows, mainOf, newSite, ORIGIN, poolNumber, worker } from './edge.ts';
import { everything } from './everything.ts';
import { settled } from './journeys.ts';

const CALLER = '+12125550187';
const OTHER = '+12125550188';
const SECRET = 'the secret of the account';
const HOOK = { id: 'crm', kind: 'webhook' as const, url: 'https://hooks.example/dialmark' };
const NEEDLE_PAGE = { url: `${ORIGIN}/needle-page?utm_source=x&utm_medium=cpc&utm_campaign=needle-campaign` };

async function siteWithHook(numbers = 1, config = {}): Promise<string> {
  const site = await newSite(numbers, config);
  await admin.call(api.putIntegration, {
    site,
    body: { ...HOOK, events: ['call.ringing', 'call.completed', 'call.updated'] },
  });
  return site;
}

const report = (site: string, id: string, to: string, more: object = {}) =>
  admin.call(api.reportCall, {
    site,
    body: { id, from: CALLER, to, startedAt: new Date().toISOString(), durationSeconds: 60, ...more },
  });

const changeOf = (site: string, call: string) =>
  ({ about: 'call', site, pool: env.POOL.idFromName(site).toString(), call }) as const;

const planned = (site: string, call: string) => queueDeliveries(env, changeOf(site, call), Date.now() as EpochMs);

const messages = (site: string) =>
  ledgerRows<{ call: string; state: string; payload: string | null }>(
    site,
    'SELECT call, state, payload FROM deliveries ORDER BY call, event',
  );

/** A call of one visitor that may have been another's, and what is said of it. */
async function callWithRunnerUp(): Promise<string> {
  const site = await siteWithHook(1, { lease: { onExhausted: 'share' } });
  await leaseOf(site, 's_needle', { visitor: 'v_needle', page: NEEDLE_PAGE });
  const { number } = await mainOf(site, 's_other', { visitor: 'v_other' });
  await report(site, 'CA1', number as string);
  const { attribution } = await admin.call(api.getCall, { site, id: 'CA1' });
  expect(attribution.visitor?.id).toBe('v_other');
  expect(JSON.stringify(attribution.candidates)).toContain('v_needle');
  return site;
}

describe('an erased visitor', () => {
  it('is no runner-up of other calls, nor in what is said of those, which is sent all the same', async () => {
    const site = await callWithRunnerUp();
    await planned(site, 'CA1');
    await settled(site);
    expect((await messages(site))[0]?.payload).toContain('v_needle');
    await admin.call(api.eraseVisitor, { site, id: 'v_needle' });
    expect(await everything(site)).not.toContain('needle');
    const [message] = await messages(site);
    expect(message?.state).toBe('pending');
    expect(JSON.parse(message?.payload as string)).toMatchObject({
      data: { call: { from: CALLER, attribution: { visitor: { id: 'v_other' }, candidates: [] } } },
    });
  });

  it('is not in what is planned of another call at that very moment', async () => {
    const site = await callWithRunnerUp();
    const pool = env.POOL.getByName(site) as DurableObjectStub<NumberPool>;
    let erased = false;
    const interrupted = {
      run: async (...operation: Parameters<NumberPool['run']>) => {
        const result = await pool.run(...operation);
        if (operation[1] === 'read') {
          if (!erased) await admin.call(api.eraseVisitor, { site, id: 'v_needle' });
          erased = true;
        }
        return result;
      },
    };
    const around = { ...env, POOL: { idFromString: () => pool.id, get: () => interrupted } };
    await queueDeliveries(around as never, changeOf(site, 'CA1'), Date.now() as EpochMs);
    expect(await messages(site)).toMatchObject([{ state: 'pending', payload: expect.stringContaining('v_other') }]);
    await settled(site);
    expect(await everything(site)).not.toContain('needle');
  });

  it('is no earlier call of the same caller in what is said of a later one', async () => {
    const site = await siteWithHook(2);
    const { numbers } = await leaseOf(site, 's_needle', { visitor: 'v_needle', page: NEEDLE_PAGE });
    const other = await mainOf(site, 's_other', { visitor: 'v_other' });
    await report(site, 'CA1', numbers.main?.number as string);
    await report(site, 'CA2', other.number as string, { startedAt: new Date(Date.now() + 1000).toISOString() });
    await admin.call(api.patchCall, { site, id: 'CA1', body: { value: 5 } });
    await planned(site, 'CA2');
    expect((await messages(site))[0]?.payload).toContain('needle-campaign');
    await admin.call(api.eraseVisitor, { site, id: 'v_needle' });
    await settled(site);
    expect(await everything(site)).not.toContain('needle');
  });

  it('is gone from the message of a call that rings, though the ledger has not heard of the call', async () => {
    const site = await siteWithHook();
    const { numbers } = await leaseOf(site, 's_needle', { visitor: 'v_needle', page: NEEDLE_PAGE });
    await report(site, 'CA1', numbers.main?.number as string, { status: 'ringing', durationSeconds: null });
    await planned(site, 'CA1');
    expect(await messages(site)).toMatchObject([{ state: 'pending', payload: expect.stringContaining('v_needle') }]);
    await admin.call(api.eraseVisitor, { site, id: 'v_needle' });
    expect(await messages(site)).toMatchObject([{ state: 'failed', payload: null }]);
    await report(site, 'CA1', numbers.main?.number as string, { status: 'completed' });
    await planned(site, 'CA1');
    await settled(site);
    const left = await everything(site);
    expect(left).not.toContain('needle');
    expect(left).not.toContain(CALLER.slice(1));
  });
});

describe('an erased caller', () => {
  it('is gone from the message of a call that rings, and cannot be found from its digest', async () => {
    const site = await siteWithHook();
    const { number } = await mainOf(site, 's_1', { visitor: 'v_1' });
    await report(site, 'CA1', number as string, { status: 'ringing', durationSeconds: null });
    await planned(site, 'CA1');
    await admin.call(api.eraseCaller, { site, number: CALLER });
    expect(await messages(site)).toMatchObject([{ state: 'failed', payload: null }]);
    expect(await ledgerRows(site, 'SELECT digest FROM deliveries')).toEqual([{ digest: '' }]);
    await settled(site);
    expect(await everything(site)).not.toContain(CALLER.slice(1));
  });

  it('diverted no call of another, then or later, whose caller stays', async () => {
    const site = await siteWithHook(1, { carriers: { twilio: await secretsOf('twilio', SECRET) } });
    const { number } = await mainOf(site, 's_1', { visitor: 'v_1' });
    const voice = `https://edge.example/v1/sites/${site}/carriers/twilio/voice`;
    const send = async ([url, fields]: [string, object]) =>
      (await worker(await signedRequest('twilio', SECRET, url, { ...fields, ForwardedFrom: OTHER } as never))).text();
    const dialled = { call: 'CA1', from: CALLER, to: number as string };
    const answer = await send([voice, STORIES.twilio.incoming(dialled)]);
    expect(await admin.call(api.getCall, { site, id: 'CA1' })).toMatchObject({ from: CALLER, forwardedFrom: OTHER });
    await planned(site, 'CA1');
    expect((await messages(site))[0]?.payload).toContain(OTHER);
    await admin.call(api.eraseCaller, { site, number: OTHER });
    for (const later of STORIES.twilio.answered(dialled, answer, voice.replace('/voice', '/status'))) await send(later);
    await planned(site, 'CA1');
    await settled(site);
    expect(await admin.call(api.getCall, { site, id: 'CA1' })).toMatchObject({ from: CALLER, forwardedFrom: null });
    expect(await everything(site)).not.toContain(OTHER.slice(1));
  });

  it('is also forgotten where another report named them first', async () => {
    const site = await newSite(1);
    const { number } = await mainOf(site, 's_1', { visitor: 'v_1' });
    await report(site, 'CA1', number as string, { from: OTHER });
    await report(site, 'CA1', number as string);
    await admin.call(api.eraseCaller, { site, number: OTHER });
    await admin.call(api.eraseCaller, { site, number: CALLER });
    await settled(site);
    const left = await everything(site);
    for (const caller of [CALLER, OTHER]) expect(left).not.toContain(caller.slice(1));
  });
});

describe('ids in addresses', () => {
  it('that no path can carry are taken by no door', async () => {
    const site = await newSite(1);
    for (const id of ['.', '..']) {
      const page = { url: `${ORIGIN}/` };
      const headers = { Origin: ORIGIN, 'User-Agent': 'Mozilla/5.0 Firefox/144.0' };
      for (const body of [
        { session: 's_1', visitor: id, page },
        { session: id, visitor: 'v_1', page },
      ]) {
        expect((await admin.send(api.lease, { site, headers, body })).status).toBe(400);
        const event = { type: 'pageview' as const, ...body };
        expect((await admin.send(api.event, { site, headers, body: event })).status).toBe(400);
      }
      const call = { id, from: CALLER, to: poolNumber(0), startedAt: new Date().toISOString() };
      expect((await admin.send(api.reportCall, { site, body: call })).status).toBe(400);
      expect((await admin.send(api.amp, { site, headers, query: { clientId: id } })).status).toBe(400);
    }
  });

  it('that were taken before are erased all the same', async () => {
    const site = await newSite(1);
    await mainOf(site, 's_needle', { visitor: 'v_needle', page: NEEDLE_PAGE });
    await settled(site);
    await drain(site);
    await runInDurableObject(env.POOL.getByName(site), (_, { storage }) => {
      storage.sql.exec("UPDATE sessions SET visitor = '..'");
      storage.sql.exec("UPDATE bindings SET visitor = '..'");
    });
    await ledgerRows(site, "UPDATE visit SET visitor = '..'");
    await admin.call(api.eraseVisitorById, { site, query: { id: '..' } });
    await settled(site);
    expect(await everything(site)).not.toContain('needle');
    expect((await admin.send(api.eraseVisitorById, { site, query: {} as never })).status).toBe(400);
  });

  it('come through a path and a query as they are', async () => {
    const site = await newSite(3, { limits: { newLeasesPerAddressPerHour: 10_000 } });
    const printable = fc.string({
      unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)),
      minLength: 1,
      maxLength: 128,
    });
    const awkward = fc.constantFrom('%2e', '%2E%2e', '%', '%25', 'a/b', '../x', './', '\\', '?id=1', '#x', '+', '%00');
    const ids = fc.oneof(printable, awkward).filter((id) => id !== '.' && id !== '..');
    await fc.assert(
      fc.asyncProperty(ids, fc.boolean(), async (id, byQuery) => {
        const visitor = await mainOf(site, `s_${crypto.randomUUID()}`, { visitor: id });
        expect(visitor.kind).toMatch(/pool|fallback/);
        expect((await admin.call(api.getVisitor, { site, id })).id).toBe(id);
        if (byQuery) await admin.call(api.eraseVisitorById, { site, query: { id } });
        else await admin.call(api.eraseVisitor, { site, id });
        expect((await admin.send(api.getVisitor, { site, id })).status).toBe(404);
      }),
      { numRuns: 60 },
    );
  }, 60_000);
});
