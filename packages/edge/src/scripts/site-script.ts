import { waitUntil } from 'cloudflare:workers';
import type { SnippetConfig } from '@dialmark/shared';
import type { Env } from '../env.ts';
import { log } from '../platform/log.ts';
import { LruCache } from '../platform/lru-cache.ts';
import { toBase64, toHex } from '../platform/signature.ts';
import { poolOf } from '../pool/shards/remote-pool.ts';
import { type Built, builtText, hashOf, versionOf } from './built.ts';
import type { Parts } from './parts.ts';

/** The place of the configuration in the built scripts. */
const PLACE = '__DIALMARK_CONFIG__';
const REST_PLACE = '__DIALMARK_REST__';
const COOKIES_PLACE = '__DIALMARK_AD_COOKIES__';

/** A script with a site's configuration. */
export interface SiteScript {
  /** Names all that it is made of. */
  version: string;
  text: string;
  /** Its second part. */
  rest: Built;
  /** For `<script integrity>` (Subresource Integrity): SHA-384 in base64. */
  integrity: string;
}

/** The scripts made last, by their sites: with the parts that they were made of. */
const SITES_MADE = 1000;
const made = new LruCache<string, { parts: Parts; edge: string | undefined; script: SiteScript }>(SITES_MADE);

/** Returns the script of a site: the same at whatever address it was asked for, so that there is one to be kept and pinned. */
export async function siteScript(env: Env, site: string, parts: Parts): Promise<SiteScript> {
  // In first-party mode it is asked where it came from, on the site's own domain.
  const edge = parts.config.cookie?.firstParty ? undefined : ownAddress(env);
  const last = made.get(site);
  if (last?.parts === parts && last.edge === edge) return last.script;
  const script = await make(env, parts, edge);
  made.set(site, { parts, edge, script });
  return script;
}

/** Returns the address that the deployment says to have. */
export function ownAddress({ PUBLIC_URL }: Pick<Env, 'PUBLIC_URL'>): string | undefined {
  return PUBLIC_URL?.replace(/\/$/, '');
}

/** @param edge asked by the script; where there is none, it asks where it came from */
async function make(env: Env, { config, adCookies }: Parts, edge: string | undefined): Promise<SiteScript> {
  const rest = config.forms ? 'rest-forms' : 'rest';
  const later = JSON.stringify([`/s/${config.site}/rest@${versionOf(rest)}.js`, `sha256-${hashOf(rest)}`]);
  const core = (await builtText(env, 'dialmark')).replace(REST_PLACE, () => later);
  const behind = adCookies.length
    ? (await builtText(env, 'ad-ids')).replace(COOKIES_PLACE, JSON.stringify(adCookies))
    : '';
  const configured = edge === undefined ? config : { ...config, edge };
  const version = await versionOfText(core + behind + JSON.stringify(configured));
  const text = core.replace(PLACE, () => inline({ ...configured, version })) + behind;
  return { version, text, rest, integrity: `sha384-${toBase64(await digest('SHA-384', text))}` };
}

/** JSON as a script's text: what would end the element it may be inlined in, or a line in old engines, is escaped. */
function inline(config: Partial<SnippetConfig>): string {
  return JSON.stringify(config)
    .replaceAll('<', '\\u003c')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029');
}

/** Returns what a text is named by: twelve hex digits of its SHA-256. */
export async function versionOfText(text: string): Promise<string> {
  return toHex((await digest('SHA-256', text)).subarray(0, 6));
}

async function digest(hash: 'SHA-256' | 'SHA-384', text: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest(hash, new TextEncoder().encode(text)));
}

/** When this isolate has had versions kept, by site and version. */
const published = new LruCache<string, number>(SITES_MADE);
/** The pool keeps the versions that were served last; this is far below the time in which others push one out. */
const PUBLISHED_AGAIN_MS = 3_600_000;

/** Has the site's pool keep a script that is being served, behind the answer: a page may pin it. */
export function publish(env: Env, site: string, script: SiteScript): void {
  const key = `${site}@${script.version}`;
  if (Date.now() - (published.get(key) ?? 0) < PUBLISHED_AGAIN_MS) return;
  published.set(key, Date.now());
  waitUntil(
    keep(env, site, script).catch((error) => {
      published.delete(key);
      log.warn('script_not_kept', { site, reason: String(error) });
    }),
  );
}

async function keep(env: Env, site: string, { version, text, rest }: SiteScript): Promise<void> {
  const pool = poolOf(env, site);
  const { value } = await pool.site.publish(version, text, versionOf(rest));
  if (value && !value.hasRest) await pool.site.keepRest(versionOf(rest), await builtText(env, rest));
}

/** Forgets which versions of a site are kept, for a site that has just been changed: it may be another of the same name. */
export function publishAgain(site: string): void {
  for (const key of published.keys()) if (key.startsWith(`${site}@`)) published.delete(key);
}
