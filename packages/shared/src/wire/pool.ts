import * as v from 'valibot';
import { Timestamp } from './primitives.ts';
import { coded } from './problem.ts';

const counts = {
  /** Numbers that are not retired. */
  total: v.number(),
  /** Idle for at least the cooldown, or never used. */
  free: v.number(),
  leased: v.number(),
  /** Released so recently that a late call may still come from the last visitor. */
  cooling: v.number(),
  draining: v.number(),
  /** `leased / total`, 0 to 1. */
  occupancy: v.number(),
  /** Arrivals in the last 24 h that found no free number. */
  exhausted: v.number(),
  /** Numbers reused in the last 24 h before their cooldown was over. */
  earlyReissues: v.number(),
};

/** `GET …/pool`: all targets together, and each by its id. */
export const PoolState = v.object({ ...counts, targets: v.record(v.string(), v.object(counts)) });
export type PoolState = v.InferOutput<typeof PoolState>;
export type PoolCounts = PoolState['targets'][string];

/** `GET …/pool/sizing?target=&blocking=`. */
export const SizingQuery = v.object({
  target: v.optional(v.string()),
  /** The share of arrivals that may find no number, for `numbersForTarget`. */
  blocking: v.optional(
    v.pipe(
      v.string(),
      v.regex(/^0?\.\d{1,6}$/, coded('out_of_range', 'must be a share between 0 and 1, such as 0.02')),
      v.transform(Number),
      v.minValue(0.000001),
    ),
  ),
});

/**
 * The required number of tracking numbers, by Erlang B, from the busiest hour of the last seven days of the site's log.
 */
export const PoolSizing = v.object({
  /** New visits that asked for a pool number, in the busiest hour. */
  arrivalsPerHour: v.number(),
  /** Average time that a visit holds its number. */
  meanHoldSeconds: v.number(),
  /** `arrivalsPerHour × meanHoldSeconds / 3600`: numbers in use at once if there were enough. */
  offeredErlangs: v.number(),
  numbersFor1Percent: v.number(),
  numbersFor5Percent: v.number(),
  /** Share of arrivals that found no free number, 0 to 1. */
  observedBlocking: v.number(),
  /** Share of leases that took a number before its cooldown was over, 0 to 1. */
  earlyReissueRate: v.number(),
  /** Numbers there are now, draining and retired ones aside. */
  numbers: v.number(),
  /** For the `blocking` asked for; null if none was. */
  numbersForTarget: v.nullable(v.number()),
  /** In plain words. */
  advice: v.string(),
});
export type PoolSizing = v.InferOutput<typeof PoolSizing>;

/** `GET …/pool/history?from=&to=&target=`: whole hours; the last seven days where nothing else is asked for. */
export const PoolHistoryQuery = v.object({
  target: v.optional(v.string()),
  /** At most 31 days before `to`. */
  from: v.optional(Timestamp),
  to: v.optional(Timestamp),
});

/** The pool's occupancy by hour, from its own log. */
export const PoolHistory = v.object({
  /** Numbers there are now, retired ones aside. */
  numbers: v.number(),
  /** Oldest first, without gaps. */
  hours: v.array(
    v.object({
      at: Timestamp,
      /** The most visits with a pool number at one moment of the hour; above `numbers` only if numbers are shared. */
      held: v.number(),
      /** Arrivals that found no free number. */
      exhausted: v.number(),
      /** Numbers reused before their cooldown was over. */
      earlyReissues: v.number(),
    }),
  ),
});
export type PoolHistory = v.InferOutput<typeof PoolHistory>;
