import { DAY, dayOf, type EpochMs, HOUR, hourOf, startOfDay } from '@dialmark/shared';

/** The demo business's days: when people look for a roofer, and when somebody picks up. */

export const DAYS = 60;

/** Days of history that the demo business has. */
export interface Played {
  days: number;
  of: number;
}

/** Share of a day's visits in each hour of it. */
const HOURS = [6, 4, 3, 3, 4, 9, 20, 40, 61, 76, 81, 78, 70, 69, 71, 68, 62, 55, 56, 61, 60, 48, 32, 15];
const HOURS_SUM = HOURS.reduce((sum, share) => sum + share, 0);
const WEEKDAYS = [0.64, 1.17, 1.08, 1.04, 1.01, 0.96, 0.8];
/** A storm: days of it, and how many more people need a roofer. */
const STORM = { from: 38, visits: [1.35, 2.05, 1.9, 1.55, 1.3, 1.15] };

export interface Day {
  /** 0 is the first, 59 is today. */
  index: number;
  /** `YYYY-MM-DD` in the business's time zone. */
  date: string;
  startsAt: EpochMs;
  /** Visits against an ordinary day. */
  busyness: number;
  storm: boolean;
}

export function daysUntil(now: EpochMs, timeZone: string): Day[] {
  const noon = startOfDay(dayOf(now, timeZone), timeZone) + DAY / 2;
  return Array.from({ length: DAYS }, (_, index) => {
    const date = dayOf((noon - (DAYS - 1 - index) * DAY) as EpochMs, timeZone);
    const weekday = new Date(`${date}T00:00:00Z`).getUTCDay();
    const storm = STORM.visits[index - STORM.from];
    const trend = 0.9 + (0.22 * index) / DAYS;
    return {
      index,
      date,
      startsAt: startOfDay(date, timeZone),
      busyness: (WEEKDAYS[weekday] as number) * trend * (storm ?? 1),
      storm: storm !== undefined,
    };
  });
}

/** Returns a moment of a day, as likely as people are awake. */
export function momentOf(day: Day, uniform: number): EpochMs {
  let left = uniform * HOURS_SUM;
  const hour = HOURS.findIndex((share) => {
    if (left < share) return true;
    left -= share;
    return false;
  });
  return (day.startsAt + (hour + left / (HOURS[hour] as number)) * HOUR) as EpochMs;
}

/** Monday to Saturday, seven to seven. */
export function isOpen(at: EpochMs, timeZone: string): boolean {
  const hour = Number(hourOf(at, timeZone));
  const weekday = new Date(`${dayOf(at, timeZone)}T00:00:00Z`).getUTCDay();
  return weekday !== 0 && hour >= 7 && hour < 19;
}

/** Returns whether few people would call at a moment. */
export function isNight(at: EpochMs, timeZone: string): boolean {
  const hour = Number(hourOf(at, timeZone));
  return hour < 7 || hour >= 21;
}

/** Returns the next morning's opening, of this day where it is still to come. */
export function nextMorning(at: EpochMs, timeZone: string): EpochMs {
  const today = (startOfDay(dayOf(at, timeZone), timeZone) + 7 * HOUR) as EpochMs;
  return today > at ? today : ((startOfDay(dayOf((today + DAY) as EpochMs, timeZone), timeZone) + 7 * HOUR) as EpochMs);
}
