import type { LeaseAnswer, PrintedNumber } from './contract.ts';
import { readCookie, writeCookie } from './cookie.ts';
import { toJson } from './json.ts';
import { tagsOf } from './landing.ts';

/** How a session began, as the browser saw it. */
export interface TouchEvidence {
  url: string;
  referrer: string;
}

/** A visitor in a session. */
export interface Visit {
  visitor: string;
  session: string;
  touch: TouchEvidence;
  /** What the edge has answered so far. */
  answer?: LeaseAnswer | undefined;
  /** Numbers lent to this browser of late, newest last: the page may have kept a copy of itself that shows one. */
  lent?: Lent[];
}

/** A tracking number that was shown for a target. */
interface Lent extends PrintedNumber {
  target: string;
  expiresAt: string;
}

/** Numbers that are remembered, which is twice what a visitor uses who comes every week. */
const LENT = 10;
/**
 * How long: carriers give a number that a site has let go to nobody else for 45 days at least
 * (https://www.ecfr.gov/current/title-47/section-52.15, aging numbers). After that it might be a stranger's.
 */
const LENT_MS = 45 * 86_400_000;

/** 128 random bits. */
function newId(kind: string): string {
  return kind + crypto.getRandomValues(new Uint32Array(4)).join('');
}

/** The visits to one site in this browser: ids in a first-party cookie, the session's answer in local storage. */
export function createVisits(site: string, timeoutSeconds: number, cookieDays: number) {
  const name = `dialmark_${site}`;
  const seconds = () => Math.floor(Date.now() / 1000);

  /** The cookie: visitor, session, second of the last activity. */
  const stored = () => readCookie(name).split('~') as [visitor: string, session?: string, active?: number];
  const lives = (active = 0) => seconds() - active < timeoutSeconds;

  function save(visit: Visit): void {
    writeCookie(name, `${visit.visitor}~${visit.session}~${seconds()}`, cookieDays * 86_400);
    remember(visit);
  }

  function remember(visit: Visit): void {
    try {
      localStorage.setItem(name, toJson(visit) as string);
    } catch {
      // Storage is blocked or full: the next page asks again.
    }
  }

  return {
    /** Adds what has been answered, and leaves the cookie alone: the edge may just have set it (`cookie.firstParty`). */
    answered(visit: Visit, answer: LeaseAnswer): void {
      const news = Object.entries(answer.numbers).flatMap(([target, { kind, ...number }]) =>
        number.number && kind !== 'fallback' ? [{ target, ...number }] : [],
      );
      const before = (visit.lent ?? []).filter((lent) => !news.some(({ number }) => number === lent.number));
      visit.lent = [...before, ...news].slice(-LENT);
      visit.answer = { ...answer, numbers: { ...visit.answer?.numbers, ...answer.numbers } };
      remember(visit);
    },

    forget(): void {
      writeCookie(name, '', 0);
      try {
        localStorage.removeItem(name);
      } catch {
        // Then nothing was stored.
      }
    },

    /** Whether this visitor has been here before. */
    known: () => !!stored()[1],

    /**
     * Goes on with the session, or begins one: after the timeout, or when new tags arrive.
     *
     * @param held a visit that was kept out of storage for want of consent
     */
    enter(touch: TouchEvidence, held?: Visit): Visit {
      const [visitor, session, active] = stored();
      let last: Visit | null | undefined;
      let lent: Lent[] = [];
      try {
        last = JSON.parse(localStorage.getItem(name) as string);
        lent = last?.lent?.filter(({ expiresAt }) => +new Date(expiresAt) + LENT_MS > Date.now()) ?? [];
      } catch {
        // No memory, or somebody else's.
      }
      if (last?.session !== session) last = null;
      const tags = `${tagsOf(touch.url)}`;
      const visit: Visit =
        session && lives(active) && (!tags || (last && tags === `${tagsOf(last.touch.url)}`))
          ? { touch, ...last, lent, visitor, session }
          : (held ?? { touch, lent, visitor: visitor || newId('v_'), session: newId('s_') });
      save(visit);
      return visit;
    },

    /** Notes that the visitor is active; false where the session has ended meanwhile. */
    keep(visit: Visit): boolean {
      const [, session, active] = stored();
      const goesOn = !session || (session === visit.session && lives(active));
      if (goesOn) save(visit);
      return goesOn;
    },
  };
}
