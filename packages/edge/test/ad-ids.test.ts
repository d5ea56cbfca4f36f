import { createExecutionContext, createMessageBatch, getQueueResult } from 'cloudflare:test';
import { api, type EpochMs, type NewIntegrationInput, type SiteConfigInput } from '@dialmark/shared';
import { describe, expect, it } from 'vitest';
import { deliver } from '../src/conversions/deliver.ts';
import type { ConversionMessage } from '../src/conversions/message.ts';
import handlers from '../src/index.ts';
import { admin, drain, env, mainOf, newSite, ORIGIN, pageHeaders, visitor, worker } from './edge.ts';
import { everything } from './everything.ts';

const WEBHOOK: NewIntegrationInput = { id: 'crm', kind: 'webhook', url: 'https://crm.example/hooks' };
const GA4: NewIntegrationInput = {
  id: 'analytics',
  kind: 'ga4',
  measurementId: 'G-ABC123DEF4',
  secrets: { apiSecret: 's' },
};
const META: NewIntegrationInput = { id: 'meta', kind: 'meta', datasetId: '1', secrets: { accessToken: 't' } };
/** As the script tells them. */
const TOLD = {
  _ga: 'GA1.1.444.555',
  _ga_ABC123DEF4: 'GS2.1.s1764000000',
  _fbp: 'fb.1.1764000000000.1234567890',
  _fbc: 'fb.1.1764000000001.IwAR0_a-b',
};

const served = (path: string) => worker(new Request(`https://edge.example/s/${path}`));
/** The cookies that a site's script tells, and its version. */
async function script(site: string): Promise<{ tells: string[]; version: string | null }> {
  const answer = await served(`${site}.js`);
  const text = await answer.text();
  expect(text).not.toMatch(/"adIds"|__DIALMARK/);
  return { tells: text.match(/"_(?:ga|fb)\w*"/g) ?? [], version: answer.headers.get('Dialmark-Version') };
}

describe('the ids of Analytics and Meta', () => {
  it('are told by the script of a site whose integrations use them, as long as they do', async () => {
    const site = await newSite(0);
    const put = (body: NewIntegrationInput) => admin.call(api.putIntegration, { site, body });
    const remove = (id: string) => admin.call(api.deleteIntegration, { site, id });
    await put(WEBHOOK);
    const without = await script(site);
    expect(without.tells).toEqual([]);
    await put(META);
    const metaOnly = await script(site);
    expect(metaOnly.tells).toEqual(['"_fbc"', '"_fbp"']);
    expect(metaOnly.version).not.toBe(without.version);
    await put(GA4);
    await put({ ...GA4, id: 'second', measurementId: 'G-OTHER1234' });
    const all = await script(site);
    expect(all.tells).toEqual(['"_fbc"', '"_fbp"', '"_ga"', '"_ga_ABC123DEF4"', '"_ga_OTHER1234"']);
    await remove('second');
    await put({ ...GA4, measurementId: 'G-NEW12345' });
    expect((await script(site)).tells).toEqual(['"_fbc"', '"_fbp"', '"_ga"', '"_ga_NEW12345"']);
    await remove('analytics');
    expect(await script(site)).toEqual(metaOnly);
    await remove('meta');
    expect(await script(site)).toEqual(without);
    // A page that has pinned the script with them keeps it.
    expect(await (await served(`${site}@${metaOnly.version}.js`)).text()).toContain('_fbp');
  });

  it('stay with the site when it is configured again, and are not told where it says so', async () => {
    const site = await newSite(0);
    await admin.call(api.putIntegration, { site, body: META });
    const configured = async (change: Partial<SiteConfigInput>) => {
      const body = await admin.call(api.getSite, { site });
      await admin.call(api.putSite, { site, body: { ...body, ...change } });
      return (await script(site)).tells;
    };
    expect(await configured({ timeZone: 'Europe/Berlin' })).toEqual(['"_fbc"', '"_fbp"']);
    expect(await configured({ snippet: { adIds: false } })).toEqual([]);
    expect(await configured({ snippet: {} })).toEqual(['"_fbc"', '"_fbp"']);
  });

  it('go to the destinations with the call of the visit that told them', async () => {
    const site = await newSite(1);
    for (const body of [GA4, META]) await admin.call(api.putIntegration, { site, body: { ...body, delayMinutes: 0 } });
    await callOfTold(site);
    const { items } = await admin.call(api.listDeliveries, { site });
    const sent: Record<string, string> = {};
    await deliver(
      env,
      site,
      items.map(({ id }) => id),
      {
        fetch: async (url, init) => {
          sent[new URL(url).hostname] = init?.body as string;
          return Response.json({});
        },
        now: Date.now() as EpochMs,
        isLate: () => false,
        local: false,
      },
      () => 5,
    );
    expect(JSON.parse(sent['www.google-analytics.com'] ?? '{}')).toMatchObject({
      client_id: '444.555',
      events: [{ params: { session_id: '1764000000' } }],
    });
    expect(JSON.parse(sent['graph.facebook.com'] ?? '{}')).toMatchObject({
      data: [{ user_data: { fbp: TOLD._fbp, fbc: TOLD._fbc } }],
    });
  });

  it('are erased with the visitor, in what waits to be sent too', async () => {
    const site = await newSite(1);
    await admin.call(api.putIntegration, { site, body: META });
    await callOfTold(site);
    await drain(site);
    expect((await admin.call(api.listDeliveries, { site })).items).toHaveLength(1);
    for (const id of Object.values(TOLD)) expect(await everything(site)).toContain(id);
    await admin.call(api.eraseVisitor, { site, id: 'v_1' });
    for (const id of Object.values(TOLD)) expect(await everything(site)).not.toContain(id);
  });
});

/** A visit that tells its ids and calls, and the change of the call as the queue brings it. */
async function callOfTold(site: string): Promise<void> {
  const { number } = await mainOf(site, 's_1', { visitor: 'v_1', page: { url: ORIGIN } });
  const event = { type: 'tag' as const, session: 's_1', visitor: 'v_1', data: TOLD };
  await visitor.call(api.event, { site, headers: pageHeaders, body: event });
  const call = { id: 'CA1', from: '+12125550199', to: number as string, durationSeconds: 93 };
  await admin.call(api.reportCall, { site, body: { ...call, startedAt: new Date().toISOString() } });

  const change: ConversionMessage = { about: 'call', site, pool: env.POOL.idFromName(site).toString(), call: 'CA1' };
  const message = { id: 'm', timestamp: new Date(), attempts: 1, body: change };
  const batch = createMessageBatch<ConversionMessage>('dialmark-conversions', [message]);
  await handlers.queue(batch, env);
  await getQueueResult(batch, createExecutionContext());
}
