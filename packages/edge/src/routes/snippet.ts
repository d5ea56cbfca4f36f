import { hostsOf, type SnippetConfig } from '@dialmark/shared';
import type { HonoRequest } from 'hono';
import { pass } from '../admission/gates.ts';
import { rejectUnknownSite } from '../admission/known-sites.ts';
import type { Env } from '../env.ts';
import {
  AD_IDS_SCRIPT,
  CONSENT_GOOGLE_SCRIPT,
  CONSENT_TCF_SCRIPT,
  DEBUG_SCRIPT,
  REST_HASH,
  REST_SCRIPT,
  SNIPPET_SCRIPT,
} from '../generated/snippet.ts';
import { hashesOf } from '../http/client-info.ts';
import { hasAlready } from '../http/if-none-match.ts';
import { problem, problemOf } from '../http/problems.ts';
import type { App } from '../http/serve.ts';
import { fromBase64, toBase64, toHex } from '../platform/signature.ts';
import { poolOf } from '../pool/shards/remote-pool.ts';
import { SitePools } from '../pool/shards/site-pools.ts';

/** The placeholder for the configuration in the built scripts. */
const PLACE = '__DIALMARK_CONFIG__';
const REST_PLACE = '__DIALMARK_REST__';
const COOKIES_PLACE = '__DIALMARK_AD_COOKIES__';
/** The rest of the script as it is now, at `/s/{site}/rest@{version}.js`: the same for all sites, so named by its own hash. */
const REST_VERSION = toHex((fromBase64(REST_HASH) ?? new Uint8Array()).subarray(0, 6));
const YEAR = 31_536_000;
/** Scripts beside a site's own, at `/s/{site}/{name}.js`: paid for only where they are used. */
const BESIDE = new Map(
  Object.entries({
    debug: DEBUG_SCRIPT,
    'consent-google': CONSENT_GOOGLE_SCRIPT,
    'consent-tcf': CONSENT_TCF_SCRIPT,
  }),
);

/**
 * Returns the script with a site's configuration inlined. `/s/{site}.js` is always the current one, `/s/{site}@{version}.js`
 * never changes, so that a page may pin it with Subresource Integrity.
 */
export function snippetRoutes(app: App): void {
  app.get('/s/:file{.+\\.js(?:on)?}', async ({ req, env }) => {
    const answer = pass('scripts', req.raw) ?? (await serve(req, env));
    // Pages of any origin may read it, refusals too; and integrity is only checked on scripts that may be read.
    answer.headers.set('Access-Control-Allow-Origin', '*');
    return answer;
  });

  const serve = async (req: HonoRequest<'/s/:file'>, env: Env): Promise<Response> => {
    const path = req.param('file');
    const [, ofSite = '', data] = /^([^/]+)\/(region|preview)\.json$/.exec(path) ?? [];
    if (data === 'region') return placeOf(req.raw);
    if (data === 'preview') {
      const unknown = await rejectUnknownSite(env, req.raw, ofSite);
      return unknown ?? preview(env, ofSite, req.query('number') ?? '', req.header('CF-Connecting-IP') ?? null);
    }
    if (path.endsWith('.json')) return problem('script_not_found');
    const file = path.slice(0, -3);
    const [, withRest, restVersion = ''] = /^([^/@]+)\/rest@([^/@]+)$/.exec(file) ?? [];
    if (withRest !== undefined) return restOf(env, req.raw, withRest, restVersion);
    const beside = BESIDE.get(file.slice(file.lastIndexOf('/') + 1));
    if (file.includes('/') && beside !== undefined) return script(beside, 'public, max-age=300');
    const at = file.indexOf('@');
    const site = at < 0 ? file : file.slice(0, at);
    const unknown = await rejectUnknownSite(env, req.raw, site);
    if (unknown) return unknown;
    const pool = poolOf(env, site);
    if (at >= 0) {
      const { value, error } = await pool.site.published(file.slice(at + 1));
      return error ? problemOf(error) : script(value, `public, max-age=${YEAR}, immutable`);
    }

    const { value: parts, error } = await pool.site.snippet();
    if (error) return problemOf(error);
    const { config, origins, adCookies } = parts;
    const edge = edgeFor(req.url, config.cookie?.firstParty ? origins : [], env.PUBLIC_URL);
    const behind = adCookies.length ? AD_IDS_SCRIPT.replace(COOKIES_PLACE, JSON.stringify(adCookies)) : '';
    const { version, text } = await build({ ...config, edge }, behind);
    const etag = `"${version}"`;
    const headers: Record<string, string> = { ETag: etag };
    if (isOurs(edge, origins, env)) {
      const { value: kept } = await pool.site.publish(version, text, REST_VERSION);
      if (kept && !kept.hasRest) await pool.site.keepRest(REST_VERSION, REST_SCRIPT);
      headers['Dialmark-Version'] = version;
      headers['Dialmark-Integrity'] = await integrity(text);
    }
    const cache = 'public, max-age=300, stale-while-revalidate=86400';
    if (hasAlready(req.header('If-None-Match'), etag)) {
      return new Response(null, { status: 304, headers: { ...headers, 'Cache-Control': cache } });
    }
    return script(text, cache, headers);
  };

  app.get('/s/*', () => problem('script_not_found'));
}

/** Serves the rest of a script; that of an earlier release where a page has pinned its script. */
async function restOf(env: Env, request: Request, site: string, version: string): Promise<Response> {
  const cache = `public, max-age=${YEAR}, immutable`;
  if (version === REST_VERSION) return script(REST_SCRIPT, cache);
  const unknown = await rejectUnknownSite(env, request, site);
  if (unknown) return unknown;
  const { value, error } = await poolOf(env, site).site.rest(version);
  return error ? problemOf(error) : script(value, cache);
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
  return error ? problemOf(error) : json(value, 'no-store');
}

/**
 * Returns the address that the script asks: in first-party mode the one on the site's own domain that it was asked for at, else
 * the Worker's, where that is told. Otherwise the one it was asked for at, since only what is routed here comes here.
 */
function edgeFor(url: string, ownOrigins: readonly string[], publicUrl: string | undefined): string {
  const asked = new URL(url);
  asked.hostname = asked.hostname.replace(/\.$/, '');
  if (publicUrl === undefined || isOwnHost(asked.hostname, ownOrigins)) return asked.origin;
  return publicUrl.replace(/\/$/, '');
}

/**
 * Returns whether the Worker is known to be reached at an address, so that its script is kept and may be pinned. On Cloudflare
 * whatever reaches it was routed to it; on one machine anybody may write any `Host`.
 */
function isOurs(edge: string, origins: readonly string[], { PUBLIC_URL, SELF_HOST }: Env): boolean {
  return SELF_HOST !== 'on' || edge === PUBLIC_URL?.replace(/\/$/, '') || isOwnHost(new URL(edge).hostname, origins);
}

/** Returns whether a host is one of the site's, or stands beside or below one. */
function isOwnHost(host: string, origins: readonly string[]): boolean {
  return hostsOf(origins).some((own) => {
    const domain = own.replace(/^(\*\.|www\.)/, '');
    return host === domain || host.endsWith(`.${domain}`);
  });
}

/** Returns the version of the script: of itself, its rest, what follows it and the configuration; twelve hex digits of a SHA-256. */
async function build(config: SnippetConfig, behind: string): Promise<{ version: string; text: string }> {
  const rest = JSON.stringify([`${config.edge}/s/${config.site}/rest@${REST_VERSION}.js`, `sha256-${REST_HASH}`]);
  const core = SNIPPET_SCRIPT.replace(REST_PLACE, () => rest);
  const unversioned = new TextEncoder().encode(core + behind + JSON.stringify(config));
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', unversioned), 0, 6);
  const version = toHex(digest);
  return { version, text: core.replace(PLACE, () => inline({ ...config, version })) + behind };
}

/** JSON as a script's text: what would end the element it may be inlined in, or a line in old engines, is escaped. */
function inline(config: SnippetConfig): string {
  return JSON.stringify(config)
    .replaceAll('<', '\\u003c')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029');
}

/** For `<script integrity>` (Subresource Integrity): SHA-384 in base64. */
async function integrity(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-384', new TextEncoder().encode(text));
  return `sha384-${toBase64(new Uint8Array(digest))}`;
}

function json(value: unknown, cache: string): Response {
  return Response.json(value, { headers: { 'Cache-Control': cache } });
}

function script(text: string, cache: string, headers: Record<string, string> = {}): Response {
  return new Response(text, {
    headers: {
      ...headers,
      'Content-Type': 'text/javascript; charset=utf-8',
      'Cache-Control': cache,
      'Cross-Origin-Resource-Policy': 'cross-origin',
      'X-Content-Type-Options': 'nosniff',
    },
  });
}
