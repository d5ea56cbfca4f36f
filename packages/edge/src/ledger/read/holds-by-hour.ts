import { DAY, HOUR } from '@dialmark/shared';

/** Which holds to look at: whole hours since the epoch, the last one not included. */
export interface HoldsAsked {
  site: string;
  target?: string | undefined;
  fromHour: number;
  toHour: number;
  /** How long a number is held without activity: the log is searched back some of these for holds that reach in. */
  ttlMs: number;
}

/**
 * The changes of how many visits hold a number, in order; at one instant who ends goes before who begins. `most` is
 * the peak among the moments of change in an hour, `net` what the hour adds.
 */
const CHANGES = `
  WITH holds AS (
    SELECT max(started_at, ?2) AS began, min(expires_at, ?3) AS ended FROM bindings INDEXED BY bindings_by_start
    WHERE site = ?1 AND started_at >= ?4 AND started_at < ?3 AND expires_at > ?2 AND kind IN ('pool', 'shared')
      AND (?5 IS NULL OR target = ?5)
  ),
  changes AS (SELECT began AS at, 1 AS more FROM holds UNION ALL SELECT ended, -1 FROM holds),
  running AS (
    SELECT at, more, sum(more) OVER (ORDER BY at, more ROWS UNBOUNDED PRECEDING) AS held FROM changes
  )
  SELECT CAST(at / ${HOUR} AS INTEGER) AS hour, max(held) AS most, sum(more) AS net FROM running GROUP BY hour`;

/** A hold that was kept alive for longer than this before the first hour is not looked for. */
const reach = (ttlMs: number) => DAY + 4 * ttlMs;

/** The most visits that held a pool number at one moment, for each hour. */
export async function holdsByHour(
  ledger: D1Database,
  { site, target, fromHour, toHour, ttlMs }: HoldsAsked,
): Promise<number[]> {
  const from = fromHour * HOUR;
  const { results } = await ledger
    .prepare(CHANGES)
    .bind(site, from, toHour * HOUR, from - reach(ttlMs), target ?? null)
    .all<{ hour: number; most: number; net: number }>();
  const changes = new Map(results.map((row) => [row.hour, row]));
  let level = 0;
  return Array.from({ length: toHour - fromHour }, (_, i) => {
    const change = changes.get(fromHour + i);
    // An hour begins with those who held on from the one before.
    const most = Math.max(level, change?.most ?? 0);
    level += change?.net ?? 0;
    return most;
  });
}
