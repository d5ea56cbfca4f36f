import { env as bindings } from 'cloudflare:workers';
import { api, type Report } from '@dialmark/shared';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Env } from '../src/env.ts';
import { sumMonths } from '../src/ledger/write/visit-pairs.ts';
import { admin, migrateLedger, newSite } from './edge.ts';
import { setClock, settled, visit } from './journeys.ts';

const { LEDGER } = bindings as unknown as Env;
const TODAY = '2026-11-24';
const YEAR = { from: '2026-09-15', to: TODAY };
const AD = '/roof?utm_source=google&utm_medium=cpc&utm_term=needle-term';
/** Visits of a month that is summed here. */
const BUSY = 10_000;
/** A busy October, and half as many visits in each of the months beside it. */
const VISITS = { '2026-09': 6000, '2026-10': 12_000, '2026-11': 6000 };

beforeAll(migrateLedger);
beforeEach(() => setClock(`${TODAY}T10:00:00Z`));
afterAll(() => {
  vi.useRealTimers();
});

async function busySite(): Promise<string> {
  const site = await newSite(3);
  for (const [month, visits] of Object.entries(VISITS)) {
    await LEDGER.prepare(
      `WITH RECURSIVE counter(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM counter WHERE n + 1 < ${visits})
       INSERT INTO sessions (site, id, rev, visitor, started_at, last_active_at, landing_page, referrer, source, medium,
         campaign, term, content, channel, click_ids, pages, device, country, tags, day, hour, landing_path,
         referrer_host, variant)
       SELECT ?1, '${month}' || n, 1, 'v_' || n, unixepoch('${month}-01') * 1000 + n, 0, NULL, NULL, 'source ' || (n % 40),
         CASE n % 3 WHEN 0 THEN 'cpc' ELSE 'organic' END, NULL, CASE n % 2 WHEN 0 THEN 'term ' || (n % 70) END, NULL,
         CASE n % 3 WHEN 0 THEN 'Paid Search' ELSE 'Organic Search' END, '{}', 1,
         CASE n % 5 WHEN 0 THEN 'mobile' ELSE 'desktop' END, 'US', NULL, '${month}-' || printf('%02d', 1 + n % 28),
         printf('%02d', n % 24), '/page-' || (n % 50), NULL, NULL FROM counter`,
    )
      .bind(site)
      .run();
    for (const [dimension, column] of Object.entries({
      channel: 'channel',
      medium: 'medium',
      source: 'source',
      device: 'device',
    })) {
      await LEDGER.prepare(
        `INSERT INTO visit_counts (site, dimension, period, key, visits)
         SELECT site, '${dimension}', 'm${month}', ${column}, count(*) FROM sessions
         WHERE site = ?1 AND day BETWEEN '${month}-01' AND '${month}-31' GROUP BY ${column}`,
      )
        .bind(site)
        .run();
    }
  }
  return site;
}

const QUESTIONS: [dimension: string, filter: Record<string, string>][] = [
  ['landing_page', { channel: 'Paid Search' }],
  ['term', { medium: 'cpc' }],
  ['day', { channel: 'Organic Search' }],
  ['hour', { device: 'mobile' }],
  ['channel', { device: 'desktop' }],
  ['term', { channel: 'Paid Search', term: 'term 6' }],
  ['landing_page', { channel: 'nothing' }],
  ['landing_page', { source: 'source 4' }],
  ['landing_page', { channel: 'Paid Search', device: 'mobile' }],
];

async function answers(site: string, period = YEAR): Promise<Report[]> {
  const all: Report[] = [];
  for (const [dimension, filter] of QUESTIONS) {
    all.push(await admin.call(api.report, { site, dimension, query: { ...period, ...filter } as never }));
  }
  return all;
}

const held = async (site: string, table: 'visit_pairs' | 'summed_months') =>
  (await LEDGER.prepare(`SELECT * FROM ${table} WHERE site = ?`).bind(site).all<Record<string, string>>()).results;

describe('the sums of a month', () => {
  it('are made of busy months that are over, by facts of few values, and change no report', async () => {
    const site = await busySite();
    const before = await answers(site);
    const inside = { from: '2026-10-03', to: '2026-10-30' };
    const partly = await answers(site, inside);
    await sumMonths(LEDGER, site, TODAY, BUSY);
    expect((await held(site, 'summed_months')).map(({ month, filter }) => [month, filter])).toEqual([
      ['2026-10', 'channel'],
      ['2026-10', 'device'],
      ['2026-10', 'medium'],
    ]);
    expect(await answers(site)).toEqual(before);
    expect(await answers(site, inside)).toEqual(partly);
    expect(before[0]?.totals.visits).toBeGreaterThan(5000);

    const once = await held(site, 'visit_pairs');
    await sumMonths(LEDGER, site, TODAY, BUSY);
    expect(await held(site, 'visit_pairs')).toEqual(once);
    // A row for many visits.
    expect(once.length).toBeLessThan(3000);
  });

  it('are what reports read', async () => {
    const site = await busySite();
    await sumMonths(LEDGER, site, TODAY, BUSY);
    const [before] = await answers(site);
    await LEDGER.prepare("DELETE FROM sessions WHERE site = ? AND day LIKE '2026-10-%'").bind(site).run();
    const [after] = await answers(site);
    expect(after?.totals).toEqual(before?.totals);
  });

  it('take in a visit that comes late, and let go of one that is erased, to the last trace', async () => {
    const site = await busySite();
    await sumMonths(LEDGER, site, TODAY, BUSY);
    const before = await answers(site);
    await visit(site, { at: '2026-10-20T10:00:00Z', visitor: 'v_needle', session: 's_needle', page: AD });
    setClock(`${TODAY}T10:00:00Z`);
    await settled(site);
    const [pages, terms] = await answers(site);
    expect(pages?.rows.find(({ key }) => key === '/roof')).toMatchObject({ visits: 1 });
    expect(terms?.rows.find(({ key }) => key === 'needle-term')).toMatchObject({ visits: 1 });
    await admin.call(api.eraseVisitor, { site, id: 'v_needle' });
    expect(await answers(site)).toEqual(before);
    expect(JSON.stringify(await held(site, 'visit_pairs'))).not.toContain('needle');
  });

  it('are gone with the site', async () => {
    const site = await busySite();
    await sumMonths(LEDGER, site, TODAY, BUSY);
    await admin.call(api.deleteSite, { site });
    expect([await held(site, 'visit_pairs'), await held(site, 'summed_months')]).toEqual([[], []]);
  });
});
