import type { CountsAs, TrackingNumber } from '@dialmark/shared';

export const STATES: Record<TrackingNumber['state'], string> = {
  free: 'Free',
  leased: 'In use',
  cooling: 'Cooling down',
  fixed: 'Source number',
  retired: 'Retired',
};

/** Returns how a number stands, in words. */
export const stateOf = (number: TrackingNumber) =>
  number.status === 'draining' ? 'Draining (no new visits)' : STATES[number.state];

/** Returns what calls count as beside their channel: `google / local, campaign Profile`. */
export function countsText({ source, medium, campaign, term, content }: CountsAs): string {
  const parts = [
    [source, medium].filter(Boolean).join(' / '),
    campaign && `campaign ${campaign}`,
    term && `keyword ${term}`,
    content && `ad ${content}`,
  ];
  return parts.filter(Boolean).join(', ');
}

/** Returns a rule in words: `source google, medium cpc`. */
export const ruleText = ({ match }: TrackingNumber) =>
  Object.entries(match ?? {})
    .map(([field, value]) => `${field} ${value}`)
    .join(', ');
