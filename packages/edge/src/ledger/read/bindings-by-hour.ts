import { DAY, type EpochMs, HOUR } from '@dialmark/shared';
import { firstSeq } from '../../pool/leases/binding-id.ts';
import type { LedgerCore } from '../core.ts';
import { startOf } from '../moments.ts';

/** Hours to look at: whole hours since the epoch, the last one not included. */
export interface HoldsAsked {
  target?: string | undefined;
  fromHour: number;
  toHour: number;
  /**
   * Time for which a number is held without activity: the log is searched back some of these for holds that reach in.
   */
  ttlMs: number;
}

/**
 * The changes of how many visits hold a number, in order; at one instant who ends goes before who begins. `most` is
 * the peak among the moments of change in an hour, `net` what the hour adds.
 */
const CHANGES = `
  WITH held AS (
    SELECT ${startOf('h')} AS start, h.lasts_for FROM hold h
    WHERE h.seq BETWEEN ?3 AND ?4 AND h.kind IN (SELECT id FROM words WHERE text IN ('pool', 'shared'))
      AND (?5 IS NULL OR h.target = ?5)
  ),
  holds AS (
    SELECT max(start, ?1) AS began, min(start + lasts_for, ?2) AS ended FROM held
    WHERE start < ?2 AND start + lasts_for > ?1
  ),
  changes AS (SELECT began AS at, 1 AS more FROM holds UNION ALL SELECT ended, -1 FROM holds),
  running AS (
    SELECT at, more, sum(more) OVER (ORDER BY at, more ROWS UNBOUNDED PRECEDING) AS held FROM changes
  )
  SELECT CAST(at / ${HOUR} AS INTEGER) AS hour, max(held) AS most, sum(more) AS net FROM running GROUP BY hour`;

/** A hold that was kept alive for longer than this before the first hour is not looked for. */
const reach = (ttlMs: number) => DAY + 4 * ttlMs;

/** The most visits that held a pool number at one moment, for each hour. */
export function bindingsByHour(core: LedgerCore, { target, fromHour, toHour, ttlMs }: HoldsAsked): number[] {
  const [from, to] = [fromHour * HOUR, toHour * HOUR];
  const rows = core.all<{ hour: number; most: number; net: number }>(
    CHANGES,
    from,
    to,
    firstSeq((from - reach(ttlMs)) as EpochMs),
    // A clock that was set back gave later numbers to earlier moments.
    firstSeq((to + DAY) as EpochMs),
    target === undefined ? null : (core.words.find(target) ?? -1),
  );
  const changes = new Map(rows.map((row) => [row.hour, row]));
  let level = 0;
  return Array.from({ length: toHour - fromHour }, (_, i) => {
    const change = changes.get(fromHour + i);
    // An hour begins with those who held on from the one before.
    const most = Math.max(level, change?.most ?? 0);
    level += change?.net ?? 0;
    return most;
  });
}
