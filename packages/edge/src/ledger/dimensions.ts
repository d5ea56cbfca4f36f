import type { Dimension } from '@dialmark/shared';

/** The dimensions in the rows of visits and touches, with their columns, in the order of the numbers used in sums. */
export const FACTS = [
  ['channel', 'channel'],
  ['source', 'source'],
  ['medium', 'medium'],
  ['campaign', 'campaign'],
  ['term', 'term'],
  ['content', 'content'],
  ['landing_page', 'landing_path'],
  ['referrer', 'referrer_host'],
  ['hour', 'hour'],
  ['device', 'device'],
  ['country', 'country'],
] as const satisfies readonly (readonly [Dimension, string])[];

/** The dimensions of which a visit may have several values, so that they are stored with its bindings. */
export const SHOWN = ['target', 'number'] as const satisfies readonly Dimension[];
export type Shown = (typeof SHOWN)[number];

/** Dimensions by the numbers they have in `sums` and `pairs`. Append only. */
export const DIMENSIONS: readonly Dimension[] = [...FACTS.map(([name]) => name), ...SHOWN, 'day', 'variant'];

export const numberOf = (dimension: Dimension): number => DIMENSIONS.indexOf(dimension);

/** The column that a dimension is in, of visits and of touches alike. */
export const COLUMN: Record<Dimension, string> = {
  ...(Object.fromEntries(FACTS) as Record<(typeof FACTS)[number][0], string>),
  target: 'target',
  number: 'number',
  day: 'day',
  variant: 'variant',
};

/** Those whose visits are summed. The variant is not: it may come later than its visit. */
export const SUMMED: ReadonlySet<Dimension> = new Set<Dimension>([...FACTS.map(([name]) => name), ...SHOWN]);
export const isShown = (dimension: Dimension): dimension is Shown =>
  (SHOWN as readonly Dimension[]).includes(dimension);

/** Days and hours are numbers by themselves; everything else is a word. */
export const isWord = (dimension: Dimension): boolean => dimension !== 'day' && dimension !== 'hour';
