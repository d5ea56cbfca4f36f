import { DAY, type EpochMs } from '@dialmark/shared';

/** The key under which a day's values beyond the limit are counted. */
export const OTHER = '(other)';

/** More campaigns, pages or referrers than any site has visits from in a day; what makes up more is no site's visitor. */
export const KEYS_A_DAY = 5000;

/**
 * The values that visits of one day (UTC) came with, by dimension: beyond so many, a new one counts as other. In memory,
 * as hashes: forgotten at a start.
 */
export class KeysOfDay {
  readonly #seen = new Map<string, Set<number>>();
  readonly #hash: (text: string) => number;
  #day = 0;

  constructor(hash: (text: string) => number) {
    this.#hash = hash;
  }

  /** Returns whether a value may be counted as itself; it then may for the rest of the day. */
  admits(dimension: string, value: string, now: EpochMs): boolean {
    const day = Math.floor(now / DAY);
    if (day !== this.#day) {
      this.#seen.clear();
      this.#day = day;
    }
    let seen = this.#seen.get(dimension);
    if (!seen) {
      seen = new Set();
      this.#seen.set(dimension, seen);
    }
    const key = this.#hash(value);
    if (seen.size >= KEYS_A_DAY && !seen.has(key)) return false;
    seen.add(key);
    return true;
  }
}
