import type { EpochMs } from '@dialmark/shared';
import type { Layout } from './layout.ts';
import type { Moved } from './moves.ts';

/** The operations that a site's shards call on each other. */
export interface Peer {
  shards: {
    /** Counts numbers for a visit of another shard, whose address is counted here. @returns how many it may have */
    grant(address: { address: string | null; block?: string | null }, wanted: number): Promise<number>;
    /** Takes in a number that moves here. May be repeated. */
    adopt(moved: Moved): Promise<void>;
    /** Counts what still has to leave this shard: numbers that belong to others, and live visits that hold some. */
    moving(): Promise<number>;
    /** Ends a move, if it is still the one under way. */
    finishMove(moved: Layout): Promise<void>;
    /** Returns whether a caller called here before calling another shard for the first time. */
    calledBefore(caller: string, theirs: { id: string; startedAt: EpochMs }): Promise<boolean>;
  };
}
