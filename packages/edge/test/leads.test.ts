import { api, type CallReport, type FormReportInput, type Lead, type LeadPatchInput } from '@dialmark/shared';
import { describe, expect, it } from 'vitest';
import { admin, leaseOf, ledgerNight, newSite, ORIGIN, worker } from './edge.ts';
import { everything } from './everything.ts';

const ANA = '+12125550123';
const siteOfLeads = (config = {}) => newSite(3, { forms: 'contact', retentionDays: 3650, ...config } as never);
const call = (
  site: string,
  id: string,
  startedAt: string,
  more: Partial<Omit<CallReport, 'from'>> & { from?: string | null } = {},
) =>
  admin.call(api.reportCall, {
    site,
    body: { id, from: ANA, to: '+14155551000', startedAt, status: 'completed', durationSeconds: 10, ...more } as never,
  });
const form = (site: string, id: string, at: string, contact: FormReportInput['contact'], more = {}) =>
  admin.call(api.reportForm, { site, body: { id, at, contact, ...more } });
const leads = async (site: string, query: Record<string, string> = {}): Promise<Lead[]> =>
  (await admin.call(api.listLeads, { site, query })).items;
const onlyLead = async (site: string): Promise<Lead> => {
  const all = await leads(site);
  expect(all).toHaveLength(1);
  return all[0] as Lead;
};
const patch = (site: string, id: string, body: LeadPatchInput) => admin.call(api.patchLead, { site, id, body });

describe('a lead', () => {
  it('is all calls and forms of a person, with what it came from', async () => {
    const site = await siteOfLeads({ currency: 'EUR' });
    await leaseOf(site, 's_1', { visitor: 'v_1', page: { url: `${ORIGIN}/roof?utm_source=google&utm_medium=cpc` } });
    const at = new Date(Date.now() + 1000).toISOString();
    await form(
      site,
      'f1',
      at,
      { phone: '(212) 555-0123', email: 'Ana@x.example', name: 'Ana' },
      { session: 's_1', visitor: 'v_1' },
    );
    await call(site, 'CA1', new Date(Date.now() - 1000).toISOString());
    await form(site, 'f2', at, { email: 'ana@x.example' });
    const lead = await onlyLead(site);
    expect(lead).toMatchObject({
      phone: ANA,
      email: 'ana@x.example',
      name: 'Ana',
      note: null,
      stage: 'new',
      value: null,
      currency: 'EUR',
      calls: 1,
      forms: 2,
      missed: false,
      assignee: null,
      reviewed: false,
      visitor: 'v_1',
      stages: [{ stage: 'new', by: 'call' }],
    });
    expect(lead.id).toMatch(/^l_/);
    const detail = await admin.call(api.getLead, { site, id: lead.id });
    expect(detail.contacts.map(({ type, id }) => [type, id])).toEqual([
      ['call', 'CA1'],
      ['form', 'f1'],
      ['form', 'f2'],
    ]);
    expect(detail.contacts[0]?.call?.from).toBe(ANA);
    expect(detail.contacts[1]?.form?.contact?.name).toBe('Ana');
    expect((await admin.call(api.getCall, { site, id: 'CA1' })).lead).toBe(lead.id);
    expect((await admin.call(api.listCalls, { site })).items[0]?.lead).toBe(lead.id);
  });

  it('that began with a form counts as the visit it was sent in', async () => {
    const site = await siteOfLeads();
    const url = `${ORIGIN}/roof?utm_source=google&utm_medium=cpc&utm_campaign=roofs`;
    await leaseOf(site, 's_1', { visitor: 'v_1', page: { url } });
    await form(site, 'f1', new Date().toISOString(), { email: 'ana@x.example' }, { session: 's_1', visitor: 'v_1' });
    expect((await onlyLead(site)).touch).toEqual({
      source: 'google',
      medium: 'cpc',
      campaign: 'roofs',
      term: null,
      content: null,
      channel: 'Paid Search',
      landingPage: url,
    });
    expect(await leads(site, { channel: 'Paid Search', source: 'google', campaign: 'roofs' })).toHaveLength(1);
    expect(await leads(site, { channel: 'Email' })).toEqual([]);
  });

  it('is over once it is won or lost, or quiet for long', async () => {
    const site = await siteOfLeads({ leads: { reopenDays: 30 } });
    await call(site, 'CA1', '2026-01-01T10:00:00Z');
    await call(site, 'CA2', '2026-01-31T10:00:00Z');
    await call(site, 'CA3', '2026-03-02T10:00:01Z');
    expect((await leads(site)).map(({ calls }) => calls)).toEqual([1, 2]);
    const [latest] = await leads(site);
    await patch(site, (latest as Lead).id, { stage: 'won', value: 900 });
    await call(site, 'CA4', new Date(Date.now() + 60_000).toISOString());
    expect((await leads(site)).map(({ stage, value }) => [stage, value])).toEqual([
      ['new', null],
      ['won', 900],
      ['new', null],
    ]);
  });

  it('is not made by spam or withheld numbers, and comes back with what was said of it', async () => {
    const site = await siteOfLeads();
    await call(site, 'CA1', '2026-01-01T10:00:00Z');
    await call(site, 'CA2', '2026-01-01T11:00:00Z', { from: null });
    const { id } = await onlyLead(site);
    await patch(site, id, { note: 'Roof' });
    const marked = await admin.call(api.patchCall, { site, id: 'CA1', body: { spam: true } });
    expect([marked.spam, marked.lead]).toEqual([true, null]);
    expect(await leads(site)).toEqual([]);
    expect((await admin.send(api.getLead, { site, id })).status).toBe(404);
    const unmarked = await admin.call(api.patchCall, { site, id: 'CA1', body: { spam: false } });
    expect(unmarked.lead).toBe(id);
    expect(await onlyLead(site)).toMatchObject({ id, note: 'Roof' });
  });

  it('is qualified by a long call, and what a person set stays', async () => {
    const site = await siteOfLeads({ values: { qualifiedSeconds: 60 } });
    await call(site, 'CA1', '2026-01-01T10:00:00Z', { durationSeconds: 59 });
    expect((await onlyLead(site)).stage).toBe('new');
    await call(site, 'CA2', '2026-01-01T11:00:00Z', { durationSeconds: 60 });
    const { id, stage, stages } = await onlyLead(site);
    expect(stage).toBe('qualified');
    expect(stages).toEqual([
      { stage: 'new', at: '2026-01-01T10:00:00.000Z', by: 'call' },
      { stage: 'qualified', at: '2026-01-01T11:00:00.000Z', by: 'call' },
    ]);
    await patch(site, id, { stage: 'booked' });
    await call(site, 'CA3', new Date(Date.now() + 60_000).toISOString(), {
      durationSeconds: 600,
      from: '+12125550999',
    });
    await call(site, 'CA4', '2026-01-02T11:00:00Z', { durationSeconds: 600 });
    expect((await admin.call(api.getLead, { site, id })).stage).toBe('booked');
  });

  it('is missed until somebody calls back, either way', async () => {
    const site = await siteOfLeads();
    const missed = { status: 'missed' as const, durationSeconds: null };
    await call(site, 'CA1', '2026-01-01T10:00:00Z');
    await call(site, 'CA2', '2026-01-01T11:00:00Z', missed);
    expect((await onlyLead(site)).missed).toBe(true);
    expect(await leads(site, { missed: 'true' })).toHaveLength(1);
    await form(site, 'f1', '2026-01-01T11:30:00Z', { phone: ANA });
    expect((await onlyLead(site)).missed).toBe(true);
    await call(site, 'CA3', '2026-01-01T12:00:00Z', { from: '+14155551000', to: ANA as never });
    expect((await leads(site)).find(({ phone }) => phone === ANA)?.missed).toBe(false);
    await call(site, 'CA4', '2026-01-01T13:00:00Z', missed);
    await call(site, 'CA5', '2026-01-01T14:00:00Z');
    expect((await leads(site)).find(({ phone }) => phone === ANA)).toMatchObject({ missed: false, calls: 4 });
  });
});

describe('what people say of a lead', () => {
  it('is kept field by field, and finds it again by the address they add', async () => {
    const site = await siteOfLeads();
    await call(site, 'CA1', '2026-01-01T10:00:00Z');
    const { id } = await onlyLead(site);
    await patch(site, id, { name: ' Ana ', email: 'ANA@x.example', note: 'Tuesday', assignee: 'Bo', value: 100 });
    expect(await patch(site, id, { note: '', reviewed: true, stage: 'booked' })).toMatchObject({
      name: 'Ana',
      email: 'ana@x.example',
      note: null,
      assignee: 'Bo',
      value: 100,
      stage: 'booked',
      reviewed: true,
    });
    expect(await leads(site, { assignee: 'Bo', stage: 'booked', reviewed: 'true' })).toHaveLength(1);
    await form(site, 'f1', '2026-01-02T10:00:00Z', { email: 'ana@x.example' });
    expect(await onlyLead(site)).toMatchObject({ id, calls: 1, forms: 1 });
    await patch(site, id, { email: null });
    expect(await leads(site)).toHaveLength(2);
  });

  it.each([
    [{ stage: 'sold' }, 'stage', 'not_one_of'],
    [{ value: -1 }, 'value', 'out_of_range'],
    [{ value: 'much' }, 'value', 'not_a_number'],
    [{ name: 'x'.repeat(201) }, 'name', 'too_long'],
    [{ email: 'nobody' }, 'email', 'invalid_format'],
    [{ reviewed: 1 }, 'reviewed', 'wrong_type'],
  ])('is refused where it makes no sense: %j', async (body, path, code) => {
    const site = await siteOfLeads();
    await call(site, 'CA1', '2026-01-01T10:00:00Z');
    const { id } = await onlyLead(site);
    const answer = await admin.send(api.patchLead, { site, id, body: body as never });
    expect([answer.status, await answer.json()]).toMatchObject([400, { errors: [{ path, code }] }]);
  });

  it('may be said with a token for calls, which may also read leads', async () => {
    const site = await siteOfLeads();
    await call(site, 'CA1', '2026-01-01T10:00:00Z');
    const { token } = await admin.call(api.createToken, { body: { name: 'desk', scopes: ['calls'], site } as never });
    const ask = (path: string, init: RequestInit = {}) =>
      worker(
        new Request(`https://edge.example/v1/sites/${site}${path}`, {
          ...init,
          headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
        }),
      );
    const { items } = (await (await ask('/leads')).json()) as { items: Lead[] };
    const answer = await ask(`/leads/${items[0]?.id}`, { method: 'PATCH', body: '{"reviewed":true}' });
    expect([answer.status, await answer.json()]).toMatchObject([200, { reviewed: true }]);
    const none = await ask('/leads/l_none', { method: 'PATCH', body: '{}' });
    expect([none.status, await none.json()]).toMatchObject([404, { code: 'lead_not_found' }]);
    expect((await worker(new Request(`https://edge.example/v1/sites/${site}/leads`))).status).toBe(401);
  });
});

describe('leads', () => {
  it('are listed page by page, latest first contact first, by time and text, and as CSV', async () => {
    const site = await siteOfLeads();
    for (let i = 0; i < 5; i++) {
      await call(site, `CA${i}`, `2026-01-0${i + 1}T10:00:00Z`, { from: `+1212555010${i}` });
    }
    const seen: (string | null)[] = [];
    let cursor: string | null = null;
    do {
      const page: { items: Lead[]; cursor: string | null } = await admin.call(api.listLeads, {
        site,
        query: { limit: '2', ...(cursor ? { cursor } : {}) },
      });
      seen.push(...page.items.map(({ phone }) => phone));
      cursor = page.cursor;
    } while (cursor !== null);
    expect(seen.map((phone) => phone?.at(-1))).toEqual(['4', '3', '2', '1', '0']);
    const period = await leads(site, { from: '2026-01-02', to: '2026-01-03' });
    expect(period.map(({ phone }) => phone?.at(-1))).toEqual(['2', '1']);
    expect(await leads(site, { search: '(212) 555-0103' })).toHaveLength(1);
    expect(await leads(site, { search: 'nobody' })).toEqual([]);
    expect((await admin.send(api.listLeads, { site, query: { cursor: 'no' } })).status).toBe(400);
    expect((await admin.send(api.listLeads, { site, query: { stage: 'sold' as never } })).status).toBe(400);
    expect((await admin.send(api.listLeads, { site, query: { from: '2026-02-01', to: '2026-01-01' } })).status).toBe(
      400,
    );
    const file = await admin.send(api.listLeads, { site, headers: { Accept: 'text/csv' } });
    expect(await file.text()).toMatch(/^id,phone,email,name,note,stage,.*\r\nl_/);
  });

  it.each(['caller', 'email', 'visitor'] as const)('name nobody who was erased by %s', async (by) => {
    const site = await siteOfLeads();
    const at = new Date().toISOString();
    await leaseOf(site, 's_1', { visitor: 'v_1' });
    await form(site, 'f1', at, { email: 'ana@x.example', name: 'Ana Lopez' }, { session: 's_1', visitor: 'v_1' });
    await call(site, 'CA1', at, { from: '+12125550188' });
    await call(site, 'CA2', at);
    const all = await leads(site);
    expect(all).toHaveLength(3);
    const of = (phone: string | null) => (all.find((lead) => lead.phone === phone) as Lead).id;
    await patch(site, of(null), { note: 'Lopez wants a roof', assignee: 'Bo' });
    await patch(site, of(ANA), { email: 'ana2@x.example', note: 'Lopez too' });
    if (by === 'visitor') await admin.call(api.eraseVisitor, { site, id: 'v_1' });
    if (by === 'email') await admin.call(api.eraseEmail, { site, email: 'ana@x.example' });
    if (by === 'caller') await admin.call(api.eraseCaller, { site, number: ANA });
    const left = await leads(site);
    expect(left).toHaveLength(3);
    const gone = by === 'caller' ? of(ANA) : of(null);
    expect(left.find(({ id }) => id === gone)).toMatchObject({
      phone: null,
      email: null,
      name: null,
      note: null,
      visitor: null,
    });
    expect(await everything(site)).not.toMatch(
      by === 'caller' ? /5550123|ana2|Lopez too/ : /ana@x|wants a roof|Ana Lopez/,
    );
  });

  it('go on with the contacts that are left', async () => {
    const site = await siteOfLeads();
    await call(site, 'CA1', '2026-01-01T10:00:00Z');
    await form(site, 'f1', '2026-01-01T11:00:00Z', { phone: ANA, email: 'ana@x.example' });
    await form(site, 'f2', '2026-01-01T12:00:00Z', { email: 'ana@x.example' });
    const { id } = await onlyLead(site);
    await admin.call(api.eraseEmail, { site, email: 'ana@x.example' });
    expect(await onlyLead(site)).toMatchObject({ id, phone: ANA, email: null, calls: 1, forms: 0 });
  });

  it('are forgotten with what is older than the site keeps, and are in the data of the site', async () => {
    const site = await siteOfLeads({ retentionDays: 30 });
    const day = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();
    await call(site, 'CA1', day(40));
    await call(site, 'CA2', day(2), { from: '+12125550188' });
    const all = await leads(site);
    await patch(site, all.find(({ phone }) => phone === ANA)?.id as string, { note: 'Old' });
    const rows = await (await admin.send(api.readData, { site, table: 'leads', query: { format: 'ndjson' } })).text();
    expect(rows.trim().split('\n')).toHaveLength(2);
    await ledgerNight(site);
    expect((await leads(site)).map(({ phone }) => phone)).toEqual(['+12125550188']);
    expect(await everything(site)).not.toMatch(/"Old"|\\"Old/);
  });
});
