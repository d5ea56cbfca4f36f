import type { HonoRequest } from 'hono';
import { pass } from '../admission/gates.ts';
import { rejectUnknownSite } from '../admission/known-sites.ts';
import type { Env } from '../env.ts';
import { hashesOf } from '../http/client-info.ts';
import { type Coding, codingFor } from '../http/content-coding.ts';
import { hasAlready } from '../http/if-none-match.ts';
import { problem, problemOf } from '../http/problems.ts';
import type { App } from '../http/serve.ts';
import { printed } from '../phones/printed.ts';
import { readPhones } from '../phones/read-phones.ts';
import { poolOf } from '../pool/shards/remote-pool.ts';
import { SitePools } from '../pool/shards/site-pools.ts';
import { type Built, builtScript, versionOf } from '../scripts/built.ts';
import { compressed } from '../scripts/compressed.ts';
import { partsChanged, partsOf } from '../scripts/parts.ts';
import { pinnedChanged, pinnedScript } from '../scripts/pinned.ts';
import { ownAddress, publish, publishAgain, siteScript, versionOfText } from '../scripts/site-script.ts';

const FOREVER = 'public, max-age=31536000, immutable';
const CURRENT = 'public, max-age=300, stale-while-revalidate=86400';
/** Scripts beside a site's own, at `/s/{site}/{name}.js`: paid for only where they are used. */
const BESIDE: readonly Built[] = ['debug', 'consent-google', 'consent-tcf'];
/** The second parts of a script, with and without what forms need. */
const RESTS: readonly Built[] = ['rest', 'rest-forms'];

/**
 * Returns the script with a site's configuration inlined. `/s/{site}.js` is always the current one, `/s/{site}@{version}.js`
 * never changes, so that a page may pin it with Subresource Integrity. `/s/{site}.json` is the configuration alone, for
 * pages that have the script as a module.
 */
export function snippetRoutes(app: App): void {
  app.get('/s/:file{.+\\.js(?:on)?}', async ({ req, env }) => {
    const answer = pass('scripts', req.raw) ?? (await serve(req, env));
    // Pages of any origin may read it, errors too; and integrity is only checked on scripts that may be read.
    answer.headers.set('Access-Control-Allow-Origin', '*');
    return answer;
  });

  app.get('/s/*', () => problem('script_not_found'));
}

/** Has the script follow its site: what this isolate changes of one is in the next script that it serves. */
export function scriptChanges(app: App): void {
  const path = /^\/v1\/sites\/([^/]+)(?:$|\/(?:numbers|integrations)(?:$|\/))/;
  app.use('/v1/sites/*', async ({ req }, next) => {
    await next();
    const site = req.method === 'GET' ? undefined : path.exec(req.path)?.[1];
    if (site === undefined) return;
    for (const forget of [partsChanged, pinnedChanged, publishAgain]) forget(site);
  });
}

async function serve(req: HonoRequest<'/s/:file'>, env: Env): Promise<Response> {
  const path = req.param('file');
  const [, ofSite = '', data] = /^([^/]+)\/(region|preview)\.json$/.exec(path) ?? [];
  if (data === 'region') return placeOf(req.raw);
  if (data === 'preview') {
    const unknown = await rejectUnknownSite(env, req.raw, ofSite);
    return unknown ?? preview(env, ofSite, req.query('number') ?? '', req.header('CF-Connecting-IP') ?? null);
  }
  const [file = '', extension] = path.split(/\.(js(?:on)?)$/);
  if (extension === 'json') return configuration(env, req.raw, file);
  const [, withRest, restVersion = ''] = /^([^/@]+)\/rest@([^/@]+)$/.exec(file) ?? [];
  if (withRest !== undefined) return restOf(env, req.raw, withRest, restVersion);
  const beside = BESIDE.find((name) => file.endsWith(`/${name}`));
  if (beside !== undefined) return built(env, req.raw, beside, 'public, max-age=300');
  const [site = '', version] = file.split(/@(.*)/s);
  const unknown = await rejectUnknownSite(env, req.raw, site);
  if (unknown) return unknown;
  if (version !== undefined) return pinned(env, req.raw, site, version);

  const asked = new URL(req.url);
  const { value: parts, error } = await partsOf(env, site, asked);
  if (error) return problemOf(error);
  const script = await siteScript(env, site, parts);
  publish(env, site, script);
  return send(req.raw, script, new URL(`/s/${site}@${script.version}.js`, asked), CURRENT, {
    'Dialmark-Version': script.version,
    'Dialmark-Integrity': script.integrity,
  });
}

/** Serves a script as it was when a page pinned it. */
async function pinned(env: Env, request: Request, site: string, version: string): Promise<Response> {
  const address = new URL(`/s/${site}@${version}.js`, request.url);
  const { value: text, error } = await pinnedScript(env, site, version, address);
  return error ? problemOf(error) : send(request, { version, text }, address, FOREVER);
}

/** Serves the rest of a script; that of an earlier release where a page has pinned its script. */
async function restOf(env: Env, request: Request, site: string, version: string): Promise<Response> {
  const current = RESTS.find((name) => version === versionOf(name));
  if (current !== undefined) return built(env, request, current, FOREVER);
  const unknown = await rejectUnknownSite(env, request, site);
  if (unknown) return unknown;
  const { value: text, error } = await poolOf(env, site).site.rest(version);
  if (error) return problemOf(error);
  return send(request, { version, text }, new URL(`/s/${site}/rest@${version}.js`, request.url), FOREVER);
}

/** Serves what `createDialmark` takes: the targets and options of the site, and where its edge is. */
async function configuration(env: Env, request: Request, site: string): Promise<Response> {
  const unknown = await rejectUnknownSite(env, request, site);
  if (unknown) return unknown;
  const asked = new URL(request.url);
  asked.hostname = asked.hostname.replace(/\.$/, '');
  const { value: parts, error } = await partsOf(env, site, asked);
  if (error) return problemOf(error);
  const text = JSON.stringify({ ...parts.config, edge: ownAddress(env) ?? asked.origin });
  const version = await versionOfText(text);
  const address = new URL(`/s/${site}@${version}.json`, asked);
  return send(request, { version, text }, address, CURRENT, { 'Content-Type': 'application/json' });
}

/** Returns the visitor's region, for consent that differs by region. Separate from the script, so that caches can keep that. */
function placeOf({ cf = {} }: Request): Response {
  const { country, regionCode } = cf as { country?: string; regionCode?: string };
  // Cloudflare's own codes for an unknown country and for Tor.
  const known = country && !['XX', 'T1'].includes(country) ? country : null;
  const region = known && regionCode ? `${known}-${regionCode}` : null;
  return json({ country: known, region }, 'private, max-age=3600');
}

/** Answers whether a number to preview is one of the site's. */
async function preview(env: Env, site: string, number: string, address: string | null): Promise<Response> {
  if (!/^\+\d{7,15}$/.test(number)) {
    return problem('invalid_request', 'The number is not E.164.', [
      { path: 'number', code: 'not_e164', message: 'must be an E.164 number such as +14155550132' },
    ]);
  }
  const from = await hashesOf(address, env);
  const { value, error } = await new SitePools(env, site).ofNumber(number, (pool) =>
    pool.numbers.preview(number, from),
  );
  if (error) return problemOf(error);
  return json({ ...value, ...printed(await readPhones(), value.number) }, 'no-store');
}

/** Serves a script that all sites have in common. */
async function built(env: Env, request: Request, name: Built, cache: string): Promise<Response> {
  const coding = codingFor(request);
  return answer(request, versionOf(name), coding, cache, {}, () => builtScript(env, name, coding));
}

/** @param address where this version of it is, for what is kept of it */
function send(
  request: Request,
  { version, text }: { version: string; text: string },
  address: URL,
  cache: string,
  headers: Record<string, string> = {},
): Promise<Response> {
  const coding = codingFor(request);
  return answer(request, version, coding, cache, headers, async () =>
    coding ? compressed(address, coding, text) : text,
  );
}

/** Answers with a version of something that pages load, or that they have it already. */
async function answer(
  request: Request,
  version: string,
  coding: Coding | null,
  cache: string,
  headers: Record<string, string>,
  read: () => Promise<string | Uint8Array>,
): Promise<Response> {
  const tag = `"${version}"`;
  const common = {
    ...headers,
    // Byte for byte the same only as it is.
    ETag: coding ? `W/${tag}` : tag,
    Vary: 'Accept-Encoding',
    'Cache-Control': cache,
  };
  if (hasAlready(request.headers.get('If-None-Match'), tag))
    return new Response(null, { status: 304, headers: common });
  return new Response(await read(), {
    ...(coding && { encodeBody: 'manual' }),
    headers: {
      'Content-Type': 'text/javascript; charset=utf-8',
      ...common,
      ...(coding && { 'Content-Encoding': coding }),
      'Cross-Origin-Resource-Policy': 'cross-origin',
      'X-Content-Type-Options': 'nosniff',
    },
  });
}

function json(value: unknown, cache: string): Response {
  return Response.json(value, { headers: { 'Cache-Control': cache } });
}
