import { addDays, dayOf, type EpochMs } from '@dialmark/shared';

/** Days, both included, in the site's time zone. */
export interface Period {
  from: string;
  to: string;
}

export function daysOf({ from, to }: Period): string[] {
  const days: string[] = [];
  for (let day = from; day <= to && days.length < 1000; day = addDays(day, 1)) days.push(day);
  return days;
}

/** Returns the last so many days, today included. */
export function lastDays(days: number, timeZone: string, now = Date.now()): Period {
  const to = dayOf(now as EpochMs, timeZone);
  return { from: addDays(to, 1 - days), to };
}

const isDay = (text: string) => /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text));

/** Returns the period in the address, valid or not. */
export function askedPeriod(params: URLSearchParams, timeZone: string): Period {
  const preset = lastDays(30, timeZone);
  return { from: params.get('from') ?? preset.from, to: params.get('to') ?? preset.to };
}

/** Returns why that is no period, in words; null if it is one. */
export function periodError({ from, to }: Period): string | null {
  if (!isDay(from) || !isDay(to)) return `“${isDay(from) ? to : from}” isn’t a valid date.`;
  return from <= to ? null : 'The start date is after the end date.';
}

/** Returns the period that the address names; the last 30 days where it names none, or none that makes sense. */
export function periodOf(params: URLSearchParams, timeZone: string): Period {
  const asked = askedPeriod(params, timeZone);
  return periodError(asked) === null ? asked : lastDays(30, timeZone);
}
