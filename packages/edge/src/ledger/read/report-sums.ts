import type { Dimension, Filter, Model, ReportMetrics } from '@dialmark/shared';
import { COUNTED } from '../write/visit-counts.ts';
import { DAYS_LOOKED_UP, pairedVisits } from '../write/visit-pairs.ts';
import { COLUMN } from './dimension-columns.ts';
import { addDays, daysIn, type Period, stretches } from './period.ts';

/** What a report is of, with every default filled in. */
export interface Question {
  site: string;
  dimension: Dimension;
  model: Model;
  filters: readonly (readonly [Filter, string])[];
  spam: 'exclude' | 'include' | 'only';
  qualifiedSeconds: number;
  /** What a qualified call is worth that has no value of its own. */
  qualifiedValue: number;
  /** Whether it is to be known how many visits called. */
  intervals: boolean;
}

/** What costs are known by. */
const PRICED: ReadonlySet<Dimension> = new Set(['channel', 'source', 'medium', 'campaign', 'term', 'day']);
/** What a visit may be shown several of, so that it stands in its bindings. */
const SHOWN: ReadonlySet<Dimension> = new Set(['target', 'number']);

export type CallSums = Pick<ReportMetrics, 'calls' | 'answered' | 'missed' | 'firstTimeCalls' | 'qualified' | 'value'>;
/** What visits, calls and costs of a key add up to; null where it is not known by the key, or was not asked for. */
export type Sums = CallSums & { visits: number; callingVisits: number | null; cost: number | null };
export const NOTHING: CallSums = { calls: 0, answered: 0, missed: 0, firstTimeCalls: 0, qualified: 0, value: 0 };

/** Asks visits, calls and costs of each period at once, and visits that called where there are to be intervals. */
export async function ask(ledger: D1Database, question: Question, periods: Period[]): Promise<Map<string, Sums>[]> {
  const priced = isPriced(question);
  const parts = [visitsBy, callsBy, ...(question.intervals ? [callingVisitsBy] : []), ...(priced ? [costsBy] : [])];
  const statements = periods.flatMap((period) => parts.map((part) => part(question, period)));
  const answers = await ledger.batch<{ key: string } & Partial<Sums>>(
    statements.map(({ sql, values }) => ledger.prepare(sql).bind(...values)),
  );
  return periods.map((_, index) => {
    const sums = new Map<string, Sums>();
    for (const { results } of answers.slice(index * parts.length, (index + 1) * parts.length)) {
      for (const { key, ...some } of results) sums.set(key, { ...(sums.get(key) ?? nothing(question)), ...some });
    }
    for (const one of sums.values()) {
      // A visit before the one that called may never have been shown the number or target it has its credit by.
      if (one.callingVisits !== null) one.callingVisits = Math.min(one.callingVisits, one.visits);
    }
    return sums;
  });
}

/** What a key has of which nothing is known. */
export function nothing(question: Question): Sums {
  return {
    ...NOTHING,
    visits: 0,
    callingVisits: question.intervals ? 0 : null,
    cost: isPriced(question) ? 0 : null,
  };
}

/** Whether costs are known by the report's dimension and filters. */
export function isPriced({ dimension, filters }: Question): boolean {
  return PRICED.has(dimension) && filters.every(([name]) => PRICED.has(name));
}

/** The key of what is missing. */
const NONE = '(none)';

interface Statement {
  sql: string;
  values: (string | number)[];
}

/** `column = key`, plainly so that an index may serve it, and missing for `(none)`. */
function keeps(filters: Question['filters'], column: (name: Filter) => string): Statement {
  return {
    sql: filters
      .map(([name, key]) => ` AND ${key === NONE ? `coalesce(${column(name)}, '${NONE}')` : column(name)} = ?`)
      .join(''),
    values: filters.map(([, key]) => key),
  };
}

/** When a call came is not when its visit began: by these the two stand in different rows. */
const BEGAN: Partial<Record<Dimension, string>> = { day: 'visit_day', hour: 'visit_hour' };

/** The touches of the calls that are counted, with credit. */
function counted({ site, model, spam, filters }: Question, { from, to }: Period): Statement {
  const filter = keeps(filters, (name) => COLUMN[name]);
  return {
    sql: `site = ? AND day BETWEEN ? AND ? AND credit_${model} > 0
      ${spam === 'include' ? '' : `AND spam = ${spam === 'only' ? 1 : 0}`}${filter.sql}`,
    values: [site, from, to, ...filter.values],
  };
}

function callsBy(question: Question, period: Period): Statement {
  const { dimension, model, qualifiedSeconds, qualifiedValue } = question;
  const credit = `credit_${model}`;
  const qualified = `status = 'completed' AND coalesce(duration_seconds, 0) >= ?`;
  const { sql, values } = counted(question, period);
  return {
    sql: `
      SELECT coalesce(${COLUMN[dimension]}, '(none)') AS key,
        sum(${credit}) AS calls,
        sum(CASE WHEN status IN ('completed', 'in-progress') THEN ${credit} ELSE 0 END) AS answered,
        sum(CASE WHEN status IN ('missed', 'busy', 'failed', 'voicemail') THEN ${credit} ELSE 0 END) AS missed,
        sum(${credit} * first_time) AS firstTimeCalls,
        sum(CASE WHEN ${qualified} THEN ${credit} ELSE 0 END) AS qualified,
        sum(${credit} * coalesce(value, CASE WHEN ${qualified} THEN ? ELSE 0 END)) AS value
      FROM call_touches WHERE ${sql} GROUP BY 1`,
    values: [qualifiedSeconds, qualifiedSeconds, qualifiedValue, ...values],
  };
}

/**
 * Visits of the period that led to calls: each counts as its credits of all of them, and as one at most. Puts the touches
 * in order by visit, which takes longer than summing them up.
 */
function callingVisitsBy(question: Question, period: Period): Statement {
  const { sql, values } = counted(question, period);
  const key = BEGAN[question.dimension] ?? COLUMN[question.dimension];
  return {
    sql: `
      SELECT key, sum(min(1, credit)) AS callingVisits FROM (
        SELECT coalesce(${key}, '(none)') AS key, sum(credit_${question.model}) AS credit
        FROM call_touches WHERE ${sql} AND visit_day >= ?
        GROUP BY 1, session
      ) GROUP BY 1`,
    values: [...values, period.from],
  };
}

function visitsBy(question: Question, { from, to }: Period): Statement {
  const { site, dimension, filters } = question;
  const own = filters.filter(([name]) => name === dimension);
  if (own.length === filters.length && (COUNTED.has(dimension) || (dimension === 'day' && own.length === 0))) {
    const isByDay = dimension === 'day';
    const parts = isByDay ? [[from, to] as const] : stretches({ from, to });
    const some = `SELECT ${isByDay ? 'period AS key' : 'key'}, visits FROM visit_counts
      WHERE site = ? AND dimension = ? AND period BETWEEN ? AND ?${own.length > 0 ? ' AND key = ?' : ''}`;
    return {
      sql: `SELECT key, sum(visits) AS visits FROM (${parts.map(() => some).join(' UNION ALL ')}) GROUP BY 1`,
      values: parts.flatMap((part) => [site, isByDay ? 'channel' : dimension, ...part, ...own.map(([, key]) => key)]),
    };
  }
  const [other, ...more] = filters.filter(([name]) => name !== dimension);
  const paired = other && more.length === 0 ? pairedVisits(site, dimension, other, own[0]?.[1], { from, to }) : null;
  if (paired) return paired;
  const visits = visitsWithin({ from, to }, site, filters.find(([name]) => name === 'channel')?.[1]);
  const ofVisit = keeps(
    filters.filter(([name]) => !SHOWN.has(name) && name !== 'channel'),
    (name) => `s.${COLUMN[name]}`,
  );
  const ofShown = keeps(
    filters.filter(([name]) => SHOWN.has(name)),
    (name) => `b.${COLUMN[name]}`,
  );
  const values = [...visits.values, ...ofVisit.values, ...ofShown.values];
  const shown = 'CROSS JOIN bindings b ON b.site = s.site AND b.session = s.id';
  if (SHOWN.has(dimension)) {
    return {
      sql: `SELECT b.${COLUMN[dimension]} AS key, count(DISTINCT s.id) AS visits
        FROM ${visits.sql} ${shown} WHERE true${ofVisit.sql}${ofShown.sql} GROUP BY 1`,
      values,
    };
  }
  const anyShown =
    ofShown.sql && ` AND EXISTS (SELECT 1 FROM bindings b WHERE b.site = s.site AND b.session = s.id${ofShown.sql})`;
  return {
    sql: `SELECT coalesce(s.${COLUMN[dimension]}, '(none)') AS key, count(*) AS visits
      FROM ${visits.sql} WHERE true${ofVisit.sql}${anyShown} GROUP BY 1`,
    values,
  };
}

/** The visits of a period; those of one channel are looked up day by day, past all others. */
function visitsWithin({ from, to }: Period, site: string, channel: string | undefined): Statement {
  const index = 'sessions s INDEXED BY sessions_by_day';
  const count = daysIn({ from, to });
  if (channel === undefined || count > DAYS_LOOKED_UP) {
    const byChannel = channel === undefined ? '' : ' AND s.channel = ?';
    return {
      sql: `(SELECT 1) CROSS JOIN ${index} ON s.site = ? AND s.day BETWEEN ? AND ?${byChannel}`,
      values: [site, from, to, ...(channel === undefined ? [] : [channel])],
    };
  }
  const days = Array.from({ length: count }, (_, day) => addDays(from, day));
  return {
    sql: `json_each(?) d CROSS JOIN ${index} ON s.site = ? AND s.day = d.value AND s.channel = ?`,
    values: [JSON.stringify(days), site, channel],
  };
}

function costsBy({ site, dimension, filters }: Question, { from, to }: Period): Statement {
  const known = (column: string) => `CASE ${column} WHEN '' THEN NULL ELSE ${column} END`;
  const filter = keeps(filters, (name) => known(COLUMN[name]));
  return {
    sql: `SELECT coalesce(${known(COLUMN[dimension])}, '(none)') AS key, sum(cost) AS cost FROM costs
      WHERE site = ? AND day BETWEEN ? AND ?${filter.sql} GROUP BY 1`,
    values: [site, from, to, ...filter.values],
  };
}
