import { type FieldError, MOST_ERRORS, PROBLEMS, type Problem, type ProblemCode } from '@dialmark/shared';
import type { Failure } from '../platform/result.ts';

const TITLES: Record<(typeof PROBLEMS)[ProblemCode][0], string> = {
  400: 'Bad request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not found',
  405: 'Method not allowed',
  409: 'Conflict',
  413: 'Content too large',
  429: 'Too many requests',
  500: 'Internal server error',
  503: 'Service unavailable',
};

/** A `detail` may name the path that was asked for. */
const LONGEST_DETAIL = 500;

/**
 * Builds an RFC 9457 answer. The code decides the status; `type` is `about:blank`, so `title` is that of the status, as
 * the RFC asks.
 * @param said what is wrong, where that can be said more closely than by the code alone
 */
export function problem(
  code: ProblemCode,
  said?: string,
  errors?: FieldError[],
  headers: Record<string, string> = {},
): Response {
  const [status, detail] = PROBLEMS[code];
  const body: Problem = {
    type: 'about:blank',
    title: TITLES[status],
    status,
    code,
    detail: (said ?? detail).slice(0, LONGEST_DETAIL),
  };
  if (errors && errors.length > 0) body.errors = errors.slice(0, MOST_ERRORS);
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'Content-Type': 'application/problem+json', 'Cache-Control': 'no-store', ...headers },
  });
}

/** Answers with what went wrong. */
export function problemOf({ code, detail, errors }: Failure): Response {
  return problem(code, detail, errors);
}
