import {
  type Assignment,
  type BindingKind,
  classify,
  type E164,
  type EpochMs,
  type EventRequest,
  type FallbackReason,
  HOUR,
  hostsOf,
  type LeaseRequest,
  type LeaseResponse,
  landingPath,
  rfc3339,
  ruleFits,
  SECOND,
  type Site,
  type Target,
} from '@dialmark/shared';
import type { Admission, Counting } from '../../admission/admission.ts';
import type { Unstored } from '../../admission/decide.ts';
import { keptAddress } from '../../admission/kept-address.ts';
import { type KeysOfDay, OTHER } from '../../admission/keys-of-day.ts';
import { done, fail, type Outcome } from '../../platform/result.ts';
import type { Counters } from '../monitoring/counters.ts';
import { printed } from '../numbers/printed.ts';
import type { BindingRow, NumberRow, PoolStore, SessionRow, Visit } from '../store/store.ts';
import type { Activity, Allocator } from './allocator.ts';
import { bindingId } from './binding-id.ts';
import type { CountedClient } from './client.ts';

/** The parts of a pool that a lease or an event works on. */
export interface Leasing {
  readonly site: Site;
  readonly store: PoolStore;
  readonly allocator: Allocator;
  readonly admission: Admission;
  readonly keys: KeysOfDay;
  readonly counters: Counters;
  /** Active source numbers by target, in the order in which their rules are tried. */
  readonly sources: ReadonlyMap<string, readonly NumberRow[]>;
  readonly nextSeq: (now: EpochMs) => number;
}

/** How many of a visitor's earlier visits are searched for the number it had. */
const VISITS_SEARCHED = 5;

/** A visit that outlives this many leases of a target forgets its oldest here; the log keeps them all. */
const HOLDS_KEPT = 50;

const EVENT_ACTIVITY: Record<EventRequest['type'], Activity> = {
  pageview: 'active',
  heartbeat: 'active',
  consent: 'active',
  tag: 'active',
  leave: 'leave',
  tel_click: 'tel_click',
};

/** Assigns a number for each target asked for; renews what the session already holds. */
export function lease(
  pool: Leasing,
  request: LeaseRequest,
  client: CountedClient,
  now: EpochMs,
): Outcome<LeaseResponse> {
  const { site } = pool;
  const unknown = (request.targets ?? []).flatMap((id, index) =>
    site.targets.some((target) => target.id === id)
      ? []
      : [{ path: `targets.${index}`, code: 'unknown_target' as const, message: `this site has no target "${id}"` }],
  );
  if (unknown.length > 0)
    return fail('invalid_request', 'The request names targets that the site does not have.', unknown);
  const targets = site.targets.filter((target) => request.targets?.includes(target.id) ?? true);

  const answer = (numbers: Record<string, Assignment>, visitor: string | null): Outcome<LeaseResponse> =>
    done({ visitor, session: request.session, numbers, renewAfterSeconds: renewAfter(site) });

  if (client.robot || request.prerender) {
    return answer(Object.fromEntries(targets.map((target) => [target.id, none('bot')])), request.visitor);
  }

  const { known, earlier } = pool.store.arrival(request.session, request.visitor, VISITS_SEARCHED);
  const counting = {
    address: client.address,
    block: client.block ?? null,
    visitor: request.visitor ?? known?.visitor ?? null,
  };
  const unstored = (why: Unstored) => {
    pool.counters.unstored(why);
    const numbers = targets.map((target) => [
      target.id,
      known ? shown(pool, known, target, now) : none('rate_limited'),
    ]);
    return answer(Object.fromEntries(numbers), request.visitor);
  };
  const refusal = judge(pool, known, counting, client, now);
  if (refusal !== null) return unstored(refusal);

  const page = { url: keptAddress(request.page.url) };
  const session = known ?? newSession(pool, request, client, now);
  if (request.visitor !== null && session.visitor !== request.visitor) {
    pool.store.setSessionVisitor(session, request.visitor);
  }
  const arrives = !known || now - known.lastActiveAt >= site.lease.ttlSeconds * SECOND;
  // A visitor id in the request is what says that consent was given; an earlier one does not say it is still.
  const consented = site.consent !== 'required' || request.visitor !== null;
  const left = client.granted ?? targets.length;
  const asking: Asking = { arrives, consented, earlier, counting, left, given: 0, why: 'address' };
  const numbers: Record<string, Assignment> = {};
  for (const target of targets) numbers[target.id] = assign(pool, target, session, asking, now);
  if (targets.length > 0 && targets.every(({ id }) => isRefused(numbers[id]))) return unstored(asking.why);

  session.lastActiveAt = now;
  if (!known || page.url !== session.lastUrl) viewPage(pool, session, page.url, now);
  if (known) pool.store.updateSession(session);
  else keepVisit(pool, session, counting, asking.given, now);
  pool.counters.served();
  return answer(numbers, consented ? session.visitor : null);
}

/** Records what happened in a visit, and renews its leases. Events of unknown visits that name no page are void. */
export function record(pool: Leasing, event: EventRequest, client: CountedClient, now: EpochMs): void {
  if (client.robot) return;
  const known = pool.store.session(event.session);
  if (!known && !(event.type === 'pageview' && event.page)) return;
  const counting = {
    address: client.address,
    block: client.block ?? null,
    visitor: event.visitor ?? known?.visitor ?? null,
  };
  // Consent is given and taken back whatever else.
  const refusal = event.type === 'consent' ? null : judge(pool, known, counting, client, now);
  if (refusal !== null) {
    pool.counters.unstored(refusal);
    return;
  }
  const session =
    known ??
    newSession(pool, { ...event, page: event.page as LeaseRequest['page'], visitor: event.visitor }, client, now);

  const visitor = event.type === 'consent' && event.data?.granted === false ? null : (session.visitor ?? event.visitor);
  if (session.visitor !== visitor) pool.store.setSessionVisitor(session, visitor);
  if (event.type === 'pageview' && event.page) viewPage(pool, session, keptAddress(event.page.url), now);
  if (event.type === 'tag' && event.data) session.tags = mergeTags(session.tags, event.data);

  for (const [target, seqs] of Object.entries(session.holds)) {
    const seq = seqs.at(-1) as number;
    const onThis = event.type !== 'tel_click' || !event.target || event.target === target;
    const binding = pool.store.binding(seq);
    if (!binding || binding.expiresAt <= now) continue;
    renew(pool, binding, session.visitor, onThis ? EVENT_ACTIVITY[event.type] : 'active', counting, now);
  }
  if (event.type === 'tel_click') pool.counters.telClick();
  session.lastActiveAt = now;
  if (known) pool.store.updateSession(session);
  else keepVisit(pool, session, counting, 0, now);
  pool.counters.served();
}

/** Whether what is asked is stored at all: a visit that is not known, or holds nothing, counts as a new one. */
function judge(pool: Leasing, known: SessionRow | null, counting: Counting, client: CountedClient, now: EpochMs) {
  if (known === null) {
    return client.granted === 0 ? 'address' : pool.admission.judgeVisit(counting, now);
  }
  return pool.admission.judgeRenewal(counting, now);
}

/** Stores a new visit. One that was given no number counts all the same. */
function keepVisit(pool: Leasing, session: SessionRow, counting: Counting, given: number, now: EpochMs): void {
  pool.store.insertSession(session);
  pool.admission.tookVisit(now);
  if (given === 0) pool.admission.took(counting, now);
}

/** What a visit is shown now, as it stands. */
function shown({ store, allocator }: Leasing, session: SessionRow, target: Target, now: EpochMs): Assignment {
  const seq = session.holds[target.id]?.at(-1);
  const binding = seq === undefined ? null : store.binding(seq);
  if (binding === null || binding.expiresAt <= now) return none('rate_limited');
  const isGone = isExclusive(binding.kind) && !allocator.holds(binding.number, binding.seq, now);
  return isGone ? none('rate_limited') : assigned(binding);
}

function isRefused(assignment: Assignment | undefined): boolean {
  return assignment?.kind === 'none' && assignment.reason === 'rate_limited';
}

/** How many numbers more a visit asks for: one for each target that it holds none of, and one where it is new. */
export function numbersWanted({ site, store }: Leasing, request: LeaseRequest, now: EpochMs): number {
  const known = store.session(request.session);
  const targets = request.targets ?? site.targets.map(({ id }) => id);
  if (!known) return Math.max(1, targets.length);
  return targets.filter((target) => {
    const binding = store.binding(known.holds[target]?.at(-1) ?? -1);
    return binding === null || binding.expiresAt <= now;
  }).length;
}

/** What decides on the numbers that one request is given, and what it was given so far. */
interface Asking {
  /** The visit is new, or comes back after its leases have run out. */
  arrives: boolean;
  consented: boolean;
  /** The visitor's visits before, where they are known already. */
  earlier: Visit[] | null;
  counting: Counting;
  /** How many numbers more it may be given, beside what is counted here. */
  left: number;
  given: number;
  /** Why it was given none, or no more. */
  why: Unstored;
}

function assign(pool: Leasing, target: Target, session: SessionRow, asking: Asking, now: EpochMs): Assignment {
  const { site, store, allocator } = pool;
  const held = session.holds[target.id]?.at(-1);
  const current = held === undefined ? null : store.binding(held);
  const live = current !== null && current.expiresAt > now ? current : null;

  const facts = { url: session.landingPage ?? '', referrer: session.referrer, touch: session };
  const source = pool.sources.get(target.id)?.find((number) => number.match && ruleFits(number.match, facts));
  if (source) {
    const shown = hold(pool, target, session, 'source', source.number, live, asking, now, null);
    // Where it may be given no other number, a visit keeps the one it has.
    if (!isRefused(shown) || !asking.consented) return shown;
  } else if (!asking.consented) {
    return none('consent');
  }

  if (live?.kind === 'pool' || live?.kind === 'shared') {
    const renewed = renew(pool, live, session.visitor, 'active', asking.counting, now);
    if (renewed) return assigned(renewed);
  }

  const full = pool.admission.judgeHold(asking.counting, target.id, allocator.size(target.id), now);
  if (full) asking.why = full;
  if (full || !mayHave(pool, asking, now)) {
    // What it is shown already costs nobody anything.
    if (live?.kind !== 'fallback') return none('rate_limited');
    return hold(pool, target, session, 'fallback', live.number, live, asking, now, live.reason);
  }

  const seq = pool.nextSeq(now);
  const choice = allocator.claim({
    target: target.id,
    binding: seq,
    session: session.id,
    visitor: session.visitor,
    now,
    previous: previousNumber(pool, target, session, asking.earlier),
  });
  if (choice.kind === 'exhausted') {
    const reason = allocator.size(target.id) === 0 ? 'no_rule' : 'exhausted';
    const turnedAway = site.lease.onExhausted === 'none' ? asking.arrives : live?.kind !== 'fallback';
    if (reason === 'exhausted' && turnedAway) store.countPressure(Math.floor(now / HOUR), target.id, 'exhausted');
    if (site.lease.onExhausted === 'none') return none(reason);
    return hold(pool, target, session, 'fallback', target.fallback ?? target.number, live, asking, now, reason);
  }

  if (choice.kind === 'pool' && choice.early) store.countPressure(Math.floor(now / HOUR), target.id, 'early');
  if (choice.kind === 'shared') {
    store.countPressure(Math.floor(now / HOUR), target.id, 'shared');
    for (const other of choice.newlyShared) store.markShared(other.binding);
  }
  const binding = bind(pool, target, session, asking, now, {
    seq,
    number: choice.number.number,
    kind: choice.kind,
    early: choice.kind === 'pool' && choice.early,
    reason: null,
  });
  pool.admission.holds(asking.counting, target.id, seq, binding.expiresAt, now);
  return assigned(binding);
}

/** Tells whether the client may be given one more number, of whatever kind: each is a row. */
function mayHave({ admission }: Leasing, asking: Asking, now: EpochMs): boolean {
  const refusal = asking.given < asking.left ? admission.judgeNumber(asking.counting, now) : 'address';
  if (refusal) asking.why = refusal;
  return refusal === null;
}

/** A number that any count of sessions may show at once: renewed while it is the same, bound anew otherwise. */
function hold(
  pool: Leasing,
  target: Target,
  session: SessionRow,
  kind: 'source' | 'fallback',
  number: E164,
  live: BindingRow | null,
  asking: Asking,
  now: EpochMs,
  reason: FallbackReason | null,
): Assignment {
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
  asking: Asking,
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
  pool.store.insertBinding(binding);
  pool.counters.made(chosen.kind, chosen.early);
  pool.admission.took(asking.counting, now);
  asking.given++;
  session.holds[target.id] = [...(session.holds[target.id] ?? []), binding.seq].slice(-HOLDS_KEPT);
  return binding;
}

/** @returns the binding as renewed; null where its number is no longer the session's. */
function renew(
  pool: Leasing,
  binding: BindingRow,
  visitor: string | null,
  activity: Activity,
  counting: Counting,
  now: EpochMs,
): BindingRow | null {
  let { expiresAt } = binding;
  // A number is held longer for the first tap on it; who taps again and again keeps it as any activity does.
  const lasting = activity === 'tel_click' && binding.telClickAt !== null ? 'active' : activity;
  if (isExclusive(binding.kind)) {
    const held = pool.allocator.renew(binding.number, binding.seq, lasting, now);
    if (!held) return null;
    held.visitor = visitor;
    expiresAt = held.expiresAt;
    pool.admission.holds(counting, binding.target, binding.seq, expiresAt, now);
  } else {
    expiresAt = pool.allocator.extended(binding.expiresAt, lasting, now);
  }
  const telClickAt = activity === 'tel_click' ? now : binding.telClickAt;
  // Consent given, or taken back, since the number was.
  if (binding.visitor !== visitor) pool.store.setBindingVisitor(binding.seq, visitor);
  pool.store.renewBinding(binding.seq, now, expiresAt, telClickAt);
  pool.counters.renewed();
  return { ...binding, visitor, lastActiveAt: now, expiresAt, telClickAt };
}

function isExclusive(kind: BindingKind): boolean {
  return kind === 'pool' || kind === 'shared';
}

/** The pool number that this visitor, or this session before its lease ran out, held last for the target. */
function previousNumber(pool: Leasing, target: Target, session: SessionRow, earlier: Visit[] | null): E164 | null {
  const visits = earlier ?? (session.visitor === null ? [] : pool.store.sessionsOf(session.visitor, VISITS_SEARCHED));
  for (const visit of [session, ...visits]) {
    // The latest that was its own: between them it may have been shown a fallback.
    for (const seq of visit.holds[target.id]?.toReversed() ?? []) {
      const binding = pool.store.binding(seq);
      if (binding && isExclusive(binding.kind)) return binding.number;
    }
  }
  return null;
}

function viewPage(pool: Leasing, session: SessionRow, url: string, now: EpochMs): void {
  session.pages++;
  session.firstUrl ??= url;
  session.lastUrl = url;
  pool.store.addPageView(session.id, session.pages, url, now);
}

function newSession(
  { site, nextSeq, keys }: Leasing,
  request: Pick<LeaseRequest, 'session' | 'visitor' | 'page'> & Partial<Pick<LeaseRequest, 'touch'>>,
  client: CountedClient,
  now: EpochMs,
): SessionRow {
  const given = request.touch ?? request.page;
  const landing = { url: keptAddress(given.url), referrer: keptAddress(given.referrer ?? '') || null };
  const { clickIds, channel, ...touch } = classify(landing, {
    ownHosts: hostsOf(site.origins),
    ignoredHosts: site.ignoredReferrers,
  });
  const counted = (dimension: string, value: string | null) =>
    value === null || keys.admits(dimension, value, now) ? value : OTHER;
  return {
    seq: nextSeq(now),
    id: request.session,
    visitor: request.visitor,
    startedAt: now,
    lastActiveAt: now,
    landingPage: keys.admits('landing_page', landingPath(landing.url), now) ? landing.url : otherPage(landing.url),
    referrer: keys.admits('referrer', hostOf(landing.referrer), now) ? landing.referrer : `https://${OTHER}/`,
    source: counted('source', touch.source) ?? OTHER,
    medium: counted('medium', touch.medium) ?? OTHER,
    campaign: counted('campaign', touch.campaign),
    term: counted('term', touch.term),
    content: counted('content', touch.content),
    channel,
    clickIds,
    pages: 0,
    firstUrl: null,
    lastUrl: null,
    device: client.device,
    country: client.country,
    tags: null,
    holds: {},
  };
}

function hostOf(referrer: string | null): string {
  return referrer !== null && URL.canParse(referrer) ? new URL(referrer).hostname : '';
}

/** A landing page that is counted with the rest of its day; what its query tells stays. */
function otherPage(url: string): string {
  return URL.canParse(url) ? `${new URL(url).origin}/${OTHER}${new URL(url).search}` : `/${OTHER}`;
}

const TAGS_BYTES = 8192;

/** Later tags replace earlier ones of the same name; a visit keeps at most 8 kB of them. */
function mergeTags(tags: Record<string, unknown> | null, added: Record<string, unknown>): Record<string, unknown> {
  const merged = { ...tags, ...added };
  return JSON.stringify(merged).length <= TAGS_BYTES ? merged : (tags ?? {});
}

function assigned(binding: BindingRow): Assignment {
  const common = {
    ...printed(binding.number),
    binding: bindingId(binding.seq),
    expiresAt: rfc3339(binding.expiresAt),
  };
  return binding.kind === 'fallback'
    ? { kind: binding.kind, reason: binding.reason ?? 'exhausted', ...common }
    : { kind: binding.kind, ...common };
}

function none(reason: FallbackReason): Assignment {
  return { kind: 'none', reason, number: null, national: null, international: null, binding: null, expiresAt: null };
}

/** A third of the lease: two renewals may be lost before the number is. */
function renewAfter(site: Site): number {
  return Math.max(1, Math.floor(site.lease.ttlSeconds / 3));
}
