import { api } from '@dialmark/shared';
import { type App, serve } from '../http/serve.ts';
import { endsBeforeItBegins } from '../ledger/read/lists.ts';
import { ledgerOf } from '../ledger/remote-ledger.ts';
import { done, invalidCursor, invertedPeriod } from '../platform/result.ts';
import { SitePools } from '../pool/shards/site-pools.ts';
import { currentLedger } from './current-ledger.ts';

/** Serves the log: bindings and visits. */
export function logRoutes(app: App): void {
  serve(app, api.listBindings, async ({ params, query, env, context }) => {
    const { value, error } = await currentLedger(env, params.site as string, context);
    if (error) return { error };
    if (endsBeforeItBegins(query, value.site.timeZone)) return invertedPeriod;
    const page = await value.ledger.log.bindings(query);
    return page ? done(page) : invalidCursor;
  });

  serve(app, api.getSession, async ({ params, env }) => {
    const site = params.site as string;
    const outcome = await new SitePools(env, site).ofAny((pool) => pool.calls.session(params.id as string));
    if (outcome.error && outcome.error.code !== 'session_not_found') return outcome;
    const { log } = ledgerOf(env, site);
    if (outcome.error) {
      const kept = await log.session(params.id as string);
      return kept ? done(kept) : outcome;
    }
    const { calls } = outcome.value;
    if (calls.length === 0) return outcome;
    // Only the ledger knows of leads. Without it the visit is given all the same.
    const kept = await log.session(params.id as string).catch(() => null);
    const leads = new Map(kept?.calls.map((call) => [call.id, call.lead]));
    return done({ ...outcome.value, calls: calls.map((call) => ({ ...call, lead: leads.get(call.id) ?? null })) });
  });
}
