import { api, Call, type CallsQuery, parseRfc3339, type Site } from '@dialmark/shared';
import type { Context } from 'hono';
import { keptCaller } from '../calls/caller-hash.ts';
import type { Env } from '../env.ts';
import { type App, type AppEnv, serve } from '../http/serve.ts';
import { endsBeforeItBegins } from '../ledger/read/lists.ts';
import { ledgerOf } from '../ledger/remote-ledger.ts';
import { csv } from '../platform/csv-write.ts';
import { done, invalidCursor, invertedPeriod } from '../platform/result.ts';
import { listNumbers } from '../pool/numbers/list-numbers.ts';
import { SitePools } from '../pool/shards/site-pools.ts';
import { currentLedger } from './current-ledger.ts';

export function callRoutes(app: App): void {
  serve(app, api.reportCall, async ({ params, body, env }) => {
    const { value, error } = await new SitePools(env, params.site as string).ofNumber(body.to, (pool) =>
      pool.calls.report(body, 'api'),
    );
    return error ? { error } : Response.json(value.call, { status: value.created ? 201 : 200 });
  });

  serve(app, api.listCalls, async ({ params, query, env, request, context }) => {
    const { value, error } = await currentLedger(env, params.site as string, context);
    if (error) return { error };
    const { site, ledger } = value;
    if (endsBeforeItBegins(query, site.timeZone)) return invertedPeriod;
    const kept = await asKept(query as CallsQuery, site, env);
    const page = await ledger.log.calls(site, kept, await numbersNamed(query.search, site, env));
    if (page === null) return invalidCursor;
    const wantsCsv = request.headers.get('Accept')?.includes('text/csv') ?? false;
    return wantsCsv ? csv(Call, page, request.url) : done(page);
  });

  serve(app, api.getCall, async ({ params, env, context }) => {
    const site = params.site as string;
    const outcome = await new SitePools(env, site).ofAny((pool) => pool.calls.get(params.id as string));
    if (outcome.value) return done(await withLead(env, site, outcome.value, context));
    if (outcome.error.code !== 'call_not_found') return outcome;
    const kept = await ledgerOf(env, site).log.call(params.id as string);
    return kept ? done(kept) : outcome;
  });

  serve(app, api.patchCall, async ({ params, body, env, context }) => {
    const site = params.site as string;
    const outcome = await new SitePools(env, site).ofAny((pool) => pool.calls.patch(params.id as string, body));
    return outcome.value ? done(await withLead(env, site, outcome.value, context)) : outcome;
  });

  serve(app, api.deleteCall, async ({ params, env }) =>
    new SitePools(env, params.site as string).ofAny((pool) => pool.calls.delete(params.id as string)),
  );

  serve(app, api.attribution, async ({ params, query, env }) => {
    // A plus in a query that nobody escaped arrives as a space.
    const number = query.number.replace(/^ /, '+');
    const at = query.at === undefined ? null : parseRfc3339(query.at);
    return new SitePools(env, params.site as string).ofNumber(number, (pool) => pool.calls.attribution(number, at));
  });
}

/** Returns a call with its lead, which the ledger knows. Without the ledger the call is given all the same. */
async function withLead(env: Env, site: string, call: Call, context: Context<AppEnv>): Promise<Call> {
  const { value } = await currentLedger(env, site, context);
  const lead = await value?.ledger.leads.ofCall(call.id).catch(() => null);
  return { ...call, lead: lead ?? null };
}

/** Numbers looked through for their names. */
const NAMES = 1000;

/** Returns the numbers whose name, such as `Radio spot`, holds a text: the ledger does not know what a number is called. */
async function numbersNamed(text: string | undefined, site: Site, env: Env): Promise<string[]> {
  const wanted = text?.trim().toLowerCase();
  if (!wanted) return [];
  const { value } = await listNumbers(new SitePools(env, site.id), NAMES, null);
  const fits = value?.items.filter(({ name }) => name?.toLowerCase().includes(wanted)) ?? [];
  return fits.map(({ number }) => number);
}

/** Asks for a caller by what the site keeps of them. */
async function asKept(query: CallsQuery, site: Site, env: Env): Promise<CallsQuery> {
  if (query.caller === undefined) return query;
  const number = query.caller.replace(/^ /, '+');
  return { ...query, caller: (await keptCaller(site, env.WORKER_KEY, number)) ?? number };
}
