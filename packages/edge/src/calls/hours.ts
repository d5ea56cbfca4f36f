import { addDays, type EpochMs } from '@dialmark/shared';
import type { OpeningHours, Weekday } from '@dialmark/shared/wire/forwarding';

const WEEKDAYS: readonly Weekday[] = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

const clocks = new Map<string, Intl.DateTimeFormat>();

/** Returns the formatter of a zone. It is kept: making one costs far more than using it, and sites share a few zones. */
function clockOf(timeZone: string): Intl.DateTimeFormat {
  let clock = clocks.get(timeZone);
  if (!clock) {
    clock = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
    });
    clocks.set(timeZone, clock);
  }
  return clock;
}

/** Returns the calendar day and time of day that a clock on the wall shows, as `2026-11-24` and `21:30`. */
function wallClock(at: EpochMs, timeZone: string): { day: string; time: string } {
  const part = Object.fromEntries(
    clockOf(timeZone)
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  );
  return { day: `${part.year}-${part.month}-${part.day}`, time: `${part.hour}:${part.minute}` };
}

const weekdayOf = (day: string) => WEEKDAYS[new Date(`${day}T00:00:00Z`).getUTCDay()];

/**
 * Returns whether the business is open at a moment. Only wall-clock readings are compared, never offsets, so a clock change
 * cannot shift the hours: in autumn the repeated hour counts both times, in spring the skipped one never comes.
 * Hours that run past midnight belong to the day they begin on, also where that day is in `closedOn`.
 */
export function isOpen(
  hours: { open: readonly OpeningHours[]; closedOn: readonly string[] },
  at: EpochMs,
  timeZone: string,
): boolean {
  const { day, time } = wallClock(at, timeZone);
  const yesterday = addDays(day, -1);
  const opensOn = (rows: OpeningHours, date: string) =>
    !hours.closedOn.includes(date) && rows.days.some((weekday) => weekday === weekdayOf(date));
  return hours.open.some((row) =>
    row.from < row.to
      ? opensOn(row, day) && row.from <= time && time < row.to
      : (opensOn(row, day) && row.from <= time) || (opensOn(row, yesterday) && time < row.to),
  );
}
