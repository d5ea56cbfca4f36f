import type { LedgerCore } from '../core.ts';
import type { LedgerBatch } from './batch.ts';
import { writeCosts } from './costs.ts';
import { writeBatch } from './write-batch.ts';

/** The operations that fill the ledger. */
export class FeedOperations {
  readonly #core: LedgerCore;

  constructor(core: LedgerCore) {
    this.#core = core;
  }

  /**
   * Writes what a pool tells. Throws where it cannot: the pool keeps the batch and comes again.
   * @returns how many bytes the ledger holds
   */
  write(batch: LedgerBatch): number {
    writeBatch(this.#core, batch);
    this.#core.scheduleMaintenance();
    return this.#core.sql.databaseSize;
  }

  /** Books costs; they replace what the site has of the same day and tags. */
  addCosts(rows: unknown[][]): void {
    writeCosts(this.#core, rows);
  }
}
