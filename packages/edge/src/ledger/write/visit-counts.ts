import { IN_VISIT } from '../read/dimension-columns.ts';
import { adjustPairs, forgetPairs } from './visit-pairs.ts';

/** Where dimensions stand in a binding's row: a visit counts once for each target and number that it was shown. */
const OF_BINDINGS = { target: '$.target', number: '$.number' };

/** The dimensions whose visits are counted as they come in. */
export const COUNTED: ReadonlySet<string> = new Set(Object.keys({ ...IN_VISIT, ...OF_BINDINGS }));

/** ?1 site, ?2 rows, ?3 dimensions, ?4 what to add for each row: 1 where it is not in the ledger yet, -1 always. */
const VISITS = `
    SELECT value FROM json_each(?2) s
    WHERE ?4 < 0 OR NOT EXISTS (SELECT 1 FROM sessions known WHERE known.site = ?1 AND known.id = s.value ->> '$.id')`;
const COUNT_VISITS = `
  WITH visit AS MATERIALIZED (${VISITS})
  INSERT INTO visit_counts (site, dimension, period, key, visits)
  SELECT ?1, d.key, ${periodOf("s.value ->> '$.day'")}, coalesce(s.value ->> d.value, '(none)'), count(*) * ?4
  FROM visit s, json_each(?3) d, json_each('["day", "month"]') unit WHERE true
  GROUP BY 2, 3, 4
  ON CONFLICT (site, dimension, period, key) DO UPDATE SET visits = visits + excluded.visits`;

const COUNT_SHOWN = `
  WITH shown AS MATERIALIZED (
    SELECT d.key AS dimension, s.value ->> '$.session' AS session, s.value ->> d.value AS key,
      min(s.value ->> '$.day') AS day
    FROM json_each(?2) s, json_each(?3) d
    GROUP BY 1, 2, 3
  )
  INSERT INTO visit_counts (site, dimension, period, key, visits)
  SELECT ?1, dimension, ${periodOf('day')}, first.key, count(*) * ?4
  FROM (
    SELECT * FROM shown WHERE ?4 < 0 OR NOT EXISTS (
      SELECT 1 FROM bindings known
      WHERE known.site = ?1 AND known.session = shown.session
        AND CASE shown.dimension WHEN 'target' THEN known.target ELSE known.number END = shown.key
    )
  ) first, json_each('["day", "month"]') unit WHERE true
  GROUP BY 2, 3, 4
  ON CONFLICT (site, dimension, period, key) DO UPDATE SET visits = visits + excluded.visits`;

const DROP_EMPTY = `
  DELETE FROM visit_counts WHERE site = ?1 AND visits <= 0
    AND dimension IN (SELECT key FROM json_each(?3))
    AND period IN (SELECT ${periodOf("s.value ->> '$.day'")} FROM json_each(?2) s, json_each('["day", "month"]') unit)`;

/** A day itself, or its month: `m` before it keeps the two apart in one order. */
function periodOf(day: string): string {
  return `CASE unit.value WHEN 'day' THEN ${day} ELSE 'm' || substr(${day}, 1, 7) END`;
}

/** Counts those of the rows that the ledger does not hold yet: to be run before they are written, in one transaction. */
export function countVisits(ledger: D1Database, site: string, rows: string): D1PreparedStatement[] {
  return [
    ledger.prepare(COUNT_VISITS).bind(site, rows, JSON.stringify(IN_VISIT), 1),
    ...adjustPairs(ledger, VISITS, site, rows, 1),
  ];
}

/** The same for bindings. */
export function countShown(ledger: D1Database, site: string, rows: string): D1PreparedStatement[] {
  return [ledger.prepare(COUNT_SHOWN).bind(site, rows, JSON.stringify(OF_BINDINGS), 1)];
}

/** Takes visits out of the counts again, and their bindings: all that the ledger holds of these visits. */
export function uncount(ledger: D1Database, site: string, visits: string, bindings: string): D1PreparedStatement[] {
  return [
    ledger.prepare(COUNT_VISITS).bind(site, visits, JSON.stringify(IN_VISIT), -1),
    ledger.prepare(DROP_EMPTY).bind(site, visits, JSON.stringify(IN_VISIT)),
    ...adjustPairs(ledger, VISITS, site, visits, -1),
    ledger.prepare(COUNT_SHOWN).bind(site, bindings, JSON.stringify(OF_BINDINGS), -1),
    ledger.prepare(DROP_EMPTY).bind(site, bindings, JSON.stringify(OF_BINDINGS)),
  ];
}

/** Forgets the counts of days before one; the month it is in is added up anew from the days that are left. */
export function forgetCounts(ledger: D1Database, site: string, day: string): D1PreparedStatement[] {
  const month = day.slice(0, 7);
  return [
    ...forgetPairs(ledger, site, day),
    ledger
      .prepare("DELETE FROM visit_counts WHERE site = ?1 AND (period < ?2 OR period BETWEEN 'm' AND ?3)")
      .bind(site, day, `m${month}`),
    ledger
      .prepare(
        `INSERT INTO visit_counts (site, dimension, period, key, visits)
         SELECT site, dimension, ?3, key, sum(visits) FROM visit_counts
         WHERE site = ?1 AND period >= ?2 AND period < ?4 GROUP BY dimension, key`,
      )
      .bind(site, day, `m${month}`, `${month}-32`),
  ];
}
