import { type FieldError, MOST_ERRORS, type Problem } from '@dialmark/shared';
import type { Refusal } from '../platform/result.ts';

const TITLES: Record<number, string> = {
  400: 'Bad request',
  401: 'Token missing or not valid',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Method not allowed',
  409: 'Conflict',
  413: 'Body too large',
  429: 'Too many requests',
  500: 'Internal error',
  503: 'Not available',
};

/** A `detail` may name the path that was asked for. */
const LONGEST_DETAIL = 500;

/** An RFC 9457 answer. `type` is `about:blank`, so `title` is that of the status, as the RFC asks. */
export function problem(
  status: number,
  detail: string,
  errors?: FieldError[],
  headers: Record<string, string> = {},
  code?: string,
): Response {
  const body: Problem = {
    type: 'about:blank',
    title: TITLES[status] ?? 'Error',
    status,
    detail: detail.slice(0, LONGEST_DETAIL),
  };
  if (code) body.code = code;
  if (errors && errors.length > 0) body.errors = errors.slice(0, MOST_ERRORS);
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'Content-Type': 'application/problem+json', 'Cache-Control': 'no-store', ...headers },
  });
}

export function refused({ status, detail, errors }: Refusal): Response {
  return problem(status, detail, errors);
}
