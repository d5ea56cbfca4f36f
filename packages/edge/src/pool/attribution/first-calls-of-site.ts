import type { PoolCore } from '../core.ts';
import { allShards } from '../shards/layout.ts';
import type { Change } from '../sync/outbox.ts';
import { markCalledElsewhere } from './first-call.ts';

/** In a spread site, takes the mark of a caller's first call from calls that another shard knows not to be the first. */
export async function checkFirstCalls(core: PoolCore, changes: readonly Change[]): Promise<void> {
  if (!core.memory || core.memory.layout.shards === 1) return;
  const { layout, shard } = core.memory;
  const others = allShards(layout).filter((other) => other !== shard);
  for (const { kind, key } of changes) {
    const row = kind === 'call' ? core.store.call(key) : null;
    const { from } = row ?? {};
    if (!row?.firstTime || !from) continue;
    const { id, startedAt } = row;
    const known = await Promise.all(
      others.map((other) => core.peer(other).shards.calledBefore(from, { id, startedAt })),
    );
    const [memory, now] = [core.memory, core.store.call(id)];
    if (known.includes(true) && memory && now) core.change(() => markCalledElsewhere(memory, now));
  }
}
