import type { Dimension } from '@dialmark/shared';

/** The column that a dimension is in, of visits and of calls' touches alike. */
export const COLUMN: Record<Dimension, string> = {
  channel: 'channel',
  source: 'source',
  medium: 'medium',
  campaign: 'campaign',
  term: 'term',
  content: 'content',
  landing_page: 'landing_path',
  referrer: 'referrer_host',
  target: 'target',
  number: 'number',
  hour: 'hour',
  day: 'day',
  device: 'device',
  country: 'country',
  variant: 'variant',
};

/** Where those that are a visit's own stand in its row as the pool sends it; but the variant, which may change. */
export const IN_VISIT = {
  channel: '$.channel',
  source: '$.source',
  medium: '$.medium',
  campaign: '$.campaign',
  term: '$.term',
  content: '$.content',
  landing_page: '$.landingPath',
  referrer: '$.referrerHost',
  hour: '$.hour',
  device: '$.device',
  country: '$.country',
} as const satisfies Partial<Record<Dimension, string>>;
