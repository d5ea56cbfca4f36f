import { api, type Dimension, type EpochMs, type Report } from '@dialmark/shared';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LedgerCore } from '../src/ledger/core.ts';
import { dayNumber } from '../src/ledger/days.ts';
import { numberOf } from '../src/ledger/dimensions.ts';
import { pairNext } from '../src/ledger/write/pairs.ts';
import { sumMonths, sumNext } from '../src/ledger/write/sums.ts';
import { firstSeq } from '../src/pool/leases/binding-id.ts';
import { admin, inLedger, ledgerRows, newSite } from './edge.ts';
import { setClock, settled, visit } from './journeys.ts';

const TODAY = '2026-11-24';
const YEAR = { from: '2026-09-15', to: TODAY };
const AD = '/roof?utm_source=google&utm_medium=cpc&utm_term=needle-term';
/** Visits of a month that is summed here. */
const BUSY = 2500;
/** A busy October, and half as many visits in each of the months beside it. */
const VISITS = { '2026-09': 1500, '2026-10': 3000, '2026-11': 1500 };

beforeEach(() => setClock(`${TODAY}T10:00:00Z`));
afterAll(() => {
  vi.useRealTimers();
});

async function busySite(): Promise<string> {
  const site = await newSite(3);
  await inLedger(site, (core) => {
    core.keepRules(RULES);
    for (const [month, visits] of Object.entries(VISITS)) {
      core.change(() => {
        for (let n = 0; n < visits; n++) addVisit(core, month, n);
      });
    }
  });
  return site;
}

const RULES = {
  timeZone: 'UTC',
  lookbackDays: 90,
  retentionDays: 395,
  counting: { model: 'last_non_direct' as const, qualifiedSeconds: 30, qualifiedValue: 0 },
};

function addVisit(core: LedgerCore, month: string, n: number): void {
  const { words } = core;
  const day = `${month}-${String(1 + (n % 28)).padStart(2, '0')}`;
  const paid = n % 3 === 0;
  core.sql.exec(
    `INSERT INTO visit (seq, rev, day, hour, channel, source, medium, term, landing_path, device, country, pages, late,
       active_for, visitor, id)
     VALUES (?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, 0, 0, ?, ?)`,
    firstSeq((Date.parse(day) + n) as EpochMs),
    dayNumber(day),
    n % 24,
    words.idOf(paid ? 'Paid Search' : 'Organic Search'),
    words.idOf(`source ${n % 40}`),
    words.idOf(paid ? 'cpc' : 'organic'),
    n % 2 === 0 ? words.idOf(`term ${n % 70}`) : null,
    words.idOf(`/page-${n % 50}`),
    words.idOf(n % 5 === 0 ? 'mobile' : 'desktop'),
    words.idOf('US'),
    `v_${n}`,
    `${month}${n}`,
  );
}

/** Runs the sums of a ledger's nights until there is nothing left to do. */
async function sum(site: string): Promise<void> {
  await inLedger(site, (core) => {
    const today = dayNumber(TODAY);
    for (let day: number | null = 0; day !== null; ) day = sumNext(core, day, today);
    sumMonths(core, today, BUSY);
    while (pairNext(core, today, BUSY));
  });
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

const held = (site: string, table: 'pairs' | 'summed_pairs' | 'sums') =>
  ledgerRows<Record<string, number>>(site, `SELECT * FROM ${table}`);

describe('the sums of a month', () => {
  it('are made of busy months that are over, by facts of few values, and change no report', async () => {
    const site = await busySite();
    const before = await answers(site);
    const inside = { from: '2026-10-03', to: '2026-10-30' };
    const partly = await answers(site, inside);
    await sum(site);
    expect((await held(site, 'summed_pairs')).map(({ month, filter }) => [month, filter])).toEqual(
      ['channel', 'medium', 'campaign', 'device', 'country'].map((name) => [202610, numberOf(name as Dimension)]),
    );
    expect(await answers(site)).toEqual(before);
    expect(await answers(site, inside)).toEqual(partly);
    expect(before[0]?.totals.visits).toBeGreaterThan(1000);

    const once = await held(site, 'pairs');
    await sum(site);
    expect(await held(site, 'pairs')).toEqual(once);
    // A row for many visits.
    expect(once.length).toBeLessThan(3000);
  });

  it('are what reports read', async () => {
    const site = await busySite();
    await sum(site);
    const [before] = await answers(site);
    await ledgerRows(
      site,
      'DELETE FROM visit WHERE day BETWEEN ? AND ?',
      dayNumber('2026-10-01'),
      dayNumber('2026-10-31'),
    );
    const [after] = await answers(site);
    expect(after?.totals).toEqual(before?.totals);
  });

  it('take in a visit that comes late, and let go of one that is erased, to the last trace', async () => {
    const site = await busySite();
    await sum(site);
    const before = await answers(site);
    const [pairs, sums] = [(await held(site, 'pairs')).length, (await held(site, 'sums')).length];
    await visit(site, { at: '2026-10-20T10:00:00Z', visitor: 'v_needle', session: 's_needle', page: AD });
    setClock(`${TODAY}T10:00:00Z`);
    await settled(site);
    const [pages, terms] = await answers(site);
    expect(pages?.rows.find(({ key }) => key === '/roof')).toMatchObject({ visits: 1 });
    expect(terms?.rows.find(({ key }) => key === 'needle-term')).toMatchObject({ visits: 1 });
    await admin.call(api.eraseVisitor, { site, id: 'v_needle' });
    expect(await answers(site)).toEqual(before);
    expect(await ledgerRows(site, "SELECT * FROM words WHERE text LIKE '%needle%'")).toEqual([]);
    expect((await held(site, 'pairs')).length).toBe(pairs);
    expect((await held(site, 'sums')).length).toBe(sums);
  });

  it('are gone with the site', async () => {
    const site = await busySite();
    await sum(site);
    await admin.call(api.deleteSite, { site });
    expect(await ledgerRows(site, "SELECT name FROM sqlite_master WHERE name IN ('pairs', 'visit')")).toEqual([]);
  });
});
