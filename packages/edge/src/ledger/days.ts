import { DAY, dayOf, type EpochMs, hourOf } from '@dialmark/shared';

/** A day as the ledger counts it: whole days since 1970. */
export function dayNumber(day: string): number {
  return Math.round(Date.parse(day) / DAY);
}

/** `2026-11-24` of a day's number. */
export function dayText(day: number): string {
  return new Date(day * DAY).toISOString().slice(0, 10);
}

/** The day of a moment in a zone. */
export function dayAt(at: EpochMs, timeZone: string): number {
  return dayNumber(dayOf(at, timeZone));
}

/** The hour of the day of a moment in a zone, 0 to 23. */
export function hourAt(at: EpochMs, timeZone: string): number {
  return Number(hourOf(at, timeZone));
}

/** A month as sums have it: 202611. Greater than any day for eight hundred years, so that the two never meet. */
export function monthOf(day: number): number {
  const date = new Date(day * DAY);
  return date.getUTCFullYear() * 100 + date.getUTCMonth() + 1;
}

/** The first day of a month, and of the one after it with 1. */
export function firstDayOf(month: number, later = 0): number {
  return Date.UTC(Math.floor(month / 100), (month % 100) - 1 + later, 1) / DAY;
}
