import type { EpochMs } from '@dialmark/shared';
import { MAX_SHARDS } from '../shards/layout.ts';

/**
 * Binding sequence numbers: milliseconds since 2020, a counter that starts at a random place in each millisecond, and
 * the shard. Ascending with time, so the primary key serves every question by time and new rows append; unique across
 * the site's shards; and unlike a plain counter they do not reveal how many leases a site hands out.
 */
export const EPOCH = Date.UTC(2020, 0, 1);
const COUNTS_PER_MS = 128;
export const PER_MS = COUNTS_PER_MS * MAX_SHARDS;

/** Returns the smallest sequence number of a moment. */
export function firstSeq(at: EpochMs): number {
  return Math.max(0, at - EPOCH) * PER_MS;
}

/** Returns when a sequence number was made. */
export function momentOf(seq: number): EpochMs {
  return (EPOCH + Math.floor(seq / PER_MS)) as EpochMs;
}

/** Makes a shard's sequence numbers, each greater than the one before, even if the clock steps back. */
export function sequence(last: number, shard: number, random: () => number): (now: EpochMs) => number {
  let current = Math.floor(last / MAX_SHARDS) * MAX_SHARDS + shard;
  return (now) => {
    const start = firstSeq(now) + Math.floor((random() * COUNTS_PER_MS) / 4) * MAX_SHARDS + shard;
    current = current >= firstSeq(now) ? current + MAX_SHARDS : start;
    return current;
  };
}

/** `b_` and the sequence number in base 36. */
export function bindingId(seq: number): string {
  return `b_${seq.toString(36)}`;
}

/** Returns the sequence number of a `b_` id. */
export function seqOf(id: string): number {
  return Number.parseInt(id.slice(2), 36);
}
