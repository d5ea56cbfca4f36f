import type { PrintedNumber } from './core/contract.ts';
import { createSwapper } from './page/swapper.ts';
import type { LocateTarget } from './page/targets.ts';

/** Result of `swap`. */
export interface Swapped {
  /** Number of places changed. */
  count: number;
  /** Puts back what was printed, except where the page has written something else since. */
  restore(): void;
}

/**
 * Swaps numbers under `root` once, in place, in the page's own punctuation; nothing is watched, asked or stored.
 *
 * @example
 * const { restore } = swap(document, targets, { main: { number: '+14155550132', national: '(415) 555-0132', international: '+1 415-555-0132' } });
 */
export function swap(
  root: Document | ShadowRoot | Element,
  targets: readonly LocateTarget[],
  numbers: Readonly<Record<string, PrintedNumber | null>>,
): Swapped {
  const swapper = createSwapper(targets);
  for (const [target, number] of Object.entries(numbers)) swapper.show(target, number);
  return { count: swapper.scan(root), restore: swapper.restore };
}
