import { type Assignment, api, type Report, wilson } from '@dialmark/shared';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { admin, newSite, ORIGIN, pageHeaders, visitor } from './edge.ts';
import { call, column, reportOf, setClock, settled, visit } from './journeys.ts';

const AD = '/roof?utm_source=google&utm_medium=cpc&utm_campaign=Spring&utm_term=roof&gclid=abc';
const MAIL = '/news?utm_source=list&utm_medium=email&utm_campaign=November';
const NOVEMBER = { from: '2026-11-01', to: '2026-11-30' };

afterAll(() => {
  vi.useRealTimers();
});

/** An ad three weeks before, an organic visit a week before, a direct one on the day of the call. */
async function journeyWithCall(zone = 'UTC'): Promise<string> {
  const site = await newSite(5, { timeZone: zone });
  await visit(site, { at: '2026-11-03T10:00:00Z', visitor: 'v_1', session: 's_1', page: AD });
  await visit(site, {
    at: '2026-11-17T10:00:00Z',
    visitor: 'v_1',
    session: 's_2',
    page: '/gutter',
    referrer: 'https://www.bing.com/',
  });
  const shown = await visit(site, { at: '2026-11-24T10:00:00Z', visitor: 'v_1', session: 's_3' });
  await visit(site, { at: '2026-11-24T10:05:00Z', visitor: 'v_2', session: 's_4', page: MAIL });
  await call(site, 'CA1', shown, '2026-11-24T10:10:00Z');
  return site;
}

describe('a journey of three visits', () => {
  let site: string;
  beforeAll(async () => {
    site = await journeyWithCall();
  });
  const creditOf = async (model: string) => column(await reportOf(site, 'channel', { ...NOVEMBER, model }), 'calls');

  it('gives its call to the visits as each model says', async () => {
    const none = { 'Paid Search': 0, 'Organic Search': 0, Direct: 0, Email: 0 };
    expect(await creditOf('first')).toEqual({ ...none, 'Paid Search': 1 });
    expect(await creditOf('last')).toEqual({ ...none, Direct: 1 });
    expect(await creditOf('last_non_direct')).toEqual({ ...none, 'Organic Search': 1 });
    expect(await creditOf('linear')).toEqual({
      ...none,
      'Paid Search': 0.333333,
      'Organic Search': 0.333333,
      Direct: 0.333333,
    });
    expect(await creditOf('position_based')).toEqual({
      ...none,
      'Paid Search': 0.4,
      'Organic Search': 0.2,
      Direct: 0.4,
    });
    // 1/8, 1/2 and 1 (half as much for each week) of 13/8.
    expect(await creditOf('time_decay')).toEqual({
      ...none,
      'Paid Search': 0.076923,
      'Organic Search': 0.307692,
      Direct: 0.615385,
    });
    // Nothing is learned yet: as linear.
    expect(await creditOf('data_driven')).toEqual(await creditOf('linear'));
  });

  it("uses the site's own model where none is named", async () => {
    const report = await reportOf(site, 'channel', NOVEMBER);
    expect(report).toMatchObject({ dimension: 'channel', model: 'last_non_direct', ...NOVEMBER });
    expect(column(report, 'calls')).toMatchObject({ 'Organic Search': 1 });
  });

  it('is reported by everything a visit or a call has', async () => {
    const keyed = async (dimension: string) =>
      column(await reportOf(site, dimension, { ...NOVEMBER, model: 'linear' }), 'calls');
    expect(await keyed('source')).toEqual({ google: 0.333333, bing: 0.333333, '(direct)': 0.333333, list: 0 });
    expect(await keyed('medium')).toEqual({ cpc: 0.333333, organic: 0.333333, '(none)': 0.333333, email: 0 });
    expect(await keyed('campaign')).toEqual({ Spring: 0.333333, '(none)': 0.666667, November: 0 });
    expect(await keyed('term')).toEqual({ roof: 0.333333, '(none)': 0.666667 });
    expect(await keyed('content')).toEqual({ '(none)': 1 });
    expect(await keyed('landing_page')).toEqual({ '/roof': 0.333333, '/gutter': 0.333333, '/': 0.333333, '/news': 0 });
    expect(await keyed('referrer')).toEqual({ '(none)': 0.666667, 'bing.com': 0.333333 });
    expect(await keyed('device')).toEqual({ desktop: 1 });
    expect(await keyed('country')).toEqual({ '(none)': 1 });
    expect(await keyed('target')).toEqual({ main: 1 });
    expect(await keyed('hour')).toEqual({ '10': 1 });
    expect(await keyed('day')).toEqual({ '2026-11-03': 0, '2026-11-17': 0, '2026-11-24': 1 });
    expect(Object.values(await keyed('number')).reduce((sum: number, calls) => sum + (calls as number), 0)).toBe(1);
  });

  it('adds up, with the rates of the sums', async () => {
    for (const dimension of ['channel', 'campaign', 'landing_page', 'hour', 'day', 'target']) {
      const { rows, totals } = await reportOf(site, dimension, { ...NOVEMBER, model: 'time_decay' });
      for (const name of ['visits', 'calls', 'answered', 'missed', 'firstTimeCalls', 'qualified', 'value'] as const) {
        expect(rows.reduce((sum, row) => sum + row[name], 0)).toBeCloseTo(totals[name], 4);
      }
      expect(totals).toMatchObject({
        visits: 4,
        calls: 1,
        answered: 1,
        missed: 0,
        firstTimeCalls: 1,
        qualified: 1,
        callRate: 0.25,
      });
      // Wilson's interval of 1 in 4, as published tables give it.
      expect([totals.callRateLow, totals.callRateHigh]).toEqual([0.045587, 0.699358]);
    }
  });

  it('counts only what a filter keeps, on visits and on calls', async () => {
    const linear = { ...NOVEMBER, model: 'linear' };
    const paid = await reportOf(site, 'landing_page', { ...linear, channel: 'Paid Search' });
    expect(paid.rows).toMatchObject([{ key: '/roof', visits: 1, calls: 0.333333 }]);
    expect((await reportOf(site, 'channel', { ...linear, campaign: '(none)' })).totals).toMatchObject({
      visits: 2,
      calls: 0.666667,
    });
    expect((await reportOf(site, 'channel', { ...linear, target: 'main' })).totals).toMatchObject({
      visits: 4,
      calls: 1,
    });
    expect((await reportOf(site, 'channel', { ...linear, target: 'sales' })).totals).toMatchObject({
      visits: 0,
      calls: 0,
    });
    expect((await reportOf(site, 'target', { ...linear, channel: 'Email' })).totals).toMatchObject({
      visits: 1,
      calls: 0,
    });
  });

  it('is written once, however often it is sent', async () => {
    const before = await reportOf(site, 'channel', { ...NOVEMBER, model: 'linear' });
    await visitor.call(api.event, {
      site,
      headers: pageHeaders,
      body: { type: 'pageview', session: 's_3', visitor: 'v_1', page: { url: `${ORIGIN}/contact` } },
    });
    await call(site, 'CA1', (await admin.call(api.getCall, { site, id: 'CA1' })).to as string, '2026-11-24T10:10:00Z');
    expect(await reportOf(site, 'channel', { ...NOVEMBER, model: 'linear' })).toEqual(before);
  });

  it('is CSV where that is asked for', async () => {
    const response = await admin.send(api.report, {
      site,
      dimension: 'channel',
      query: NOVEMBER,
      headers: { Accept: 'text/csv' },
    });
    expect(response.headers.get('Content-Type')).toContain('text/csv');
    const [head, first] = (await response.text()).split('\r\n');
    expect(head).toBe(
      'key,visits,calls,answered,missed,firstTimeCalls,qualified,value,cost,costPerCall,costPerFirstTimeCall,roi,leads,qualifiedLeads,won,wonValue,costPerLead,costPerWon,wonRoi,callRate,callRateLow,callRateHigh,callingVisits',
    );
    expect(first).toMatch(/^Organic Search,1,1,1,0,1,1,0,0,0,0,,1,1,0,0,0,,,1,/);
  });
});

describe('what a report counts', () => {
  it('leaves spam out unless asked, and shows what it is worth', async () => {
    const site = await newSite(5, { values: { qualifiedCall: 80, qualifiedSeconds: 90 } });
    const shown = await visit(site, { at: '2026-11-24T10:00:00Z', visitor: 'v_1', session: 's_1', page: AD });
    await call(site, 'CA1', shown, '2026-11-24T10:01:00Z', { durationSeconds: 89 });
    await call(site, 'CA2', shown, '2026-11-24T10:02:00Z', { durationSeconds: 90 });
    await call(site, 'CA3', shown, '2026-11-24T10:03:00Z', { durationSeconds: 30, value: 500 });
    await call(site, 'CA4', shown, '2026-11-24T10:04:00Z', {
      durationSeconds: null,
      status: 'missed',
      from: '+12125550100',
    });
    await call(site, 'CA5', shown, '2026-11-24T10:05:00Z', { from: '+12125550101' });
    await admin.call(api.patchCall, { site, id: 'CA5', body: { spam: true } });
    expect((await reportOf(site, 'channel', NOVEMBER)).totals).toMatchObject({
      calls: 4,
      answered: 3,
      missed: 1,
      firstTimeCalls: 2,
      qualified: 1,
      value: 580,
    });
    expect((await reportOf(site, 'channel', { ...NOVEMBER, qualifiedSeconds: '30' })).totals).toMatchObject({
      qualified: 3,
    });
    expect((await reportOf(site, 'channel', { ...NOVEMBER, spam: 'include' })).totals).toMatchObject({ calls: 5 });
    expect((await reportOf(site, 'channel', { ...NOVEMBER, spam: 'only' })).totals).toMatchObject({ calls: 1 });
  });

  it('takes the value that a visit was tagged with, also after the call, where the site lets tags count', async () => {
    const site = await newSite(3, { values: { tagMax: 1000 } });
    const shown = await visit(site, { at: '2026-11-24T10:00:00Z', visitor: 'v_1', session: 's_1', page: AD });
    await call(site, 'CA1', shown, '2026-11-24T10:01:00Z');
    expect((await reportOf(site, 'channel', NOVEMBER)).totals.value).toBe(0);
    await visitor.call(api.event, {
      site,
      headers: pageHeaders,
      body: { type: 'tag', session: 's_1', visitor: 'v_1', data: { value: '250.5' } },
    });
    expect((await reportOf(site, 'channel', NOVEMBER)).totals.value).toBe(250.5);
  });

  it('takes no value from a tag that no business counts in', async () => {
    const site = await newSite(3, { values: { tagMax: 1000 } });
    const shown = await visit(site, { at: '2026-11-24T10:00:00Z', visitor: 'v_1', session: 's_1', page: AD });
    await visitor.call(api.event, {
      site,
      headers: pageHeaders,
      body: { type: 'tag', session: 's_1', visitor: 'v_1', data: { value: '1e308' } },
    });
    await call(site, 'CA1', shown, '2026-11-24T10:01:00Z');
    await call(site, 'CA2', shown, '2026-11-24T10:02:00Z');
    expect((await reportOf(site, 'channel', NOVEMBER)).totals).toMatchObject({ calls: 2, value: 0 });
  });

  it('keys calls of no visit (unattributed), but by their own number, target and time', async () => {
    const site = await newSite();
    await call(site, 'CA1', '+14155550100', '2026-11-24T10:01:00Z');
    for (const dimension of ['channel', 'source', 'landing_page', 'referrer', 'device', 'country']) {
      expect((await reportOf(site, dimension, NOVEMBER)).rows).toMatchObject([
        { key: '(unattributed)', visits: 0, calls: 1, callRate: null },
      ]);
    }
    expect(column(await reportOf(site, 'number', NOVEMBER), 'calls')).toEqual({ '+14155550100': 1 });
    expect(column(await reportOf(site, 'target', NOVEMBER), 'calls')).toEqual({ main: 1 });
    expect(column(await reportOf(site, 'day', NOVEMBER), 'calls')).toEqual({ '2026-11-24': 1 });
  });

  it('leaves out visits from before the lookback', async () => {
    const site = await newSite(5, { attribution: { lookbackDays: 7 } });
    await visit(site, { at: '2026-11-10T10:00:00Z', visitor: 'v_1', session: 's_1', page: AD });
    const shown = await visit(site, { at: '2026-11-24T10:00:00Z', visitor: 'v_1', session: 's_2', page: MAIL });
    await call(site, 'CA1', shown, '2026-11-24T10:01:00Z');
    expect(column(await reportOf(site, 'channel', { ...NOVEMBER, model: 'first' }), 'calls')).toEqual({
      Email: 1,
      'Paid Search': 0,
    });
  });

  it('moves a call that turns out to have come at another time', async () => {
    const site = await newSite();
    const shown = await visit(site, { at: '2026-11-24T10:00:00Z', visitor: 'v_1', session: 's_1', page: AD });
    await call(site, 'CA1', shown, '2026-11-24T10:01:00Z');
    expect(column(await reportOf(site, 'day', NOVEMBER), 'calls')).toEqual({ '2026-11-24': 1 });
    await call(site, 'CA1', shown, '2026-11-23T10:01:00Z');
    const report = await reportOf(site, 'day', NOVEMBER);
    expect(column(report, 'calls')).toEqual({ '2026-11-23': 1, '2026-11-24': 0 });
    expect(column(await reportOf(site, 'channel', NOVEMBER), 'calls')).toMatchObject({ '(unattributed)': 1 });
  });

  it("counts days in the site's time zone, also on the day the clocks change", async () => {
    const site = await newSite(5, { timeZone: 'America/New_York' });
    // Clocks went back at 06:00 UTC on 1 November 2026: that day lasted from 04:00 UTC to 05:00 UTC of the next.
    await visit(site, { at: '2026-11-01T03:59:00Z', visitor: 'v_1', session: 's_1' });
    await visit(site, { at: '2026-11-01T04:01:00Z', visitor: 'v_2', session: 's_2' });
    const shown = await visit(site, { at: '2026-11-02T04:59:00Z', visitor: 'v_3', session: 's_3' });
    await visit(site, { at: '2026-11-02T05:01:00Z', visitor: 'v_4', session: 's_4' });
    await call(site, 'CA1', shown, '2026-11-02T04:59:30Z');
    const days = await reportOf(site, 'day', { from: '2026-10-31', to: '2026-11-02' });
    expect(column(days, 'visits')).toEqual({ '2026-10-31': 1, '2026-11-01': 2, '2026-11-02': 1 });
    expect(column(days, 'calls')).toEqual({ '2026-10-31': 0, '2026-11-01': 1, '2026-11-02': 0 });
    const hours = await reportOf(site, 'hour', { from: '2026-11-01', to: '2026-11-01' });
    expect(column(hours, 'visits')).toEqual({ '00': 1, '23': 1 });
  });

  it('is the last 30 days where no period is named', async () => {
    const site = await newSite();
    await visit(site, { at: '2026-10-25T10:00:00Z', visitor: 'v_1', session: 's_1' });
    await visit(site, { at: '2026-10-26T10:00:00Z', visitor: 'v_2', session: 's_2' });
    setClock('2026-11-24T12:00:00Z');
    expect(await reportOf(site, 'channel')).toMatchObject({
      from: '2026-10-26',
      to: '2026-11-24',
      totals: { visits: 1 },
    });
  });

  it('adds up the rows beyond the limit under (other)', async () => {
    const site = await newSite(0);
    for (const page of ['/a', '/b', '/b', '/c', '/c', '/c']) {
      await visit(site, { at: '2026-11-24T10:00:00Z', visitor: null, session: `s_${Math.random()}`, page });
    }
    const report = await reportOf(site, 'landing_page', { ...NOVEMBER, limit: '2' });
    expect(column(report, 'visits')).toEqual({ '/c': 3, '(other)': 3 });
    expect(report.totals.visits).toBe(6);
  });
});

describe('one person with several visitors', () => {
  const devices = async (site: string, tag?: string) => {
    const phone = await visit(site, { at: '2026-11-10T10:00:00Z', visitor: 'v_phone', session: 's_phone', page: AD });
    if (tag) {
      await admin.call(api.event, {
        site,
        body: { type: 'tag', session: 's_phone', visitor: 'v_phone', data: { userId: tag } },
      });
    }
    return phone;
  };

  it('is known by the telephone: an earlier call from another device', async () => {
    const site = await newSite(5);
    await call(site, 'CA1', await devices(site), '2026-11-10T10:01:00Z');
    const shown = await visit(site, { at: '2026-11-24T10:00:00Z', visitor: 'v_desk', session: 's_desk', page: MAIL });
    await call(site, 'CA2', shown, '2026-11-24T10:01:00Z');
    const second = { from: '2026-11-24', to: '2026-11-24', model: 'first' };
    expect(column(await reportOf(site, 'channel', second), 'calls')).toMatchObject({ 'Paid Search': 1 });
  });

  it('is known by the user that the site says it is', async () => {
    const site = await newSite(5);
    await devices(site, 'u-17');
    const shown = await visit(site, { at: '2026-11-24T10:00:00Z', visitor: 'v_desk', session: 's_desk', page: MAIL });
    await admin.call(api.event, {
      site,
      body: { type: 'tag', session: 's_desk', visitor: 'v_desk', data: { userId: 'u-17' } },
    });
    await call(site, 'CA1', shown, '2026-11-24T10:01:00Z');
    expect(column(await reportOf(site, 'channel', { ...NOVEMBER, model: 'linear' }), 'calls')).toEqual({
      'Paid Search': 0.5,
      Email: 0.5,
    });
  });

  it('is not made of everyone who calls from one busy telephone', async () => {
    const site = await newSite(20);
    for (let i = 0; i < 6; i++) {
      const at = `2026-11-1${i}T10:00:00Z`;
      const shown = await visit(site, { at, visitor: `v_${i}`, session: `s_${i}`, page: i === 0 ? AD : MAIL });
      await call(site, `CA${i}`, shown, at.replace('10:00', '10:01'));
    }
    const last = { from: '2026-11-15', to: '2026-11-15', model: 'first' };
    expect(column(await reportOf(site, 'channel', last), 'calls')).toEqual({ Email: 1 });
  });
});

describe('comparisons', () => {
  it('shows each row beside itself in the period before', async () => {
    const site = await newSite(5);
    await visit(site, { at: '2026-11-10T10:00:00Z', visitor: 'v_1', session: 's_1', page: AD });
    await visit(site, { at: '2026-11-17T10:00:00Z', visitor: 'v_2', session: 's_2', page: MAIL });
    const report = await reportOf(site, 'channel', { from: '2026-11-15', to: '2026-11-21', compare: 'previous' });
    expect(report.rows).toMatchObject([
      { key: 'Email', visits: 1, previous: { visits: 0 } },
      { key: 'Paid Search', visits: 0, previous: { visits: 1 } },
    ]);
    expect(report.totals).toMatchObject({ visits: 1, previous: { visits: 1 } });
  });

  async function splitTest(page: (variant: string) => string): Promise<string> {
    const site = await newSite(40);
    for (let i = 0; i < 12; i++) {
      const variant = i % 2 === 0 ? 'a' : 'b';
      const shown = await visit(site, {
        at: '2026-11-24T10:00:00Z',
        visitor: `v_${i}`,
        session: `s_${i}`,
        page: page(variant),
      });
      if (variant === 'a' && i < 10)
        await call(site, `CA${i}`, shown, '2026-11-24T10:01:00Z', { from: `+1212555010${i}` });
    }
    await settled(site);
    return site;
  }

  it('tells how likely one landing page is better than another', async () => {
    const site = await splitTest((variant) => `/landing-${variant}`);
    const answer = await admin.call(api.compareReport, {
      site,
      query: { ...NOVEMBER, a: '/landing-a', b: '/landing-b' },
    });
    expect(answer.a).toMatchObject({ visits: 6, calls: 5 });
    expect(answer.b).toMatchObject({ visits: 6, calls: 0 });
    // Beta(6, 2) above Beta(1, 7): 1 - E[(1 - p)^7] over Beta(6, 2), which is 1 - 8! 7! / 14!.
    expect(answer.probabilityBetter).toBeCloseTo(1 - (40_320 * 5_040) / 87_178_291_200, 5);
    const turned = await admin.call(api.compareReport, {
      site,
      query: { ...NOVEMBER, a: '/landing-b', b: '/landing-a' },
    });
    expect(turned.probabilityBetter).toBeCloseTo(1 - answer.probabilityBetter, 5);
  });

  it('counts visits that called, not calls: one that calls twelve times is one of its visits', async () => {
    const site = await newSite(40);
    const at = '2026-11-24T10:00:00Z';
    const shown = new Map<string, Assignment>();
    for (const page of ['a', 'b']) {
      for (let i = 0; i < 20; i++) {
        const session = `s_${page}${i}`;
        shown.set(session, await visit(site, { at, visitor: `v_${page}${i}`, session, page: `/${page}` }));
      }
    }
    const calls = async (session: string, count: number) => {
      for (let n = 0; n < count; n++) {
        const from = `+1212555${1000 + [...shown.keys()].indexOf(session)}`;
        await call(site, `${session}-${n}`, shown.get(session) as Assignment, `2026-11-24T10:0${n % 10}:30Z`, { from });
      }
    };
    await calls('s_a0', 12);
    for (const i of [0, 1, 2, 3]) await calls(`s_b${i}`, 1);
    await settled(site);
    const answer = await admin.call(api.compareReport, { site, query: { ...NOVEMBER, a: '/a', b: '/b' } });
    expect(answer.a).toMatchObject({ visits: 20, calls: 12, callRate: 0.6, callingVisits: 1 });
    expect(answer.b).toMatchObject({ visits: 20, calls: 4, callRate: 0.2, callingVisits: 4 });
    // Beta(2, 20) above Beta(5, 17), by the sum of hypergeometric terms in integers.
    expect(answer.probabilityBetter).toBeCloseTo(betterThan(1, 20, 4, 20), 6);
    expect(answer.probabilityBetter).toBeLessThan(0.1);
    const { totals } = await reportOf(site, 'landing_page', { ...NOVEMBER });
    expect(totals).toMatchObject({ visits: 40, calls: 16, callingVisits: 5 });
    const { low, high } = wilson(5, 40);
    expect([totals.callRateLow, totals.callRateHigh]).toEqual([expect.closeTo(low, 5), expect.closeTo(high, 5)]);
    for (const dimension of ['day', 'hour', 'target', 'device']) {
      expect((await reportOf(site, dimension, NOVEMBER)).totals).toMatchObject({ callingVisits: 5 });
    }
  });

  it('gives a visit its credits of all calls, as one at most, on the day and hour that it began', async () => {
    const site = await newSite(9);
    const begun = await visit(site, { at: '2026-11-10T23:00:00Z', visitor: 'v_1', session: 's_1', page: AD });
    await visit(site, { at: '2026-11-10T23:00:00Z', visitor: 'v_2', session: 's_2', page: AD });
    await call(site, 'CA1', begun, '2026-11-11T00:10:00Z');
    const back = await visit(site, { at: '2026-11-11T12:00:00Z', visitor: 'v_1', session: 's_3', page: MAIL });
    await call(site, 'CA2', back, '2026-11-11T12:01:00Z');
    await call(site, 'CA3', back, '2026-11-11T12:02:00Z', { status: 'missed', durationSeconds: null });
    const linear = { ...NOVEMBER, model: 'linear' };
    // The first visit has 1 + 1/2 + 1/2 of three calls, the second 1/2 + 1/2.
    expect(column(await reportOf(site, 'channel', linear), 'callingVisits')).toEqual({ 'Paid Search': 1, Email: 1 });
    expect(column(await reportOf(site, 'day', linear), 'calls')).toEqual({ '2026-11-10': 0, '2026-11-11': 3 });
    expect(column(await reportOf(site, 'day', linear), 'callingVisits')).toEqual({ '2026-11-10': 1, '2026-11-11': 1 });
    expect(column(await reportOf(site, 'hour', linear), 'callingVisits')).toEqual({ '00': 0, '12': 1, '23': 1 });
    const last = { ...NOVEMBER, model: 'last' };
    expect(column(await reportOf(site, 'channel', last), 'callingVisits')).toEqual({ 'Paid Search': 1, Email: 1 });
    // Only visits that began in the period are its trials, so no other can be a success.
    const day = { model: 'linear', from: '2026-11-11', to: '2026-11-11' };
    expect(column(await reportOf(site, 'channel', day), 'callingVisits')).toEqual({ 'Paid Search': 0, Email: 1 });
    // With one call gone as spam, the second visit has half of one.
    await admin.call(api.patchCall, { site, id: 'CA3', body: { spam: true } });
    expect(column(await reportOf(site, 'channel', linear), 'callingVisits')).toEqual({ 'Paid Search': 1, Email: 0.5 });
    expect((await reportOf(site, 'channel', { ...linear, channel: 'Email' })).totals).toMatchObject({
      visits: 1,
      callingVisits: 0.5,
    });
  });

  it('counts them for a quarter without being asked, for longer only where asked', async () => {
    const site = await newSite();
    const shown = await visit(site, { at: '2026-11-24T10:00:00Z', visitor: 'v_1', session: 's_1', page: AD });
    await call(site, 'CA1', shown, '2026-11-24T10:01:00Z');
    const of = async (query: Record<string, string>) => {
      const { totals } = await reportOf(site, 'channel', { to: '2026-11-30', ...query });
      return [totals.calls, totals.callRate, totals.callingVisits, totals.callRateHigh];
    };
    expect(await of({ from: '2026-08-31' })).toEqual([1, 1, 1, 1]);
    expect(await of({ from: '2026-08-30' })).toEqual([1, 1, null, 1]);
    expect(await of({ from: '2026-01-01', intervals: 'true' })).toEqual([1, 1, 1, 1]);
    expect(await of({ from: '2026-11-01', intervals: 'false' })).toEqual([1, 1, null, 1]);
    const year = { from: '2026-01-01', to: '2026-12-31', dimension: 'channel' as const, a: 'Paid Search', b: 'Email' };
    expect((await admin.call(api.compareReport, { site, query: year })).a).toMatchObject({ callingVisits: 1 });
  });

  it('reads variants from the address', async () => {
    const site = await splitTest((variant) => `/?dialmark_variant=${variant}`);
    const answer = await admin.call(api.compareReport, {
      site,
      query: { ...NOVEMBER, dimension: 'variant', a: 'a', b: 'b' },
    });
    expect([answer.a.visits, answer.a.calls, answer.b.visits, answer.b.calls]).toEqual([6, 5, 6, 0]);
  });

  it('reads variants from a tag', async () => {
    const site = await newSite();
    const shown = await visit(site, { at: '2026-11-24T10:00:00Z', visitor: 'v_1', session: 's_1' });
    await settled(site);
    await visitor.call(api.event, {
      site,
      headers: pageHeaders,
      body: { type: 'tag', session: 's_1', visitor: 'v_1', data: { variant: 'green' } },
    });
    await call(site, 'CA1', shown, '2026-11-24T10:01:00Z');
    expect((await reportOf(site, 'variant', NOVEMBER)).rows).toMatchObject([{ key: 'green', visits: 1, calls: 1 }]);
  });
});

/** P(p > q), p of Beta(a + 1, m - a + 1) and q of Beta(b + 1, n - b + 1), on a grid fine enough for six decimals. */
function betterThan(a: number, m: number, b: number, n: number): number {
  const steps = 200_000;
  let [below, joint, weight] = [0, 0, 0];
  for (let step = 0; step < steps; step++) {
    const x = (step + 0.5) / steps;
    const q = x ** b * (1 - x) ** (n - b);
    const p = x ** a * (1 - x) ** (m - a);
    joint += p * (below + q / 2);
    below += q;
    weight += p;
  }
  return joint / (weight * below);
}

describe('questions that make no sense', () => {
  const status = async (site: string, dimension: string, query: Record<string, string>) => {
    const response = await admin.send(api.report, { site, dimension, query: query as never });
    return {
      status: response.status,
      body: (await response.json()) as { detail: string; errors: { path: string; code: string; message: string }[] },
    };
  };

  it('are answered with what is allowed', async () => {
    const site = await newSite(0);
    const dimension = await status(site, 'weather', {});
    expect(dimension.status).toBe(400);
    expect(dimension.body.detail).toContain('channel, source, medium');
    const model = await status(site, 'channel', { model: 'astrology' });
    expect(model).toMatchObject({ status: 400, body: { errors: [{ path: 'model' }] } });
    expect(model.body.errors[0]?.message).toContain('position_based');
    expect(await status(site, 'channel', { from: '2026-11-30', to: '2026-11-01' })).toMatchObject({
      status: 400,
      body: { errors: [{ path: 'from', code: 'inverted_period' }] },
    });
    for (const day of ['2026-02-31', 'yesterday', '2026-11-24T10:00:00Z', '', '0001-01-01', '1969-12-31']) {
      expect((await status(site, 'channel', { from: day })).status).toBe(400);
    }
    expect((await status(site, 'channel', { qualifiedSeconds: '-1' })).status).toBe(400);
    expect((await status(site, 'channel', { limit: '0' })).status).toBe(400);
    expect((await status(site, 'channel', { spam: 'maybe' })).status).toBe(400);
    expect((await status('nobody', 'channel', {})).status).toBe(404);
    expect((await admin.send(api.compareReport, { site, query: { a: '/x' } as never })).status).toBe(400);
  });
});

it('keeps the schema of its answers', async () => {
  const site = await newSite(0);
  const empty: Report = await reportOf(site, 'term', NOVEMBER);
  expect(empty).toMatchObject({ rows: [], totals: { visits: 0, calls: 0, callRate: null, roi: null } });
});
