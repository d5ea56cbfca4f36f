import type { EpochMs } from '@dialmark/shared';
import { done, fail, type Outcome } from '../../platform/result.ts';
import type { PoolCore } from '../core.ts';
import { erasedSince } from '../store/erasure.ts';
import { type ReadChange, readChange } from './call-change.ts';
import { resendSince } from './resend.ts';

/** The calls that changed, for those who send conversions. */
export class ChangeOperations {
  readonly #core: PoolCore;

  constructor(core: PoolCore) {
    this.#core = core;
  }

  /** Returns a call as its integrations get it; null if it is not here, or no longer. */
  read(id: string): ReadChange | null {
    const { memory } = this.#core;
    if (!memory) return null;
    const { changes } = memory.store;
    const row = memory.store.call(id);
    const { position } = changes;
    const readAt = Date.now() as EpochMs;
    if (row) {
      const { erased, reportedAt } = row.stated;
      const receivedAt = reportedAt ?? row.startedAt;
      return { change: readChange(memory, row), position, readAt, receivedAt, isNew: changes.waits(id), erased };
    }
    changes.confirm(id, position);
    return null;
  }

  /** Returns a call that is here as its integrations get it. */
  find(id: string): Outcome<ReadChange> {
    const found = this.#core.memory?.store.call(id) ? this.read(id) : null;
    return found ? done(found) : fail('call_not_found');
  }

  /** Sends what waits to the ledger. @returns how far that is still behind, in milliseconds */
  flush(): Promise<number> {
    return this.#core.flush();
  }

  /** Has everything sent to the ledger again that began since a moment. */
  resend(since: EpochMs): Outcome<null> {
    return this.#core.withSite(() => {
      resendSince(this.#core, since);
      return done(null);
    });
  }

  /**
   * Notes that a change of a call, as it was read at a position and a moment, has been dealt with.
   * @returns whether somebody was erased meanwhile, so that what was read may name them
   */
  confirm(call: string, position: number, readAt: EpochMs): boolean {
    const { memory, storage } = this.#core;
    if (!memory) return false;
    memory.store.changes.confirm(call, position);
    return erasedSince(storage.sql, readAt);
  }
}
