import type { Dimension, Filter, Model, ReportMetrics } from '@dialmark/shared';
import type { LedgerCore } from '../core.ts';
import { dayNumber, dayText, firstDayOf, monthOf } from '../days.ts';
import { COLUMN, isShown, isWord, numberOf, SUMMED } from '../dimensions.ts';
import { NONE } from '../words.ts';
import { isPaired } from '../write/pairs.ts';
import type { Period } from './period.ts';

/** The query of a report, with all defaults filled in. */
export interface Question {
  dimension: Dimension;
  model: Model;
  filters: readonly (readonly [Filter, string])[];
  spam: 'exclude' | 'include' | 'only';
  qualifiedSeconds: number;
  /** The value of a qualified call without a value of its own. */
  qualifiedValue: number;
  /** True if visits that called are counted. */
  intervals: boolean;
}

/** The dimensions that costs are recorded by. */
const PRICED: ReadonlySet<Dimension> = new Set(['channel', 'source', 'medium', 'campaign', 'term', 'day']);

export type CallSums = Pick<ReportMetrics, 'calls' | 'answered' | 'missed' | 'firstTimeCalls' | 'qualified' | 'value'>;
export type LeadSums = Pick<ReportMetrics, 'leads' | 'qualifiedLeads' | 'won' | 'wonValue'>;
/** The totals of a key's visits, calls, leads and costs; null if not recorded by this key, or not requested. */
export type Sums = CallSums & LeadSums & { visits: number; callingVisits: number | null; cost: number | null };
export const NOTHING: CallSums & LeadSums = {
  calls: 0,
  answered: 0,
  missed: 0,
  firstTimeCalls: 0,
  qualified: 0,
  value: 0,
  leads: 0,
  qualifiedLeads: 0,
  won: 0,
  wonValue: 0,
};

/** Asks visits, calls and costs of each period, and visits that called where there are to be intervals. */
export function ask(core: LedgerCore, question: Question, periods: readonly Period[]): Map<string, Sums>[] {
  return periods.map((period) => {
    const sums = new Map<string, Sums>();
    const add = (rows: Iterable<readonly [key: string, some: Partial<Sums>]>) => {
      for (const [key, some] of rows) {
        const known = sums.get(key) ?? nothing(question);
        for (const [name, value] of Object.entries(some) as [keyof Sums, number][]) {
          known[name] = (known[name] ?? 0) + value;
        }
        sums.set(key, known);
      }
    };
    add(texts(core, question.dimension, visitsBy(core, question, period)));
    add(texts(core, question.dimension, callsBy(core, question, period)));
    if (question.spam !== 'only') add(texts(core, question.dimension, leadsBy(core, question, period)));
    if (question.intervals) add(texts(core, question.dimension, callingVisitsBy(core, question, period)));
    if (isPriced(question)) add(costsBy(core, question, period));
    for (const one of sums.values()) {
      // A visit before the one that called may never have been shown the number or target it has its credit by.
      if (one.callingVisits !== null) one.callingVisits = Math.min(one.callingVisits, one.visits);
    }
    return sums;
  });
}

/** The totals of a key without any data. */
export function nothing(question: Question): Sums {
  return {
    ...NOTHING,
    visits: 0,
    callingVisits: question.intervals ? 0 : null,
    cost: isPriced(question) ? 0 : null,
  };
}

/** Returns true if costs are known by the report's dimension and filters. */
export function isPriced({ dimension, filters }: Question): boolean {
  return PRICED.has(dimension) && filters.every(([name]) => PRICED.has(name));
}

/** Sums by the numbers of their keys. */
type Row = { key: number } & Partial<Sums>;

/** Puts texts in place of the keys' numbers. */
function* texts(core: LedgerCore, dimension: Dimension, rows: readonly Row[]): Generator<[string, Partial<Sums>]> {
  const words = isWord(dimension) ? core.words.textsOf(rows.map(({ key }) => key)) : null;
  for (const { key, ...some } of rows) {
    yield [words ? (words.get(key) ?? NONE) : dimension === 'day' ? dayText(key) : String(key).padStart(2, '0'), some];
  }
}

interface Condition {
  sql: string;
  values: (string | number)[];
}

/** Calls and visits that a site never had: no row has this number. */
const UNKNOWN = -1;

/** The number of a key as rows have it: 0 for what is missing. */
function keyNumber(core: LedgerCore, dimension: Dimension, key: string): number {
  if (key === NONE) return 0;
  if (isWord(dimension)) return core.words.find(key) ?? UNKNOWN;
  const number = dimension === 'day' ? dayNumber(key) : Number(key);
  return Number.isInteger(number) ? number : UNKNOWN;
}

/** `column = key`, plainly so that an index may serve it, and missing for `(none)`. */
function keeps(core: LedgerCore, filters: Question['filters'], row: string): Condition {
  const keys = filters.map(([name, key]) => [`${row}${COLUMN[name]}`, keyNumber(core, name, key)] as const);
  return {
    sql: keys.map(([column, key]) => ` AND ${key === 0 ? `coalesce(${column}, 0)` : column} = ?`).join(''),
    values: keys.map(([, key]) => key),
  };
}

/** When a call came is not when its visit began: by these the two stand in different rows. */
const BEGAN: Partial<Record<Dimension, string>> = { day: 'visit_day', hour: 'visit_hour' };

/** The touches of the calls that are counted, with credit. */
function counted(core: LedgerCore, { model, spam, filters }: Question, { from, to }: Period): Condition {
  const filter = keeps(core, filters, '');
  return {
    sql: `day BETWEEN ? AND ? AND credit_${model} > 0
      ${spam === 'include' ? '' : `AND spam = ${spam === 'only' ? 1 : 0}`}${filter.sql}`,
    values: [dayNumber(from), dayNumber(to), ...filter.values],
  };
}

function callsBy(core: LedgerCore, question: Question, period: Period): Row[] {
  const { dimension, model, qualifiedSeconds, qualifiedValue } = question;
  const credit = `credit_${model}`;
  const qualified = `status = 'completed' AND coalesce(duration_seconds, 0) >= ?`;
  const { sql, values } = counted(core, question, period);
  return core.all<Row>(
    `SELECT coalesce(${COLUMN[dimension]}, 0) AS key,
       sum(${credit}) AS calls,
       sum(CASE WHEN status IN ('completed', 'in-progress') THEN ${credit} ELSE 0 END) AS answered,
       sum(CASE WHEN status IN ('missed', 'busy', 'failed', 'voicemail') THEN ${credit} ELSE 0 END) AS missed,
       sum(${credit} * first_time) AS firstTimeCalls,
       sum(CASE WHEN ${qualified} THEN ${credit} ELSE 0 END) AS qualified,
       sum(${credit} * coalesce(value, CASE WHEN ${qualified} THEN ? ELSE 0 END)) AS value
     FROM touch WHERE ${sql} GROUP BY 1`,
    qualifiedSeconds,
    qualifiedSeconds,
    qualifiedValue,
    ...values,
  );
}

/** Leads that began in the period: each with the touches up to its first contact. Spam makes none. */
function leadsBy(core: LedgerCore, { dimension, model, filters }: Question, { from, to }: Period): Row[] {
  const credit = `credit_${model}`;
  const filter = keeps(core, filters, '');
  return core.all<Row>(
    `SELECT coalesce(${COLUMN[dimension]}, 0) AS key, sum(${credit}) AS leads, sum(${credit} * qualified) AS qualifiedLeads,
       sum(${credit} * won) AS won, sum(CASE WHEN won THEN ${credit} * coalesce(value, 0) ELSE 0 END) AS wonValue
     FROM lead_touch WHERE day BETWEEN ? AND ? AND ${credit} > 0${filter.sql} GROUP BY 1`,
    dayNumber(from),
    dayNumber(to),
    ...filter.values,
  );
}

/**
 * Visits of the period that led to calls: each counts as its credits of all of them, and as one at most. Puts the touches
 * in order by visit, which takes longer than summing them up.
 */
function callingVisitsBy(core: LedgerCore, question: Question, period: Period): Row[] {
  const { sql, values } = counted(core, question, period);
  const key = BEGAN[question.dimension] ?? COLUMN[question.dimension];
  return core.all<Row>(
    `SELECT key, sum(min(1, credit)) AS callingVisits FROM (
       SELECT coalesce(${key}, 0) AS key, sum(credit_${question.model}) AS credit
       FROM touch WHERE ${sql} AND visit_day >= ?
       GROUP BY 1, visit
     ) GROUP BY 1`,
    ...values,
    dayNumber(period.from),
  );
}

// Visits

/** Days from the first to the last, both included. */
interface Days {
  from: number;
  to: number;
}

function visitsBy(core: LedgerCore, question: Question, period: Period): Row[] {
  const days = within(core, { from: dayNumber(period.from), to: dayNumber(period.to) });
  const { dimension, filters } = question;
  const own = filters.filter(([name]) => name === dimension);
  const others = filters.filter(([name]) => name !== dimension);
  if (others.length === 0 && (SUMMED.has(dimension) || (dimension === 'day' && own.length === 0))) {
    return summedVisits(core, question, days);
  }
  const [other, ...more] = others;
  if (other && more.length === 0 && isPaired(dimension) && isPaired(other[0])) {
    return pairedVisits(core, question, other, own[0]?.[1], days);
  }
  return countedVisits(core, question, everyDay(days));
}

/** The days of a stretch on which there may be visits: a period may be asked for that begins with the calendar. */
function within(core: LedgerCore, { from, to }: Days): Days {
  const kept = core.first<{ first: number | null; last: number | null }>(
    'SELECT (SELECT min(day) FROM visit) AS first, (SELECT max(day) FROM visit) AS last',
  );
  return { from: Math.max(from, kept?.first ?? to + 1), to: Math.min(to, kept?.last ?? to) };
}

/** Returns the periods whose sums make up some of the days, and the days that must be counted. */
export function partition(summed: ReadonlySet<number>, { from, to }: Days): { periods: number[]; days: number[] } {
  const periods: number[] = [];
  const days: number[] = [];
  for (let day = from; day <= to; day++) {
    const month = monthOf(day);
    const last = firstDayOf(month, 1) - 1;
    if (day === firstDayOf(month) && last <= to && summed.has(month)) {
      periods.push(month);
      day = last;
    } else if (summed.has(day)) periods.push(day);
    else days.push(day);
  }
  return { periods, days };
}

function summedVisits(core: LedgerCore, question: Question, days: Days): Row[] {
  const { dimension, filters } = question;
  const keys = filters.map(([name, key]) => keyNumber(core, name, key));
  const isByDay = dimension === 'day';
  const { periods, days: rest } = partition(
    isByDay ? new Set([...core.summed].filter((period) => period < MONTHS)) : core.summed,
    days,
  );
  const summed = core.all<Row>(
    `SELECT ${isByDay ? 'sums.period' : 'sums.key'} AS key, sum(sums.visits) AS visits
     FROM json_each(?) p CROSS JOIN sums ON sums.dimension = ? AND sums.period = p.value
     WHERE true${keys.map(() => ' AND sums.key = ?').join('')} GROUP BY 1`,
    JSON.stringify(periods),
    numberOf(isByDay ? 'channel' : dimension),
    ...keys,
  );
  return [...summed, ...(rest.length > 0 ? countedVisits(core, question, rest) : [])];
}

/** The month numbered zero. */
const MONTHS = 100_000;

function everyDay({ from, to }: Days): number[] {
  return Array.from({ length: to - from + 1 }, (_, day) => from + day);
}

/** More days than these are looked through from end to end. */
const DAYS_LOOKED_UP = 1100;

/** Counts visits of some days as they stand there; those of one channel are looked up past all others. */
function countedVisits(core: LedgerCore, { dimension, filters }: Question, days: readonly number[]): Row[] {
  const channel = filters.find(([name]) => name === 'channel')?.[1];
  const visits = visitsOf(core, days, channel);
  const ofVisit = keeps(
    core,
    filters.filter(([name]) => !isShown(name) && name !== 'channel'),
    'v.',
  );
  const ofShown = keeps(
    core,
    filters.filter(([name]) => isShown(name)),
    'h.',
  );
  const values = [...visits.values, ...ofVisit.values, ...ofShown.values];
  if (isShown(dimension)) {
    return core.all<Row>(
      `SELECT h.${dimension} AS key, count(DISTINCT v.seq) AS visits
       FROM ${visits.sql} CROSS JOIN hold h INDEXED BY hold_by_visit ON h.visit = v.seq
       WHERE true${ofVisit.sql}${ofShown.sql} GROUP BY 1`,
      ...values,
    );
  }
  const anyShown =
    ofShown.sql && ` AND EXISTS (SELECT 1 FROM hold h INDEXED BY hold_by_visit WHERE h.visit = v.seq${ofShown.sql})`;
  return core.all<Row>(
    `SELECT coalesce(v.${COLUMN[dimension]}, 0) AS key, count(*) AS visits
     FROM ${visits.sql} WHERE true${ofVisit.sql}${anyShown} GROUP BY 1`,
    ...values,
  );
}

function visitsOf(core: LedgerCore, days: readonly number[], channel: string | undefined): Condition {
  const index = 'visit v INDEXED BY visit_by_day';
  const key = channel === undefined ? null : keyNumber(core, 'channel', channel);
  const byChannel = key === null ? '' : ' AND v.channel = ?';
  const values = key === null ? [] : [key];
  const [from = 0, to = -1] = [days[0], days.at(-1)];
  const isWhole = to - from + 1 === days.length;
  if (isWhole && (key === null || days.length > DAYS_LOOKED_UP)) {
    return {
      sql: `(SELECT 1) CROSS JOIN ${index} ON v.day BETWEEN ? AND ?${byChannel}`,
      values: [from, to, ...values],
    };
  }
  return {
    sql: `json_each(?) d CROSS JOIN ${index} ON v.day = d.value${byChannel}`,
    values: [JSON.stringify(days), ...values],
  };
}

/** Visits that one filter keeps: from the sums of pairs where there are any, the rest counted. */
function pairedVisits(
  core: LedgerCore,
  question: Question,
  [filter, kept]: readonly [Filter, string],
  own: string | undefined,
  days: Days,
): Row[] {
  const { dimension } = question;
  const paired = new Set(
    core
      .all<{ month: number }>('SELECT month FROM summed_pairs WHERE filter = ?', numberOf(filter))
      .map(({ month }) => month),
  );
  const { periods, days: rest } = partition(paired, days);
  const keys = own === undefined ? [] : [keyNumber(core, dimension, own)];
  const summed = core.all<Row>(
    `SELECT p.key, sum(p.visits) AS visits FROM json_each(?) m
     CROSS JOIN pairs p ON p.month = m.value AND p.filter = ? AND p.kept = ? AND p.dimension = ?
     ${own === undefined ? '' : 'AND p.key = ?'} GROUP BY 1`,
    JSON.stringify(periods),
    numberOf(filter),
    keyNumber(core, filter, kept),
    numberOf(dimension),
    ...keys,
  );
  return [...summed, ...(rest.length > 0 ? countedVisits(core, question, rest) : [])];
}

// Costs

function costsBy(
  core: LedgerCore,
  { dimension, filters }: Question,
  { from, to }: Period,
): (readonly [string, Partial<Sums>])[] {
  const known = (column: string) => `CASE ${column} WHEN '' THEN NULL ELSE ${column} END`;
  const conditions = filters.map(([name]) => ` AND coalesce(${known(COLUMN[name])}, '${NONE}') = ?`).join('');
  return core
    .all<{ key: string; cost: number }>(
      `SELECT coalesce(${known(COLUMN[dimension])}, '${NONE}') AS key, sum(cost) AS cost FROM costs
       WHERE day BETWEEN ? AND ?${conditions} GROUP BY 1`,
      from,
      to,
      ...filters.map(([, key]) => key),
    )
    .map(({ key, cost }) => [key, { cost }] as const);
}
