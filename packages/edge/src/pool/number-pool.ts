import { DurableObject } from 'cloudflare:workers';
import { type EpochMs, SECOND } from '@dialmark/shared';
import type { Env } from '../env.ts';
import { log } from '../platform/log.ts';
import { runOperation } from '../platform/remote.ts';
import { withTimeout } from '../platform/timeout.ts';
import { checkFirstCalls } from './attribution/first-calls-of-site.ts';
import { PoolCore } from './core.ts';
import { nightOf } from './maintenance.ts';
import { Monitor } from './monitoring/monitor.ts';
import { type Operations, operationsOf } from './operations.ts';
import { endMove, handOver } from './shards/hand-over.ts';
import { shardOf } from './shards/remote-pool.ts';
import type { Memory } from './store/memory.ts';
import { resendSlice } from './sync/resend.ts';

const MOVE_EVERY_MS = 5 * SECOND;
/** The timeout after which a site is judged without its ledger. */
const LEDGER_GRACE_MS = 5 * SECOND;

/**
 * One site's authority: who holds which number, the log of every binding, and the calls.
 *
 * Each request is one transaction in one turn of the event loop, so requests never see each other half done, and the
 * runtime holds the answer back until the transaction is on disk.
 */
export class NumberPool extends DurableObject<Env> {
  readonly #core: PoolCore;
  readonly #monitor: Monitor;
  /** The pool's operations. Outside the object they are reached through `run`: RPC does not expose instance properties. */
  readonly operations: Operations;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#core = new PoolCore(ctx, env, (site, shard) => shardOf(env, site, shard), checkFirstCalls, nightOf);
    this.#monitor = new Monitor(this.#core);
    this.operations = operationsOf(this.#core);
    this.#core.start();
  }

  /** Runs an operation of a subsystem. The Worker calls it through `remotePool`, which gives it its types. */
  async run(subsystem: string, name: string, given: readonly unknown[]): Promise<unknown> {
    return runOperation(this.operations, subsystem, name, given);
  }

  /** Sends what waits for the ledger. May run twice, late, or after a crash: each row's state is sent, not its change. */
  override async alarm(): Promise<void> {
    const core = this.#core;
    core.awake();
    if (!core.memory) return;
    if (core.memory.layout.before !== null) await this.#move(core.memory);
    core.addresses.retire(Date.now() as EpochMs);
    await core.sendCallChanges();
    if (resendSlice(core)) core.wakeIn(0);
    const drained = core.feed.drain();
    // Changes that waited while the pool slept do not mean that the ledger is behind.
    await withTimeout(LEDGER_GRACE_MS, drained).catch(() => {});
    this.#monitor.check();
    await drained;
    const nextAt = core.night.work(Date.now() as EpochMs);
    if (core.env.NIGHTS !== 'off' || core.night.isUnderWay) core.wakeIn(Math.max(0, nextAt - Date.now()));
  }

  async #move({ shard, layout }: Memory): Promise<void> {
    this.#core.wakeIn(MOVE_EVERY_MS);
    try {
      await handOver(this.#core);
      if (shard === 0) await endMove(this.#core.peer, layout);
    } catch (error) {
      log.warn('move_interrupted', { reason: String(error) });
    }
  }

  /** Has simulated visits and calls happen, at times of their own, in one transaction. The Worker never calls it. */
  protected simulate(happen: (memory: Memory) => void): void {
    const { memory } = this.#core;
    if (!memory) throw new Error('there is no site to simulate');
    this.#core.change(() => happen(memory));
  }
}
