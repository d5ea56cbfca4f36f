import { expect, it } from 'vitest';
import { waitSeconds } from './backoff.ts';

it('waits longer after each attempt, for more than a day in all', () => {
  const waits = [1, 2, 3, 4, 5, 6, 7].map((attempt) => waitSeconds(attempt, undefined, 0));
  expect(waits).toEqual([5, 300, 1800, 7200, 18_000, 36_000, 36_000]);
  expect(waitSeconds(99, undefined, 0)).toBe(36_000);
});

it('spreads what failed together', () => {
  expect(waitSeconds(3, undefined, 1)).toBe(1980);
});

it("takes an operator's own waits, and the usual ones where those are no numbers", () => {
  expect([1, 2, 3].map((attempt) => waitSeconds(attempt, '1,60', 0))).toEqual([1, 60, 60]);
  expect(waitSeconds(1, 'soon', 0)).toBe(5);
});
