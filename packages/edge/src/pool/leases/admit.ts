import type { EpochMs, Site } from '@dialmark/shared';
import type { Counting } from '../../admission/admission.ts';
import type { CountedClient } from '../../admission/client.ts';
import type { Unstored } from '../../admission/decide.ts';
import type { SessionRow } from '../store/rows.ts';
import type { Leasing } from './leasing.ts';

/**
 * Returns whether a site may keep a visit. A visitor id in the request is what says that consent was given; an earlier one
 * does not say it is still.
 */
export function hasConsent(site: Site, visitor: string | null): boolean {
  return site.consent !== 'required' || visitor !== null;
}

/** Decides whether a request is stored. @returns why not; null if it is */
export function judge(
  pool: Leasing,
  known: SessionRow | null,
  counting: Counting,
  client: CountedClient,
  now: EpochMs,
): Unstored | null {
  if (known === null) {
    return client.granted === 0 ? 'address' : pool.admission.judgeVisit(counting, now);
  }
  return pool.admission.judgeRenewal(counting, now);
}

/** Stores a new visit. One that was given no number counts all the same. */
export function insertVisit(pool: Leasing, session: SessionRow, counting: Counting, given: number, now: EpochMs): void {
  pool.store.sessions.insert(session);
  pool.admission.tookVisit(now);
  if (given === 0) pool.admission.took(counting, now);
}
