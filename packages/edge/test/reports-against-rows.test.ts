import {
  DAY,
  Dimension,
  type EpochMs,
  FILTERS,
  Model,
  type Report,
  type ReportQuery,
  type Site,
} from '@dialmark/shared';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LedgerCore } from '../src/ledger/core.ts';
import { dayNumber } from '../src/ledger/days.ts';
import { report } from '../src/ledger/read/reports.ts';
import type { LedgerBinding, LedgerCall, LedgerSession } from '../src/ledger/write/batch.ts';
import { pairNext } from '../src/ledger/write/pairs.ts';
import { sumMonths, sumNext } from '../src/ledger/write/sums.ts';
import { writeBatch } from '../src/ledger/write/write-batch.ts';
import { firstSeq } from '../src/pool/leases/binding-id.ts';
import { inLedger } from './edge.ts';

const FIRST = Date.UTC(2026, 7, 20);
const TODAY = dayNumber('2026-11-28');
const RULES = {
  timeZone: 'UTC',
  lookbackDays: 30,
  retentionDays: 395,
  counting: { model: 'last_non_direct' as const, qualifiedSeconds: 30, qualifiedValue: 0 },
};
const SITE = {
  id: 'any',
  attribution: { model: 'last_non_direct' },
  values: { qualifiedSeconds: 30, qualifiedCall: 40 },
} as Site;

/** A visit, and perhaps a call of it, drawn small so that facts meet. */
const Visit = fc.record({
  day: fc.nat(70),
  minute: fc.nat(1439),
  visitor: fc.option(fc.nat(5), { nil: null }),
  source: fc.constantFrom('google', 'newsletter', '(direct)'),
  campaign: fc.constantFrom('roof', '(none)', null),
  term: fc.constantFrom('leak', null),
  path: fc.constantFrom('/', '/roof', '/contact'),
  device: fc.constantFrom('mobile', 'desktop', null),
  shown: fc.uniqueArray(fc.constantFrom('main', 'sales'), { maxLength: 2 }),
  call: fc.option(
    fc.record({
      status: fc.constantFrom('completed', 'missed'),
      seconds: fc.nat(60),
      spam: fc.boolean(),
      caller: fc.option(fc.constantFrom('+12125550101', '+12125550102'), { nil: null }),
      // A call to a number with a source of its own: of the visit, of the visitor who is known, or of nobody.
      by: fc.constantFrom('visit', 'shown', 'caller', 'number', 'nothing'),
      counted: fc.record({
        source: fc.constantFrom('google', 'flyer', '(direct)', null),
        medium: fc.constantFrom('local', 'offline', null),
        campaign: fc.constantFrom('roof', null),
        term: fc.constantFrom('leak', null),
        content: fc.constant(null),
        channel: fc.constantFrom('Local Listings', 'Offline', 'Direct', 'Unassigned'),
        name: fc.constantFrom('Flyer', null),
      }),
    }),
    {
      nil: null,
    },
  ),
});
type Visit = typeof Visit extends fc.Arbitrary<infer V> ? V : never;

const CHANNEL = { google: 'Paid Search', newsletter: 'Email', '(direct)': 'Direct' } as const;
const MEDIUM = { google: 'cpc', newsletter: 'email', '(direct)': '(none)' } as const;

function write(core: LedgerCore, visits: readonly Visit[], offset = 0): void {
  const sessions: LedgerSession[] = [];
  const bindings: LedgerBinding[] = [];
  const calls: LedgerCall[] = [];
  visits.forEach((visit, index) => {
    const startedAt = FIRST + visit.day * DAY + visit.minute * 60_000 + offset + index;
    const seq = firstSeq(startedAt as EpochMs);
    const id = `s_${offset}_${index}`;
    const landingPage = `https://acme.example${visit.path}`;
    const visitor = visit.visitor === null ? null : `v_${visit.visitor}`;
    sessions.push({
      seq,
      id,
      visitor,
      startedAt,
      lastActiveAt: startedAt,
      landingPage,
      referrer: null,
      source: visit.source,
      medium: MEDIUM[visit.source],
      channel: CHANNEL[visit.source],
      campaign: visit.campaign,
      term: visit.term,
      content: null,
      clickIds: {},
      pages: 1,
      device: visit.device,
      country: null,
      tags: null,
      views: null,
    });
    visit.shown.forEach((target, place) => {
      const row = { startedAt, lastActiveAt: startedAt, expiresAt: startedAt + 60_000, telClickAt: null };
      bindings.push({ seq: seq + place, number: `+1415555100${place}`, target, kind: 'pool', session: id, ...row });
    });
    if (visit.call) {
      const { by, counted } = visit.call;
      const isOfVisit = by === 'visit' || by === 'shown';
      calls.push({
        id: `c_${offset}_${index}`,
        carrier: 'api',
        caller: visit.call.caller,
        number: '+14155551000',
        target: 'main',
        startedAt: startedAt + 1000,
        status: visit.call.status,
        durationSeconds: visit.call.seconds,
        value: null,
        firstTime: true,
        spam: visit.call.spam,
        test: false,
        match: 'active',
        confidence: 0.9,
        binding: null,
        session: isOfVisit ? id : null,
        visitor: isOfVisit || by === 'caller' ? visitor : null,
        candidates: [],
        counted: by === 'visit' || by === 'nothing' ? null : { ...counted, shown: by === 'shown' },
        details: {},
      });
    }
  });
  const erasures = { visitors: [], callers: [], calls: [] };
  writeBatch(core, { rev: 1, rules: RULES, erasures, sessions, bindings, calls });
}

type Row = Record<string, string | number | null>;
const COLUMNS: Partial<Record<Dimension, string>> = { landing_page: 'landing_path', referrer: 'referrer_host' };
const columnOf = (dimension: Dimension) => COLUMNS[dimension] ?? dimension;
const keyOf = (row: Row, dimension: Dimension) => String(row[columnOf(dimension)] ?? '(none)');

/** The same report, by reading every row that people can read. */
function naive(core: LedgerCore, dimension: Dimension, query: ReportQuery, from: string, to: string) {
  const filters = FILTERS.flatMap((name) =>
    query[name] === undefined ? [] : [[name, query[name] as string] as const],
  );
  const fits = (row: Row, names = filters) => names.every(([name, key]) => keyOf(row, name) === key);
  const isShown = (name: Dimension) => name === 'target' || name === 'number';
  const within = (row: Row) => (row.day as string) >= from && (row.day as string) <= to;
  const shownOf = Map.groupBy(core.all<Row>('SELECT * FROM bindings'), ({ session }) => session as string);
  const sums = new Map<string, { visits: number; calls: number; qualified: number; value: number; leads: number }>();
  const at = (key: string) => {
    const known = sums.get(key) ?? { visits: 0, calls: 0, qualified: 0, value: 0, leads: 0 };
    sums.set(key, known);
    return known;
  };
  const [ofShown, ofVisit] = [filters.filter(([name]) => isShown(name)), filters.filter(([name]) => !isShown(name))];
  for (const visit of core.all<Row>('SELECT * FROM sessions').filter(within)) {
    if (!fits(visit, ofVisit)) continue;
    const shown = (shownOf.get(visit.id as string) ?? []).filter((row) => fits(row, ofShown));
    if (ofShown.length > 0 && shown.length === 0) continue;
    const keys = isShown(dimension) ? new Set(shown.map((row) => keyOf(row, dimension))) : [keyOf(visit, dimension)];
    for (const key of keys) at(key).visits++;
  }
  for (const touch of core.all<Row>('SELECT * FROM call_touches').filter((row) => within(row) && fits(row))) {
    const credit = touch[`credit_${query.model ?? SITE.attribution.model}`] as number;
    if (credit === 0 || touch.spam === 1) continue;
    const sum = at(keyOf(touch, dimension));
    const qualified = touch.status === 'completed' && (touch.duration_seconds as number) >= 30;
    sum.calls += credit;
    if (qualified) sum.qualified += credit;
    sum.value += credit * (qualified ? 40 : 0);
  }
  for (const touch of core.all<Row>('SELECT * FROM lead_touches').filter((row) => within(row) && fits(row))) {
    const credit = touch[`credit_${query.model ?? SITE.attribution.model}`] as number;
    if (credit > 0) at(keyOf(touch, dimension)).leads += credit;
  }
  return sums;
}

function expectSame(answer: Report, sums: ReturnType<typeof naive>): void {
  expect(answer.rows.map(({ key }) => key).sort()).toEqual([...sums.keys()].sort());
  for (const row of answer.rows) {
    const expected = sums.get(row.key);
    expect(row.visits).toBe(expected?.visits);
    expect(row.calls).toBeCloseTo(expected?.calls ?? 0, 5);
    expect(row.qualified).toBeCloseTo(expected?.qualified ?? 0, 5);
    expect(row.value).toBeCloseTo(expected?.value ?? 0, 4);
    expect(row.leads).toBeCloseTo(expected?.leads ?? 0, 5);
  }
}

/** By whichever dimension and model: the rows add up to the calls and leads, and `(unattributed)` are those of nothing. */
function expectWhole(core: LedgerCore): void {
  const period = { from: text(0), to: text(100) };
  const calls = core.all<Row>('SELECT * FROM calls WHERE spam = 0');
  const leads = core.all('SELECT id FROM leads').length;
  const ofNothing = calls.filter(({ counted, session }) => counted === null && session === null).length;
  for (const model of Model.options) {
    for (const dimension of Dimension.options) {
      const query = { model, spam: 'exclude', limit: 1000, intervals: false } as ReportQuery;
      const { rows, totals } = report(core, SITE, dimension, query, period);
      const sum = rows.reduce((all, row) => all + row.calls, 0);
      expect(sum).toBeCloseTo(calls.length, 4);
      expect(totals.calls).toBeCloseTo(calls.length, 4);
      expect(totals.leads).toBeCloseTo(leads, 4);
      if (['target', 'number', 'hour', 'day'].includes(dimension)) continue;
      expect(rows.find(({ key }) => key === '(unattributed)')?.calls ?? 0).toBeCloseTo(ofNothing, 5);
    }
  }
}

const Question = fc.record({
  dimension: fc.constantFrom(...Dimension.options),
  model: fc.constantFrom(...Model.options),
  from: fc.nat(70),
  days: fc.nat(70),
  filters: fc.record(
    {
      channel: fc.constantFrom('Paid Search', 'Direct', 'nothing'),
      medium: fc.constantFrom('cpc', '(none)'),
      campaign: fc.constantFrom('roof', '(none)'),
      target: fc.constantFrom('main', 'sales'),
      device: fc.constantFrom('mobile', '(none)'),
    },
    { requiredKeys: [] },
  ),
});

describe('reports', () => {
  it('say what the rows add up to, whatever of it is summed already, and after somebody was erased', async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(Visit, { minLength: 1, maxLength: 60 }),
        fc.array(Visit, { maxLength: 5 }),
        fc.array(Question, { minLength: 3, maxLength: 6 }),
        fc.constantFrom('nothing', 'days', 'months', 'pairs'),
        async (visits, late, questions, summed) => {
          await inLedger(`reports-${run++}`, (core) => {
            const check = () => {
              expectWhole(core);
              for (const { dimension, model, from, days, filters } of questions) {
                const period = { from: text(from), to: text(from + days) };
                const query = { model, spam: 'exclude', limit: 1000, ...filters } as ReportQuery;
                expectSame(
                  report(core, SITE, dimension, query, period),
                  naive(core, dimension, query, period.from, period.to),
                );
              }
            };
            write(core, visits);
            check();
            if (summed !== 'nothing') {
              for (let day: number | null = 0; day !== null; ) day = sumNext(core, day, TODAY, 1);
              if (summed !== 'days') sumMonths(core, TODAY, 1);
              if (summed === 'pairs') while (pairNext(core, TODAY, 1));
              check();
            }
            write(core, late, 7);
            check();
            const erasures = { visitors: ['v_1'], callers: [], calls: [] };
            writeBatch(core, { rev: 2, rules: RULES, erasures, sessions: [], bindings: [], calls: [] });
            check();
          });
        },
      ),
      { numRuns: 40 },
    );
  }, 60_000);
});

const text = (day: number) => new Date(FIRST + day * DAY).toISOString().slice(0, 10);
