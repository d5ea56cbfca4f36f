import { evictDurableObject, runInDurableObject } from 'cloudflare:test';
import {
  api,
  type CallConversion,
  type Delivery,
  type EpochMs,
  type Lead,
  type NewIntegrationInput,
} from '@dialmark/shared';
import { describe, expect, it } from 'vitest';
import { tellLeads } from '../src/conversions/tell-leads.ts';
import { LedgerCore } from '../src/ledger/core.ts';
import { admin, env, inLedger, ledgerRows, mainOf, newSite, ORIGIN } from './edge.ts';
import { everything } from './everything.ts';

const ANA = '+12125550123';
const AD = `${ORIGIN}/roof?utm_source=google&utm_medium=cpc&gclid=Cj0KCQ-abc_1`;
const LATER = { delayMinutes: 720 };
const GA4 = { kind: 'ga4', measurementId: 'G-ABC123DEF4', secrets: { apiSecret: 's' }, ...LATER } as const;
const HOOK = { kind: 'webhook', url: 'https://crm.example/hooks' } as const;

const put = (site: string, body: object) =>
  admin.call(api.putIntegration, { site, body: body as unknown as NewIntegrationInput });
const call = async (site: string, id: string, more: object = {}) => {
  const body = { id, from: ANA, to: '+14155551000', startedAt: new Date().toISOString(), durationSeconds: 10, ...more };
  await admin.call(api.reportCall, { site, body: body as never });
  return (await admin.call(api.getCall, { site, id })).lead as string;
};
const job = (site: string, row: object) =>
  admin.call(api.addOutcomes, {
    site,
    body: { rows: [{ id: 'job-1', phone: ANA, at: new Date().toISOString(), stage: 'won', value: 900, ...row }] },
  });
/** Has the ledger tell of what changed, as its alarm would. */
const tell = (site: string) => inLedger(site, (core) => tellLeads(core, Date.now() as EpochMs));
const deliveries = async (site: string): Promise<Delivery[]> =>
  (await admin.call(api.listDeliveries, { site })).items.sort((a, b) =>
    a.integration + a.event < b.integration + b.event ? -1 : 1,
  );
const planned = async (site: string) =>
  (await deliveries(site)).map(({ integration, event }) => `${integration} ${event}`);
const conversions = async (site: string, id: string): Promise<Record<string, CallConversion>> =>
  Object.fromEntries(
    (await admin.call(api.callConversions, { site, id })).items.map((item) => [item.integration, item]),
  );

async function siteWith(...integrations: object[]): Promise<string> {
  const site = await newSite(3, { forms: 'contact' });
  for (const integration of integrations) await put(site, integration);
  return site;
}

describe('conversions on leads', () => {
  it('are planned once for the stage that each integration waits for', async () => {
    const site = await siteWith(
      { ...HOOK, id: 'a-lead', rules: { on: 'lead' } },
      { ...HOOK, id: 'b-won', rules: { on: 'won' } },
      { ...HOOK, id: 'c-all', rules: { on: 'qualified' }, events: ['lead.booked', 'lead.lost'] },
      { ...HOOK, id: 'd-call' },
    );
    const lead = await call(site, 'CA1');
    await tell(site);
    expect(await planned(site)).toEqual(expect.arrayContaining(['a-lead lead.created']));
    expect((await planned(site)).filter((name) => !name.includes('call.'))).toEqual(['a-lead lead.created']);
    expect(await conversions(site, 'CA1')).toMatchObject({
      'a-lead': { state: 'scheduled' },
      'b-won': { state: 'not_sent', code: 'stage_not_reached' },
    });
    await admin.call(api.patchLead, { site, id: lead, body: { stage: 'booked' } });
    await job(site, {});
    await tell(site);
    await tell(site);
    expect((await planned(site)).filter((name) => !name.includes('call.'))).toEqual([
      'a-lead lead.created',
      'b-won lead.won',
      'c-all lead.booked',
      'c-all lead.qualified',
    ]);
    const [won] = (await deliveries(site)).filter(({ integration }) => integration === 'b-won');
    expect(won).toMatchObject({ lead, call: 'CA1' });
    const [row] = await ledgerRows<{ payload: string }>(
      site,
      'SELECT payload FROM deliveries WHERE id = ?',
      won?.id as string,
    );
    const { type, data } = JSON.parse(row?.payload as string);
    expect(type).toBe('lead.won');
    expect(data).toMatchObject({
      site: { id: site, currency: 'USD' },
      lead: { id: lead, phone: ANA, stage: 'won', value: 900, currency: 'USD' },
      call: { id: 'CA1', lead },
    });
  });

  it('know the visit of a form that a lead began with, and its click', async () => {
    const site = await siteWith({ ...GA4, id: 'ga', rules: { on: 'lead', clickId: 'gclid' } });
    await mainOf(site, 's_1', { visitor: 'v_1', page: { url: AD }, touch: { url: AD } });
    const contact = { email: 'ana@x.example' };
    await admin.call(api.reportForm, { site, body: { id: 'f1', session: 's_1', visitor: 'v_1', contact } });
    await admin.call(api.listLeads, { site });
    await tell(site);
    expect(await deliveries(site)).toMatchObject([{ integration: 'ga', event: 'lead.created', call: null }]);
  });

  it('survive a ledger that ends between what was said and what is told of it, and a queue that is away', async () => {
    const site = await siteWith({ ...GA4, id: 'ga', rules: { on: 'won' } });
    await mainOf(site, 's_1', { visitor: 'v_1', page: { url: AD }, touch: { url: AD } });
    const contact = { email: 'ana@x.example', phone: ANA };
    await admin.call(api.reportForm, { site, body: { id: 'f1', session: 's_1', visitor: 'v_1', contact } });
    const stub = env.SITE_LEDGER.getByName(site);
    expect(await job(site, {})).toMatchObject({ matched: 1 });
    await evictDurableObject(stub);
    const away = { ...env, CONVERSIONS: { sendBatch: () => Promise.reject(new Error('queue is away')) } };
    await runInDurableObject(stub, async (_, state) => {
      const core = new LedgerCore(state, away as never);
      core.storage.kv.put('leads_told', 0);
      await expect(tellLeads(core, Date.now() as EpochMs)).rejects.toThrow('queue is away');
      expect(core.storage.kv.get('leads_told')).toBe(0);
    });
    await evictDurableObject(stub);
    await tell(site);
    expect(await deliveries(site)).toMatchObject([{ integration: 'ga', event: 'lead.won', state: 'pending' }]);
    expect(await inLedger(site, (core) => core.storage.kv.get('leads_told'))).toBeGreaterThan(0);
  });

  it('that wait are not sent for spam, and are once it is none', async () => {
    const site = await siteWith({ ...GA4, id: 'ga', rules: { on: 'lead' } });
    const { number } = await mainOf(site, 's_1', { visitor: 'v_1', page: { url: AD }, touch: { url: AD } });
    await call(site, 'CA1', { to: number });
    await tell(site);
    expect(await planned(site)).toEqual(['ga lead.created']);
    await admin.call(api.patchCall, { site, id: 'CA1', body: { spam: true } });
    expect(await planned(site)).toEqual([]);
    expect((await conversions(site, 'CA1')).ga).toMatchObject({ state: 'not_sent', code: 'spam' });
    await admin.call(api.patchCall, { site, id: 'CA1', body: { spam: false } });
    await tell(site);
    expect(await planned(site)).toEqual(['ga lead.created']);
  });

  it.each(['caller', 'email'] as const)('are cancelled where the person is erased by %s', async (by) => {
    const site = await siteWith({ ...GA4, id: 'ga', rules: { on: 'lead' } });
    await mainOf(site, 's_1', { visitor: 'v_1', page: { url: AD }, touch: { url: AD } });
    const contact = { email: 'ana@x.example', phone: ANA, name: 'Ana Lopez' };
    await admin.call(api.reportForm, { site, body: { id: 'f1', session: 's_1', visitor: 'v_1', contact } });
    await admin.call(api.listLeads, { site });
    await tell(site);
    expect(await deliveries(site)).toMatchObject([{ state: 'pending' }]);
    if (by === 'caller') await admin.call(api.eraseCaller, { site, number: ANA });
    else await admin.call(api.eraseEmail, { site, email: 'ana@x.example' });
    await tell(site);
    expect(await deliveries(site)).toMatchObject([{ state: 'failed', lastError: 'erased before it was sent' }]);
    expect(await everything(site)).not.toMatch(/ana@x|5550123|Lopez/);
    const { items } = await admin.call(api.listLeads, { site });
    expect(items as Lead[]).toMatchObject([{ phone: null, email: null, name: null }]);
  });
});
