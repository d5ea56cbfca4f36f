import { type Plain, toJson } from '../core/json.ts';
import { type Lent, lives, nameOf, seconds, stored, type Visit } from './visits.ts';
import { writeCookie } from './write-cookie.ts';

/** Numbers that are remembered, which is twice what a visitor uses who comes every week. */
const LENT = 10;
/**
 * Storage time: carriers give a number that a site has let go to nobody else for 45 days at least
 * (https://www.ecfr.gov/current/title-47/section-52.15, aging numbers). After that it might be a stranger's.
 */
const LENT_MS = 45 * 86_400_000;

/** Keeps the visits to one site in this browser: ids in a first-party cookie, the session's answer in local storage. */
export function createVisitStorage(site: string, timeoutSeconds: number | undefined, cookieDays = 395) {
  const name = nameOf(site);

  /** Adds what has been answered, and leaves the cookie alone: the edge may just have set it (`cookie.firstParty`). */
  function remember(visit: Visit): void {
    const added = Object.entries(visit.answer?.numbers ?? {}).flatMap(([target, { kind, ...number }]) =>
      number.number && kind !== 'fallback' ? [{ target, ...number } as Lent] : [],
    );
    const before = (visit.lent ?? []).filter(
      ({ number, expiresAt }) =>
        +new Date(expiresAt) + LENT_MS > Date.now() && !added.some((each) => each.number === number),
    );
    visit.lent = [...before, ...added].slice(-LENT);
    try {
      localStorage.setItem(name, toJson(visit as object as Plain));
    } catch {
      // Storage is blocked or full: the next page asks again.
    }
  }

  function save(visit: Visit): void {
    writeCookie(name, `${visit.visitor}~${visit.session}~${seconds()}`, cookieDays * 86_400);
    remember(visit);
  }

  return {
    remember,
    saveVisit: save,
    forgetVisit(): void {
      writeCookie(name, '', 0);
      try {
        localStorage.removeItem(name);
      } catch {
        // Then nothing was stored.
      }
    },

    /** Notes that the visitor is active; false where the session has ended meanwhile. */
    renew(visit: Visit): boolean {
      const [, session, active] = stored(site);
      const goesOn = !session || (session === visit.session && lives(active, timeoutSeconds));
      if (goesOn) save(visit);
      return goesOn;
    },
  };
}
