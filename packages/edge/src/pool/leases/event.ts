import type { EpochMs, EventRequest, LeaseRequest } from '@dialmark/shared';
import type { CountedClient } from '../../admission/client.ts';
import { keptAddress } from '../../admission/kept-address.ts';
import type { KeptContact } from '../forms/contact.ts';
import { recordForm } from '../forms/form-event.ts';
import { hasConsent, insertVisit, judge } from './admit.ts';
import type { Activity } from './allocator.ts';
import type { Leasing } from './leasing.ts';
import { renew } from './renew.ts';
import { mergeTags, newSession, viewPage } from './session.ts';

const EVENT_ACTIVITY: Record<EventRequest['type'], Activity> = {
  pageview: 'active',
  heartbeat: 'active',
  consent: 'active',
  tag: 'active',
  leave: 'leave',
  tel_click: 'tel_click',
  form: 'active',
};

/** Records what happened in a visit, and renews its leases. Events of unknown visits that name no page are void. */
export function record(
  pool: Leasing,
  event: EventRequest,
  client: CountedClient,
  now: EpochMs,
  contact: KeptContact | null = null,
): void {
  if (client.robot || (event.type === 'form' && pool.site.forms === 'off')) return;
  const known = pool.store.session(event.session);
  if (event.type === 'form' && hasConsent(pool.site, event.visitor)) {
    const { address, block = null } = client;
    const visitor = event.visitor ?? known?.visitor ?? null;
    recordForm(pool, { ...event, kept: contact }, { address, block, visitor }, now);
  }
  if (!known && !(event.type === 'pageview' && event.page && hasConsent(pool.site, event.visitor))) return;
  const counting = {
    address: client.address,
    block: client.block ?? null,
    visitor: event.visitor ?? known?.visitor ?? null,
  };
  // Consent is given and taken back whatever else.
  const rejection = event.type === 'consent' ? null : judge(pool, known, counting, client, now);
  if (rejection !== null) {
    pool.counters.unstored(rejection);
    return;
  }
  const session =
    known ??
    newSession(pool, { ...event, page: event.page as LeaseRequest['page'], visitor: event.visitor }, client, now);

  const visitor = event.type === 'consent' && event.data?.granted === false ? null : (session.visitor ?? event.visitor);
  if (session.visitor !== visitor) pool.store.sessions.setVisitor(session, visitor);
  if (event.type === 'pageview' && event.page) viewPage(session, keptAddress(event.page.url), now);
  if (event.type === 'tag' && event.data) session.tags = mergeTags(session.tags, event.data);

  for (const [target, seqs] of Object.entries(session.bindings)) {
    const seq = seqs.at(-1) as number;
    const onThis = event.type !== 'tel_click' || !event.target || event.target === target;
    const binding = pool.store.binding(seq);
    if (!binding || binding.expiresAt <= now) continue;
    renew(pool, binding, session.visitor, onThis ? EVENT_ACTIVITY[event.type] : 'active', counting, now);
  }
  if (event.type === 'tel_click') pool.counters.telClick();
  session.lastActiveAt = now;
  if (known) pool.store.sessions.update(session);
  else insertVisit(pool, session, counting, 0, now);
  pool.counters.served();
}
