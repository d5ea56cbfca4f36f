import type { EpochMs } from '@dialmark/shared';
import type { PoolCore } from '../core.ts';
import type { ShardMetrics } from '../shards/shard-metrics.ts';

/** Returns a pool's counters and state. */
export function metricsOf(core: PoolCore): ShardMetrics {
  const occupancy = core.memory?.allocator.occupancy(Date.now() as EpochMs);
  const { total = 0, free = 0, leased = 0, cooling = 0, draining = 0 } = occupancy ?? {};
  return {
    counts: core.counters.counts,
    bytes: core.storage.sql.databaseSize,
    ledgerBytes: core.feed.ledgerBytes,
    lastSeen: core.lastSeen.all(),
    numbers: { total, free, leased, cooling, draining },
    outbox: core.outbox.backlog(),
    callNews: core.store.changes.waiting,
    alerts: core.alerts.list().filter(({ resolvedAt }) => resolvedAt === null),
  };
}
