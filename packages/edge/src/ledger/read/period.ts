import { DAY } from '@dialmark/shared';

/** The first and last day of a period, both included. */
export interface Period {
  from: string;
  to: string;
}

/** The days of a query: the last 30 unless it says otherwise. Null where they end before they begin. */
export function periodOf(
  { from, to }: { from?: string | undefined; to?: string | undefined },
  today: string,
): Period | null {
  const last = to ?? (from !== undefined && from > today ? from : today);
  const first = from ?? addDays(last, -29);
  return first > last ? null : { from: first, to: last };
}

/** The period of the same length just before. */
export function before({ from, to }: Period): Period {
  const days = daysIn({ from, to });
  return { from: addDays(from, -days), to: addDays(from, -1) };
}

export function daysIn({ from, to }: Period): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / DAY) + 1;
}

export function addDays(day: string, days: number): string {
  return new Date(Date.parse(day) + days * DAY).toISOString().slice(0, 10);
}

/**
 * Stretches of periods, first and last, that make up the days from one to another: whole months as months. The fewest
 * rows that say how many visits there were.
 */
export function stretches({ from, to }: Period): (readonly [string, string])[] {
  const months = wholeMonths({ from, to });
  if (months === null) return [[from, to]];
  const [first, last] = months;
  return [
    ...(from < `${first}-01` ? [[from, `${first}-00`] as const] : []),
    [`m${first}`, `m${last}`],
    ...(to > `${last}-31` ? [[`${last}-32`, to] as const] : []),
  ];
}

/** The first and last month that lie in a period from end to end; null where none does. */
export function wholeMonths({ from, to }: Period): readonly [string, string] | null {
  const first = from.endsWith('-01') ? from.slice(0, 7) : monthAfter(from);
  const last = addDays(to, 1).endsWith('-01') ? to.slice(0, 7) : monthBefore(to);
  return first > last ? null : [first, last];
}

const monthAfter = (day: string) => new Date(Date.UTC(yearOf(day), monthOf(day), 1)).toISOString().slice(0, 7);
const monthBefore = (day: string) => new Date(Date.UTC(yearOf(day), monthOf(day) - 2, 1)).toISOString().slice(0, 7);
const yearOf = (day: string) => Number(day.slice(0, 4));
/** 1 to 12. */
const monthOf = (day: string) => Number(day.slice(5, 7));
