import { problem } from '../http/problems.ts';
import type { App } from '../http/serve.ts';

const NOTHING = 'There is nothing at /. The dashboard is at /app/, the API under /v1, its docs at /docs.';

/** Redirects the bare address, which people type, to the dashboard. A client that wants no page gets a 404. */
export function frontRoutes(app: App): void {
  app.get('/', ({ req }) => {
    if (!req.header('Accept')?.includes('text/html'))
      return problem('not_found', NOTHING, undefined, { Vary: 'Accept' });
    const headers = { Location: '/app/', Vary: 'Accept', 'Cache-Control': 'no-store' };
    return new Response(null, { status: 302, headers });
  });
}
