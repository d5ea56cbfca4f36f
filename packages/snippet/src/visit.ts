import type { LeaseResponse } from '@dialmark/shared/wire/lease';
import { readCookie, writeCookie } from './cookie.ts';

/** How a session began, as the browser saw it. */
export interface TouchEvidence {
  url: string;
  referrer: string;
}

/** What is remembered of a session between its pages. */
interface Memory {
  session: string;
  touch: TouchEvidence;
  answer?: LeaseResponse;
}

/** A visitor in a session. */
export interface Visit {
  visitor: string;
  session: string;
  touch: TouchEvidence;
  /** Whether this page began the session. */
  isNew: boolean;
  answer: LeaseResponse | undefined;
}

/** Tags and click ids: a page address that carries new ones begins a new session. */
const TAGGED =
  /^(?:utm_\w+|gclid|gbraid|wbraid|dclid|gad_source|gad_campaignid|msclkid|fbclid|ttclid|twclid|li_fat_id|ScCid|rdt_cid|epik|yclid|irclickid)$/;

function tagsOf(url: string): string {
  try {
    return [...new URL(url).searchParams].filter(([name]) => TAGGED.test(name)).join('&');
  } catch {
    return '';
  }
}

function newId(kind: 'v' | 's'): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return `${kind}_${[...bytes].map((byte) => byte.toString(36).padStart(2, '0')).join('')}`;
}

/** The store of one site: ids in a first-party cookie, the answer in local storage. */
export function createVisits(site: string, timeoutSeconds: number, cookieDays: number) {
  const name = `dialmark_${site}`;

  function remembered(): Partial<Memory> {
    try {
      return JSON.parse(localStorage.getItem(name) as string) ?? {};
    } catch {
      return {};
    }
  }

  function remember(memory: Memory | null): void {
    try {
      if (memory) localStorage.setItem(name, JSON.stringify(memory));
      else localStorage.removeItem(name);
    } catch {
      // Storage is blocked or full: the next page asks again.
    }
  }

  /** Cookie: visitor, session, second of the last activity. */
  function ids(): [visitor: string, session: string, active: number] | null {
    const [visitor, session, active] = (readCookie(name) ?? '').split('~');
    return visitor && session ? [visitor, session, Number(active) || 0] : null;
  }

  function touchCookie(visitor: string, session: string): void {
    writeCookie(name, `${visitor}~${session}~${Math.floor(Date.now() / 1000)}`, cookieDays * 86_400);
  }

  return {
    /** Whether this visitor has been stored before. */
    known: () => ids() !== null,

    /** Goes on with the session, or begins one: after the timeout, or when new tags arrive. */
    enter(touch: TouchEvidence): Visit {
      const stored = ids();
      const memory = remembered();
      const tags = tagsOf(touch.url);
      const goesOn =
        stored &&
        Date.now() / 1000 - stored[2] < timeoutSeconds &&
        (!tags || (memory.session === stored[1] && tags === tagsOf(memory.touch?.url ?? '')));
      const visitor = stored?.[0] ?? newId('v');
      const session = goesOn ? stored[1] : newId('s');
      touchCookie(visitor, session);
      if (goesOn && memory.session === session && memory.touch)
        return { visitor, session, touch: memory.touch, isNew: false, answer: memory.answer };
      remember({ session, touch });
      return { visitor, session, touch, isNew: !goesOn, answer: undefined };
    },

    /** Notes that the visitor is active; false where the session has ended meanwhile. */
    keep(visit: Visit): boolean {
      const stored = ids();
      if (stored && (stored[1] !== visit.session || Date.now() / 1000 - stored[2] >= timeoutSeconds)) return false;
      touchCookie(visit.visitor, visit.session);
      return true;
    },

    store(visit: Visit, answer: LeaseResponse): void {
      remember({ session: visit.session, touch: visit.touch, answer });
    },

    clear(): void {
      writeCookie(name, '', 0);
      remember(null);
    },
  };
}
