import { api } from '@dialmark/shared';
import { problem } from '../http/problems.ts';
import { type App, serve } from '../http/serve.ts';
import { pageError, readPage } from '../page/read-page.ts';
import { outgoing } from '../platform/outgoing.ts';
import { done } from '../platform/result.ts';
import { poolOf } from '../pool/shards/remote-pool.ts';

export function pageRoutes(app: App): void {
  serve(app, api.readPage, async ({ params, query, env }) => {
    const { value: site, error } = await poolOf(env, params.site as string).site.configuration();
    if (error) return { error };
    const reading = {
      origins: site.origins,
      local: env.LOCAL_WEBHOOKS === 'on',
      fetch: outgoing,
    } as const;
    const unreadable = pageError(query.url, reading);
    if (unreadable)
      return problem('invalid_request', 'The page cannot be read.', [
        { path: 'url', code: 'address_not_allowed', message: unreadable },
      ]);
    return done(await readPage(query.url, reading));
  });
}
