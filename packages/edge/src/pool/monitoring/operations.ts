import type { Alert, EpochMs, PoolState } from '@dialmark/shared';
import { done, type Outcome } from '../../platform/result.ts';
import type { PoolCore } from '../core.ts';
import type { ShardMetrics } from '../shards/shard-metrics.ts';
import type { LastSeen } from './carrier-last-seen.ts';
import { type Demand, demandOf, type Pressure, poolState, pressureOf } from './occupancy.ts';
import { metricsOf } from './pool-metrics.ts';

/** The state of a pool. */
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

  /** Returns the input of the pool size recommendation. */
  demand(target?: string): Outcome<Demand> {
    return this.#core.withTarget(target, (memory) => done(demandOf(memory, Date.now() as EpochMs, target)));
  }

  /** Returns when this shard last saw each carrier. */
  carriersLastSeen(): Outcome<Record<string, LastSeen>> {
    return this.#core.withSite(() => done(this.#core.lastSeen.all()));
  }

  /** Returns this shard's counters and state. */
  metrics(): Outcome<ShardMetrics> {
    return this.#core.withSite(() => done(metricsOf(this.#core)));
  }

  alerts(): Outcome<Alert[]> {
    return this.#core.withSite(() => done(this.#core.alerts.list()));
  }
}
