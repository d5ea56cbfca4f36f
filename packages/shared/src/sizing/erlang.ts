/**
 * Erlang B (A. K. Erlang, 1917): the share of arrivals that find all of `numbers` taken, when visits arrive at random
 * and each holds one number. It depends on the mean hold only, not on how holds are spread (insensitivity).
 *
 * The exact recursion B(n) = E·B(n-1) / (n + E·B(n-1)), B(0) = 1, is here in its inverse form,
 * 1/B(n) = 1 + n/E · 1/B(n-1), written out from the top: 1 + n/E · (1 + (n-1)/E · (1 + …)). Near n = E its terms fade
 * within some √E steps, so that a load of a million takes thousands of steps, not a million.
 *
 * @param erlangs arrivals per second × mean hold in seconds
 * @param numbers how many there are; a fraction of a number is none
 * @returns 0 to 1
 */
export function blocking(erlangs: number, numbers: number): number {
  if (!(erlangs > 0)) return 0;
  let inverse = 1;
  let term = 1;
  for (let n = Math.floor(numbers); n > 0 && term > inverse * NEGLIGIBLE && inverse < Number.POSITIVE_INFINITY; n--) {
    term *= n / erlangs;
    inverse += term;
  }
  return 1 / inverse;
}

/** Small enough that all later terms together stay below the last digit, for any load up to `HUGE`. */
const NEGLIGIBLE = 1e-24;

/** Beyond this load fluctuations (√E) are lost beside E: the share blocked is what exceeds the numbers. */
const HUGE = 1e9;

/**
 * Returns the fewest numbers with which at most `target` of the arrivals find none.
 *
 * @param target share of arrivals, 0 to 1; infinity numbers are needed for 0 or less, none for 1 or more
 */
export function numbersNeeded(erlangs: number, target: number): number {
  if (!(erlangs > 0) || target >= 1) return 0;
  if (!(target > 0)) return Number.POSITIVE_INFINITY;
  if (erlangs > HUGE) return Math.ceil(erlangs * (1 - target));
  let tooFew = 0;
  let enough = Math.ceil(erlangs) + 1;
  while (blocking(erlangs, enough) > target) {
    tooFew = enough;
    enough *= 2;
  }
  while (enough - tooFew > 1) {
    const middle = Math.floor((tooFew + enough) / 2);
    if (blocking(erlangs, middle) > target) tooFew = middle;
    else enough = middle;
  }
  return enough;
}
