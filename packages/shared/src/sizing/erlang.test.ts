import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blocking, numbersNeeded } from './erlang.ts';

/** The recursion as the textbooks have it. */
function textbook(erlangs: number, numbers: number): number {
  let share = 1;
  for (let n = 1; n <= numbers; n++) share = (erlangs * share) / (n + erlangs * share);
  return share;
}

// Published Erlang B tables: the load in erlangs that N lines carry at 1, 2 and 5 % blocking.
const PUBLISHED = [
  [1, 0.0101, 0.0204, 0.0526],
  [2, 0.153, 0.223, 0.381],
  [5, 1.361, 1.657, 2.219],
  [10, 4.461, 5.084, 6.216],
  [15, 8.108, 9.01, 10.63],
  [20, 12.03, 13.18, 15.25],
  [50, 37.9, 40.26, 44.53],
  [100, 84.06, 87.97, 95.24],
] as const;

describe('blocking', () => {
  it.each(PUBLISHED)('agrees with the published tables for %i lines', (lines, at1, at2, at5) => {
    expect(blocking(at1, lines)).toBeCloseTo(0.01, 3);
    expect(blocking(at2, lines)).toBeCloseTo(0.02, 3);
    expect(blocking(at5, lines)).toBeCloseTo(0.05, 3);
  });

  it.each([
    [10, 10, 0.215],
    [76.7, 77, 0.083],
    [110, 110, 0.072],
    [19.2, 19, 0.167],
  ])('is what a pool as large as its load of %f gives away', (erlangs, numbers, share) => {
    expect(blocking(erlangs, numbers)).toBeCloseTo(share, 2);
  });

  it('agrees with the textbook recursion', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.001, max: 2000, noNaN: true }), fc.nat(3000), (erlangs, numbers) => {
        const expected = textbook(erlangs, numbers);
        expect(Math.abs(blocking(erlangs, numbers) - expected)).toBeLessThanOrEqual(1e-12 * expected + 1e-300);
      }),
    );
  });

  it('blocks nobody without load, everybody without numbers', () => {
    expect(blocking(0, 0)).toBe(0);
    expect(blocking(-1, 5)).toBe(0);
    expect(blocking(Number.NaN, 5)).toBe(0);
    expect(blocking(5, 0)).toBe(1);
    expect(blocking(5, -3)).toBe(1);
    expect(blocking(Number.POSITIVE_INFINITY, 10)).toBe(1);
    expect(blocking(5, Number.POSITIVE_INFINITY)).toBe(0);
    expect(blocking(1, 1e15)).toBe(0);
  });
});

describe('numbersNeeded', () => {
  // The table of the market study: erlangs, numbers for 5 %, numbers for 1 %.
  it.each([
    [10, 15, 18],
    [200 * (23 / 60), 82, 93],
    [110, 115, 128],
    [50 * (23 / 60), 25, 29],
    [20 * (23 / 60), 12, 15],
    [10 * (23 / 60), 8, 10],
    [4 * (23 / 60), 5, 6],
  ])('for %f erlangs is %i at 5 %% and %i at 1 %%', (erlangs, at5, at1) => {
    expect(numbersNeeded(erlangs, 0.05)).toBe(at5);
    expect(numbersNeeded(erlangs, 0.01)).toBe(at1);
  });

  it('is the fewest that keep the target', () => {
    const load = fc.double({ min: 0.001, max: 5000, noNaN: true });
    const target = fc.double({ min: 0.0001, max: 0.9, noNaN: true });
    fc.assert(
      fc.property(load, target, (erlangs, share) => {
        const numbers = numbersNeeded(erlangs, share);
        expect(textbook(erlangs, numbers)).toBeLessThanOrEqual(share * (1 + 1e-12));
        expect(textbook(erlangs, numbers - 1)).toBeGreaterThan(share * (1 - 1e-12));
      }),
    );
  });

  it('answers huge loads', () => {
    const million = numbersNeeded(1e6, 0.01);
    expect(textbook(1e6, million)).toBeLessThanOrEqual(0.01);
    expect(textbook(1e6, million - 1)).toBeGreaterThan(0.01);
    expect(numbersNeeded(1e12, 0.01)).toBe(9.9e11);
    expect(numbersNeeded(Number.POSITIVE_INFINITY, 0.01)).toBe(Number.POSITIVE_INFINITY);
  });

  it('needs none without load or target, and cannot promise that nobody is blocked', () => {
    expect(numbersNeeded(0, 0.01)).toBe(0);
    expect(numbersNeeded(Number.NaN, 0.01)).toBe(0);
    expect(numbersNeeded(10, 1)).toBe(0);
    expect(numbersNeeded(10, 0)).toBe(Number.POSITIVE_INFINITY);
    expect(numbersNeeded(10, Number.NaN)).toBe(Number.POSITIVE_INFINITY);
  });
});
