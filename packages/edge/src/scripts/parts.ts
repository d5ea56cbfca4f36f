import type { SnippetConfig } from '@dialmark/shared';
import type { Env } from '../env.ts';
import { printed, printingOf } from '../phones/printed.ts';
import { readPhones } from '../phones/read-phones.ts';
import { LruCache } from '../platform/lru-cache.ts';
import type { Outcome } from '../platform/result.ts';
import { poolOf, type RemotePool } from '../pool/shards/remote-pool.ts';
import { cacheOf } from './cache.ts';

type FromPool = Extract<Awaited<ReturnType<RemotePool['site']['snippet']>>, { error?: undefined }>['value'];

/** Ingredients of a site's script: its configuration, and the cookies that its integrations use. */
export type Parts = FromPool & { config: Omit<SnippetConfig, 'edge' | 'version'> };

/** Time until a change of the configuration is in the script, where it was made by another isolate. */
const KEPT_MS = 30_000;
const SITES_KEPT = 1000;

interface Kept {
  parts: Parts;
  at: number;
}
const kept = new LruCache<string, Kept>(SITES_KEPT);

/** When sites were changed by this isolate: what was cached before is of no use to it. */
const changed = new LruCache<string, number>(SITES_KEPT);

/**
 * Returns what a site's script is made of: from memory, else as this data centre has cached it, else from the site's pool.
 *
 * @param asked the address of the script
 */
export async function partsOf(env: Env, site: string, asked: URL): Promise<Outcome<Parts>> {
  const known = kept.get(site);
  if (known && isFresh(known, site)) return { value: known.parts };
  const cache = cacheOf(new URL(`/s/${site}/parts`, asked));
  const cached = (await (await cache.read())?.json()) as Kept | undefined;
  if (cached && isFresh(cached, site)) {
    kept.set(site, cached);
    return { value: cached.parts };
  }
  const at = Date.now();
  const answer = await poolOf(env, site).site.snippet();
  if (answer.error) return answer;
  const parts = await withPrinting(answer.value);
  const found = { parts, at };
  // A change that came meanwhile may be missing from it.
  if (isFresh(found, site)) {
    kept.set(site, found);
    cache.write(Response.json(found), KEPT_MS / 1000);
  }
  return { value: parts };
}

/** Adds how the countries of a site's numbers print them. */
async function withPrinting({ config, ...rest }: FromPool): Promise<Parts> {
  const table = await readPhones();
  const { targets, sources, ...options } = config;
  return {
    ...rest,
    config: {
      ...options,
      targets: targets.map((target) => ({
        ...target,
        ...printed(table, target.number),
        printing: printingOf(table, target.number),
      })),
      ...(sources && { sources: sources.map((source) => ({ ...source, ...printed(table, source.number) })) }),
    },
  };
}

/** Forgets what a script was made of, for a site that has just been changed. */
export function partsChanged(site: string): void {
  kept.delete(site);
  changed.set(site, Date.now());
}

function isFresh({ at }: Kept, site: string): boolean {
  const age = Date.now() - at;
  return age >= 0 && age < KEPT_MS && at > (changed.get(site) ?? 0);
}
