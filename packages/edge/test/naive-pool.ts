import type {
  Assignment,
  BindingKind,
  EventRequest,
  FallbackReason,
  LeaseRequest,
  LeaseResponse,
  NumberStatus,
  OnExhausted,
} from '@dialmark/shared';
import { expect } from 'vitest';
import type { CountedClient } from '../src/admission/client.ts';

export const TTL = 60_000;
export const COOLDOWN = 120_000;
const HOUR = 3_600_000;
/** Of a pool of fewer than twenty numbers. */
const HOLDS_ALLOWED = 3;

/** A hold as its row should be, times in milliseconds. */
export interface Held {
  /** As the answer named it. */
  id: string;
  number: string;
  target: string;
  kind: BindingKind;
  session: string;
  visitor: string | null;
  startedAt: number;
  lastActiveAt: number;
  expiresAt: number;
  telClickAt: number | null;
  address: string | null;
  early: boolean;
  reason: FallbackReason | null;
}

interface Visit {
  id: string;
  visitor: string | null;
  startedAt: number;
  lastActiveAt: number;
  landing: string;
}

interface NaiveNumber {
  number: string;
  target: string;
  kind: 'pool' | 'source';
  status: NumberStatus;
}

export interface NaiveSite {
  onExhausted: (typeof OnExhausted.options)[number];
  consent: 'required' | 'implied';
  limit: number;
  /** By target: what it shows where no number is free. */
  fallbacks: Record<string, string>;
}

const isOwn = ({ kind }: Held) => kind === 'pool' || kind === 'shared';

/**
 * A pool as one would first write it: lists, scanned for every question. It does not choose; it says whether an answer
 * was a just one, and then remembers that it was given.
 */
export class NaivePool {
  readonly bindings: Held[] = [];
  /** In the order of their arrival. */
  readonly visits: Visit[] = [];
  readonly numbers: NaiveNumber[] = [];
  readonly pressure = new Map<string, { exhausted: number; shared: number; early: number }>();
  #counted: { key: string; at: number }[] = [];
  /** Until when an address holds a target's number, by binding. */
  #holds: { key: string; binding: string; until: number }[] = [];
  readonly site: NaiveSite;

  constructor(site: NaiveSite) {
    this.site = site;
  }

  /** Returns what is in memory only is read again from what was written. */
  restart(): void {
    this.#counted = this.bindings.flatMap(({ address, visitor, startedAt: at }) => keys(address, visitor, at));
    this.#holds = [];
    for (const held of this.bindings.filter(isOwn)) this.#noteHold(held, held.address);
  }

  add(number: string, target: string, kind: NaiveNumber['kind']): void {
    const known = this.numbers.findIndex((other) => other.number === number);
    if (known >= 0) this.numbers.splice(known, 1);
    this.numbers.push({ number, target, kind, status: 'active' });
    this.restart();
  }

  change(number: string, changes: Partial<Pick<NaiveNumber, 'status' | 'target'>>): void {
    for (const entry of this.numbers) if (entry.number === number) Object.assign(entry, changes);
    this.restart();
  }

  /** Judges the answer to a lease. */
  lease(request: LeaseRequest, client: CountedClient, now: number, answer: LeaseResponse): void {
    const targets = Object.keys(this.site.fallbacks).filter((id) => request.targets?.includes(id) ?? true);
    expect(Object.keys(answer.numbers).sort()).toEqual(targets.sort());
    expect(answer.session).toBe(request.session);
    if (client.robot || request.prerender) {
      for (const target of targets) expectNone(answer.numbers[target], 'bot');
      return;
    }
    const known = this.visits.find(({ id }) => id === request.session);
    const isRejected = (each?: Assignment) => each?.kind === 'none' && each.reason === 'rate_limited';
    const asks = keys(client.address, request.visitor ?? known?.visitor ?? null, now);
    const refused = () => {
      for (const target of targets) expectNone(answer.numbers[target], 'rate_limited');
      expect(answer.visitor).toBe(request.visitor);
    };
    if (!known && this.#isOver(asks, now)) {
      refused();
      return;
    }
    const arrives = !known || now - known.lastActiveAt >= TTL;
    const visit = known ?? this.#begin(request.session, request.visitor, request.page.url, now);
    visit.visitor = request.visitor ?? visit.visitor;
    if (targets.every((target) => isRejected(answer.numbers[target]))) {
      for (const target of targets) {
        const due = this.#judge(target, visit, client.address, { arrives, consented: true }, now, none);
        expect(due).toBe('rate_limited');
      }
      if (!known) this.visits.pop();
      refused();
      return;
    }
    const before = this.bindings.length;
    const consented = this.#hasConsent(request.visitor);
    expect(answer.visitor).toBe(consented ? visit.visitor : null);
    for (const target of this.#inOrder(targets)) {
      const given = answer.numbers[target] as Assignment;
      const due = this.#judge(target, visit, client.address, { arrives, consented }, now, given);
      if (typeof due === 'string') expectNone(given, due);
      else expectHeld(given, due);
    }
    if (!consented && targets.every((target) => answer.numbers[target]?.binding === null)) {
      if (!known) this.visits.pop();
      return;
    }
    visit.lastActiveAt = now;
    if (!known && this.bindings.length === before) this.#counted.push(...asks);
  }

  record(event: EventRequest, client: CountedClient, now: number): void {
    // Forms are off, as they are by default.
    if (client.robot || event.type === 'form') return;
    let visit = this.visits.find(({ id }) => id === event.session);
    if (!visit) {
      if (event.type !== 'pageview' || !event.page || !this.#hasConsent(event.visitor)) return;
      const asks = keys(client.address, event.visitor, now);
      if (this.#isOver(asks, now)) return;
      visit = this.#begin(event.session, event.visitor, event.page.url, now);
      this.#counted.push(...asks);
    }
    visit.visitor = event.type === 'consent' && event.data?.granted === false ? null : (visit.visitor ?? event.visitor);
    visit.lastActiveAt = now;
    for (const target of Object.keys(this.site.fallbacks)) {
      const held = this.#latest(visit.id, target);
      if (!held || held.expiresAt <= now || (isOwn(held) && this.#isRetired(held.number))) continue;
      this.#touch(held, visit, now);
      const taps = event.type === 'tel_click' && (!event.target || event.target === target);
      const lasting = taps && held.telClickAt === null ? 2 * TTL : TTL;
      if (taps) held.telClickAt = now;
      held.expiresAt = event.type === 'leave' ? now + TTL / 2 : Math.max(held.expiresAt, now + lasting);
      this.#noteHold(held, client.address);
    }
  }

  #hasConsent(visitor: string | null): boolean {
    return this.site.consent !== 'required' || visitor !== null;
  }

  #isOver(asks: { key: string }[], now: number): boolean {
    const taken = (key: string) => this.#counted.filter((each) => each.key === key && each.at > now - HOUR).length;
    return asks.some(({ key }) => taken(key) >= this.site.limit);
  }

  #noteHold(held: Held, address: string | null): void {
    if (address === null || !isOwn(held)) return;
    const key = `${held.target} ${address}`;
    this.#holds = this.#holds.filter((each) => each.key !== key || each.binding !== held.id);
    this.#holds.push({ key, binding: held.id, until: held.expiresAt });
  }

  #begin(id: string, visitor: string | null, landing: string, now: number): Visit {
    const visit = { id, visitor, startedAt: now, lastActiveAt: now, landing };
    this.visits.push(visit);
    return visit;
  }

  #inOrder(targets: string[]): string[] {
    return Object.keys(this.site.fallbacks).filter((id) => targets.includes(id));
  }

  /** Returns what the answer has to be: a hold, made just as the answer says it was, or the reason for none. */
  #judge(
    target: string,
    visit: Visit,
    address: string | null,
    { arrives, consented }: { arrives: boolean; consented: boolean },
    now: number,
    answer: Assignment,
  ): Held | FallbackReason {
    const { onExhausted } = this.site;
    const latest = this.#latest(visit.id, target);
    const live = latest && latest.expiresAt > now ? latest : null;
    const asks = keys(address, visit.visitor, now);
    const give = (kind: BindingKind, number: string, more: Partial<Held> = {}) => {
      this.#counted.push(...asks);
      const held = this.#given(visit, target, kind, number, now, answer, { address, ...more });
      this.#noteHold(held, address);
      return held;
    };

    const ruled = this.numbers.find(
      (each) => each.kind === 'source' && each.target === target && each.status === 'active',
    );
    const isRuled = ruled !== undefined && new URL(visit.landing).pathname === '/promo';
    if (isRuled) {
      if (live?.kind === 'source' && live.number === ruled.number) return this.#renewed(live, visit, address, now);
      if (!this.#isOver(asks, now)) return give('source', ruled.number);
    }
    if (!consented) return isRuled ? 'rate_limited' : 'consent';
    if (live && isOwn(live) && !this.#isRetired(live.number)) return this.#renewed(live, visit, address, now);

    const holding = this.#holds.filter(({ key, until }) => key === `${target} ${address}` && until > now).length;
    if (holding >= HOLDS_ALLOWED || this.#isOver(asks, now)) {
      return live?.kind === 'fallback' ? this.#renewed(live, visit, address, now) : 'rate_limited';
    }

    const active = this.numbers.filter(
      (each) => each.kind === 'pool' && each.target === target && each.status === 'active',
    );
    const free = active.filter(({ number }) => this.#holders(number, now).length === 0);
    if (free.length > 0) {
      const [number, last] = this.#chosen(free, visit, target, now, answer);
      const early =
        last !== null &&
        now - last.expiresAt < COOLDOWN &&
        last.session !== visit.id &&
        (last.visitor === null || last.visitor !== visit.visitor);
      if (early) this.#press(now, target, { early: 1 });
      return give('pool', number, { early });
    }
    if (onExhausted === 'share' && active.length > 0) {
      const activity = ({ number }: NaiveNumber) =>
        Math.max(...this.#holders(number, now).map(({ lastActiveAt }) => lastActiveAt));
      const oldest = Math.min(...active.map(activity));
      const just = active.filter((each) => activity(each) === oldest).map(({ number }) => number);
      expect(just).toContain(answer.number);
      for (const holder of this.#holders(answer.number as string, now)) holder.kind = 'shared';
      this.#press(now, target, { exhausted: 1, shared: 1 });
      return give('shared', answer.number as string);
    }
    const reason = active.length === 0 ? 'no_rule' : 'exhausted';
    const turnedAway = onExhausted === 'none' ? arrives : live?.kind !== 'fallback';
    if (reason === 'exhausted' && turnedAway) this.#press(now, target, { exhausted: 1 });
    if (onExhausted === 'none') return reason;
    if (live?.kind === 'fallback') return this.#renewed(live, visit, address, now);
    return give('fallback', this.site.fallbacks[target] as string, { reason });
  }

  /** Returns which of the free numbers was given, if it was right, and who had it last. */
  #chosen(
    free: NaiveNumber[],
    visit: Visit,
    target: string,
    now: number,
    answer: Assignment,
  ): [number: string, last: Held | null] {
    const idleSince = (number: string) => this.#lastEnded(number, now)?.expiresAt ?? 0;
    const longest = Math.min(...free.map(({ number }) => idleSince(number)));
    const previous = this.#previous(visit, target);
    const just = free.some(({ number }) => number === previous)
      ? [previous]
      : free.map(({ number }) => number).filter((number) => idleSince(number) === longest);
    expect(just).toContain(answer.number);
    return [answer.number as string, this.#lastEnded(answer.number as string, now)];
  }

  /** Returns the number that this visit, or else the latest other visit of its visitor that had one, held last. */
  #previous({ id, visitor }: Visit, target: string): string | null {
    const visits = visitor === null ? [] : this.visits.filter((other) => other.visitor === visitor).reverse();
    for (const visit of [id, ...visits.map((other) => other.id)]) {
      const held = this.bindings.findLast((each) => each.session === visit && each.target === target && isOwn(each));
      if (held) return held.number;
    }
    return null;
  }

  #given(
    visit: Visit,
    target: string,
    kind: BindingKind,
    number: string,
    now: number,
    answer: Assignment,
    more: Partial<Held>,
  ): Held {
    expect(this.bindings.map(({ id }) => id)).not.toContain(answer.binding);
    const held: Held = {
      ...{ id: answer.binding as string, number, target, kind, session: visit.id, visitor: visit.visitor },
      ...{ startedAt: now, lastActiveAt: now, expiresAt: now + TTL, telClickAt: null },
      ...{ address: null, early: false, reason: null },
      ...more,
    };
    this.bindings.push(held);
    return held;
  }

  #renewed(held: Held, visit: Visit, address: string | null, now: number): Held {
    this.#touch(held, visit, now);
    held.expiresAt = Math.max(held.expiresAt, now + TTL);
    this.#noteHold(held, address);
    return held;
  }

  #touch(held: Held, visit: Visit, now: number): void {
    held.visitor = visit.visitor;
    held.lastActiveAt = now;
  }

  #latest(session: string, target: string): Held | null {
    return this.bindings.findLast((held) => held.session === session && held.target === target) ?? null;
  }

  #isRetired(number: string): boolean {
    return this.numbers.some((each) => each.number === number && each.status === 'retired');
  }

  #holders(number: string, now: number): Held[] {
    return this.bindings.filter((held) => held.number === number && isOwn(held) && held.expiresAt > now);
  }

  #lastEnded(number: string, now: number): Held | null {
    const ended = this.bindings.filter((held) => held.number === number && isOwn(held) && held.expiresAt <= now);
    const end = Math.max(...ended.map(({ expiresAt }) => expiresAt));
    return ended.findLast(({ expiresAt }) => expiresAt === end) ?? null;
  }

  #press(now: number, target: string, more: { exhausted?: number; shared?: number; early?: number }): void {
    const key = `${Math.floor(now / HOUR)} ${target}`;
    const { exhausted, shared, early } = this.pressure.get(key) ?? { exhausted: 0, shared: 0, early: 0 };
    this.pressure.set(key, {
      exhausted: exhausted + (more.exhausted ?? 0),
      shared: shared + (more.shared ?? 0),
      early: early + (more.early ?? 0),
    });
  }
}

/** By whom new leases are limited. */
function keys(address: string | null, visitor: string | null, at: number): { key: string; at: number }[] {
  return [address, visitor && `visitor ${visitor}`].flatMap((key) => (key === null ? [] : { key, at }));
}

/** Placeholder for an answer that is not judged. */
const none = { kind: 'none', number: null, binding: null } as Assignment;

function expectNone(answer: Assignment | undefined, reason: FallbackReason): void {
  expect(answer).toEqual({
    ...{ kind: 'none', reason, number: null, binding: null, expiresAt: null },
  });
}

function expectHeld(answer: Assignment, { id, kind, number, expiresAt, reason }: Held): void {
  expect(answer).toMatchObject({ kind, number, binding: id, ...(reason === null ? {} : { reason }) });
  expect(Date.parse(answer.expiresAt as string)).toBe(expiresAt);
}
