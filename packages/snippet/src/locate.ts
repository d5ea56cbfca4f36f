import { MATCHER } from './page/matcher.ts';
import { type Place, placesBy } from './page/places.ts';
import type { LocateTarget } from './page/targets.ts';

export type { Place };

/**
 * Finds every place under `root` that prints one of the numbers, and touches nothing.
 *
 * @param options.nearMisses Also gives the places that hold the right digits and would be left alone.
 * @example
 * locate(document, [{ id: 'main', number: '+14155550100', national: '(415) 555-0100', international: '+1 415-555-0100' }])
 */
export function locate(
  root: Document | ShadowRoot | Element,
  targets: readonly LocateTarget[],
  options: { nearMisses?: boolean } = {},
): Place[] {
  return placesBy(MATCHER, root, targets, options.nearMisses);
}
