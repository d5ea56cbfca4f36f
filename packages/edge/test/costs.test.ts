import { api, type CostsAdded, type Problem } from '@dialmark/shared';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { admin, newSite, worker } from './edge.ts';
import { call, column, reportOf, visit } from './journeys.ts';

const AD = '/roof?utm_source=google&utm_medium=cpc&utm_campaign=spring&utm_term=roof';
const NOVEMBER = { from: '2026-11-01', to: '2026-11-30' };

afterAll(() => {
  vi.useRealTimers();
});

const json = (site: string, rows: unknown[]) => admin.send(api.addCosts, { site, body: { rows } });

async function csv(site: string, text: string, query = ''): Promise<{ status: number; body: CostsAdded & Problem }> {
  const response = await worker(
    new Request(`https://edge.example/v1/sites/${site}/costs${query}`, {
      method: 'POST',
      headers: { Authorization: 'Bearer test-admin-token', 'Content-Type': 'text/csv; charset=utf-8' },
      body: text,
    }),
  );
  return { status: response.status, body: await response.json() };
}

const day = (cost: number, more: object = {}) => ({
  date: '2026-11-24',
  source: 'google',
  medium: 'cpc',
  campaign: 'spring',
  term: null,
  cost,
  ...more,
});

describe('costs', () => {
  it('meet the calls they paid for: cost per call and return, by channel as if they were tags', async () => {
    const site = await newSite(3, { values: { qualifiedCall: 300 } });
    const shown = await visit(site, { at: '2026-11-24T10:00:00Z', visitor: 'v_1', session: 's_1', page: AD });
    await call(site, 'CA1', shown, '2026-11-24T10:01:00Z');
    await call(site, 'CA2', shown, '2026-11-24T10:02:00Z');
    expect(await (await json(site, [day(120.5, { source: 'Google', medium: 'CPC', term: 'roof' })])).json()).toEqual({
      added: 1,
      layout: 'dialmark',
      errors: [],
    });
    for (const [dimension, key] of [
      ['channel', 'Paid Search'],
      ['source', 'google'],
      ['medium', 'cpc'],
      ['campaign', 'spring'],
      ['term', 'roof'],
      ['day', '2026-11-24'],
    ]) {
      const report = await reportOf(site, dimension as string, NOVEMBER);
      expect(report.rows).toMatchObject([
        { key, calls: 2, value: 600, cost: 120.5, costPerCall: 60.25, costPerFirstTimeCall: 120.5, roi: 3.979253 },
      ]);
      expect(report.totals).toMatchObject({ cost: 120.5, roi: 3.979253 });
    }
    expect((await reportOf(site, 'channel', { ...NOVEMBER, campaign: 'spring' })).totals.cost).toBe(120.5);
    expect((await reportOf(site, 'channel', { ...NOVEMBER, campaign: 'other' })).totals.cost).toBe(0);
  });

  it('are null by what they are not known by, and a return where nothing was spent', async () => {
    const site = await newSite(3);
    await json(site, [day(10)]);
    const shown = await visit(site, { at: '2026-11-24T10:00:00Z', visitor: 'v_1', session: 's_1' });
    await call(site, 'CA1', shown, '2026-11-24T10:01:00Z');
    expect((await reportOf(site, 'landing_page', NOVEMBER)).totals).toMatchObject({
      cost: null,
      costPerCall: null,
      roi: null,
    });
    expect((await reportOf(site, 'channel', { ...NOVEMBER, device: 'desktop' })).totals.cost).toBeNull();
    const report = await reportOf(site, 'channel', NOVEMBER);
    expect(report.rows.find(({ key }) => key === 'Direct')).toMatchObject({ cost: 0, roi: null });
    expect(report.rows.find(({ key }) => key === 'Paid Search')).toMatchObject({
      visits: 0,
      calls: 0,
      cost: 10,
      costPerCall: null,
      roi: -1,
    });
  });

  it('of the same day and tags replace what was there', async () => {
    const site = await newSite(0);
    await json(site, [day(10), day(5, { campaign: 'other' }), day(7, { date: '2026-11-23' })]);
    await json(site, [day(20)]);
    expect(column(await reportOf(site, 'campaign', NOVEMBER), 'cost')).toEqual({ spring: 27, other: 5 });
    expect(column(await reportOf(site, 'day', NOVEMBER), 'cost')).toEqual({ '2026-11-23': 7, '2026-11-24': 25 });
  });

  it('land row by row: the bad ones come back with their place and reason', async () => {
    const site = await newSite(0);
    const response = await json(site, [
      day(10),
      day(-1),
      day(5, { date: '2026-02-30' }),
      day(5, { cost: '12' }),
      null,
      day(3, { campaign: 'other' }),
    ]);
    expect(response.status).toBe(200);
    const answer = (await response.json()) as CostsAdded;
    expect(answer.added).toBe(2);
    expect(answer.errors.map(({ line, path }) => [line, path])).toEqual([
      [1, 'cost'],
      [2, 'date'],
      [3, 'cost'],
      [4, ''],
    ]);
    expect((await reportOf(site, 'channel', NOVEMBER)).totals.cost).toBe(13);
  });

  it('are refused where no row is good, and where there is no site or token', async () => {
    const site = await newSite(0);
    const response = await json(site, [day(-1), {}]);
    expect(response.status).toBe(400);
    expect(((await response.json()) as Problem).errors?.[0]).toMatchObject({ path: 'rows.0.cost' });
    expect((await json(site, [])).status).toBe(400);
    expect((await json('nobody', [day(1)])).status).toBe(404);
    expect(
      (await admin.send(api.addCosts, { site, body: { rows: [] }, headers: { Authorization: 'Bearer no' } })).status,
    ).toBe(401);
  });
});

describe('costs as CSV', () => {
  it('are read by the names of their columns, in any order', async () => {
    const site = await newSite(0);
    const { status, body } = await csv(
      site,
      'cost,date,campaign,source,medium,term\r\n"1,234.50",2026-11-24,"Spring, early",google,cpc,\r\nfree,2026-11-24,x,google,cpc,\r\n3,24.13.2026,x,google,cpc,\r\n',
    );
    expect(status).toBe(200);
    expect(body).toMatchObject({
      added: 1,
      layout: 'dialmark',
      errors: [
        { line: 3, path: 'cost', code: 'not_a_number', message: 'must be an amount such as 120.50' },
        { line: 4, path: 'date', code: 'invalid_time', message: 'must be a day such as 2026-11-24' },
      ],
    });
    expect(column(await reportOf(site, 'campaign', NOVEMBER), 'cost')).toEqual({ 'Spring, early': 1234.5 });
  });

  it('are read as Google Ads exports them: titles before, sums after, ad groups added up', async () => {
    const site = await newSite(0);
    const { body } = await csv(
      site,
      [
        'Search keyword report',
        '"November 1, 2026 - November 30, 2026"',
        'Day,Campaign,Ad group,Search keyword,Currency code,Cost',
        '2026-11-24,spring,Roofs,roof,USD,10.25',
        '2026-11-24,spring,Repairs,roof,USD,"1,000.00"',
        'Total: Account, --, --, --,USD,"1,010.25"',
      ].join('\n'),
    );
    expect(body).toMatchObject({ added: 2, layout: 'google_ads', errors: [] });
    expect((await reportOf(site, 'channel', NOVEMBER)).rows).toMatchObject([{ key: 'Paid Search', cost: 1010.25 }]);
    expect(column(await reportOf(site, 'term', NOVEMBER), 'cost')).toEqual({ roof: 1010.25 });
  });

  it('are read as Microsoft Advertising exports them', async () => {
    const site = await newSite(0);
    const { body } = await csv(
      site,
      'Gregorian date,Account name,Campaign name,Keyword,Spend\n11/24/2026,Acme,spring,roof repair,12.40\n11/25/2026,Acme,spring,roof repair,7\n"©2026 Microsoft Corporation. All rights reserved. "\n',
    );
    expect(body).toMatchObject({ added: 2, layout: 'microsoft_ads', errors: [] });
    expect(column(await reportOf(site, 'source', NOVEMBER), 'cost')).toEqual({ bing: 19.4 });
    expect(column(await reportOf(site, 'channel', NOVEMBER), 'cost')).toEqual({ 'Paid Search': 19.4 });
  });

  it('are read as Meta exports them, but not over several days at once', async () => {
    const site = await newSite(0);
    const { body } = await csv(
      site,
      'Reporting starts,Reporting ends,Campaign name,Ad set name,Amount spent (USD)\n2026-11-24,2026-11-24,spring,a,30.1\n2026-11-24,2026-11-30,spring,b,99\n',
    );
    expect(body).toMatchObject({
      added: 1,
      layout: 'meta_ads',
      errors: [{ line: 3, path: 'date', code: 'several_days', message: 'covers several days: export it by day' }],
    });
    expect(column(await reportOf(site, 'channel', NOVEMBER), 'cost')).toEqual({ 'Paid Social': 30.1 });
  });

  it('take the tags that the ads really have, where the request names them', async () => {
    const site = await newSite(0);
    await csv(site, 'Day,Campaign,Cost\n2026-11-24,spring,5\n', '?source=adwords&medium=ppc');
    expect(column(await reportOf(site, 'source', NOVEMBER), 'cost')).toEqual({ adwords: 5 });
  });

  it('are refused without a header that is known', async () => {
    const site = await newSite(0);
    for (const text of ['', 'x', '2026-11-24,google,cpc,5\n', '\u0000\u0001'.repeat(1000)]) {
      const { status, body } = await csv(site, text);
      expect([status, body.title]).toEqual([400, 'Bad request']);
    }
  });

  it('may be a hundred thousand rows, of which some are bad', { tags: 'slow', timeout: 60_000 }, async () => {
    const site = await newSite(0);
    const lines = Array.from({ length: 100_000 }, (_, i) =>
      i % 1000 === 999 ? `2026-11-31,google,cpc,c${i},,1` : `2026-11-24,google,cpc,c${i},,0.5`,
    );
    const { status, body } = await csv(site, `date,source,medium,campaign,term,cost\n${lines.join('\n')}\n`);
    expect(status).toBe(200);
    expect(body.added).toBe(99_900);
    expect(body.errors).toHaveLength(100);
    expect(body.errors[0]).toMatchObject({ line: 1001, path: 'date' });
    expect((await reportOf(site, 'source', NOVEMBER)).totals.cost).toBe(49_950);
  });
});
