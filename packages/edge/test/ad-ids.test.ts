import { createExecutionContext, createMessageBatch, getQueueResult } from 'cloudflare:test';
import { api, type EpochMs, type NewIntegrationInput, type SiteConfigInput } from '@dialmark/shared';
import { beforeAll, describe, expect, it } from 'vitest';
import { deliver } from '../src/conversions/deliver.ts';
import { openIntegrations } from '../src/conversions/integrations.ts';
import type { ConversionMessage } from '../src/conversions/message.ts';
import handlers from '../src/index.ts';
import { admin, env, mainOf, migrateLedger, newSite, ORIGIN, pageHeaders, visitor, worker } from './edge.ts';

beforeAll(migrateLedger);

const WEBHOOK: NewIntegrationInput = { id: 'crm', kind: 'webhook', url: 'https://crm.example/hooks' };
const GA4: NewIntegrationInput = {
  id: 'analytics',
  kind: 'ga4',
  measurementId: 'G-ABC123DEF4',
  secrets: { apiSecret: 's' },
};
const META: NewIntegrationInput = { id: 'meta', kind: 'meta', datasetId: '1', secrets: { accessToken: 't' } };

const served = (path: string) => worker(new Request(`https://edge.example/s/${path}`));
/** Whether a site's script tells the ids, and its version. */
async function script(site: string): Promise<{ tells: boolean; version: string | null }> {
  const answer = await served(`${site}.js`);
  const text = await answer.text();
  expect(text).not.toContain('"adIds"');
  return { tells: text.includes('_fbp'), version: answer.headers.get('Dialmark-Version') };
}

describe('the ids of Analytics and Meta', () => {
  it('are told by the script of a site whose integrations use them, as long as they do', async () => {
    const site = await newSite(0);
    const put = (body: NewIntegrationInput) => admin.call(api.putIntegration, { site, body });
    const remove = (id: string) => admin.call(api.deleteIntegration, { site, id });
    await put(WEBHOOK);
    const without = await script(site);
    expect(without.tells).toBe(false);
    await put(GA4);
    await put(META);
    const withIds = await script(site);
    expect(withIds.tells).toBe(true);
    expect(withIds.version).not.toBe(without.version);
    await remove('analytics');
    expect(await script(site)).toEqual(withIds);
    await remove('meta');
    expect(await script(site)).toEqual(without);
    // A page that has pinned the script with them keeps it.
    expect(await (await served(`${site}@${withIds.version}.js`)).text()).toContain('_fbp');
  });

  it('are told, or not, where the site says so', async () => {
    const site = await newSite(0, { snippet: { adIds: true } } as Partial<SiteConfigInput>);
    expect((await script(site)).tells).toBe(true);
    const quiet = await newSite(0, { snippet: { adIds: false } } as Partial<SiteConfigInput>);
    await admin.call(api.putIntegration, { site: quiet, body: META });
    expect((await script(quiet)).tells).toBe(false);
  });

  it('go to the destinations with the call of the visit that told them', async () => {
    const site = await newSite(1);
    for (const body of [
      { ...GA4, delayMinutes: 0 },
      { ...META, delayMinutes: 0 },
    ] as NewIntegrationInput[])
      await admin.call(api.putIntegration, { site, body });
    const { number } = await mainOf(site, 's_1', { visitor: 'v_1', page: { url: ORIGIN } });
    const data = {
      gaClientId: 'GA1.1.444.555',
      gaSessions: { ABC123DEF4: '1764000000', OTHER1234: '1763000000' },
      fbp: 'fb.1.1764000000000.1234567890',
      fbc: 'fb.1.1764000000001.IwAR0_a-b',
    };
    await visitor.call(api.event, {
      site,
      headers: pageHeaders,
      body: { type: 'tag', session: 's_1', visitor: 'v_1', data },
    });
    const call = { id: 'CA1', from: '+12125550199', to: number as string, durationSeconds: 93 };
    await admin.call(api.reportCall, { site, body: { ...call, startedAt: new Date().toISOString() } });

    const news: ConversionMessage = { about: 'call', site, pool: env.POOL.idFromName(site).toString(), call: 'CA1' };
    const message = { id: 'm', timestamp: new Date(), attempts: 1, body: news };
    const batch = createMessageBatch<ConversionMessage>('dialmark-conversions', [message]);
    await handlers.queue(batch, env);
    await getQueueResult(batch, createExecutionContext());
    const { items } = await admin.call(api.listDeliveries, { site });
    const sent: Record<string, string> = {};
    await deliver(
      env,
      items.map(({ id }) => ({ site, id })),
      (of) => openIntegrations(env, of),
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
      data: [{ user_data: { fbp: data.fbp, fbc: data.fbc } }],
    });
  });

  it('can be told by a script of its own', async () => {
    const answer = await served('acme/ad-ids.js');
    expect(answer.headers.get('Content-Type')).toContain('text/javascript');
    expect(await answer.text()).toContain('_fbp');
  });
});
