import type { EventRequestInput } from '@dialmark/shared/wire/event';
import type { LeaseRequestInput } from '@dialmark/shared/wire/lease';
import type { LeaseAnswer } from './contract.ts';
import { toJson } from './json.ts';

const TIMEOUT_MS = 8000;
const RETRY_AFTER_MS = 1000;

/** Posts to a site's edge. */
export type Post = {
  (path: 'lease', body: LeaseRequestInput): Promise<Response>;
  (path: 'events', body: EventRequestInput): Promise<unknown>;
};

/**
 * The way to a site's edge. Bodies go as text/plain, which needs no CORS preflight, and outlive the page.
 *
 * @param firstParty cookies go along to an edge of another origin
 * @param answered called when an answer has come, and with it whatever cookie it set
 */
export function postTo(edge: string, site: string, firstParty: boolean | undefined, answered: () => void): Post {
  return async (path: string, content: object & { type?: string }): Promise<Response> => {
    const address = `${edge}/v1/sites/${site}/${path}`;
    const body = toJson(content) as string;
    try {
      // Of a page that ends, only a beacon arrives in every browser.
      if (content.type === 'leave' && navigator.sendBeacon(address, body) === true) return undefined as never;
    } catch {
      // A page has a beacon of its own.
    }
    const abort = new AbortController();
    setTimeout(() => abort.abort(), TIMEOUT_MS);
    try {
      return await fetch(address, {
        method: 'POST',
        body,
        keepalive: true,
        ...(firstParty && { credentials: 'include' }),
        signal: abort.signal,
      });
    } finally {
      answered();
    }
  };
}

/**
 * Asks for numbers; once more, a second or two later, where the network or the server failed and they are still wanted.
 * Never rejects: null where there is no answer, or one that is none: a captive portal, a proxy's page.
 */
export async function leaseNumbers(
  post: Post,
  request: LeaseRequestInput,
  wanted: () => boolean,
  again = true,
): Promise<LeaseAnswer | null> {
  try {
    const response = await post('lease', request);
    if (response.ok) {
      const answer: LeaseAnswer = await response.json();
      if (Object.values(answer.numbers).every(({ number }) => number === null || /^\+\d{7,15}$/.test(number)))
        return answer;
    }
    again &&= response.status >= 500;
  } catch {
    // Judged like a failing server.
  }
  if (!again) return null;
  await new Promise((resolve) => setTimeout(resolve, RETRY_AFTER_MS * (1 + Math.random())));
  return wanted() ? leaseNumbers(post, request, wanted, false) : null;
}
