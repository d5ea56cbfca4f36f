import { SECOND } from '@dialmark/shared';
import type { RemoteLedger } from '../../ledger/remote-ledger.ts';
import type { LedgerBatch, LedgerForm } from '../../ledger/write/batch.ts';
import { log } from '../../platform/log.ts';
import { bindingId } from '../leases/binding-id.ts';
import type { Leasing } from '../leases/leasing.ts';
import type { Batch, Change, Outbox } from './outbox.ts';

/** The delay before a change is sent to the ledger, so that changes travel together. */
export const DRAIN_AFTER_MS = 1 * SECOND;
/**
 * Time that changes to visits alone wait: a two-minute visit then takes only a few messages. A reader has them sent at
 * once.
 */
export const VISITS_TOLD_AFTER_MS = 60 * SECOND;
/** A drain ends after so many batches and wakes itself again, so that everything else gets its turn. */
const BATCHES_A_DRAIN = 20;
/** Transactions sent to the ledger at once. */
const DRAIN_AT_ONCE = 200;
const BACKOFF_MAX_MS = 60 * SECOND;
/** A batch rejected so often in a row may itself be invalid. */
const PATIENCE = 3;
/** Page addresses read into memory at once: fifty of a visit may have four thousand characters each. */
const CHARACTERS_AT_ONCE = 2_000_000;

/** The pool as the feed sees it. */
interface Fed {
  /** The site's ledger. */
  ledger(site: string): RemoteLedger;
  readonly outbox: Outbox;
  /** Null once the site is deleted. */
  pool(): Pick<Leasing, 'site' | 'store'> | null;
  /** Work to finish, with other shards for example, before a batch is sent to the ledger. */
  before(batch: Batch): Promise<void>;
  wakeIn(ms: number): void;
}

/** Sends what waits in the outbox to the ledger. May run twice, late, or after a crash: a row's state is sent, not its change. */
export class LedgerFeed {
  readonly #fed: Fed;
  #failures = 0;
  #ledgerBytes: number | null = null;
  #draining: Promise<void> | null = null;

  constructor(fed: Fed) {
    this.#fed = fed;
  }

  /** The size of the ledger when it last accepted a batch; null before the first. */
  get ledgerBytes(): number | null {
    return this.#ledgerBytes;
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
    const { outbox } = this.#fed;
    try {
      for (let sent = 0; sent < BATCHES_A_DRAIN; sent++) {
        const batch = outbox.take(DRAIN_AT_ONCE);
        if (!batch) return;
        await this.#fed.before(batch);
        await (this.#failures < PATIENCE ? this.#send(batch) : this.#sendApart(batch));
        // A site that was deleted meanwhile has nothing to send.
        if (!this.#fed.pool()) return;
        outbox.confirm(batch.upTo);
        this.#failures = 0;
      }
      this.#fed.wakeIn(0);
    } catch (error) {
      // The ledger is away: what waits stays in the outbox. The runtime's own retries end after six, ours do not.
      const delay = Math.min(BACKOFF_MAX_MS, DRAIN_AFTER_MS * 2 ** this.#failures++);
      log.warn('ledger_unavailable', { failures: this.#failures, retryInMs: delay, reason: String(error) });
      this.#fed.wakeIn(delay);
    }
  }

  async #send(batch: Batch): Promise<void> {
    let from = 0;
    while (from < batch.changes.length) {
      // Read as late as can be, and never more at once than an object's memory holds.
      const pool = this.#fed.pool();
      if (!pool) return;
      const { rows, to } = snapshot(pool, batch, from);
      this.#ledgerBytes = await this.#fed.ledger(pool.site.id).feed.write(rows);
      from = to;
    }
  }

  /**
   * Sends a batch that was refused again and again, by halves where the ledger is there and refuses it: a row that it
   * refuses by itself is set aside, so that it holds up nothing else.
   */
  async #sendApart(batch: Batch): Promise<void> {
    try {
      await this.#send(batch);
    } catch (error) {
      const { upTo, changes } = batch;
      const [only] = changes;
      const pool = this.#fed.pool();
      if (!only || !pool || !(await isThere(this.#fed.ledger(pool.site.id)))) throw error;
      if (changes.length === 1) {
        log.error('ledger_refused', { kind: only.kind, reason: String(error) });
        this.#fed.outbox.setAside(only);
        return;
      }
      const middle = Math.ceil(changes.length / 2);
      await this.#sendApart({ upTo, changes: changes.slice(0, middle) });
      await this.#sendApart({ upTo, changes: changes.slice(middle) });
    }
  }
}

/** True if the ledger responds. */
async function isThere(ledger: RemoteLedger): Promise<boolean> {
  return ledger.life.status().then(
    () => true,
    () => false,
  );
}

/**
 * The rows that a batch's changes name, from one on, as they are now, in the ledger's form. Erased rows are left out.
 * @returns them, and up to which change they reach
 */
function snapshot(
  { site, store }: Pick<Leasing, 'site' | 'store'>,
  { upTo, changes }: Batch,
  from: number,
): { rows: LedgerBatch; to: number } {
  const erasures = { visitors: [] as string[], callers: [] as string[], calls: [] as string[], emails: [] as string[] };
  const rows: LedgerBatch & { forms: LedgerForm[]; deleted: string[] } = {
    rev: upTo,
    rules: {
      timeZone: site.timeZone,
      lookbackDays: site.attribution.lookbackDays,
      retentionDays: site.retentionDays,
      counting: {
        model: site.attribution.model,
        qualifiedSeconds: site.values.qualifiedSeconds,
        qualifiedValue: site.values.qualifiedCall ?? 0,
      },
      leads: site.leads,
      site: { name: site.name ?? null, currency: site.currency },
    },
    erasures,
    sessions: [],
    bindings: [],
    calls: [],
    forms: [],
    deleted: [],
  };
  let to = from;
  let size = 0;
  for (; to < changes.length && size < CHARACTERS_AT_ONCE; to++) {
    const { kind, key } = changes[to] as Change;
    if (kind === 'erasedVisitor') erasures.visitors.push(key);
    if (kind === 'erasedCaller') erasures.callers.push(key);
    if (kind === 'erasedEmail') erasures.emails.push(key);
    if (kind === 'erasedCall') erasures.calls.push(key);
    if (kind === 'deletedCall' && !store.call(key)) rows.deleted.push(key);
    const session = kind === 'session' && store.session(key);
    if (session) {
      rows.sessions.push(session);
      size += session.views?.length ?? 0;
    }
    const binding = kind === 'binding' && store.binding(key);
    if (binding) rows.bindings.push(binding);
    const form = kind === 'form' && store.forms.get(key);
    if (form) {
      rows.forms.push(form);
      size += (form.page?.url.length ?? 0) + (form.page?.referrer?.length ?? 0);
    }
    const call = kind === 'call' && store.call(key);
    if (call) {
      const { from: caller, to: number, binding: held, ...row } = call;
      rows.calls.push({ ...row, caller, number: number ?? '', binding: held === null ? null : bindingId(held) });
    }
  }
  return { rows, to };
}
