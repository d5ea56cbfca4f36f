import { SECOND } from '@dialmark/shared';
import { type LedgerBatch, writeBatch } from '../ledger/ledger.ts';
import { log } from '../log.ts';
import { bindingId } from './binding-id.ts';
import type { Leasing } from './leasing.ts';
import type { Batch, Outbox } from './outbox.ts';

/** How long after a change the ledger is told, so that changes travel together. */
export const DRAIN_AFTER_MS = 1 * SECOND;
/** Transactions sent to the ledger at once. */
const DRAIN_AT_ONCE = 200;
const BACKOFF_MAX_MS = 60 * SECOND;

/** What the feed needs of its pool. */
interface Fed {
  readonly ledger: D1Database;
  readonly outbox: Outbox;
  /** Null once the site is deleted. */
  pool(): Pick<Leasing, 'site' | 'store'> | null;
  /** What has to be settled, with other shards say, before the ledger hears of a batch. */
  before(batch: Batch): Promise<void>;
  wakeIn(ms: number): void;
}

/** Sends what waits in the outbox to the ledger. May run twice, late, or after a crash: a row's state is sent, not its change. */
export class LedgerFeed {
  readonly #fed: Fed;
  #failures = 0;
  #draining: Promise<void> | null = null;

  constructor(fed: Fed) {
    this.#fed = fed;
  }

  /** One drain at a time: who comes meanwhile waits for the one under way, which takes along what they left. */
  drain(): Promise<void> {
    this.#draining ??= this.#drainAll().finally(() => {
      this.#draining = null;
    });
    return this.#draining;
  }

  /** Resolves once nothing is on its way to the ledger. */
  async quiet(): Promise<void> {
    await this.#draining;
  }

  async #drainAll(): Promise<void> {
    const { ledger, outbox } = this.#fed;
    try {
      for (let batch = outbox.take(DRAIN_AT_ONCE); batch; batch = outbox.take(DRAIN_AT_ONCE)) {
        await this.#fed.before(batch);
        const pool = this.#fed.pool();
        // A site that was deleted meanwhile has nothing to send.
        if (!pool) return;
        await writeBatch(ledger, snapshot(pool, batch));
        if (!this.#fed.pool()) return;
        outbox.confirm(batch.upTo);
      }
      this.#failures = 0;
    } catch (error) {
      // The ledger is away: what waits stays in the outbox. The runtime's own retries end after six, ours do not.
      const delay = Math.min(BACKOFF_MAX_MS, DRAIN_AFTER_MS * 2 ** this.#failures++);
      log.warn('ledger_unavailable', { failures: this.#failures, retryInMs: delay, reason: String(error) });
      this.#fed.wakeIn(delay);
    }
  }
}

/** The rows that a batch of changes names, as they are now, in the ledger's form. Erased rows are left out. */
function snapshot(pool: Pick<Leasing, 'site' | 'store'>, batch: Batch): LedgerBatch {
  const { store } = pool;
  const present = <T>(row: T | null): row is T => row !== null;
  const sessions = batch.sessions.map((id) => store.session(id)).filter(present);
  return {
    site: pool.site.id,
    rev: batch.upTo,
    timeZone: pool.site.timeZone,
    lookbackDays: pool.site.attribution.lookbackDays,
    erasures: { visitors: batch.erasedVisitors, callers: batch.erasedCallers },
    sessions,
    pageViews: sessions.flatMap((session) =>
      store.pageViews(session).map(({ url, at }, index) => ({ session: session.id, n: index + 1, url, at })),
    ),
    bindings: batch.bindings
      .map((seq) => store.binding(seq))
      .filter(present)
      .map((row) => ({ ...row, id: bindingId(row.seq) })),
    calls: batch.calls
      .map((id) => store.call(id))
      .filter(present)
      .map(({ from, to, binding, ...row }) => ({
        ...row,
        caller: from,
        number: to,
        binding: binding === null ? null : bindingId(binding),
      })),
  };
}
