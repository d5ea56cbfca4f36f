import type { App } from '../http/serve.ts';

/** Answers for pages of the docs that don't exist, with the page that says so. The docs themselves are static files. */
export function docsRoutes(app: App): void {
  app.get('/docs/*', async ({ env, req }) => {
    const page = await env.ASSETS.fetch(new URL('/docs/404', req.url));
    return new Response(page.body, { status: 404, headers: page.headers });
  });
}
