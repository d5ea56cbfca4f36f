import type { TrackingNumber } from '@dialmark/shared';

export const STATES: Record<TrackingNumber['state'], string> = {
  free: 'Free',
  leased: 'Held by a visit',
  cooling: 'Resting',
  fixed: 'Source number',
  retired: 'Retired',
};

/** How a number stands, in words. */
export const stateOf = (number: TrackingNumber) =>
  number.status === 'draining' ? 'Draining: given to nobody new' : STATES[number.state];

/** A rule in words: `source google, medium cpc`. */
export const ruleText = ({ match }: TrackingNumber) =>
  Object.entries(match ?? {})
    .map(([field, value]) => `${field} ${value}`)
    .join(', ');
