export interface Interval {
  low: number;
  high: number;
}

/** The standard normal quantile of 97.5 %. */
const Z95 = 1.959963984540054;

/**
 * Returns the Wilson score interval (E. B. Wilson, 1927; without continuity correction) of a rate, at 95 %. Unlike the normal
 * approximation it holds for few trials and for rates near 0 and 1. Successes may be fractions, as shared credits are;
 * they are taken as between 0 and the trials. Without trials nothing is known: 0 to 1.
 */
export function wilson(successes: number, trials: number): Interval {
  if (!(trials > 0)) return { low: 0, high: 1 };
  const rate = Math.min(Math.max(successes, 0), trials) / trials;
  const z2 = Z95 ** 2 / trials;
  const centre = rate + z2 / 2;
  const reach = Math.sqrt(z2 * (rate * (1 - rate) + z2 / 4));
  // At rates of exactly 0 and 1 rounding must not step over the bound.
  return { low: Math.max(0, (centre - reach) / (1 + z2)), high: Math.min(1, (centre + reach) / (1 + z2)) };
}
