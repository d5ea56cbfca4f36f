import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { betaBelow } from './beta.ts';
import { probabilityBetter } from './better.ts';

const counts = fc
  .tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1e6, noNaN: true }))
  .map(([rate, trials]) => ({ successes: rate * trials, trials }));

/** Miller's closed form for whole numbers: the sum over i of B(αa + i, βa + βb) / ((βb + i) B(1 + i, βb) B(αa, βa)). */
function closedForm(a: [number, number], b: [number, number]): number {
  const logFactorial = (n: number) => Array.from({ length: n }, (_, i) => Math.log(i + 1)).reduce((x, y) => x + y, 0);
  const logBeta = (x: number, y: number) => logFactorial(x - 1) + logFactorial(y - 1) - logFactorial(x + y - 1);
  const [alphaA, betaA, alphaB, betaB] = [a[0] + 1, a[1] - a[0] + 1, b[0] + 1, b[1] - b[0] + 1];
  let bWins = 0;
  for (let i = 0; i < alphaB; i++) {
    const log = logBeta(alphaA + i, betaA + betaB) - logBeta(1 + i, betaB) - logBeta(alphaA, betaA);
    bWins += Math.exp(log) / (betaB + i);
  }
  return 1 - bWins;
}

describe('probabilityBetter', () => {
  it('is even where nothing is known', () => {
    expect(probabilityBetter({ successes: 0, trials: 0 }, { successes: 0, trials: 0 })).toBeCloseTo(0.5, 12);
  });

  it('against nothing known is the mean of what is known', () => {
    expect(probabilityBetter({ successes: 1, trials: 1 }, { successes: 0, trials: 0 })).toBeCloseTo(2 / 3, 10);
    expect(probabilityBetter({ successes: 2.5, trials: 7 }, { successes: 0, trials: 0 })).toBeCloseTo(3.5 / 9, 10);
    expect(probabilityBetter({ successes: 3e5, trials: 1e6 }, { successes: 0, trials: 0 })).toBeCloseTo(0.3, 6);
  });

  it.each([
    [
      [12, 100],
      [5, 100],
    ],
    [
      [40, 1000],
      [60, 1200],
    ],
    [
      [0, 50],
      [3, 40],
    ],
    [
      [1, 2],
      [150, 300],
    ],
    [
      [300, 300],
      [1, 1],
    ],
  ] as [[number, number], [number, number]][])('agrees with the closed form for %j against %j', (a, b) => {
    const better = probabilityBetter({ successes: a[0], trials: a[1] }, { successes: b[0], trials: b[1] });
    expect(better).toBeCloseTo(closedForm(a, b), 9);
  });

  it('is one of two: either a is better or b', () => {
    // Counts that differ, while the widths of their posteriors are the same to the last bit.
    const none = (trials: number) => ({ successes: 0, trials });
    const [a, b] = [none(999999.9999999689), none(999999.9999820293)] as const;
    expect(probabilityBetter(a, b) + probabilityBetter(b, a)).toBe(1);
    fc.assert(
      fc.property(counts, counts, (a, b) => {
        expect(probabilityBetter(a, b) + probabilityBetter(b, a)).toBeCloseTo(1, 15);
      }),
      { numRuns: 50 },
    );
  });

  it('grows with every success', () => {
    fc.assert(
      fc.property(fc.nat(99), fc.nat(100), (successes, other) => {
        const against = { successes: other, trials: 100 };
        const before = probabilityBetter({ successes, trials: 100 }, against);
        expect(probabilityBetter({ successes: successes + 1, trials: 100 }, against)).toBeGreaterThan(before - 1e-12);
      }),
      { numRuns: 50 },
    );
  });

  it('is sure where a million visits say so, whichever way', () => {
    const high = { successes: 52_000, trials: 1e6 };
    const low = { successes: 50_000, trials: 1e6 };
    expect(probabilityBetter(high, low)).toBeGreaterThan(0.999999);
    expect(probabilityBetter(low, high)).toBeLessThan(0.000001);
  });

  it('takes impossible counts for the nearest possible', () => {
    const none = { successes: 0, trials: 0 };
    expect(probabilityBetter({ successes: 5, trials: 3 }, none)).toBeCloseTo(4 / 5, 10);
    expect(probabilityBetter({ successes: -1, trials: Number.NaN }, none)).toBeCloseTo(0.5, 10);
  });
});

describe('betaBelow', () => {
  it('knows the curves that have a formula', () => {
    for (const x of [0.001, 0.2, 0.5, 0.9, 0.9999]) {
      const logit = Math.log(x / (1 - x));
      expect(betaBelow(logit, 1, 1)).toBeCloseTo(x, 12);
      expect(betaBelow(logit, 3, 1)).toBeCloseTo(x ** 3, 12);
      expect(betaBelow(logit, 1, 4)).toBeCloseTo(1 - (1 - x) ** 4, 12);
      expect(betaBelow(logit, 0.5, 0.5)).toBeCloseTo((2 / Math.PI) * Math.asin(Math.sqrt(x)), 12);
    }
  });
});
