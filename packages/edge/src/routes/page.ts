import { api } from '@dialmark/shared';
import { problem } from '../http/problems.ts';
import { type App, serve } from '../http/serve.ts';
import { pageFault, readPage } from '../page/read-page.ts';
import { outgoing } from '../platform/outgoing.ts';
import { done } from '../platform/result.ts';
import { poolOf } from '../pool/shards/site-pools.ts';

export function pageRoutes(app: App): void {
  serve(app, api.readPage, async ({ params, query, env }) => {
    const { value: site, refusal } = await poolOf(env, params.site as string).configuration();
    if (refusal) return { refusal };
    const reading = {
      origins: site.origins,
      local: env.LOCAL_WEBHOOKS === 'on',
      fetch: outgoing,
    } as const;
    const fault = pageFault(query.url, reading);
    if (fault) return problem(400, 'The page cannot be read.', [{ path: 'url', message: fault }]);
    return done(await readPage(query.url, reading));
  });
}
