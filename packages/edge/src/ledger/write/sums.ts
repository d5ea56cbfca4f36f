import type { LedgerCore } from '../core.ts';
import { firstDayOf, monthOf } from '../days.ts';
import { FACTS, numberOf, SHOWN, type Shown } from '../dimensions.ts';
import { adjustPairs } from './pairs.ts';
import type { VisitRow } from './visit-row.ts';

/**
 * Visits by each dimension of days and months that are over, so that a report over a year reads thousands of rows
 * instead of millions. Exact at any time: what comes late or is erased is added or taken out as it happens.
 */

const ADD = `
  INSERT INTO sums (dimension, period, key, visits) VALUES (?1, ?2, ?3, ?4)
  ON CONFLICT (dimension, period, key) DO UPDATE SET visits = visits + excluded.visits`;
const DROP_EMPTY = 'DELETE FROM sums WHERE dimension = ? AND period = ? AND key = ? AND visits <= 0';

/** Adds a visit to the sums of its day and month, where they are summed already; takes it out with -1. */
export function countVisit(core: LedgerCore, row: VisitRow, sign: 1 | -1): void {
  core.dayChanged(row.day as number);
  const periods = summedPeriods(core, row.day as number);
  for (const period of periods) {
    for (const [name, column] of FACTS) add(core, numberOf(name), period, row[column] ?? 0, sign);
  }
  adjustPairs(core, row, sign);
}

/**
 * Adds what a visit is shown to the sums, unless it was shown the same before: called before the hold is written, and
 * with -1 after it is removed.
 */
export function countShown(core: LedgerCore, visit: number, shown: Record<Shown, number>, sign: 1 | -1): void {
  const day = core.first<{ day: number }>('SELECT day FROM visit WHERE seq = ?', visit)?.day;
  const periods = day === undefined ? [] : summedPeriods(core, day);
  if (periods.length === 0) return;
  for (const name of SHOWN) {
    if (core.first(`SELECT 1 FROM hold WHERE visit = ? AND ${name} = ?`, visit, shown[name])) continue;
    for (const period of periods) add(core, numberOf(name), period, shown[name], sign);
  }
}

function add(core: LedgerCore, dimension: number, period: number, key: number, sign: 1 | -1): void {
  core.sql.exec(ADD, dimension, period, key, sign);
  if (sign < 0) core.sql.exec(DROP_EMPTY, dimension, period, key);
}

function summedPeriods(core: LedgerCore, day: number): number[] {
  return [day, monthOf(day)].filter((period) => core.summed.has(period));
}

/** A quieter day is counted as quickly as it is looked up. */
const WORTH_SUMMING = 100;
/** A day is taken to be over so many days later: visits may reach the ledger late. */
const OVER_AFTER_DAYS = 2;
const MONTH_WORTH_SUMMING = 3000;

/**
 * ?1 first day, ?2 last, ?3 the visits that make a day worth summing. Steps from day to day by the index: most days are
 * summed already, or quiet, and a turn for each would cost more than the sums.
 */
const NEXT_TO_SUM = `
  WITH RECURSIVE days (day) AS (
    SELECT min(day) FROM visit WHERE day BETWEEN ?1 AND ?2
    UNION ALL
    SELECT (SELECT min(day) FROM visit WHERE visit.day > days.day AND visit.day <= ?2) FROM days WHERE days.day IS NOT NULL
  )
  SELECT day FROM days
  WHERE day IS NOT NULL AND day NOT IN (SELECT period FROM summed)
    AND (SELECT count(*) FROM (SELECT 1 FROM visit INDEXED BY visit_by_day WHERE visit.day = days.day LIMIT ?3)) >= ?3
  LIMIT 1`;

/**
 * Sums the next day that is over and is not summed.
 * @param from the first day to look at
 * @param worth the visits of a day from which on it is summed
 * @returns the day to go on from; null when there is nothing left to sum
 */
export function sumNext(core: LedgerCore, from: number, today: number, worth = WORTH_SUMMING): number | null {
  const next = core.first<{ day: number }>(NEXT_TO_SUM, from, today - OVER_AFTER_DAYS, worth);
  if (!next) return null;
  sumDay(core, next.day);
  return next.day + 1;
}

function sumDay(core: LedgerCore, day: number): void {
  core.change(() => {
    core.sql.exec('DELETE FROM sums WHERE period = ?', day);
    for (const [name, column] of FACTS) {
      core.sql.exec(
        `INSERT INTO sums (dimension, period, key, visits)
         SELECT ?1, ?2, coalesce(${column}, 0), count(*) FROM visit INDEXED BY visit_by_day WHERE day = ?2 GROUP BY 3`,
        numberOf(name),
        day,
      );
    }
    for (const name of SHOWN) {
      core.sql.exec(
        `INSERT INTO sums (dimension, period, key, visits)
         SELECT ?1, ?2, h.${name}, count(DISTINCT v.seq)
         FROM visit v INDEXED BY visit_by_day CROSS JOIN hold h INDEXED BY hold_by_visit ON h.visit = v.seq
         WHERE v.day = ?2 GROUP BY 3`,
        numberOf(name),
        day,
      );
    }
    core.sql.exec('INSERT OR IGNORE INTO summed (period) VALUES (?)', day);
    core.summedChanged();
  });
}

/** The storage key, beside the tables, of the first day that is kept: the month it lies in is no longer complete. */
const KEPT_FROM = 'kept_from';

/** Sums months from their days: those that are over, have many visits, and are not summed. */
export function sumMonths(core: LedgerCore, today: number, worth = MONTH_WORTH_SUMMING): void {
  const over = monthOf(today - OVER_AFTER_DAYS);
  const first = core.first<{ day: number | null }>('SELECT min(day) AS day FROM visit')?.day;
  if (first === null || first === undefined) return;
  const keptFrom = core.storage.kv.get<number>(KEPT_FROM) ?? 0;
  for (let month = monthOf(first); month < over; month = monthOf(firstDayOf(month, 1))) {
    if (!core.summed.has(month) && firstDayOf(month) >= keptFrom) sumMonth(core, month, worth);
  }
}

function sumMonth(core: LedgerCore, month: number, worth: number): void {
  const [from, to] = [firstDayOf(month), firstDayOf(month, 1) - 1];
  const visits = core.first<{ n: number | null }>(
    'SELECT sum(visits) AS n FROM sums WHERE dimension = 0 AND period BETWEEN ? AND ?',
    from,
    to,
  )?.n;
  if ((visits ?? 0) < worth) return;
  core.change(() => {
    for (let day = from; day <= to; day++) if (!core.summed.has(day)) sumDay(core, day);
    core.sql.exec(
      `INSERT OR REPLACE INTO sums (dimension, period, key, visits)
       SELECT dimension, ?1, key, sum(visits) FROM sums WHERE period BETWEEN ?2 AND ?3 GROUP BY dimension, key`,
      month,
      from,
      to,
    );
    core.sql.exec('INSERT OR IGNORE INTO summed (period) VALUES (?)', month);
    core.summedChanged();
  });
}

/** Forgets the sums of days before one, and of months that begin before it. */
export function forgetSums(core: LedgerCore, day: number): void {
  core.storage.kv.put(KEPT_FROM, day);
  const month = monthOf(day);
  const gone = firstDayOf(month) === day ? month : month + 1;
  for (const table of ['sums', 'summed']) {
    core.sql.exec(`DELETE FROM ${table} WHERE period < ?1 OR period BETWEEN 100000 AND ?2`, day, gone - 1);
  }
  core.summedChanged();
}
