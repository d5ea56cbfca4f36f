/** The Worker as it runs on one machine, behind a reverse proxy of its own instead of Cloudflare's edge. */
import type { Env } from './env.ts';
import worker from './index.ts';

export * from './index.ts';

export default {
  ...worker,
  fetch: (request: Request, env: Env, context: ExecutionContext) => worker.fetch(asAsked(request), env, context),
};

/**
 * Returns the request as the visitor made it. The last address in `X-Forwarded-For` is the one our own proxy saw; those before
 * it are what the visitor claims, as is any `CF-Connecting-IP`.
 */
function asAsked(request: Request): Request {
  const url = new URL(request.url);
  if (request.headers.get('X-Forwarded-Proto') === 'https') url.protocol = 'https:';
  const asked = new Request(url, request);
  const address = request.headers.get('X-Forwarded-For')?.split(',').at(-1)?.trim();
  if (address) asked.headers.set('CF-Connecting-IP', address);
  else asked.headers.delete('CF-Connecting-IP');
  return asked;
}
