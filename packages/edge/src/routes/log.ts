import { api } from '@dialmark/shared';
import { problem } from '../http/problems.ts';
import { type App, serve } from '../http/serve.ts';
import { endsBeforeItBegins, listBindings } from '../ledger/read/queries.ts';
import { findSession } from '../ledger/read/visits.ts';
import { done, invertedPeriod } from '../platform/result.ts';
import { poolOf, SitePools } from '../pool/shards/site-pools.ts';

/** The log: bindings and visits. */
export function logRoutes(app: App): void {
  serve(app, api.listBindings, async ({ params, query, env }) => {
    const { value: site, refusal } = await poolOf(env, params.site as string).configuration();
    if (refusal) return { refusal };
    if (endsBeforeItBegins(query, site.timeZone)) return invertedPeriod;
    const page = await listBindings(env.LEDGER, site.id, query, Date.now());
    return page
      ? done(page)
      : problem(400, 'The query is not valid.', [{ path: 'cursor', message: 'is not one of ours' }]);
  });

  serve(app, api.getSession, async ({ params, env }) => {
    const site = params.site as string;
    const outcome = await new SitePools(env, site).session(params.id as string);
    if (outcome.refusal?.status !== 404) return outcome;
    const kept = await findSession(env.LEDGER, site, params.id as string);
    return kept ? done(kept) : outcome;
  });
}
