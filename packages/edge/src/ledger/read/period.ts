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
