import { DAY, type EpochMs, HOUR } from '@dialmark/shared';
import type { DayOfVisits } from './decide.ts';

/** New visits that were stored: of the day that goes on, hour by hour, and what the days before came to. */
export interface VisitsByDay {
  day: number;
  hour: number;
  inHour: number;
  inDay: number;
  peak: number;
  /** Latest last. */
  before: DayOfVisits[];
}

/** Two weeks: every day of the week twice. */
const DAYS_KEPT = 14;

export const NO_VISITS: VisitsByDay = { day: 0, hour: 0, inHour: 0, inDay: 0, peak: 0, before: [] };

/** Returns the same counts as they stand at a moment: an hour or a day that is over is put with those before. */
export function visitsAt(visits: VisitsByDay, now: EpochMs): VisitsByDay {
  const [day, hour] = [Math.floor(now / DAY), Math.floor(now / HOUR)];
  if (hour === visits.hour) return visits;
  if (day === visits.day) return { ...visits, hour, inHour: 0 };
  const { peak, inDay: total, before } = visits;
  return { ...NO_VISITS, day, hour, before: total > 0 ? [...before, { peak, total }].slice(-DAYS_KEPT) : before };
}

/** Returns the counts with one visit more. */
export function withVisit(visits: VisitsByDay, now: EpochMs): VisitsByDay {
  const at = visitsAt(visits, now);
  const inHour = at.inHour + 1;
  return { ...at, inHour, inDay: at.inDay + 1, peak: Math.max(at.peak, inHour) };
}
