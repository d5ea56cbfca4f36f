import { DAY, HOUR, MINUTE } from '@dialmark/shared';

/**
 * The behavior of a business's visitors and callers. The simulator draws from this; nothing of it is known to the
 * policy or to the attribution, and its delays are of another family (log-normal, opening hours) than those assumed
 * there.
 */
export interface Business {
  visitsPerDay: number;
  /** A visit is followed by another of the same visitor with this probability, after a log-normal delay. */
  returns: { probability: number; medianMs: number; sigma: number };
  /** Pages of a visit (geometric) and time on each (exponential). */
  pages: number;
  pageMs: number;
  /** Share of visits whose browser manages to say that the visitor leaves. */
  leaveArrives: number;
  /** Share of visits that tap the number, how many of these then call, and how soon. */
  taps: { share: number; calls: number; dialMs: number };
  /** Share of visits that call otherwise. */
  calls: number;
  /** Of those, the share that call from the page, soon after it and later. */
  onPage: number;
  soon: { share: number; medianMs: number; sigma: number };
  late: { share: number; medianMs: number; sigma: number };
  /** Share of late calls that wait for the morning when they would fall into the night. */
  waitForMorning: number;
  /** A caller calls the same number again. */
  redials: { probability: number; medianMs: number; sigma: number };
  /** Calls that belong to no visit, for each number and day. */
  straysPerNumberPerDay: number;
}

/** People with water on the floor: on the phone within minutes. */
export const PLUMBER: Business = {
  visitsPerDay: 1000,
  returns: { probability: 0.2, medianMs: 6 * HOUR, sigma: 1.5 },
  pages: 2,
  pageMs: 70_000,
  leaveArrives: 0.85,
  taps: { share: 0.03, calls: 0.7, dialMs: 15_000 },
  calls: 0.04,
  onPage: 0.5,
  soon: { share: 0.35, medianMs: 6 * MINUTE, sigma: 1 },
  late: { share: 0.15, medianMs: 5 * HOUR, sigma: 1.5 },
  waitForMorning: 0.7,
  redials: { probability: 0.25, medianMs: 6 * HOUR, sigma: 1.5 },
  straysPerNumberPerDay: 1 / 60,
};

/** People who think it over: half of the calls come on a later day. */
export const SOLAR: Business = {
  visitsPerDay: 1000,
  returns: { probability: 0.4, medianMs: 2 * DAY, sigma: 1.2 },
  pages: 4,
  pageMs: 90_000,
  leaveArrives: 0.85,
  taps: { share: 0.01, calls: 0.35, dialMs: 40_000 },
  calls: 0.02,
  onPage: 0.2,
  soon: { share: 0.2, medianMs: 20 * MINUTE, sigma: 1 },
  late: { share: 0.6, medianMs: 20 * HOUR, sigma: 1.3 },
  waitForMorning: 0.9,
  redials: { probability: 0.4, medianMs: 2 * DAY, sigma: 1.2 },
  straysPerNumberPerDay: 1 / 30,
};

/** Share of the day's visits in each hour: low at night, highest before noon and in the early evening. */
const HOURS = [1, 1, 0.5, 0.5, 0.5, 1, 2, 4, 6, 7, 8, 8, 7, 7, 7, 7, 6, 6, 6, 6, 5, 4, 2.5, 1.5];
const HIGHEST = Math.max(...HOURS);
const MEAN = HOURS.reduce((sum, share) => sum + share, 0) / HOURS.length;

/** Returns how busy a moment is, as a share of the busiest hour. */
export function busyness(at: number): number {
  return (HOURS[Math.floor((at % DAY) / HOUR)] ?? 0) / HIGHEST;
}

/** The busiest hour against the mean one. */
export const PEAK = HIGHEST / MEAN;

export const OPENS = 8 * HOUR;
export const CLOSES = 20 * HOUR;
