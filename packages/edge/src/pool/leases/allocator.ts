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

/** One live (or the last) hold of a number. `expiresAt` is exclusive: at that instant the number is free. */
export interface LiveBinding {
  binding: number;
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
  /** Live holds; more than one only under the policy `share`. */
  holds: LiveBinding[];
  /** The hold that ended last, with the moment of its end; null for a number never held. */
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
  /** The id of the new binding, if one is made. */
  binding: number;
  session: string;
  visitor: string | null;
  now: EpochMs;
  /** The number this visitor held before, if known: given again when it is free. */
  previous: E164 | null;
}

/** The policy's choice. `number.holds` already contains the new binding. */
export type Choice =
  | { kind: 'pool'; number: PoolNumber; hold: LiveBinding; early: boolean }
  | { kind: 'shared'; number: PoolNumber; hold: LiveBinding; newlyShared: LiveBinding[] }
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
  readonly held = new OrderedQueue<PoolNumber>((entry) => Math.max(...entry.holds.map((hold) => hold.lastActiveAt)));

  join(entry: PoolNumber): void {
    if (entry.status !== 'active') return;
    const queue = entry.holds.length > 0 ? this.held : entry.last === null ? this.fresh : this.idle;
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
   * Takes a number in, with the holds it is known to have had, oldest first. Rebuilding a pool from storage means
   * adding its numbers in order of their last release; a number added alone later is put in its place by its release.
   */
  add(number: E164, target: string, status: NumberStatus, holds: LiveBinding[], now: EpochMs): PoolNumber {
    this.remove(number);
    const live = holds.filter((hold) => hold.expiresAt > now);
    const ended = holds.filter((hold) => hold.expiresAt <= now);
    const entry: PoolNumber = {
      number,
      target,
      status,
      holds: live,
      last: ended.reduce<LiveBinding | null>(
        (last, hold) => (last && last.expiresAt > hold.expiresAt ? last : hold),
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

  /** Forgets a number. Its holds end with it. */
  remove(number: E164): void {
    const entry = this.#numbers.get(number);
    if (!entry) return;
    this.#numbers.delete(number);
    this.#queues(entry.target).leave(entry);
    entry.holds = [];
  }

  /** Drains (`draining`: kept by who holds it, given to nobody else), retires or re-activates a number. */
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
      return { kind: 'pool', number: chosen, hold: this.#hold(chosen, claim), early };
    }
    if (this.policy.onExhausted !== 'share') return { kind: 'exhausted' };
    const shared = queues.held.front;
    if (!shared) return { kind: 'exhausted' };
    // Visits that share it already learned that when sharing began.
    const newlyShared = shared.holds.length === 1 ? [...shared.holds] : [];
    return { kind: 'shared', number: shared, hold: this.#hold(shared, claim), newlyShared };
  }

  /**
   * Extends, shortens or lengthens a hold of a number.
   * @returns the hold, or null if it is no longer one (expired, retired or never held).
   */
  renew(number: E164, binding: number, activity: Activity, now: EpochMs): LiveBinding | null {
    this.expireDue(now);
    const { entry, hold } = this.#held(number, binding);
    if (!entry || !hold) return null;
    const queues = this.#queues(entry.target);
    hold.expiresAt = this.extended(hold.expiresAt, activity, now);
    if (hold.expiresAt < entry.dueAt) this.#schedule(entry);
    hold.lastActiveAt = now;
    if (queues.held.has(entry)) {
      queues.leave(entry);
      queues.join(entry);
    }
    return hold;
  }

  /** Returns whether a binding still holds its number. */
  holds(number: E164, binding: number, now: EpochMs): boolean {
    this.expireDue(now);
    return this.#held(number, binding).hold !== undefined;
  }

  /** Finds a live hold and its number. Nobody holds a number that was retired. */
  #held(number: E164, binding: number) {
    const entry = this.#numbers.get(number);
    const hold = entry?.status === 'retired' ? undefined : entry?.holds.find((each) => each.binding === binding);
    return { entry, hold };
  }

  /**
   * Returns when a hold that is live now ends after an activity: a ttl after it, half a ttl after a `leave`, two after a
   * `tel_click`. Only `leave` shortens.
   */
  extended(expiresAt: EpochMs, activity: Activity, now: EpochMs): EpochMs {
    const { ttlMs } = this.policy;
    if (activity === 'leave') return (now + Math.floor(ttlMs / 2)) as EpochMs;
    return Math.max(expiresAt, now + (activity === 'tel_click' ? 2 * ttlMs : ttlMs)) as EpochMs;
  }

  /** Ends every hold whose expiry is not after `now`. Called by each operation; harmless at any time. */
  expireDue(now: EpochMs): void {
    for (let due = this.#expiries.peek(); due !== null && due.at <= now; due = this.#expiries.peek()) {
      this.#expiries.pop();
      const entry = due.item;
      if (this.#numbers.get(entry.number) !== entry || due.at !== entry.dueAt) continue;
      entry.dueAt = Number.POSITIVE_INFINITY;
      const ended = entry.holds.filter((hold) => hold.expiresAt <= due.at);
      if (ended.length > 0) {
        const queues = this.#queues(entry.target);
        queues.leave(entry);
        entry.holds = entry.holds.filter((hold) => hold.expiresAt > due.at);
        for (const hold of ended) if (!entry.last || entry.last.expiresAt <= hold.expiresAt) entry.last = hold;
        queues.join(entry);
      }
      // A hold renewed since is looked at again at its new expiry.
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
      if (entry.holds.length > 0) counts.leased++;
      else if (entry.status === 'draining') counts.draining++;
      else if (this.cooling(entry, now)) counts.cooling++;
      else counts.free++;
    }
    return counts;
  }

  /** Returns whether a free number was released so recently that a late call may still be its last holder's. */
  cooling(entry: PoolNumber, now: EpochMs): boolean {
    return entry.last !== null && now - entry.last.expiresAt < this.policy.cooldownMs;
  }

  #choose(queues: Queues, previous: E164 | null): PoolNumber | null {
    const sticky = previous === null ? undefined : this.#numbers.get(previous);
    return queues.isFree(sticky) ? sticky : (queues.fresh.front ?? queues.idle.front);
  }

  #hold(entry: PoolNumber, claim: Claim): LiveBinding {
    const hold: LiveBinding = {
      binding: claim.binding,
      session: claim.session,
      visitor: claim.visitor,
      startedAt: claim.now,
      lastActiveAt: claim.now,
      expiresAt: (claim.now + this.policy.ttlMs) as EpochMs,
    };
    const queues = this.#queues(entry.target);
    queues.leave(entry);
    entry.holds.push(hold);
    queues.join(entry);
    this.#schedule(entry);
    return hold;
  }

  /** Makes sure that the expiry queue looks at the number no later than when its first hold ends. */
  #schedule(entry: PoolNumber): void {
    const first = Math.min(...entry.holds.map((hold) => hold.expiresAt));
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
