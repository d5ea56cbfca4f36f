/**
 * Erlang B (A. K. Erlang, 1917): the share of arrivals that find all of `numbers` taken, when visits arrive at random
 * and each holds one number. It depends on the mean hold only, not on how holds are spread (insensitivity).
 *
 * @param erlangs arrivals per second × mean hold in seconds
 * @returns 0 to 1
 */
export function blocking(erlangs: number, numbers: number): number {
  if (!(erlangs > 0)) return 0;
  // B(0) = 1; B(n) = E·B(n-1) / (n + E·B(n-1)), exact and without factorials.
  let share = 1;
  for (let n = 1; n <= numbers; n++) share = (erlangs * share) / (n + erlangs * share);
  return share;
}

/** Beyond this load no site is one pool; the answer is then that load, rounded up. */
const MAX_ERLANGS = 1e7;

/**
 * The fewest numbers with which at most `target` of the arrivals find none.
 *
 * @param target share of arrivals, above 0 and below 1
 */
export function numbersNeeded(erlangs: number, target: number): number {
  if (!(erlangs > 0)) return 0;
  if (erlangs > MAX_ERLANGS) return Math.ceil(erlangs);
  let share = 1;
  let numbers = 0;
  while (share > target) {
    numbers++;
    share = (erlangs * share) / (numbers + erlangs * share);
  }
  return numbers;
}
