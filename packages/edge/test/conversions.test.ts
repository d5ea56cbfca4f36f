import { createExecutionContext, createMessageBatch, getQueueResult, runInDurableObject } from 'cloudflare:test';
import { api, type Delivery, type NewIntegrationInput } from '@dialmark/shared';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ConversionMessage } from '../src/conversions/message.ts';
import worker from '../src/index.ts';
import { admin, drain, env, mainOf, migrateLedger, newSite, ORIGIN } from './edge.ts';

beforeAll(migrateLedger);

const AD = `${ORIGIN}/roof?utm_source=google&utm_medium=cpc&utm_campaign=spring&gclid=Cj0KCQ-abc_1`;
const WEBHOOK: NewIntegrationInput = { id: 'crm', kind: 'webhook', url: 'https://crm.example/hooks' };

async function visitedSite(): Promise<{ site: string; number: string }> {
  const site = await newSite();
  const { number } = await mainOf(site, 's_1', { visitor: 'v_1', page: { url: AD }, touch: { url: AD } });
  return { site, number: number as string };
}

function report(site: string, number: string, more: object = {}) {
  const call = { id: 'CA1', from: '+12125550199', to: number, startedAt: new Date().toISOString(), ...more };
  return admin.call(api.reportCall, { site, body: call });
}

/** Hands the Worker a batch, as its queue would. */
async function consume(bodies: ConversionMessage[], queue = 'dialmark-conversions') {
  const messages = bodies.map((body, index) => ({ id: `m${index}`, timestamp: new Date(), attempts: 1, body }));
  const batch = createMessageBatch<ConversionMessage>(queue, messages);
  const context = createExecutionContext();
  await worker.queue(batch, env);
  return getQueueResult(batch, context);
}

const newsOf = (site: string, call = 'CA1'): ConversionMessage => ({
  about: 'call',
  site,
  pool: env.POOL.idFromName(site).toString(),
  call,
});

const at = (moment: number) => new Date(moment).toISOString();

async function deliveries(site: string): Promise<Delivery[]> {
  return (await admin.call(api.listDeliveries, { site })).items;
}

describe('integrations', () => {
  it('keeps secrets encrypted and never shows them again', async () => {
    const site = await newSite(0);
    const made = await admin.send(api.putIntegration, { site, body: WEBHOOK });
    expect(made.status).toBe(201);
    const { integration, signingSecret } = (await made.json()) as { integration: object; signingSecret: string };
    expect(signingSecret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(integration).toMatchObject({ id: 'crm', events: ['call.ringing', 'call.completed', 'call.updated'] });
    const list = await admin.call(api.listIntegrations, { site });
    expect(list.items).toEqual([integration]);
    expect(JSON.stringify(list)).not.toContain('whsec_');
    const row = await env.LEDGER.prepare('SELECT * FROM integrations WHERE site = ?').bind(site).first();
    expect(JSON.stringify(row)).not.toContain(signingSecret.slice(6));
  });

  it('replaces one by its id and keeps the secrets that are sent back as they are shown', async () => {
    const site = await newSite(0);
    await admin.call(api.putIntegration, { site, body: WEBHOOK });
    const sealed = () =>
      env.LEDGER.prepare('SELECT secrets FROM integrations WHERE site = ?').bind(site).first('secrets');
    const before = await sealed();
    const [shown] = (await admin.call(api.listIntegrations, { site })).items;
    const changed = { ...(shown as NewIntegrationInput), name: 'The CRM' };
    const response = await admin.send(api.putIntegration, { site, body: changed });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ integration: { name: 'The CRM' }, signingSecret: null });
    expect(await sealed()).toBe(before);
  });

  it.each([
    ['an address without TLS', { ...WEBHOOK, url: 'http://crm.example/' }, 'url'],
    ['an inner address', { ...WEBHOOK, url: 'https://169.254.169.254/latest/meta-data' }, 'url'],
    ['an address of this machine', { ...WEBHOOK, url: 'https://localhost/' }, 'url'],
    ['a kind that is none', { kind: 'fax' }, 'kind'],
    ['no secrets', { kind: 'ga4', measurementId: 'G-ABC123DEF4' }, 'secrets'],
    [
      'a key that is none',
      {
        kind: 'google_data_manager',
        customerId: '123-456-7890',
        conversionActionId: '1',
        secrets: { serviceAccount: { client_email: 'a@b.example', private_key: '-----BEGIN PRIVATE KEY-----\nx\n' } },
      },
      'secrets.serviceAccount.private_key',
    ],
    ['updates without completions', { ...WEBHOOK, events: ['call.updated'] }, 'events'],
  ])('refuses %s and names the field', async (_, body, path) => {
    const response = await admin.send(api.putIntegration, { site: await newSite(0), body: body as never });
    expect(response.status).toBe(400);
    expect(((await response.json()) as { errors: { path: string }[] }).errors.map((error) => error.path)).toContain(
      path,
    );
  });
});

describe('what is told of a call', () => {
  it('plans one message for each destination that wants it, however often the news comes', async () => {
    const { site, number } = await visitedSite();
    await admin.call(api.putIntegration, { site, body: WEBHOOK });
    await report(site, number, { status: 'ringing' });
    await Promise.all([consume([newsOf(site)]), consume([newsOf(site), newsOf(site)])]);
    expect(await deliveries(site)).toMatchObject([
      { event: 'call.ringing', revision: 0, integration: 'crm', call: 'CA1' },
    ]);
  });

  it('tells what changed after the call was over as an update, and nothing where nothing changed', async () => {
    const { site, number } = await visitedSite();
    await admin.call(api.putIntegration, { site, body: WEBHOOK });
    const call = { startedAt: new Date().toISOString(), durationSeconds: 60 };
    await report(site, number, call);
    await consume([newsOf(site)]);
    await report(site, number, call);
    await consume([newsOf(site)]);
    expect((await deliveries(site)).map(({ event, revision }) => [event, revision])).toEqual([['call.completed', 0]]);
    await env.LEDGER.prepare(`UPDATE deliveries SET state = 'delivered', attempts = 1 WHERE site = ?`).bind(site).run();
    await report(site, number, { ...call, value: 250 });
    await consume([newsOf(site)]);
    await report(site, number, { ...call, value: 300 });
    await consume([newsOf(site)]);
    expect((await deliveries(site)).map(({ event, revision }) => `${event} ${revision}`).sort()).toEqual([
      'call.completed 0',
      'call.updated 1',
      'call.updated 2',
    ]);
  });

  it('counts only the calls that the rules let count', async () => {
    const { site, number } = await visitedSite();
    const rules = { minSeconds: 60, sources: ['Google'], clickId: 'gclid' as const, firstTimeOnly: true };
    const ga4 = { kind: 'ga4', measurementId: 'G-ABC123DEF4', secrets: { apiSecret: 'x' } } as const;
    await admin.call(api.putIntegration, { site, body: { ...ga4, id: 'long', rules } });
    await admin.call(api.putIntegration, {
      site,
      body: { ...ga4, id: 'bing', rules: { ...rules, sources: ['bing'] } },
    });
    const [other, now] = ['+12125550111', Date.now()];
    await report(site, number, { id: 'CA1', durationSeconds: 59 });
    await report(site, number, { id: 'CA2', from: other, durationSeconds: 90, startedAt: at(now) });
    await report(site, number, { id: 'CA3', from: other, durationSeconds: 90, startedAt: at(now + 10) });
    await consume([newsOf(site, 'CA1'), newsOf(site, 'CA2'), newsOf(site, 'CA3')]);
    expect(await deliveries(site)).toMatchObject([{ integration: 'long', call: 'CA2', event: 'conversion' }]);
  });

  it('leaves the log of news empty once the queue has it', async () => {
    const { site, number } = await visitedSite();
    await report(site, number);
    await drain(site);
    const left = await runInDurableObject(env.POOL.getByName(site), (_, state) =>
      state.storage.sql.exec('SELECT count(*) AS n FROM call_news').one(),
    );
    expect(left).toEqual({ n: 0 });
  });
});
