import type { Alert, EpochMs, PoolState } from '@dialmark/shared';
import { done, type Outcome } from '../../platform/result.ts';
import type { PoolCore } from '../core.ts';
import type { ShardMetrics } from '../shards/shard-metrics.ts';
import type { LastSeen } from './carrier-last-seen.ts';
import { type Demand, demandOf, type Pressure, poolState, pressureOf } from './occupancy.ts';

/** How a pool is doing. */
export class MonitoringOperations {
  readonly #core: PoolCore;

  constructor(core: PoolCore) {
    this.#core = core;
  }

  occupancy(): Outcome<PoolState> {
    return this.#core.withSite((memory) => done(poolState(memory, Date.now() as EpochMs)));
  }

  /** Returns the signs of pressure in the hours since one, and how many numbers there are. */
  pressure(sinceHour: number, target?: string): Outcome<Pressure> {
    return this.#core.withTarget(target, (memory) =>
      done(pressureOf(memory, sinceHour, Date.now() as EpochMs, target)),
    );
  }

  /** Returns what a recommendation of the pool's size is calculated from. */
  demand(target?: string): Outcome<Demand> {
    return this.#core.withTarget(target, (memory) => done(demandOf(memory, Date.now() as EpochMs, target)));
  }

  /** Returns when this shard last saw each carrier. */
  carriersLastSeen(): Outcome<Record<string, LastSeen>> {
    return this.#core.withSite(() => done(this.#core.lastSeen.all()));
  }

  /** Returns what this shard has counted, and its state. */
  metrics(): Outcome<ShardMetrics> {
    const core = this.#core;
    return core.withSite(({ allocator }) => {
      const { total, free, leased, cooling, draining } = allocator.occupancy(Date.now() as EpochMs);
      return done({
        counts: core.counters.counts,
        bytes: core.storage.sql.databaseSize,
        ledgerBytes: core.feed.ledgerBytes,
        sightings: core.lastSeen.all(),
        numbers: { total, free, leased, cooling, draining },
        outbox: core.outbox.backlog(),
        callNews: core.store.news.waiting,
        alerts: core.alerts.list().filter(({ resolvedAt }) => resolvedAt === null),
      });
    });
  }

  alerts(): Outcome<Alert[]> {
    return this.#core.withSite(() => done(this.#core.alerts.list()));
  }
}
