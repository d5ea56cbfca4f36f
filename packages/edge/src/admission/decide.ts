import type { Site } from '@dialmark/shared';

/** Why a request is answered without anything of it being stored. */
export const UNSTORED = ['address', 'block', 'visitor', 'holds', 'renewals', 'site'] as const;
export type Unstored = (typeof UNSTORED)[number];

/** `null`: it is served in full. */
export type Verdict = Unstored | null;

/** The counts, of the client and of the site, that a request is judged by. */
export interface Counted {
  /** Numbers and visits of the last hour: of the address, of its /48, of the visitor. */
  address: number;
  block: number;
  visitor: number;
  /** New visits of the site in this hour of the clock, and this day (UTC). */
  siteHour: number;
  siteDay: number;
}

/** The most that each of them may be before the next is refused. */
export type Bounds = Counted;

/** The site's past days: the busiest hour and the number of new visits of each, in any order. */
export interface DayOfVisits {
  peak: number;
  total: number;
}

/** A /48 is an organisation, or a small part of a mobile carrier. */
const ADDRESSES_IN_A_BLOCK = 10;

/** A site of which little is known: a new one, or one in its first campaign. */
const LEAST = { hour: 30_000, day: 100_000 };
/** As much as a campaign or a mention on television brings. */
const TIMES_USUAL = 10;

/** An address renews what it holds at every page and sign of life: far below so many times an hour for each new lease. */
const RENEWALS_PER_NEW_LEASE = 50;

/**
 * Returns the bounds of one of a site's shards. Where the site sets no ceiling, it is ten times what is usual: the median of the
 * last days, so that a few days of an attack do not become what is usual.
 */
export function boundsOf(limits: Site['limits'], shards: number, days: readonly DayOfVisits[]): Bounds {
  const each = limits.newLeasesPerAddressPerHour;
  const set = limits.newVisitsPerHour;
  const usual = (of: keyof DayOfVisits, least: number) =>
    Math.ceil(Math.max(least / shards, TIMES_USUAL * median(days.map((day) => day[of]))));
  return {
    address: each,
    block: each * ADDRESSES_IN_A_BLOCK,
    visitor: each,
    siteHour: set === undefined ? usual('peak', LEAST.hour) : Math.ceil(set / shards),
    siteDay: set === undefined ? usual('total', LEAST.day) : Number.POSITIVE_INFINITY,
  };
}

/** Returns whether one more visit may be stored. The client's own limits come before the site's. */
export function judgeVisit(counted: Counted, bounds: Bounds): Verdict {
  const client = judgeClient(counted, bounds);
  if (client !== null) return client;
  return counted.siteHour >= bounds.siteHour || counted.siteDay >= bounds.siteDay ? 'site' : null;
}

/** Returns whether who asks may have one more number. */
export function judgeClient(counted: Pick<Counted, 'address' | 'block' | 'visitor'>, bounds: Bounds): Verdict {
  return (['address', 'block', 'visitor'] as const).find((each) => counted[each] >= bounds[each]) ?? null;
}

/**
 * Returns how many of a target's numbers one address, or one /48, may hold at a time: a fifth or a half of them, and at least
 * three. Of a spread site each shard has its part.
 */
export function holdsAllowed(of: 'address' | 'block', numbers: number, shards: number): number {
  return Math.max(Math.ceil(3 / shards), Math.floor(numbers / (of === 'address' ? 5 : 2)));
}

/** Returns how many renewals of one address are stored in an hour of the clock. */
export function renewalsAllowed(limits: Site['limits']): number {
  return limits.newLeasesPerAddressPerHour * RENEWALS_PER_NEW_LEASE;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
