import { type Coding, compress } from '../http/content-coding.ts';
import { LruCache } from '../platform/lru-cache.ts';
import { cacheOf } from './cache.ts';

/** Responses that never change are cached for so long that a data centre compresses a version once. */
const CACHED_SECONDS = 30 * 86_400;

/** Latest compressed scripts of this isolate. */
const kept = new LruCache<string, Uint8Array>(200);

/**
 * Returns a script that never changes, compressed: from memory, else as this data centre has cached it, else by doing it.
 *
 * @param address where it is asked for, by its version
 */
export async function compressed(address: URL, coding: Coding, text: string): Promise<Uint8Array> {
  const name = `${address.pathname}?${coding}`;
  const known = kept.get(name);
  if (known) return known;
  const cache = cacheOf(new URL(name, address));
  const cached = await cache.read();
  const bytes = cached ? new Uint8Array(await cached.arrayBuffer()) : compress(text, coding);
  // Cached as mere bytes: a cache that knew the coding might undo it.
  if (!cached) cache.write(new Response(bytes), CACHED_SECONDS);
  kept.set(name, bytes);
  return bytes;
}
