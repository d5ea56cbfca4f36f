import type { Problem } from '@dialmark/shared';
import type { MiddlewareHandler } from 'hono';
import type { Env } from '../env.ts';
import { log } from '../platform/log.ts';

/** Printable, without anything that could be a header or a log of its own. */
const VALID = /^[A-Za-z0-9][A-Za-z0-9._:-]{7,127}$/;

/**
 * Returns each request an id: the one it came with, Cloudflare's, or a new one. It stands in the answer's `X-Request-Id`,
 * in a problem as `requestId`, and in the log.
 */
export const requestId: MiddlewareHandler<{ Bindings: Env }> = async (context, next) => {
  const { headers } = context.req.raw;
  const startedAt = Date.now();
  const given = [headers.get('X-Request-Id'), headers.get('CF-Ray')].find((id) => id && VALID.test(id));
  const id = given ?? crypto.randomUUID();
  context.set('requestId' as never, id as never);
  await next();

  const { res } = context;
  if (res.headers.get('Content-Type') === 'application/problem+json') {
    const body: Problem = { ...((await res.json()) as Problem), requestId: id };
    context.res = new Response(JSON.stringify(body), { status: res.status, headers: res.headers });
  }
  stamp(context, id);
  if (res.status >= 500 || context.env.LOG_REQUESTS === 'on') {
    const { method, routePath: route } = context.req;
    const write = res.status >= 500 ? log.error : log.info;
    write('request', { requestId: id, method, route, status: res.status, ms: Date.now() - startedAt });
  }
};

/** Returns the id of a request under way. */
export function requestIdOf(context: { get(key: never): unknown }): string {
  return context.get('requestId' as never) as string;
}

/** Answers that came from elsewhere cannot be written on, but copied. */
function stamp(context: { res: Response }, id: string): void {
  try {
    context.res.headers.set('X-Request-Id', id);
  } catch {
    context.res = new Response(context.res.body, context.res);
    context.res.headers.set('X-Request-Id', id);
  }
}
