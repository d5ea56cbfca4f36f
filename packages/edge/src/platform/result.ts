import type { FieldError } from '@dialmark/shared';
import type { Layout } from '../pool/shards/layout.ts';

/** Why the pool did not do what it was asked. The HTTP layer turns it into a problem document, in one place. */
export interface Refusal {
  status: 400 | 403 | 404 | 409 | 429 | 503;
  detail: string;
  errors?: FieldError[];
}

/** The answer of a shard that is not, or no longer, where this belongs: ask again by this layout. */
export interface Elsewhere {
  elsewhere: Layout;
}

/** What crosses the RPC boundary: a value or a refusal. Exceptions are left for what nobody foresaw. */
export type Outcome<T> = { value: T; refusal?: never } | { value?: never; refusal: Refusal };

export function done<T>(value: T): Outcome<T> {
  return { value };
}

export function refuse(status: Refusal['status'], detail: string, errors?: FieldError[]): { refusal: Refusal } {
  return { refusal: errors ? { status, detail, errors } : { status, detail } };
}

export const unknownSite = refuse(404, 'There is no site with this key.');

export const invertedPeriod = refuse(400, 'The period ends before it begins.', [
  { path: 'from', message: 'must not be after `to`' },
]);
