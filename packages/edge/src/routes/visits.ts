import { type Assignment, api, type PrintedNumber } from '@dialmark/shared';
import type { MiddlewareHandler } from 'hono';
import { passVisit } from '../admission/gates.ts';
import type { Env } from '../env.ts';
import { ampOrigin } from '../http/amp-origin.ts';
import { ampSession } from '../http/amp-session.ts';
import { readClient } from '../http/client-info.ts';
import { type App, serve } from '../http/serve.ts';
import type { Phones } from '../phones/phones.ts';
import { printed } from '../phones/printed.ts';
import { readPhones } from '../phones/read-phones.ts';
import { setCookie } from '../platform/cookie.ts';
import { log } from '../platform/log.ts';
import { unknownTarget } from '../platform/result.ts';
import type { Assigned } from '../pool/leases/assigned.ts';
import type { Answered } from '../pool/leases/operations.ts';
import { poolOf, type RemotePool } from '../pool/shards/remote-pool.ts';
import { SitePools } from '../pool/shards/site-pools.ts';

/** Serves requests from the site's own pages, whose origins the pool checks. */
export function visitRoutes(app: App): void {
  const asPublic: MiddlewareHandler<{ Bindings: Env }> = async (context, next) => {
    const { headers } = context.req.raw;
    const origin = headers.get('Origin');
    const turnedAway = await passVisit(context.req.raw, context.env, context.req.param('site') ?? '');
    if (turnedAway) {
      context.res = turnedAway;
    } else if (context.req.method === 'OPTIONS') {
      // The snippet needs no preflight (it sends text/plain); a developer's own code may.
      context.res = new Response(null, {
        status: 204,
        headers: {
          'Access-Control-Allow-Methods': 'POST',
          'Access-Control-Allow-Headers': 'Content-Type, Idempotency-Key',
          'Access-Control-Max-Age': '86400',
        },
      });
    } else {
      await next();
    }
    context.res.headers.append('Vary', 'Origin');
    // Anyone may see this answer: what protects the pool is the origin check, not the browser's.
    if (origin !== null && context.res.status !== 403) {
      context.res.headers.set('Access-Control-Allow-Origin', origin);
      // The snippet of a site in first-party mode sends its cookie along. No cookie opens anything here.
      context.res.headers.set('Access-Control-Allow-Credentials', 'true');
    }
  };
  for (const call of ['lease', 'events', 'amp']) app.use(`/v1/sites/:site/${call}`, asPublic);

  serve(app, api.lease, async ({ params, body, env, request }) => {
    const site = params.site as string;
    const client = await readClient(request, env, site, body.client);
    const [answer, table] = await Promise.all([
      new SitePools(env, site).ofVisit(body, (pool) => pool.leases.lease(body, client)),
      phonesIfThere(),
    ]);
    if (answer.error) return answer;
    const { numbers, ...rest } = answer.value.body;
    const shown = Object.entries(numbers).map(([target, assigned]) => [target, withForms(assigned, table)]);
    return Response.json({ ...rest, numbers: Object.fromEntries(shown) }, { headers: headersOf(answer.value) });
  });

  serve(app, api.amp, async ({ params, query, env, request }) => {
    const site = params.site as string;
    const { value: config, error } = await poolOf(env, site).site.configuration();
    if (error) return { error };
    const target =
      query.target === undefined ? config.targets[0] : config.targets.find(({ id }) => id === query.target);
    if (!target) return unknownTarget();
    const client = await readClient(request, env, site);
    // A page of the site itself sends no Origin, but this header, which no page of another origin can send along.
    const source = client.origin !== null || request.headers.get('AMP-Same-Origin') === 'true';
    const origin = await ampOrigin(client.origin, source ? (query.__amp_source_origin ?? null) : null);
    const page = { url: query.url ?? '', referrer: query.referrer ?? null };
    const visitor = query.clientId ?? null;
    const session = visitor === null ? 'amp' : await ampSession(visitor, page.url, Date.now());
    const asked = { visitor, session, targets: [target.id], page, prerender: visitor === null };
    const answer = await new SitePools(env, site).ofVisit(asked, (pool) =>
      pool.leases.lease(asked, { ...client, origin }),
    );
    if (answer.error) return answer;
    const number = answer.value.body.numbers[target.id]?.number ?? target.number;
    const { national } = formsOf(number, await phonesIfThere());
    const headers: Record<string, string> = { 'Cache-Control': 'no-store' };
    if (query.__amp_source_origin) headers['AMP-Access-Control-Allow-Source-Origin'] = query.__amp_source_origin;
    return Response.json({ phoneNumber: number, formattedPhoneNumber: national }, { headers });
  });

  serve(app, api.event, async ({ params, body, env, request }) => {
    const site = params.site as string;
    const client = await readClient(request, env, site);
    const pools = new SitePools(env, site);
    const record = (pool: RemotePool) => pool.leases.record(body, client);
    // A form is kept by one shard alone.
    const answer = await (body.type === 'form' ? pools.ofVisit(body, record) : pools.ofVisitWherever(body, record));
    return answer.error ? answer : new Response(null, { status: 204, headers: headersOf(answer.value) });
  });
}

/** Returns what is known of telephone numbers; a number is shown without it rather than not at all. */
async function phonesIfThere(): Promise<Phones | null> {
  return readPhones().catch((error) => {
    log.error('phones_not_read', { reason: String(error) });
    return null;
  });
}

function withForms(assigned: Assigned, table: Phones | null): Assignment {
  if (assigned.number === null) return { ...assigned, national: null, international: null };
  return { ...assigned, ...formsOf(assigned.number, table) };
}

function formsOf(number: string, table: Phones | null): PrintedNumber {
  return table ? printed(table, number) : { number, national: number, international: number };
}

function headersOf({ cookie }: Answered<unknown>): Record<string, string> {
  return { 'Cache-Control': 'no-store', ...(cookie && { 'Set-Cookie': setCookie(cookie) }) };
}
