import { api, classify, hostsOf } from '@dialmark/shared';
import { type App, serve } from '../http/serve.ts';
import { done } from '../platform/result.ts';
import { poolOf } from '../pool/shards/remote-pool.ts';

/** Serves the tester: how a visit with this landing page and referrer is classified on this site. */
export function classifyRoutes(app: App): void {
  serve(app, api.classify, async ({ params, query, env }) => {
    const { value: site, error } = await poolOf(env, params.site as string).site.configuration();
    if (error) return { error };
    const { tags: _, ...touch } = classify(
      { url: query.url, referrer: query.referrer ?? null },
      { ownHosts: hostsOf(site.origins), ignoredHosts: site.ignoredReferrers },
    );
    return done(touch);
  });
}
