import { problem } from '../http/problem.ts';
import type { App } from '../http/serve.ts';

/** The bare address, which people type: to the dashboard. What asks for no page is told that there is nothing. */
export function frontRoutes(app: App): void {
  app.get('/', ({ req }) =>
    req.header('Accept')?.includes('text/html')
      ? new Response(null, { status: 302, headers: { Location: '/app/', Vary: 'Accept', 'Cache-Control': 'no-store' } })
      : problem(
          404,
          'There is nothing at /. The dashboard is at /app/, the API under /v1, its docs at /docs.',
          undefined,
          {
            Vary: 'Accept',
          },
        ),
  );
}
