import { setTimeout as sleep } from 'node:timers/promises';
import { Failure, isNetworkError } from '../failure.ts';
import type { World } from '../world.ts';

const ATTEMPTS = 4;

/** The way a carrier's API is called. */
export interface Rest {
  carrier: string;
  /** The credentials to check if the carrier rejects them. */
  credentials: string;
  authorization: string;
  world: World;
}

/**
 * Asks a carrier's API and reads its JSON. Waits and asks again where the carrier says it is too fast.
 * @throws Failure in the carrier's words; credentials never stand in it
 */
export async function ask(rest: Rest, method: string, url: URL, body?: URLSearchParams | object): Promise<unknown> {
  for (let attempt = 1; ; attempt++) {
    const response = await rest.world.fetch(requestOf(rest, method, url, body)).catch((error: unknown) => {
      throw isNetworkError(error) ? new Failure(`${rest.carrier} is not responding at ${url.host}.`) : error;
    });
    const text = await response.text();
    if (response.status === 429 && attempt < ATTEMPTS) {
      await sleep(waitOf(response, attempt), undefined, { signal: rest.world.signal });
      continue;
    }
    if (response.status === 401) {
      throw new Failure(`${rest.carrier} did not accept the credentials. Check ${rest.credentials}.`);
    }
    if (!response.ok) throw new Failure(`${rest.carrier} answered ${response.status}: ${reasonOf(text)}`);
    try {
      return JSON.parse(text);
    } catch {
      throw new Failure(`${rest.carrier} sent a response that is not JSON.`);
    }
  }
}

function requestOf({ authorization }: Rest, method: string, url: URL, body?: URLSearchParams | object): Request {
  const headers = new Headers({ Authorization: authorization, Accept: 'application/json' });
  if (body === undefined) return new Request(url, { method, headers, redirect: 'error' });
  if (body instanceof URLSearchParams) return new Request(url, { method, headers, body, redirect: 'error' });
  headers.set('Content-Type', 'application/json');
  return new Request(url, { method, headers, body: JSON.stringify(body), redirect: 'error' });
}

/** Follows `Retry-After` up to half a minute; otherwise backs off exponentially. */
function waitOf(response: Response, attempt: number): number {
  const seconds = Number(response.headers.get('Retry-After') ?? Number.NaN);
  return Math.min(Number.isFinite(seconds) ? seconds * 1000 : 500 * 2 ** attempt, 30_000);
}

/** Twilio says `message`, Telnyx `errors[].detail`. */
function reasonOf(text: string): string {
  try {
    const said = JSON.parse(text) as { message?: string; errors?: { title?: string; detail?: string }[] };
    const reasons = said.errors?.map(({ title, detail }) => detail ?? title).filter(Boolean);
    return said.message ?? reasons?.join(' ') ?? 'no reason given';
  } catch {
    return (
      text
        .replace(/<[^>]*>/g, ' ')
        .replace(/\s+/g, ' ')
        .trim()
        .slice(0, 200) || 'no reason given'
    );
  }
}
