import type { DayFigures } from '../../overview/operations.ts';
import type { LedgerCore } from '../core.ts';
import { dayText } from '../days.ts';
import { ask, nothing, type Question } from './report-sums.ts';

/** Returns the totals of days, each as in a report by day. */
export function dayFigures(core: LedgerCore, days: readonly number[]): DayFigures[] {
  const { rules } = core;
  if (!rules) return [];
  const question: Question = {
    dimension: 'day',
    ...rules.counting,
    filters: [],
    spam: 'exclude',
    intervals: false,
  };
  return days.map((number) => {
    const day = dayText(number);
    const sums = ask(core, question, [{ from: day, to: day }])[0]?.get(day) ?? nothing(question);
    return { day, visits: sums.visits, calls: sums.calls, answered: sums.answered, value: sums.value };
  });
}
