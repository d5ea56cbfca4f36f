import type { E164, EpochMs, NumberStatus } from '@dialmark/shared';
import { ExpiryQueue } from '../../platform/expiry-queue.ts';
import { OrderedQueue, type Queued } from '../../platform/ordered-queue.ts';

/**
 * The allocation policy (DESIGN section 5), pure: no I/O, time is passed in, so that the Durable Object,
 * the tests and the simulator drive the same code.
 *
 * Every operation is constant or logarithmic in the count of numbers and does not depend on history:
 * idle numbers stand in a queue ordered by release, held ones in a queue ordered by activity and a heap
 * ordered by expiry. A lease is free at the instant it expires: each operation first releases what has
 * expired by its `now`, so no timer is needed for correctness.
 */

/** A live binding of a number, or its last. `expiresAt` is exclusive: at that instant the number is free. */
export interface LiveBinding {
  seq: number;
  session: string;
  visitor: string | null;
  startedAt: EpochMs;
  lastActiveAt: EpochMs;
  expiresAt: EpochMs;
}

export interface PoolNumber extends Queued<PoolNumber> {
  readonly number: E164;
  readonly target: string;
  status: NumberStatus;
  /** Live bindings; more than one only under the policy `share`. */
  bindings: LiveBinding[];
  /** The binding that ended last, with the moment of its end; null for a number never held. */
  last: LiveBinding | null;
  /** The earliest moment at which the expiry queue will look at this number. */
  dueAt: number;
}

export interface AllocationPolicy {
  ttlMs: number;
  cooldownMs: number;
  onExhausted: 'fallback' | 'share' | 'none';
}

export interface Claim {
  target: string;
  /** The sequence number of the new binding, if one is made. */
  seq: number;
  session: string;
  visitor: string | null;
  now: EpochMs;
  /** The number this visitor held before, if known: given again when it is free. */
  previous: E164 | null;
}

/** The policy's choice. `number.bindings` already contains the new binding. */
export type Choice =
  | { kind: 'pool'; number: PoolNumber; binding: LiveBinding; early: boolean }
  | { kind: 'shared'; number: PoolNumber; binding: LiveBinding; newlyShared: LiveBinding[] }
  | { kind: 'exhausted' };

export type Activity = 'active' | 'leave' | 'tel_click';

/** The numbers of one target, each in one of three queues while it is active. */
class Queues {
  size = 0;
  /** Never held: idle since ever, so first in line. */
  readonly fresh = new OrderedQueue<PoolNumber>(() => 0);
  /** Free and held before, least recently released first. */
  readonly idle = new OrderedQueue<PoolNumber>((entry) => entry.last?.expiresAt ?? 0);
  /** Held, longest without activity first. */
  readonly held = new OrderedQueue<PoolNumber>((entry) =>
    Math.max(...entry.bindings.map((binding) => binding.lastActiveAt)),
  );

  join(entry: PoolNumber): void {
    if (entry.status !== 'active') return;
    const queue = entry.bindings.length > 0 ? this.held : entry.last === null ? this.fresh : this.idle;
    queue.join(entry);
    this.size++;
  }

  leave(entry: PoolNumber): void {
    if (entry.place === null) return;
    for (const queue of [this.fresh, this.idle, this.held]) queue.leave(entry);
    this.size--;
  }

  isFree(entry: PoolNumber | undefined): entry is PoolNumber {
    return entry !== undefined && (this.fresh.has(entry) || this.idle.has(entry));
  }
}

export interface Occupancy {
  total: number;
  free: number;
  leased: number;
  cooling: number;
  draining: number;
}

export class Allocator {
  readonly #numbers = new Map<E164, PoolNumber>();
  readonly #targets = new Map<string, Queues>();
  readonly #expiries = new ExpiryQueue<PoolNumber>();

  readonly policy: AllocationPolicy;

  constructor(policy: AllocationPolicy) {
    this.policy = policy;
  }

  /**
   * Takes a number in, with the bindings it is known to have had, oldest first. Rebuilding a pool from storage means
   * adding its numbers in order of their last release; a number added alone later is put in its place by its release.
   */
  add(number: E164, target: string, status: NumberStatus, bindings: LiveBinding[], now: EpochMs): PoolNumber {
    this.remove(number);
    const live = bindings.filter((binding) => binding.expiresAt > now);
    const ended = bindings.filter((binding) => binding.expiresAt <= now);
    const entry: PoolNumber = {
      number,
      target,
      status,
      bindings: live,
      last: ended.reduce<LiveBinding | null>(
        (last, binding) => (last && last.expiresAt > binding.expiresAt ? last : binding),
        null,
      ),
      dueAt: Number.POSITIVE_INFINITY,
      place: null,
    };
    this.#numbers.set(number, entry);
    this.#queues(target).join(entry);
    this.#schedule(entry);
    return entry;
  }

  /** Forgets a number. Its bindings end with it. */
  remove(number: E164): void {
    const entry = this.#numbers.get(number);
    if (!entry) return;
    this.#numbers.delete(number);
    this.#queues(entry.target).leave(entry);
    entry.bindings = [];
  }

  /** Drains (`draining`: kept by the visit that holds it, given to no other), retires or re-activates a number. */
  setStatus(number: E164, status: NumberStatus): void {
    const entry = this.#numbers.get(number);
    if (!entry || entry.status === status) return;
    const queues = this.#queues(entry.target);
    queues.leave(entry);
    entry.status = status;
    queues.join(entry);
  }

  get(number: E164): PoolNumber | undefined {
    return this.#numbers.get(number);
  }

  /** Chooses a number for a session that holds none for this target. */
  claim(claim: Claim): Choice {
    this.expireDue(claim.now);
    const queues = this.#targets.get(claim.target);
    if (!queues) return { kind: 'exhausted' };
    const chosen = this.#choose(queues, claim.previous);
    if (chosen) {
      const { last } = chosen;
      const early =
        last !== null &&
        claim.now - last.expiresAt < this.policy.cooldownMs &&
        last.session !== claim.session &&
        (last.visitor === null || last.visitor !== claim.visitor);
      return { kind: 'pool', number: chosen, binding: this.#bind(chosen, claim), early };
    }
    if (this.policy.onExhausted !== 'share') return { kind: 'exhausted' };
    const shared = queues.held.front;
    if (!shared) return { kind: 'exhausted' };
    // Visits that share it already learned that when sharing began.
    const newlyShared = shared.bindings.length === 1 ? [...shared.bindings] : [];
    return { kind: 'shared', number: shared, binding: this.#bind(shared, claim), newlyShared };
  }

  /**
   * Extends or shortens a binding.
   * @returns the binding, or null if it is no longer live (expired, retired or never held).
   */
  renew(number: E164, seq: number, activity: Activity, now: EpochMs): LiveBinding | null {
    this.expireDue(now);
    const { entry, binding } = this.#find(number, seq);
    if (!entry || !binding) return null;
    const queues = this.#queues(entry.target);
    binding.expiresAt = this.extended(binding.expiresAt, activity, now);
    if (binding.expiresAt < entry.dueAt) this.#schedule(entry);
    binding.lastActiveAt = now;
    if (queues.held.has(entry)) {
      queues.leave(entry);
      queues.join(entry);
    }
    return binding;
  }

  /** Returns whether a binding still holds its number. */
  holds(number: E164, seq: number, now: EpochMs): boolean {
    this.expireDue(now);
    return this.#find(number, seq).binding !== undefined;
  }

  /** Finds a live binding and its number. Nobody holds a number that was retired. */
  #find(number: E164, seq: number) {
    const entry = this.#numbers.get(number);
    const binding = entry?.status === 'retired' ? undefined : entry?.bindings.find((each) => each.seq === seq);
    return { entry, binding };
  }

  /**
   * Returns when a binding that is live now ends after an activity: a ttl after it, half a ttl after a `leave`, two after a
   * `tel_click`. Only `leave` shortens.
   */
  extended(expiresAt: EpochMs, activity: Activity, now: EpochMs): EpochMs {
    const { ttlMs } = this.policy;
    if (activity === 'leave') return (now + Math.floor(ttlMs / 2)) as EpochMs;
    return Math.max(expiresAt, now + (activity === 'tel_click' ? 2 * ttlMs : ttlMs)) as EpochMs;
  }

  /** Ends every binding whose expiry is not after `now`. Called by each operation; harmless at any time. */
  expireDue(now: EpochMs): void {
    for (let due = this.#expiries.peek(); due !== null && due.at <= now; due = this.#expiries.peek()) {
      this.#expiries.pop();
      const entry = due.item;
      if (this.#numbers.get(entry.number) !== entry || due.at !== entry.dueAt) continue;
      entry.dueAt = Number.POSITIVE_INFINITY;
      const ended = entry.bindings.filter((binding) => binding.expiresAt <= due.at);
      if (ended.length > 0) {
        const queues = this.#queues(entry.target);
        queues.leave(entry);
        entry.bindings = entry.bindings.filter((binding) => binding.expiresAt > due.at);
        for (const binding of ended) if (!entry.last || entry.last.expiresAt <= binding.expiresAt) entry.last = binding;
        queues.join(entry);
      }
      // A binding renewed since is looked at again at its new expiry.
      this.#schedule(entry);
    }
  }

  /** Length of the queue of expiries; grows with numbers, not with activity. */
  get pendingExpiries(): number {
    return this.#expiries.size;
  }

  /** Returns how many numbers a target has to give: held or free, neither draining nor retired. */
  size(target: string): number {
    return this.#targets.get(target)?.size ?? 0;
  }

  /** Counts at a moment, of one target or of all. */
  occupancy(now: EpochMs, target?: string): Occupancy {
    this.expireDue(now);
    const counts: Occupancy = { total: 0, free: 0, leased: 0, cooling: 0, draining: 0 };
    for (const entry of this.#numbers.values()) {
      if (entry.status === 'retired' || (target !== undefined && entry.target !== target)) continue;
      counts.total++;
      if (entry.bindings.length > 0) counts.leased++;
      else if (entry.status === 'draining') counts.draining++;
      else if (this.cooling(entry, now)) counts.cooling++;
      else counts.free++;
    }
    return counts;
  }

  /** Returns whether a free number was released so recently that a late call may still be from the visit that held it last. */
  cooling(entry: PoolNumber, now: EpochMs): boolean {
    return entry.last !== null && now - entry.last.expiresAt < this.policy.cooldownMs;
  }

  #choose(queues: Queues, previous: E164 | null): PoolNumber | null {
    const sticky = previous === null ? undefined : this.#numbers.get(previous);
    return queues.isFree(sticky) ? sticky : (queues.fresh.front ?? queues.idle.front);
  }

  #bind(entry: PoolNumber, claim: Claim): LiveBinding {
    const binding: LiveBinding = {
      seq: claim.seq,
      session: claim.session,
      visitor: claim.visitor,
      startedAt: claim.now,
      lastActiveAt: claim.now,
      expiresAt: (claim.now + this.policy.ttlMs) as EpochMs,
    };
    const queues = this.#queues(entry.target);
    queues.leave(entry);
    entry.bindings.push(binding);
    queues.join(entry);
    this.#schedule(entry);
    return binding;
  }

  /** Makes sure that the expiry queue looks at the number no later than when its first binding ends. */
  #schedule(entry: PoolNumber): void {
    const first = Math.min(...entry.bindings.map((binding) => binding.expiresAt));
    if (first >= entry.dueAt) return;
    entry.dueAt = first;
    this.#expiries.push(first, entry);
  }

  #queues(target: string): Queues {
    let queues = this.#targets.get(target);
    if (!queues) {
      queues = new Queues();
      this.#targets.set(target, queues);
    }
    return queues;
  }
}
