import { DAY, type EpochMs } from './time.ts';

/**
 * When a calendar day begins in a time zone. Right across daylight-saving changes, also where midnight itself is
 * skipped (the day then begins at the first moment that exists).
 *
 * @param day `YYYY-MM-DD`
 */
export function startOfDay(day: string, timeZone: string): EpochMs {
  const midnight = Date.parse(`${day}T00:00:00Z`);
  // The offset may change during the day; two looks settle on the one in force at that midnight.
  let at = midnight - offsetAt(midnight, timeZone);
  at = midnight - offsetAt(at, timeZone);
  return (dayOf(at as EpochMs, timeZone) < day ? firstMomentOf(day, at, timeZone) : at) as EpochMs;
}

/** The calendar day of a moment in a time zone, as `YYYY-MM-DD`. */
export function dayOf(at: EpochMs, timeZone: string): string {
  return new Date(at + offsetAt(at, timeZone)).toISOString().slice(0, 10);
}

/** The hour of the day of a moment in a time zone, `00` to `23`. */
export function hourOf(at: EpochMs, timeZone: string): string {
  return new Date(at + offsetAt(at, timeZone)).toISOString().slice(11, 13);
}

/** What a clock in a time zone shows at a moment, as `2026-11-24T16:30:00`. */
export function zonedTime(at: EpochMs, timeZone: string): string {
  return new Date(at + offsetAt(at, timeZone)).toISOString().slice(0, 19);
}

function firstMomentOf(day: string, before: number, timeZone: string): number {
  let low = before;
  let high = before + DAY;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (dayOf(middle as EpochMs, timeZone) < day) low = middle;
    else high = middle;
  }
  return high;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** How far a zone is ahead of UTC at a moment, in milliseconds. */
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
