import type { Dialmark } from './api.ts';
import type { Running } from './running.ts';

/** What is behind a `Dialmark` of the npm module, for its entries that join in later. */
export const runningOf = new WeakMap<Dialmark, Running>();
