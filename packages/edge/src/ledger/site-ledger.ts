import { DurableObject } from 'cloudflare:workers';
import type { Env } from '../env.ts';
import { runOperation } from '../platform/remote.ts';
import { LedgerCore } from './core.ts';
import { type LedgerOperations, operationsOf } from './operations.ts';

/**
 * One site's ledger: what its lists, reports, conversions and exports read. Its pools fill it, at least once and
 * idempotently; questions are answered beside the data, one message each. Leases and calls do not depend on it.
 */
export class SiteLedger extends DurableObject<Env> {
  // From outside the object only `run` is to be had: the runtime shows no properties of instances.
  readonly core: LedgerCore;
  /** The ledger's operations. */
  readonly operations: LedgerOperations;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.core = new LedgerCore(ctx, env);
    this.operations = operationsOf(this.core);
  }

  /** Runs an operation of a subsystem. The Worker calls it through `ledgerOf`, which gives it its types. */
  async run(subsystem: string, name: string, given: readonly unknown[]): Promise<unknown> {
    return runOperation(this.operations, subsystem, name, given);
  }

  /** Does what is due: messages that were lost, a slice of the night's work. */
  override async alarm(): Promise<void> {
    this.core.awake();
    if (this.core.exists) await this.operations.life.work();
  }
}
