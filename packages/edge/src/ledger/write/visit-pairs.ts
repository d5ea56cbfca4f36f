import type { Dimension, Filter } from '@dialmark/shared';
import { COLUMN, IN_VISIT } from '../read/dimension-columns.ts';
import { addDays, daysIn, type Period, wholeMonths } from '../read/period.ts';

/**
 * Visits of a month by two facts at once (how many came to each landing page by paid search), so that a filtered report
 * over a year need not go through a million visits. Summed by the scheduled job when a month is over, not as visits come
 * in: a busy month makes a row for every two or three of its visits then, a quiet one none at all. A visit that comes in late or is
 * erased is added or taken out, so the sums stay exact.
 */

const FACTS = { ...IN_VISIT, day: '$.day' } as const;
type Fact = keyof typeof FACTS;
const ALL = Object.keys(FACTS) as Fact[];
const isFact = (dimension: Dimension): dimension is Fact => dimension in FACTS;

/** A year of months with fewer visits is gone through quickly enough, and has a sum for nearly every visit. */
const WORTH_SUMMING = 50_000;
/** What reports are filtered by, where it has few values: what has many picks out few visits, which are soon counted. */
const FILTERED: readonly Fact[] = ['channel', 'source', 'medium', 'campaign', 'device', 'country'];
const FEW_VALUES = 32;
/** So many days after its end a month is taken to be over: visits may reach the ledger late. */
const SETTLED_AFTER_DAYS = 2;

/** ?1 site, ?2 the last month that is over, ?3 how many visits are worth it. */
const DUE = `
  SELECT period FROM visit_counts
  WHERE site = ?1 AND dimension = 'channel' AND period BETWEEN 'm' AND 'm' || ?2
    AND NOT EXISTS (
      SELECT 1 FROM summed_months s WHERE s.site = ?1 AND s.month = substr(period, 2) AND s.filter = 'channel'
    )
  GROUP BY period HAVING sum(visits) >= ?3`;
/** ?1 site, ?2 month as it is counted, ?3 facts, ?4 how many values are few. */
const FEW = `
  SELECT dimension FROM visit_counts
  WHERE site = ?1 AND dimension IN (SELECT value FROM json_each(?3)) AND period = ?2
  GROUP BY dimension HAVING count(*) <= ?4`;

/**
 * Sums up the months that are over. May end anywhere and run twice.
 *
 * @param worth the visits of a month from which on it is summed
 */
export async function sumMonths(ledger: D1Database, site: string, today: string, worth = WORTH_SUMMING): Promise<void> {
  const over = addDays(`${addDays(today, -SETTLED_AFTER_DAYS).slice(0, 7)}-01`, -1).slice(0, 7);
  const due = await ledger.prepare(DUE).bind(site, over, worth).all<{ period: string }>();
  for (const { period } of due.results) {
    const month = period.slice(1);
    const few = await ledger
      .prepare(FEW)
      .bind(site, period, JSON.stringify(FILTERED), FEW_VALUES)
      .all<{ dimension: Fact }>();
    // The channel last: it says that the month is done.
    const filters = [...few.results.map(({ dimension }) => dimension).filter((fact) => fact !== 'channel'), 'channel'];
    for (const filter of filters as Fact[]) await ledger.batch(sumMonth(ledger, site, month, filter));
  }
}

function sumMonth(ledger: D1Database, site: string, month: string, filter: Fact): D1PreparedStatement[] {
  const by = (fact: Fact) => `coalesce(${COLUMN[fact]}, '(none)')`;
  return [
    ledger.prepare('DELETE FROM visit_pairs WHERE site = ?1 AND month = ?2 AND filter = ?3').bind(site, month, filter),
    ...ALL.filter((fact) => fact !== filter).map((fact) =>
      ledger
        .prepare(
          `INSERT INTO visit_pairs (site, month, filter, kept, dimension, key, visits)
           SELECT ?1, ?2, '${filter}', ${by(filter)}, '${fact}', ${by(fact)}, count(*)
           FROM sessions INDEXED BY sessions_by_day
           WHERE site = ?1 AND day BETWEEN ?2 || '-01' AND ?2 || '-31' GROUP BY 4, 6`,
        )
        .bind(site, month),
    ),
    ledger
      .prepare('INSERT OR IGNORE INTO summed_months (site, month, filter) VALUES (?, ?, ?)')
      .bind(site, month, filter),
  ];
}

/**
 * Adds visits of months that are summed already, or takes them out: nothing to do, as a rule.
 *
 * @param visits a table expression with the visits' rows as JSON in `value`; ?1 is the site, ?2 the rows, ?4 1 or -1
 */
export function adjustPairs(
  ledger: D1Database,
  visits: string,
  site: string,
  rows: string,
  sign: 1 | -1,
): D1PreparedStatement[] {
  const adjust = ledger
    .prepare(
      `WITH visit AS MATERIALIZED (${visits})
       INSERT INTO visit_pairs (site, month, filter, kept, dimension, key, visits)
       SELECT ?1, m.month, m.filter, coalesce(s.value ->> f.value, '(none)'), d.key,
         coalesce(s.value ->> d.value, '(none)'), count(*) * ?4
       FROM visit s
       CROSS JOIN summed_months m ON m.site = ?1 AND m.month = substr(s.value ->> '$.day', 1, 7)
       CROSS JOIN json_each(?3) f ON f.key = m.filter
       CROSS JOIN json_each(?3) d ON d.key <> m.filter
       WHERE true GROUP BY 2, 3, 4, 5, 6
       ON CONFLICT (site, month, filter, kept, dimension, key) DO UPDATE SET visits = visits + excluded.visits`,
    )
    .bind(site, rows, JSON.stringify(FACTS), sign);
  if (sign > 0) return [adjust];
  const dropEmpty = ledger
    .prepare(
      `DELETE FROM visit_pairs WHERE site = ?1 AND visits <= 0
         AND month IN (SELECT substr(value ->> '$.day', 1, 7) FROM json_each(?2))`,
    )
    .bind(site, rows);
  return [adjust, dropEmpty];
}

/** Forgets the sums of months before a day and of the one it is in, which is whole no more. */
export function forgetPairs(ledger: D1Database, site: string, day: string): D1PreparedStatement[] {
  const last = addDays(day, -1).slice(0, 7);
  return ['visit_pairs', 'summed_months'].map((table) =>
    ledger.prepare(`DELETE FROM ${table} WHERE site = ? AND month <= ?`).bind(site, last),
  );
}

/** More days than these are looked through from end to end. */
export const DAYS_LOOKED_UP = 1100;

/**
 * How many visits of a period there were by a dimension, of those that one filter keeps: from the sums where there are
 * any, otherwise from the visits themselves, day by day.
 *
 * @param own the one key of the dimension that is wanted; all unless given
 * @returns null where no sums could help
 */
export function pairedVisits(
  site: string,
  dimension: Dimension,
  [filter, kept]: readonly [Filter, string],
  own: string | undefined,
  period: Period,
): { sql: string; values: (string | number)[] } | null {
  const months = wholeMonths(period);
  if (months === null || !isFact(dimension) || !isFact(filter) || daysIn(period) > DAYS_LOOKED_UP) return null;
  const days = Array.from({ length: daysIn(period) }, (_, day) => addDays(period.from, day));
  const column = (fact: Fact) => `coalesce(s.${COLUMN[fact]}, '(none)')`;
  // Every visit has a channel, and the index has it next to the day.
  const keeps = filter === 'channel' ? 's.channel = ?' : `${column(filter)} = ?`;
  const ownKey = own === undefined ? [] : [own];
  return {
    sql: `
      WITH summed AS MATERIALIZED (
        SELECT month FROM summed_months WHERE site = ? AND filter = ? AND month BETWEEN ? AND ?
      )
      SELECT key, sum(visits) AS visits FROM (
        SELECT p.key, p.visits FROM summed CROSS JOIN visit_pairs p
          ON p.site = ? AND p.month = summed.month AND p.filter = ? AND p.kept = ? AND p.dimension = ?
          ${own === undefined ? '' : 'AND p.key = ?'}
        UNION ALL
        SELECT ${column(dimension)}, count(*) FROM json_each(?) d CROSS JOIN sessions s INDEXED BY sessions_by_day
          ON s.site = ? AND s.day = d.value AND ${keeps} ${own === undefined ? '' : `AND ${column(dimension)} = ?`}
        WHERE substr(d.value, 1, 7) NOT IN (SELECT month FROM summed) GROUP BY 1
      ) GROUP BY 1`,
    values: [
      ...[site, filter, ...months],
      ...[site, filter, kept, dimension, ...ownKey],
      ...[JSON.stringify(days), site, kept, ...ownKey],
    ],
  };
}
