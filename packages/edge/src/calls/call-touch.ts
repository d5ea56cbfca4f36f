import type { CallTouch, CountsAs } from '@dialmark/shared';

/** The touch of a call to a source number, as the number was configured when the call came in. */
export interface Counted extends CountsAs {
  /** The number's name. */
  name: string | null;
  /** Returns true if the call's own visit was being shown the number. */
  shown: boolean;
}

/** Returns whether a call counts as its number's source: it does, unless its own visit was shown the number. */
export function countsByNumber(counted: Counted | null, hasVisit: boolean): counted is Counted {
  return counted !== null && !(counted.shown && hasVisit);
}

/**
 * Returns what a call is counted as: its number's source or its visit's.
 *
 * @param number the number that was dialed
 * @returns null if nothing is known of where the call came from
 */
export function callTouch(counted: Counted | null, number: string | null, visit: CountsAs | null): CallTouch | null {
  if (countsByNumber(counted, visit !== null)) {
    const { name, shown: _, ...touch } = counted;
    return { ...touch, number, numberName: name };
  }
  if (!visit) return null;
  const { source, medium, campaign, term, content, channel } = visit;
  return { source, medium, campaign, term, content, channel, number: null, numberName: null };
}
