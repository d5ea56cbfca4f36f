import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dayNumber, firstDayOf, monthOf } from '../days.ts';
import { partition } from './report-sums.ts';

const FIRST = dayNumber('2024-01-01');
const day = fc.integer({ min: FIRST, max: dayNumber('2026-12-31') });
const months = fc.uniqueArray(fc.constantFrom(202401, 202402, 202412, 202501, 202502, 202611));

/** The days that a period stands for. */
function daysOf(period: number): number[] {
  if (period < 100_000) return [period];
  const first = firstDayOf(period);
  return Array.from({ length: firstDayOf(period, 1) - first }, (_, i) => first + i);
}

describe('the parts of a period', () => {
  it('are whole months where these are summed, then days, and the rest is counted', () => {
    const [from, to] = [dayNumber('2024-01-31'), dayNumber('2024-03-01')];
    const summed = new Set([202401, 202402, 202403, from]);
    expect(partition(summed, { from, to })).toEqual({ periods: [from, 202402], days: [to] });
    expect(partition(new Set(), { from, to }).periods).toEqual([]);
  });

  it('cover each day of the period once, and no other', () => {
    fc.assert(
      fc.property(day, day, months, fc.uniqueArray(day, { maxLength: 40 }), (a, b, summedMonths, summedDays) => {
        const [from, to] = [Math.min(a, b), Math.max(a, b)];
        const summed = new Set([...summedMonths, ...summedDays]);
        const { periods, days } = partition(summed, { from, to });
        expect(periods.every((period) => summed.has(period))).toBe(true);
        expect(days.some((each) => summed.has(each))).toBe(false);
        const covered = [...periods.flatMap(daysOf), ...days].sort((x, y) => x - y);
        expect(covered).toEqual(Array.from({ length: to - from + 1 }, (_, i) => from + i));
      }),
    );
  });

  it('know the months by their days', () => {
    fc.assert(
      fc.property(day, (each) => {
        const month = monthOf(each);
        expect(firstDayOf(month)).toBeLessThanOrEqual(each);
        expect(firstDayOf(month, 1)).toBeGreaterThan(each);
      }),
    );
  });
});
