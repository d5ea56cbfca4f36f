import { addDays, DAY } from '@dialmark/shared';

/** The first and last day of a period, both included. */
export interface Period {
  from: string;
  to: string;
}

/** Returns the period of a query: by default the last 30 days. @returns null if it ends before it begins */
export function periodOf(
  { from, to }: { from?: string | undefined; to?: string | undefined },
  today: string,
): Period | null {
  const last = to ?? (from !== undefined && from > today ? from : today);
  const first = from ?? addDays(last, -29);
  return first > last ? null : { from: first, to: last };
}

/** Returns the period of the same length just before. */
export function before({ from, to }: Period): Period {
  const days = daysIn({ from, to });
  return { from: addDays(from, -days), to: addDays(from, -1) };
}

export function daysIn({ from, to }: Period): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / DAY) + 1;
}
