import { api } from '@dialmark/shared';
import { type App, serve } from '../http/serve.ts';
import { endsBeforeItBegins, listBindings } from '../ledger/read/queries.ts';
import { findSession } from '../ledger/read/visits.ts';
import { done, invalidCursor, invertedPeriod } from '../platform/result.ts';
import { poolOf } from '../pool/shards/remote-pool.ts';
import { SitePools } from '../pool/shards/site-pools.ts';

/** The log: bindings and visits. */
export function logRoutes(app: App): void {
  serve(app, api.listBindings, async ({ params, query, env }) => {
    const { value: site, error } = await poolOf(env, params.site as string).site.configuration();
    if (error) return { error };
    if (endsBeforeItBegins(query, site.timeZone)) return invertedPeriod;
    const page = await listBindings(env.LEDGER, site.id, query, Date.now());
    return page ? done(page) : invalidCursor;
  });

  serve(app, api.getSession, async ({ params, env }) => {
    const site = params.site as string;
    const outcome = await new SitePools(env, site).ofAny((pool) => pool.calls.session(params.id as string));
    if (outcome.error?.code !== 'session_not_found') return outcome;
    const kept = await findSession(env.LEDGER, site, params.id as string);
    return kept ? done(kept) : outcome;
  });
}
