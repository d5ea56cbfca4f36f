import type { LeaseAnswer } from './contract.ts';
import { readCookie, writeCookie } from './cookie.ts';

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
}

/** Tags and click ids (DESIGN section 6): a page address that carries new ones begins a new session. */
const TAGS = /[?&](?:utm_\w+|gad_\w+|[gw]braid|\w*cl(?:k|ick)?id|li_fat_id|sccid|rdt_cid|epik)=[^&#]*/gi;

function tagsOf(url: string): string | undefined {
  return url.match(TAGS)?.join();
}

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
      localStorage.setItem(name, JSON.stringify(visit));
    } catch {
      // Storage is blocked or full: the next page asks again.
    }
  }

  return {
    /** Keeps what has been answered, and leaves the cookie alone: the edge may just have set it (`cookie.firstParty`). */
    remember,

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

    /** Goes on with the session, or begins one: after the timeout, or when new tags arrive. */
    enter(touch: TouchEvidence): Visit {
      const [visitor, session, active] = stored();
      let last: Visit | null = null;
      try {
        last = JSON.parse(localStorage.getItem(name) as string);
      } catch {
        // No memory, or somebody else's.
      }
      if (last?.session !== session) last = null;
      const tags = tagsOf(touch.url);
      const visit: Visit =
        session && lives(active) && (!tags || (last && tags === tagsOf(last.touch.url)))
          ? { touch, ...last, visitor, session }
          : { touch, visitor: visitor || newId('v_'), session: newId('s_') };
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
