import { api, type Lead, type OutcomesAnswer, type SiteConfigInput } from '@dialmark/shared';
import { describe, expect, it } from 'vitest';
import { admin, newSite } from './edge.ts';

const ANA = '+12125550123';
const siteWith = (config: Partial<SiteConfigInput> = {}) =>
  newSite(0, { forms: 'contact', retentionDays: 3650, ...config } as Partial<SiteConfigInput>);
const call = (site: string, id: string, startedAt: string, from: string = ANA) =>
  admin.call(api.reportCall, {
    site,
    body: { id, from, to: '+14155551000', startedAt, status: 'completed', durationSeconds: 10 } as never,
  });
const leads = async (site: string): Promise<Lead[]> => (await admin.call(api.listLeads, { site })).items;
const send = (site: string, rows: unknown[]) => admin.send(api.addOutcomes, { site, body: { rows } });
const taken = async (site: string, ...rows: unknown[]): Promise<OutcomesAnswer> => {
  const answer = await send(site, rows);
  expect(answer.status).toBe(200);
  return (await answer.json()) as OutcomesAnswer;
};
const upload = (site: string, file: string, query = {}) =>
  admin.send(api.addOutcomes, { site, query, body: file as never, headers: { 'Content-Type': 'text/csv' } });

const JOB = {
  id: 'job-812',
  phone: '(212) 555-0123',
  at: '2026-01-05T10:00:00Z',
  stage: 'won',
  value: 1800,
  currency: 'USD',
};

describe('an outcome', () => {
  it('is matched by telephone number, address, call or lead, once for each id', async () => {
    const site = await siteWith();
    await call(site, 'CA1', '2026-01-01T10:00:00Z');
    await admin.call(api.reportForm, {
      site,
      body: { id: 'f1', at: '2026-01-01T11:00:00Z', contact: { email: 'Ana@x.example' } },
    });
    expect(await taken(site, JOB)).toEqual({ matched: 1, unchanged: 0, unmatched: [], errors: [] });
    expect(await taken(site, JOB)).toEqual({ matched: 0, unchanged: 1, unmatched: [], errors: [] });
    const lead = (await leads(site)).find(({ phone }) => phone === ANA) as Lead;
    expect(lead).toMatchObject({ stage: 'won', value: 1800 });
    expect(lead.stages.at(-1)).toEqual({ stage: 'won', at: '2026-01-05T10:00:00.000Z', by: 'outcome' });
    expect(await taken(site, { ...JOB, value: null })).toMatchObject({ matched: 1 });
    expect((await leads(site)).find(({ phone }) => phone === ANA)).toMatchObject({ stage: 'won', value: null });
    const others = [
      { id: 'a', email: 'ANA@X.example', at: '2026-01-06', stage: 'booked', value: 5 },
      { id: 'b', call: 'CA1', at: '2026-01-06T00:00:00Z', stage: 'lost' },
      { id: 'c', lead: lead.id, at: '2026-01-07T00:00:00Z', stage: 'won', value: 7 },
    ];
    expect(await taken(site, ...others)).toMatchObject({ matched: 3, unmatched: [] });
    expect((await leads(site)).map(({ stage, value }) => [stage, value])).toEqual([
      ['booked', 5],
      ['won', 7],
    ]);
  });

  it('decides by the latest time, of two at one time by the greater id, and after a person only if it is later', async () => {
    const site = await siteWith();
    await call(site, 'CA1', '2026-01-01T10:00:00Z');
    const at = '2026-01-05T10:00:00Z';
    await taken(
      site,
      { ...JOB, id: 'b', at, stage: 'lost', value: 2 },
      { ...JOB, id: 'a', at, stage: 'won', value: 1 },
    );
    expect((await leads(site))[0]).toMatchObject({ stage: 'lost', value: 2 });
    await taken(site, { ...JOB, id: 'z', at: '2026-01-04T10:00:00Z', stage: 'booked', value: 3 });
    const [lead] = (await leads(site)) as [Lead];
    expect(lead.stage).toBe('lost');
    await admin.call(api.patchLead, { site, id: lead.id, body: { stage: 'booked', value: 9 } });
    await taken(site, { ...JOB, id: 'y', at: '2026-01-06T10:00:00Z', stage: 'won', value: 4 });
    expect((await leads(site))[0]).toMatchObject({ stage: 'booked', value: 9 });
    await taken(site, { ...JOB, id: 'y', at: '2999-01-06T10:00:00Z', stage: 'won', value: 4 });
    expect((await leads(site))[0]).toMatchObject({ stage: 'won', value: 4 });
  });

  it('that came late is of the lead that was open then, and parts it from what came after', async () => {
    const site = await siteWith();
    await call(site, 'CA1', '2026-01-01T10:00:00Z');
    await call(site, 'CA2', '2026-01-10T10:00:00Z');
    expect(await leads(site)).toHaveLength(1);
    await taken(site, JOB);
    expect((await leads(site)).map(({ stage, calls }) => [stage, calls])).toEqual([
      ['new', 1],
      ['won', 1],
    ]);
  });

  it('that fits no lead waits for it', async () => {
    const site = await siteWith();
    const rows = [
      JOB,
      { ...JOB, id: 'by-call', call: 'CA1', phone: null },
      { ...JOB, id: 'too-early', at: '2025-12-31T00:00:00Z' },
      { ...JOB, id: 'no-such-lead', lead: 'l_none' },
    ];
    const first = await taken(site, ...rows);
    expect(first).toMatchObject({ matched: 0, unchanged: 0, errors: [] });
    expect(first.unmatched.map(({ index, id }) => [index, id])).toEqual(rows.map(({ id }, index) => [index, id]));
    expect((await taken(site, ...rows)).unmatched).toHaveLength(4);
    await call(site, 'CA1', '2026-01-01T10:00:00Z');
    expect((await leads(site))[0]).toMatchObject({ stage: 'won', value: 1800 });
    const again = await taken(site, ...rows);
    expect([again.matched, again.unchanged, again.unmatched.map(({ index }) => index)]).toEqual([0, 2, [2, 3]]);
  });

  it('of a day is of its end in the zone of the site', async () => {
    const site = await siteWith({ timeZone: 'America/New_York' });
    await call(site, 'CA1', '2026-01-06T04:30:00Z');
    await call(site, 'CA2', '2026-01-06T05:30:00Z', '+12125550188');
    const rows = [
      { ...JOB, at: '2026-01-05' },
      { ...JOB, id: 'b', phone: '+12125550188', at: '2026-01-05' },
    ];
    expect((await taken(site, ...rows)).unmatched.map(({ index }) => index)).toEqual([1]);
    expect((await leads(site)).at(-1)?.stages.at(-1)?.at).toBe('2026-01-06T04:59:59.999Z');
  });

  it('is kept hashed where callers are', async () => {
    const site = await siteWith({ callers: 'hashed' });
    await call(site, 'CA1', '2026-01-01T10:00:00Z');
    expect(await taken(site, JOB)).toMatchObject({ matched: 1 });
    expect((await leads(site))[0]?.phone).toMatch(/^h_/);
  });

  it.each([
    [{ id: undefined }, 'id', 'required'],
    [{ id: ' ' }, 'id', 'required'],
    [{ at: undefined }, 'at', 'required'],
    [{ at: 'yesterday' }, 'at', 'invalid_time'],
    [{ stage: 'sold' }, 'stage', 'not_one_of'],
    [{ value: -1 }, 'value', 'out_of_range'],
    [{ value: '12' }, 'value', 'not_a_number'],
    [{ currency: 'EUR' }, 'currency', 'currency_mismatch'],
    [{ phone: null }, 'phone', 'required'],
    [{ phone: 'call me' }, 'phone', 'invalid_format'],
    [{ phone: null, email: 'nobody' }, 'email', 'invalid_format'],
  ])('is refused where it says nothing that can be kept: %j', async (wrong, path, code) => {
    const site = await siteWith();
    const bad = { ...JOB, id: 'bad', ...wrong };
    const answer = await taken(site, JOB, bad);
    expect(answer.errors).toMatchObject([{ index: 1, path, code }]);
    expect(answer.unmatched).toMatchObject([{ index: 0 }]);
    const none = await send(site, [bad]);
    expect([none.status, await none.json()]).toMatchObject([400, { errors: [{ path: `rows.0.${path}`, code }] }]);
  });

  it('is asked for as rows', async () => {
    const site = await siteWith();
    for (const body of [{}, { rows: [] }, { rows: 'x' }, []]) {
      expect((await admin.send(api.addOutcomes, { site, body: body as never })).status).toBe(400);
    }
    expect((await send(site, [null, 7])).status).toBe(400);
  });
});

describe('a file of outcomes', () => {
  it('lands where it is good, and comes back line by line where it is not', async () => {
    const site = await siteWith();
    await call(site, 'CA1', '2026-01-01T10:00:00Z');
    const rows = [
      'id,phone,at,stage,value,currency',
      'a,(212) 555-0123,2026-01-05,won,1800,USD',
      ',2125550123,2026-01-05,won,1,USD',
      'c,2125550123,soon,won,1,USD',
      'd,2125550123,2026-01-05,whatever,1,USD',
      'e,2125550123,2026-01-05,won,much,USD',
      'f,2125550123,2026-01-05,won,1,EUR',
      'g,,2026-01-05,won,1,USD',
      'h,1.21256E+10,2026-01-05,won,1,USD',
      'i,+442079460958,2026-01-05,won,1,USD',
      'j,2125550123,,won,1,USD',
    ];
    const answer = (await (await upload(site, rows.join('\n'))).json()) as OutcomesAnswer;
    expect(answer.matched).toBe(1);
    expect(answer.unmatched).toMatchObject([{ index: 8, line: 10, id: 'i' }]);
    expect(answer.errors.map(({ line, path, code }) => [line, path, code])).toEqual([
      [3, 'id', 'required'],
      [4, 'at', 'invalid_time'],
      [5, 'stage', 'not_one_of'],
      [6, 'value', 'not_a_number'],
      [7, 'currency', 'currency_mismatch'],
      [8, 'phone', 'required'],
      [9, 'phone', 'rounded'],
      [11, 'at', 'required'],
    ]);
    expect(answer.file).toMatchObject({ columns: { id: ['id'], value: ['value'] }, headingLine: 1, ignored: [] });
  });

  it('is refused as a whole where it cannot be read safely', async () => {
    const site = await siteWith();
    const answer = await upload(site, 'id,phone,at,stage\na,2125550123,01/02/2026,won\n');
    expect([answer.status, await answer.json()]).toMatchObject([
      400,
      { code: 'dates_ambiguous', errors: [{ path: 'dates', code: 'dates_ambiguous' }] },
    ]);
  });

  it('is read with what its sender adds', async () => {
    const site = await siteWith();
    await call(site, 'CA1', '2026-01-01T10:00:00Z');
    const file = 'id,phone,at,stage,betrag\na,2125550123,01/02/2026,won,"1,234"\n';
    expect((await upload(site, file, { dates: 'dmy', decimal: 'comma' })).status).toBe(200);
    expect((await leads(site))[0]?.stages.at(-1)?.at).toBe('2026-02-01T23:59:59.999Z');
    expect((await leads(site))[0]?.value).toBe(1.234);
  });
});
