/**
 * The spread of a site over pool objects (shards), for sites too busy for one. Visitors belong to a shard by their id,
 * numbers by theirs; a visitor is only given numbers of its own shard. Both by rendezvous hashing (Thaler and
 * Ravishankar, 1998): when the count changes, only what must move does.
 */
export interface Layout {
  /** Number of shards. */
  shards: number;
  /** The previous number of shards while numbers still move; null once the move is complete. */
  before: number | null;
}

/** The answer of a shard that is not, or no longer, the right one: ask again by this layout. */
export interface Redirect {
  redirect: Layout;
}

export const SINGLE: Layout = { shards: 1, before: null };

/** The most shards a site can have: a binding's sequence number has five bits for its shard. */
export const MAX_SHARDS = 32;

/** Returns the shard that a visitor, session or number belongs to. */
export function homeOf(key: string, shards: number): number {
  let home = 0;
  let highest = -1;
  for (let shard = 0; shard < shards; shard++) {
    const weight = hash(`${shard} ${key}`);
    if (weight > highest) {
      highest = weight;
      home = shard;
    }
  }
  return home;
}

/** Returns the shards to ask in turn: while numbers move, the old home first, where a live lease may still be. */
export function homesOf(key: string, layout: Layout): number[] {
  const home = homeOf(key, layout.shards);
  if (layout.before === null) return [home];
  return [...new Set([homeOf(key, layout.before), home])];
}

/** Returns every shard that may know something, those on their way out included. */
export function allShards({ shards, before }: Layout): number[] {
  return Array.from({ length: Math.max(shards, before ?? 0) }, (_, shard) => shard);
}

/** FNV-1a over UTF-16 units, then MurmurHash3's finalizer to spread it: 32 bits, unsigned. */
export function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
