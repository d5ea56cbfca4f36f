import { type FieldError, PROBLEMS, type ProblemCode } from '@dialmark/shared';

/** Why something was not done: a code for programs, English for people. */
export interface Failure {
  code: ProblemCode;
  detail: string;
  errors?: FieldError[];
}

/** A result that crosses the RPC boundary: a value or a failure. Exceptions are left for the unexpected. */
export type Outcome<T> = { value: T; error?: never } | { value?: never; error: Failure };

export function done<T>(value: T): Outcome<T> {
  return { value };
}

/** @param detail where it can say more than the code says by itself */
export function fail(
  code: ProblemCode,
  detail: string = PROBLEMS[code][1],
  errors?: FieldError[],
): { value?: never; error: Failure } {
  return { error: errors ? { code, detail, errors } : { code, detail } };
}

export const unknownSite = fail('site_not_found');

export const invertedPeriod = fail('invalid_request', '`to` must not be before `from`.', [
  { path: 'from', code: 'inverted_period', message: 'must not be after `to`' },
]);

export const invalidCursor = fail('cursor_invalid', undefined, [
  { path: 'cursor', code: 'invalid_format', message: 'must be a cursor that this list returned' },
]);

/** @param path where the request names the target */
export function unknownTarget(path = 'target') {
  return fail('invalid_request', 'The site has no such target.', [
    { path, code: 'unknown_target', message: 'must be a target of this site' },
  ]);
}
