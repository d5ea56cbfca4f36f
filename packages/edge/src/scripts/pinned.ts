import type { Env } from '../env.ts';
import { LruCache } from '../platform/lru-cache.ts';
import { done, type Outcome } from '../platform/result.ts';
import { poolOf } from '../pool/shards/remote-pool.ts';
import { cacheOf } from './cache.ts';

/** The site's pool is asked once a day and data centre: what it keeps for good, it must have been asked for. */
const CACHED_SECONDS = 86_400;

const kept = new LruCache<string, string>(200);

/** Returns a script by its version: from memory, else as this data centre has cached it, else as the site's pool has kept it. */
export async function pinnedScript(env: Env, site: string, version: string, address: URL): Promise<Outcome<string>> {
  const known = kept.get(address.pathname);
  if (known !== undefined) return done(known);
  const cache = cacheOf(address);
  const cached = await (await cache.read())?.text();
  if (cached === undefined) {
    const answer = await poolOf(env, site).site.published(version);
    if (answer.error) return answer;
    cache.write(new Response(answer.value), CACHED_SECONDS);
    kept.set(address.pathname, answer.value);
    return answer;
  }
  kept.set(address.pathname, cached);
  return done(cached);
}

/** Forgets the scripts of a site that has just been changed: it may be gone. */
export function pinnedChanged(site: string): void {
  for (const path of kept.keys()) if (path.startsWith(`/s/${site}@`)) kept.delete(path);
}
