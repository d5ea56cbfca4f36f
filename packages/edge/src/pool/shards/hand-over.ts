import type { EpochMs } from '@dialmark/shared';
import type { PoolCore } from '../core.ts';
import { allShards, type Layout } from './layout.ts';
import { dropNumber, packNumber } from './moves.ts';
import type { Peer } from './peer.ts';

/** Hands numbers that belong to other shards to them, each as soon as nobody holds it. */
export async function handOver(core: PoolCore): Promise<void> {
  for (const number of [...(core.memory?.numbers.keys() ?? [])]) {
    // Read again for each: while one was handed over, the next may have been changed or leased.
    const packed = core.memory && packNumber(core.memory, number, Date.now() as EpochMs);
    if (!packed) continue;
    const { home, moved } = packed;
    await core.peer(home).shards.adopt(moved);
    const after = core.memory?.numbers.get(number);
    if (JSON.stringify(after) !== JSON.stringify(moved.row)) continue;
    core.change(() => dropNumber(core.store, moved));
    core.memory?.numbers.delete(number);
    core.memory?.allocator.remove(number);
    core.memory?.habits.numbersChanged();
  }
}

/** Ends a move once nothing is left to move anywhere; until then it does nothing. */
export async function endMove(peer: (shard: number) => Peer, layout: Layout): Promise<void> {
  const peers = allShards(layout).map(peer);
  const left = await Promise.all(peers.map(({ shards }) => shards.moving()));
  if (left.every((count) => count === 0)) await Promise.all(peers.map(({ shards }) => shards.finishMove(layout)));
}
