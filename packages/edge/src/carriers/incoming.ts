import type { EpochMs } from '@dialmark/shared';
import { type AddressedTo, urlCandidates } from './signed-urls.ts';

/** A carrier's request, taken apart once; everything after this is a function of it. */
export interface Incoming {
  method: string;
  /** Returns the URLs that the carrier may have signed, most likely first. */
  urls: Iterable<string>;
  /** The endpoint, read from the end of the path. */
  endpoint: 'voice' | 'status';
  headers: Headers;
  /** The body as it came, decoded as UTF-8. */
  rawBody: string;
  contentType: 'form' | 'json' | 'other';
  query: URLSearchParams;
  /** The body's fields where it is a form; else empty. */
  form: URLSearchParams;
  receivedAt: EpochMs;
}

export interface RequestParts extends AddressedTo {
  method: string;
  rawBody: string;
  receivedAt: EpochMs;
}

/** Takes a request apart. Never throws: an address that is none leaves no candidate, so that nothing verifies. */
export function readIncoming(parts: RequestParts): Incoming {
  const type = (parts.headers.get('content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
  const contentType =
    type === 'application/x-www-form-urlencoded'
      ? 'form'
      : type === 'application/json' || type.endsWith('+json')
        ? 'json'
        : 'other';
  const path = (/^[^?#]*/.exec(parts.url)?.[0] ?? '').replace(/\/+$/, '');
  return {
    method: parts.method.toUpperCase(),
    urls: { [Symbol.iterator]: () => urlCandidates(parts) },
    endpoint: path.endsWith('/status') ? 'status' : 'voice',
    headers: parts.headers,
    rawBody: parts.rawBody,
    contentType,
    query: new URLSearchParams(/\?([^#]*)/.exec(parts.url)?.[1] ?? ''),
    form: new URLSearchParams(contentType === 'form' ? parts.rawBody : ''),
    receivedAt: parts.receivedAt,
  };
}

/** Returns the public address of this carrier's status endpoint, without query: where later callbacks are to go. */
export function statusUrlOf(incoming: Incoming): string {
  const [likeliest = ''] = incoming.urls;
  return likeliest.replace(/\?.*$/, '').replace(/\/(voice|status)\/*$/, '/status');
}

/** Returns the JSON body where it is an object; null on anything else, never an exception. */
export function jsonBody(incoming: Incoming): Record<string, unknown> | null {
  try {
    const body: unknown = JSON.parse(incoming.rawBody);
    return typeof body === 'object' && body !== null && !Array.isArray(body) ? (body as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

/** Returns the carrier's fields: the form of a POST, the query of a GET. Never both: a query can be added to by anyone. */
export function fields(incoming: Incoming): URLSearchParams {
  return incoming.method === 'GET' ? incoming.query : incoming.form;
}

/** Appends what is signed with the address, one address at a time. */
export function* followedBy(urls: Iterable<string>, signed: string): Generator<string, void> {
  for (const url of urls) yield url + signed;
}

type Field = [name: string, value: string];

/** By UTF-16 code unit, as the carriers' libraries sort. */
const order = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** Fields by name; those of one name in the order they came. */
export const byName = (form: URLSearchParams): Field[] => [...form].sort((a, b) => order(a[0], b[0]));

/** Fields by name, and by value within a name. */
export const byNameAndValue = (form: URLSearchParams): Field[] =>
  [...form].sort((a, b) => order(a[0], b[0]) || order(a[1], b[1]));
