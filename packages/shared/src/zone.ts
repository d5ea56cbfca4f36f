import { DAY, type EpochMs } from './time.ts';

/**
 * Returns when a calendar day begins in a time zone. Right across daylight-saving changes, also where midnight itself is
 * skipped (the day then begins at the first moment that exists) or comes twice (at the first).
 *
 * @param day `YYYY-MM-DD`
 */
export function startOfDay(day: string, timeZone: string): EpochMs {
  const midnight = Date.parse(`${day}T00:00:00Z`);
  // The offset may change during the day; two steps find the one in force at that midnight.
  let at = midnight - offsetAt(midnight, timeZone);
  at = midnight - offsetAt(at, timeZone);
  if (dayOf(at as EpochMs, timeZone) < day) return firstMomentOf(day, at, at + DAY, timeZone);
  if (dayOf((at - 1) as EpochMs, timeZone) >= day) return firstMomentOf(day, at - DAY / 2, at, timeZone);
  return at as EpochMs;
}

/** Returns the calendar day of a moment in a time zone, as `YYYY-MM-DD`. */
export function dayOf(at: EpochMs, timeZone: string): string {
  return new Date(at + offsetAt(at, timeZone)).toISOString().slice(0, 10);
}

/** Returns the hour of the day of a moment in a time zone, `00` to `23`. */
export function hourOf(at: EpochMs, timeZone: string): string {
  return new Date(at + offsetAt(at, timeZone)).toISOString().slice(11, 13);
}

/** Returns what a clock in a time zone shows at a moment, as `2026-11-24T16:30:00`. */
export function zonedTime(at: EpochMs, timeZone: string): string {
  return new Date(at + offsetAt(at, timeZone)).toISOString().slice(0, 19);
}

/** @param low a moment before the day; `high` is one within it */
function firstMomentOf(day: string, low: number, high: number, timeZone: string): EpochMs {
  let [before, within] = [low, high];
  while (within - before > 1) {
    const middle = Math.floor((before + within) / 2);
    if (dayOf(middle as EpochMs, timeZone) < day) before = middle;
    else within = middle;
  }
  return within as EpochMs;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** Returns how far a zone is ahead of UTC at a moment, in milliseconds. */
function offsetAt(at: number, timeZone: string): number {
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    formats.set(timeZone, format);
  }
  const part = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part as Record<string, number>;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at / 1000) * 1000;
}

/**
 * Returns the moment at which a clock in a time zone shows this. A time that a change of clocks leaves out is an hour later,
 * one that comes twice is the first.
 *
 * @param time `2026-11-24T16:30:00`
 */
export function momentIn(time: string, timeZone: string): EpochMs {
  const shown = Date.parse(`${time}Z`);
  const early = shown - offsetAt(shown - DAY, timeZone);
  const late = shown - offsetAt(shown + DAY, timeZone);
  const fits = [early, late].filter((at) => at + offsetAt(at, timeZone) === shown);
  return (fits.length > 0 ? Math.min(...fits) : Math.max(early, late)) as EpochMs;
}
