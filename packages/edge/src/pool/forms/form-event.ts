import type { EpochMs, EventRequest } from '@dialmark/shared';
import type { Counting } from '../../admission/admission.ts';
import { keptAddress } from '../../admission/kept-address.ts';
import type { Leasing } from '../leases/leasing.ts';
import type { FormRow } from '../store/rows.ts';
import type { KeptContact } from './contact.ts';

/** A form event with what the site keeps of its contact. */
export type FormEvent = Pick<EventRequest, 'session' | 'form' | 'page'> & { kept: KeptContact | null };

/** Keeps a form that a page says was sent, of visits that never leased too, unless too many come from there. */
export function recordForm(
  pool: Pick<Leasing, 'site' | 'store' | 'admission' | 'counters'>,
  event: FormEvent,
  counting: Counting,
  now: EpochMs,
): void {
  const rejection = pool.admission.judgeForm(counting, now);
  if (rejection !== null) {
    pool.counters.unstored(rejection);
    return;
  }
  const contact = pool.site.forms === 'contact' ? event.kept : null;
  pool.store.forms.save({
    id: `f_${crypto.randomUUID().replaceAll('-', '')}`,
    at: now,
    session: event.session,
    visitor: counting.visitor,
    form: event.form ?? { id: null, name: null, action: null },
    page: event.page ? keptPage(event.page) : null,
    email: contact?.email ?? null,
    phone: contact?.phone ?? null,
    name: contact?.name ?? null,
    erased: false,
  });
}

const TITLE_KEPT = 200;

/** Returns what is kept of the page that a form was on. */
export function keptPage({ url, referrer, title }: NonNullable<EventRequest['page']>): FormRow['page'] {
  return {
    url: keptAddress(url),
    referrer: keptAddress(referrer ?? '') || null,
    title: title?.slice(0, TITLE_KEPT).toWellFormed() || null,
  };
}
