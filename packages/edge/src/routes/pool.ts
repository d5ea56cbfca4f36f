import { api } from '@dialmark/shared';
import { type App, serve } from '../http/serve.ts';
import { SitePools } from '../pool/pools.ts';

export function poolRoutes(app: App): void {
  serve(app, api.pool, async ({ params, env }) => new SitePools(env, params.site as string).occupancy());

  serve(app, api.poolSizing, async ({ params, query, env }) =>
    new SitePools(env, params.site as string).sizing(query.target, query.blocking),
  );
}
