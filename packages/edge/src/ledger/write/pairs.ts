import type { Dimension } from '@dialmark/shared';
import type { LedgerCore } from '../core.ts';
import { firstDayOf, monthOf } from '../days.ts';
import { COLUMN, FACTS, numberOf } from '../dimensions.ts';
import type { VisitRow } from './visit-row.ts';

/**
 * Visits of a month by two facts at once (how many came to each landing page by paid search), so that a filtered report
 * over a year need not go through a million visits. Summed at night when a month is over, a day of one filter at a time;
 * a visit that comes in late or is erased is added or taken out, so the sums stay exact.
 */

const PAIRED: readonly Dimension[] = [...FACTS.map(([name]) => name), 'day'];
export const isPaired = (dimension: Dimension): boolean => PAIRED.includes(dimension);

/** A year of months with fewer visits is gone through quickly enough, and has a sum for nearly every visit. */
const WORTH_PAIRING = 50_000;
/** The dimensions to filter reports by that have few values. Others select few visits, which are quick to count. */
const FILTERED: readonly Dimension[] = ['channel', 'source', 'medium', 'campaign', 'device', 'country'];
const FEW_VALUES = 32;
const OVER_AFTER_DAYS = 2;

/** The progress within the month being paired. */
interface Progress {
  month: number;
  /** Those still to be summed, the one at work first. */
  filters: number[];
  /** The next day to sum. */
  day: number;
}
const PROGRESS = 'pairing';

/**
 * Sums a day more of the months that are over. May end anywhere.
 *
 * @param worth the visits of a month from which on it is summed
 * @returns whether there is more to sum
 */
export function pairNext(core: LedgerCore, today: number, worth = WORTH_PAIRING): boolean {
  const { kv } = core.storage;
  const at = kv.get<Progress>(PROGRESS) ?? monthDue(core, today, worth);
  if (at === null) return false;
  core.change(() => {
    const [filter, ...rest] = at.filters as [number, ...number[]];
    pairDay(core, at.month, filter, at.day);
    const isLast = at.day === firstDayOf(at.month, 1) - 1;
    if (isLast) core.sql.exec('INSERT OR IGNORE INTO summed_pairs (month, filter) VALUES (?, ?)', at.month, filter);
    if (!isLast) kv.put(PROGRESS, { ...at, day: at.day + 1 });
    else if (rest.length > 0) kv.put(PROGRESS, { month: at.month, filters: rest, day: firstDayOf(at.month) });
    else kv.delete(PROGRESS);
  });
  return true;
}

function monthDue(core: LedgerCore, today: number, worth: number): Progress | null {
  const over = monthOf(today - OVER_AFTER_DAYS);
  const due = core.first<{ month: number }>(
    `SELECT period AS month FROM sums
     WHERE dimension = 0 AND period BETWEEN 100000 AND ?1 AND period IN (SELECT period FROM summed)
       AND period NOT IN (SELECT month FROM summed_pairs WHERE filter = 0)
     GROUP BY period HAVING sum(visits) >= ?2 ORDER BY period LIMIT 1`,
    over - 1,
    worth,
  );
  if (!due) return null;
  const few = core
    .all<{ dimension: number }>(
      `SELECT dimension FROM sums WHERE period = ? AND dimension IN (SELECT value FROM json_each(?))
       GROUP BY dimension HAVING count(*) <= ?`,
      due.month,
      JSON.stringify(FILTERED.map(numberOf)),
      FEW_VALUES,
    )
    .map(({ dimension }) => dimension);
  // The channel last: it says that the month is done.
  return { month: due.month, filters: [...few.filter((filter) => filter !== 0), 0], day: firstDayOf(due.month) };
}

const PAIR_DAY = (kept: string, key: string) => `
  INSERT INTO pairs (month, filter, kept, dimension, key, visits)
  SELECT ?1, ?2, coalesce(${kept}, 0), ?3, coalesce(${key}, 0), count(*)
  FROM visit INDEXED BY visit_by_day WHERE day = ?4 GROUP BY 3, 5
  ON CONFLICT (month, filter, kept, dimension, key) DO UPDATE SET visits = visits + excluded.visits`;

function pairDay(core: LedgerCore, month: number, filter: number, day: number): void {
  if (day === firstDayOf(month)) core.sql.exec('DELETE FROM pairs WHERE month = ? AND filter = ?', month, filter);
  const kept = COLUMN[nameOf(filter)];
  for (const dimension of PAIRED) {
    if (numberOf(dimension) === filter) continue;
    core.sql.exec(PAIR_DAY(kept, COLUMN[dimension]), month, filter, numberOf(dimension), day);
  }
}

function nameOf(filter: number): Dimension {
  return PAIRED.find((dimension) => numberOf(dimension) === filter) as Dimension;
}

const ADD = `
  INSERT INTO pairs (month, filter, kept, dimension, key, visits) VALUES (?, ?, ?, ?, ?, ?)
  ON CONFLICT (month, filter, kept, dimension, key) DO UPDATE SET visits = visits + excluded.visits`;
const DROP_EMPTY =
  'DELETE FROM pairs WHERE month = ? AND filter = ? AND kept = ? AND dimension = ? AND key = ? AND visits <= 0';

/** Adds a visit of a month that is summed already, or takes it out: nothing to do, as a rule. */
export function adjustPairs(core: LedgerCore, row: VisitRow, sign: 1 | -1): void {
  const day = row.day as number;
  const month = monthOf(day);
  const filters = core
    .all<{ filter: number }>('SELECT filter FROM summed_pairs WHERE month = ?', month)
    .map(({ filter }) => filter);
  const at = core.storage.kv.get<Progress>(PROGRESS);
  if (at?.month === month && day < at.day && at.filters[0] !== undefined) filters.push(at.filters[0]);
  const factOf = (dimension: Dimension) => row[COLUMN[dimension] as keyof VisitRow] ?? 0;
  for (const filter of filters) {
    for (const dimension of PAIRED) {
      if (numberOf(dimension) === filter) continue;
      const key = [month, filter, factOf(nameOf(filter)), numberOf(dimension), factOf(dimension)];
      core.sql.exec(ADD, ...key, sign);
      if (sign < 0) core.sql.exec(DROP_EMPTY, ...key);
    }
  }
}

/** Forgets the sums of months that begin before a day: they are whole no more. */
export function forgetPairs(core: LedgerCore, day: number): void {
  const month = monthOf(day);
  const gone = firstDayOf(month) === day ? month : month + 1;
  for (const table of ['pairs', 'summed_pairs']) core.sql.exec(`DELETE FROM ${table} WHERE month < ?`, gone);
  const at = core.storage.kv.get<Progress>(PROGRESS);
  if (at && at.month < gone) core.storage.kv.delete(PROGRESS);
}
