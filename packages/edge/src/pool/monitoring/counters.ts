import { BindingKind, CallStatus, type EpochMs, FallbackReason, MINUTE } from '@dialmark/shared';
import type { CarrierName } from '@dialmark/shared/wire/forwarding';
import { UNSTORED, type Unstored } from '../../admission/decide.ts';
import { NO_VISITS, type VisitsByDay } from '../../admission/visits-by-day.ts';
import type { Leased } from '../leases/assigned.ts';

/** The outcome of a carrier's webhook. */
export type WebhookFate = 'accepted' | 'badSignature' | 'unconfigured';

/** The counters of a pool. From `since` on, they only grow. */
export interface Counts {
  since: EpochMs;
  made: Record<BindingKind, number>;
  renewed: number;
  without: Record<FallbackReason, number>;
  earlyReissues: number;
  telClicks: number;
  calls: Record<CallStatus, number>;
  webhooks: Partial<Record<CarrierName, Record<WebhookFate, number>>>;
  /** The traffic since the last call; `at` is null if there never was one. */
  sinceCall: { at: EpochMs | null; visits: number; telClicks: number };
  /** Leases and events: served in full, answered without being stored, and turned away before they came here. */
  admission: { served: number; unstored: Record<Unstored, number>; refused: number };
  /** New visits, by which it is known what is usual. */
  visits: VisitsByDay;
}

/** Saved no more often. */
const SAVED_EVERY_MS = MINUTE;

/**
 * A pool's counters: in memory, so that counting costs nothing, and saved as one row by the alarm, which comes anyway
 * after whatever was written. An object that is put to sleep loses at most what it counted since it saved last.
 */
export class Counters {
  readonly #sql: SqlStorage;
  #counts: Counts | null = null;
  #dirty = false;
  #savedAt = 0;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  get counts(): Counts {
    this.#counts ??= this.#stored() ?? nothingSince(Date.now() as EpochMs);
    return this.#counts;
  }

  /** Counted, and not saved yet. */
  get isDirty(): boolean {
    return this.#dirty;
  }

  made(kind: BindingKind, early: boolean): void {
    const { counts } = this;
    counts.made[kind]++;
    if (early) counts.earlyReissues++;
    if (kind === 'pool' || kind === 'shared') counts.sinceCall.visits++;
    this.#dirty = true;
  }

  renewed(): void {
    this.counts.renewed++;
    this.#dirty = true;
  }

  /** Counts who was given no number of their own. */
  answered(answer: Leased | undefined): void {
    for (const { kind, ...assignment } of Object.values(answer?.numbers ?? {})) {
      if ((kind !== 'none' && kind !== 'fallback') || !('reason' in assignment)) continue;
      this.counts.without[assignment.reason]++;
      this.#dirty = true;
    }
  }

  served(): void {
    this.counts.admission.served++;
    this.#dirty = true;
  }

  unstored(why: Unstored): void {
    this.counts.admission.unstored[why]++;
    this.#dirty = true;
  }

  /** So many requests were turned away by the Worker since it last said. */
  refused(count: number): void {
    if (count === 0) return;
    this.counts.admission.refused += count;
    this.#dirty = true;
  }

  telClick(): void {
    this.counts.telClicks++;
    this.counts.sinceCall.telClicks++;
    this.#dirty = true;
  }

  /** Counts a call that got a new status. */
  call(status: CallStatus): void {
    this.counts.calls[status]++;
    this.#dirty = true;
  }

  /** Notes that a carrier, or the API, reported a call. */
  noteCall(at: EpochMs): void {
    this.counts.sinceCall = { at, visits: 0, telClicks: 0 };
    this.#dirty = true;
  }

  webhook(carrier: CarrierName, fate: WebhookFate): void {
    const { webhooks } = this.counts;
    webhooks[carrier] ??= { accepted: 0, badSignature: 0, unconfigured: 0 };
    webhooks[carrier][fate]++;
    this.#dirty = true;
  }

  /** Run by the alarm. */
  save(now: EpochMs): void {
    if (!this.#dirty || now - this.#savedAt < SAVED_EVERY_MS) return;
    this.#sql.exec('INSERT OR REPLACE INTO counters (only, counts) VALUES (1, ?)', JSON.stringify(this.counts));
    this.#dirty = false;
    this.#savedAt = now;
  }

  /** After the pool's storage was emptied. */
  reset(): void {
    this.#counts = null;
    this.#dirty = false;
    this.#savedAt = 0;
  }

  #stored(): Counts | null {
    const [row] = this.#sql.exec<{ counts: string }>('SELECT counts FROM counters').toArray();
    // Counters that an older version did not save begin at zero.
    return row ? { ...nothingSince(0 as EpochMs), ...(JSON.parse(row.counts) as Counts) } : null;
  }
}

function nothingSince(since: EpochMs): Counts {
  return {
    since,
    made: zero(BindingKind.options),
    renewed: 0,
    without: zero(FallbackReason.options),
    earlyReissues: 0,
    telClicks: 0,
    calls: zero(CallStatus.options),
    webhooks: {},
    sinceCall: { at: null, visits: 0, telClicks: 0 },
    admission: { served: 0, unstored: zero(UNSTORED), refused: 0 },
    visits: NO_VISITS,
  };
}

function zero<K extends string>(names: readonly K[]): Record<K, number> {
  return Object.fromEntries(names.map((name) => [name, 0])) as Record<K, number>;
}
