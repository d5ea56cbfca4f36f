import type { EventRequestInput } from '@dialmark/shared/wire/event';
import type { LeaseRequestInput, LeaseResponse } from '@dialmark/shared/wire/lease';

const TIMEOUT_MS = 8000;
const RETRY_AFTER_MS = 1000;

/** Talks to the edge. Bodies go as text/plain, which needs no CORS preflight. Nothing here ever rejects. */
export function createEdge(edge: string, site: string, credentials: RequestCredentials) {
  const address = `${edge}/v1/sites/${site}/`;

  const post = (path: string, body: unknown) => {
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), TIMEOUT_MS);
    return fetch(address + path, {
      method: 'POST',
      body: JSON.stringify(body),
      keepalive: true,
      credentials,
      signal: abort.signal,
    }).finally(() => clearTimeout(timer));
  };

  return {
    /** Asks for numbers, once more after a second or two where the network or the server failed; then null. */
    async lease(request: LeaseRequestInput): Promise<LeaseResponse | null> {
      for (let left = 2; left--; ) {
        try {
          const response = await post('lease', request);
          if (response.ok) return readAnswer(await response.json());
          if (response.status < 500 && response.status !== 429) return null;
        } catch {
          // Judged like a failing server.
        }
        if (left) await new Promise((resolve) => setTimeout(resolve, RETRY_AFTER_MS * (1 + Math.random())));
      }
      return null;
    },

    /** Reports what happened. With `leaving` by beacon, which outlives the page. */
    event(event: EventRequestInput, leaving?: boolean): void {
      try {
        if (!leaving || !navigator.sendBeacon(`${address}events`, JSON.stringify(event)))
          post('events', event).catch(() => {});
      } catch {
        // A page may have no network at all.
      }
    },
  };
}

/** Null for an answer that is none: a captive portal, a proxy's page. */
function readAnswer(answer: LeaseResponse): LeaseResponse | null {
  if (!answer?.numbers) return null;
  for (const assignment of Object.values(answer.numbers))
    if (assignment.number !== null && !/^\+\d{7,15}$/.test(assignment.number)) return null;
  return answer;
}
