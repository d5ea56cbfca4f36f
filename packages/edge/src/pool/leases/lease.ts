import { type EpochMs, type LeaseRequest, SECOND, type Site } from '@dialmark/shared';
import type { CountedClient } from '../../admission/client.ts';
import type { Unstored } from '../../admission/decide.ts';
import { keptAddress } from '../../admission/kept-address.ts';
import { done, fail, type Outcome } from '../../platform/result.ts';
import { hasConsent, insertVisit, judge } from './admit.ts';
import { assign, type LeaseContext, VISITS_SEARCHED } from './assign.ts';
import type { Assigned, Leased } from './assigned.ts';
import { isRejected, none, shown } from './assignment.ts';
import type { Leasing } from './leasing.ts';
import { newSession, viewPage } from './session.ts';

/** Assigns a number for each target asked for; renews what the session already holds. */
export function lease(pool: Leasing, request: LeaseRequest, client: CountedClient, now: EpochMs): Outcome<Leased> {
  const { site } = pool;
  const unknown = (request.targets ?? []).flatMap((id, index) =>
    site.targets.some((target) => target.id === id)
      ? []
      : [{ path: `targets.${index}`, code: 'unknown_target' as const, message: `this site has no target "${id}"` }],
  );
  if (unknown.length > 0) return fail('invalid_request', 'The request contains unknown targets.', unknown);
  const targets = site.targets.filter((target) => request.targets?.includes(target.id) ?? true);

  const answer = (numbers: Record<string, Assigned>, visitor: string | null): Outcome<Leased> =>
    done({ visitor, session: request.session, numbers, renewAfterSeconds: renewAfter(site) });

  if (client.robot || request.prerender) {
    return answer(Object.fromEntries(targets.map((target) => [target.id, none('bot')])), request.visitor);
  }

  const { known, earlier } = pool.store.sessions.arrival(request.session, request.visitor, VISITS_SEARCHED);
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
  const rejection = judge(pool, known, counting, client, now);
  if (rejection !== null) return unstored(rejection);

  const page = { url: keptAddress(request.page.url) };
  const session = known ?? newSession(pool, request, client, now);
  if (request.visitor !== null && session.visitor !== request.visitor) {
    pool.store.sessions.setVisitor(session, request.visitor);
  }
  const arrives = !known || now - known.lastActiveAt >= site.lease.ttlSeconds * SECOND;
  const consented = hasConsent(site, request.visitor);
  const left = client.granted ?? targets.length;
  const asking: LeaseContext = { arrives, consented, earlier, counting, left, given: 0, why: 'address' };
  const numbers: Record<string, Assigned> = {};
  for (const target of targets) numbers[target.id] = assign(pool, target, session, asking, now);
  if (targets.length > 0 && targets.every(({ id }) => isRejected(numbers[id]))) return unstored(asking.why);
  // Before consent, only the source that a source number is shown for is stored.
  if (!consented && Object.values(numbers).every(({ binding }) => binding === null)) return answer(numbers, null);

  session.lastActiveAt = now;
  if (!known || page.url !== session.lastUrl) viewPage(session, page.url, now);
  if (known) pool.store.sessions.update(session);
  else insertVisit(pool, session, counting, asking.given, now);
  pool.counters.served();
  return answer(numbers, consented ? session.visitor : null);
}

/** Returns how many numbers more a visit asks for: one for each target that it holds none of, and one where it is new. */
export function numbersWanted({ site, store }: Leasing, request: LeaseRequest, now: EpochMs): number {
  const known = store.session(request.session);
  const targets = request.targets ?? site.targets.map(({ id }) => id);
  if (!known) return Math.max(1, targets.length);
  return targets.filter((target) => {
    const binding = store.binding(known.bindings[target]?.at(-1) ?? -1);
    return binding === null || binding.expiresAt <= now;
  }).length;
}

/** Returns a third of the lease: two renewals may be lost before the number is. */
function renewAfter(site: Site): number {
  return Math.max(1, Math.floor(site.lease.ttlSeconds / 3));
}
