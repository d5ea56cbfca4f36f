import type { FACTS } from '../dimensions.ts';

/** A visit's facts as its row has them, by column: numbers of words, day and hour. */
export type VisitRow = Record<(typeof FACTS)[number][1] | 'day', number | null>;
