import type { LeaseAnswer, PrintedNumber, TouchEvidence } from '../core/contract.ts';
import { tagsOf } from './landing.ts';
import { readCookie } from './read-cookie.ts';

/** A visitor in a session. */
export interface Visit {
  visitor: string;
  session: string;
  touch: TouchEvidence;
  /** Answers of the edge so far. */
  answer?: LeaseAnswer | undefined;
  /** Numbers lent to this browser of late, newest last: the page may have kept a copy of itself that shows one. */
  lent?: Lent[] | undefined;
}

/** A tracking number that was shown for a target. */
export interface Lent extends PrintedNumber {
  target: string;
  expiresAt: string;
}

/** Returns true if a number may still be shown. Not by `Date.parse`, which old libraries replace. */
export const isCurrent = (number?: { expiresAt: string | null }) =>
  !!number && +new Date(number.expiresAt as string) > Date.now();

/** 128 random bits. */
function newId(kind: string): string {
  return kind + crypto.getRandomValues(new Uint32Array(4)).join('');
}

/** The name that a site's cookie and its entry in local storage go by. */
export const nameOf = (site: string) => `dialmark_${site}`;

/** Reads the cookie: visitor, session, second of the last activity. */
export const stored = (site: string) =>
  readCookie(nameOf(site)).split('~') as [visitor: string, session?: string, active?: number];

export const seconds = () => Math.floor(Date.now() / 1000);

/** Returns true if a session that was active then still continues. */
export const lives = (active = 0, timeoutSeconds = 1800) => seconds() - active < timeoutSeconds;

/**
 * Goes on with the session, or begins one: after the timeout, or when new tags arrive. Nothing is stored yet.
 *
 * @param held a visit that was kept out of storage for want of consent
 */
export function enterVisit(
  site: string,
  timeoutSeconds: number | undefined,
  touch: TouchEvidence,
  held?: Visit,
): Visit {
  const [visitor, session, active] = stored(site);
  let last: Visit | null | undefined;
  try {
    last = JSON.parse(localStorage.getItem(nameOf(site)) as string);
  } catch {
    // No memory, or somebody else's.
  }
  const lent = last?.lent;
  if (last?.session !== session) last = null;
  const tags = `${tagsOf(touch.url)}`;
  return session && lives(active, timeoutSeconds) && (!tags || (last && tags === `${tagsOf(last.touch.url)}`))
    ? { touch, ...last, visitor, session }
    : (held ?? { touch, lent, visitor: visitor || newId('v_'), session: newId('s_') });
}
