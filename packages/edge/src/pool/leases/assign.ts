import { type E164, type EpochMs, type FallbackReason, HOUR, ruleFits, SECOND, type Target } from '@dialmark/shared';
import type { Counting } from '../../admission/admission.ts';
import type { Unstored } from '../../admission/decide.ts';
import type { BindingRow, SessionRow, Visit } from '../store/rows.ts';
import type { Assigned } from './assigned.ts';
import { assigned, isRejected, none } from './assignment.ts';
import type { Leasing } from './leasing.ts';
import { isExclusive, renew } from './renew.ts';

/** Number of a visitor's earlier visits that are searched for the number it had. */
export const VISITS_SEARCHED = 5;
/** A visit that outlives this many leases of a target forgets its oldest here; the log keeps them all. */
const BINDINGS_KEPT = 50;

/** The state of one lease request: what decides on its numbers, and the numbers assigned so far. */
export interface LeaseContext {
  /** The visit is new, or comes back after its leases have run out. */
  arrives: boolean;
  consented: boolean;
  /** The visitor's visits before, where they are known already. */
  earlier: Visit[] | null;
  counting: Counting;
  /** The numbers it may get beyond those counted here. */
  left: number;
  given: number;
  /** Why it was given none, or no more. */
  why: Unstored;
}

/** Returns a session the number to show in place of one target. */
export function assign(
  pool: Leasing,
  target: Target,
  session: SessionRow,
  asking: LeaseContext,
  now: EpochMs,
): Assigned {
  const { site, store, allocator } = pool;
  const held = session.bindings[target.id]?.at(-1);
  const current = held === undefined ? null : store.binding(held);
  const live = current !== null && current.expiresAt > now ? current : null;

  const facts = { url: session.landingPage ?? '', referrer: session.referrer, touch: session };
  const source = pool.sources.get(target.id)?.find((number) => number.match && ruleFits(number.match, facts));
  if (source) {
    const shown = showOpen(pool, target, session, 'source', source.number, live, asking, now, null);
    // A visit that may not get another number keeps the one it has.
    if (!isRejected(shown) || !asking.consented) return shown;
  } else if (!asking.consented) {
    return none('consent');
  }

  if (live?.kind === 'pool' || live?.kind === 'shared') {
    const renewed = renew(pool, live, session.visitor, 'active', asking.counting, now);
    if (renewed) return assigned(renewed);
  }

  const full = pool.admission.judgeBinding(asking.counting, target.id, allocator.size(target.id), now);
  if (full) asking.why = full;
  if (full || !mayHave(pool, asking, now)) {
    // A number it already has costs nothing.
    if (live?.kind !== 'fallback') return none('rate_limited');
    return showOpen(pool, target, session, 'fallback', live.number, live, asking, now, live.reason);
  }

  const seq = pool.nextSeq(now);
  const choice = allocator.claim({
    target: target.id,
    seq,
    session: session.id,
    visitor: session.visitor,
    now,
    previous: previousNumber(pool, target, session, asking.earlier),
  });
  if (choice.kind === 'exhausted') {
    const reason = allocator.size(target.id) === 0 ? 'no_rule' : 'exhausted';
    const turnedAway = site.lease.onExhausted === 'none' ? asking.arrives : live?.kind !== 'fallback';
    if (reason === 'exhausted' && turnedAway) store.pressure.count(Math.floor(now / HOUR), target.id, 'exhausted');
    if (site.lease.onExhausted === 'none') return none(reason);
    return showOpen(pool, target, session, 'fallback', target.fallback ?? target.number, live, asking, now, reason);
  }

  if (choice.kind === 'pool' && choice.early) store.pressure.count(Math.floor(now / HOUR), target.id, 'early');
  if (choice.kind === 'shared') {
    store.pressure.count(Math.floor(now / HOUR), target.id, 'shared');
    for (const other of choice.newlyShared) store.bindings.markShared(other.seq);
  }
  const binding = bind(pool, target, session, asking, now, {
    seq,
    number: choice.number.number,
    kind: choice.kind,
    early: choice.kind === 'pool' && choice.early,
    reason: null,
  });
  pool.admission.noteBinding(asking.counting, target.id, seq, binding.expiresAt, now);
  return assigned(binding);
}

/** Returns whether the client may be given one more number, of whatever kind: each is a row. */
function mayHave({ admission }: Leasing, asking: LeaseContext, now: EpochMs): boolean {
  const rejection = asking.given < asking.left ? admission.judgeNumber(asking.counting, now) : 'address';
  if (rejection) asking.why = rejection;
  return rejection === null;
}

/** Shows a number that any count of sessions may show at once: renews its binding, or binds it if it is another. */
function showOpen(
  pool: Leasing,
  target: Target,
  session: SessionRow,
  kind: 'source' | 'fallback',
  number: E164,
  live: BindingRow | null,
  asking: LeaseContext,
  now: EpochMs,
  reason: FallbackReason | null,
): Assigned {
  if (live?.kind === kind && live.number === number) {
    const renewed = renew(pool, live, session.visitor, 'active', asking.counting, now);
    if (renewed) return assigned(renewed);
  }
  if (!mayHave(pool, asking, now)) return none('rate_limited');
  const seq = pool.nextSeq(now);
  return assigned(bind(pool, target, session, asking, now, { seq, number, kind, early: false, reason }));
}

function bind(
  pool: Leasing,
  target: Target,
  session: SessionRow,
  asking: LeaseContext,
  now: EpochMs,
  chosen: Pick<BindingRow, 'seq' | 'number' | 'kind' | 'early' | 'reason'>,
): BindingRow {
  const binding: BindingRow = {
    ...chosen,
    address: asking.counting.address,
    target: target.id,
    session: session.id,
    visitor: session.visitor,
    startedAt: now,
    lastActiveAt: now,
    expiresAt: (now + pool.site.lease.ttlSeconds * SECOND) as EpochMs,
    telClickAt: null,
  };
  pool.store.bindings.insert(binding);
  pool.counters.made(chosen.kind, chosen.early);
  pool.admission.took(asking.counting, now);
  asking.given++;
  session.bindings[target.id] = [...(session.bindings[target.id] ?? []), binding.seq].slice(-BINDINGS_KEPT);
  return binding;
}

/** Returns the pool number that this visitor, or this session before its lease ran out, held last for the target. */
function previousNumber(pool: Leasing, target: Target, session: SessionRow, earlier: Visit[] | null): E164 | null {
  const visits =
    earlier ?? (session.visitor === null ? [] : pool.store.sessions.ofVisitor(session.visitor, VISITS_SEARCHED));
  for (const visit of [session, ...visits]) {
    // The latest that was its own: between them it may have been shown a fallback.
    for (const seq of visit.bindings[target.id]?.toReversed() ?? []) {
      const binding = pool.store.binding(seq);
      if (binding && isExclusive(binding.kind)) return binding.number;
    }
  }
  return null;
}
