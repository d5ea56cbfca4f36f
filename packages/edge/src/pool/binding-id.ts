import type { EpochMs } from '@dialmark/shared';

/**
 * Binding sequence numbers: milliseconds since 2020 and a 12-bit counter that starts at a random place in each
 * millisecond. Ascending with time, so the primary key serves every question by time and new rows append; unlike a
 * plain counter they do not tell a visitor how many leases a site hands out.
 */
const EPOCH = Date.UTC(2020, 0, 1);
const PER_MS = 4096;

/** The smallest sequence number of a moment. */
export function firstSeq(at: EpochMs): number {
  return Math.max(0, at - EPOCH) * PER_MS;
}

/** Makes sequence numbers, each greater than the one before, even if the clock steps back. */
export function sequence(last: number, random: () => number): (now: EpochMs) => number {
  return (now) => {
    const base = firstSeq(now);
    last = last >= base ? last + 1 : base + Math.floor((random() * PER_MS) / 4);
    return last;
  };
}

/** `b_` + sequence number in base 36; shards of a site add their index, so that ids are unique across the site. */
export function bindingId(seq: number, shard = 0): string {
  return shard === 0 ? `b_${seq.toString(36)}` : `b_${seq.toString(36)}.${shard}`;
}
