import type { EpochMs } from '@dialmark/shared';

/** A carrier's request, taken apart once; everything after this is a function of it. */
export interface Incoming {
  method: string;
  /** Where the carrier may have sent it to, as it would have signed it; most likely first. */
  urls: string[];
  /** Which of the two endpoints it came to, read off the end of the path. */
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

export interface RequestParts {
  method: string;
  /** The address as the Worker saw it. */
  url: string;
  headers: Headers;
  rawBody: string;
  receivedAt: EpochMs;
  /** The address the carrier was given, where a proxy in front changes it; it may have a path. */
  publicBaseUrl?: string | undefined;
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
  const path = /^[^?#]*/.exec(parts.url)?.[0] ?? '';
  return {
    method: parts.method.toUpperCase(),
    urls: urlCandidates(parts),
    endpoint: path.endsWith('/status') ? 'status' : 'voice',
    headers: parts.headers,
    rawBody: parts.rawBody,
    contentType,
    query: new URLSearchParams(/\?([^#]*)/.exec(parts.url)?.[1] ?? ''),
    form: new URLSearchParams(contentType === 'form' ? parts.rawBody : ''),
    receivedAt: parts.receivedAt,
  };
}

/**
 * The addresses a carrier may have signed. Behind a proxy the Worker sees another scheme, host or port than the
 * carrier was given, so the forwarded ones and the configured public address are tried too.
 *
 * A forged `X-Forwarded-Host` gains nothing: only scheme, host and port are taken from it, never the path or query,
 * and the signature must still be one the carrier made with this site's secret for this very path.
 */
export function urlCandidates({
  url,
  headers,
  publicBaseUrl,
}: Pick<RequestParts, 'url' | 'headers' | 'publicBaseUrl'>) {
  const parts = /^(https?):\/\/([^/?#@]+)(?=[/?#]|$)([^#]*)/i.exec(url);
  if (!parts) return [];
  const [, scheme = '', host = '', rest = ''] = parts;

  const first = (name: string) => headers.get(name)?.split(',', 1)[0]?.trim() ?? '';
  const forwardedScheme = /^https?$/i.exec(first('x-forwarded-proto'))?.[0].toLowerCase() ?? scheme;
  const forwardedHost = /^[A-Za-z0-9.-]+(:\d{1,5})?$/.exec(first('x-forwarded-host'))?.[0] ?? host;
  const base = publicBaseUrl?.replace(/\/+$/, '');

  const bases = [
    ...(base && /^https?:\/\/[^?#]+$/i.test(base) ? [base] : []),
    `${forwardedScheme}://${forwardedHost}`,
    `${forwardedScheme}://${host}`,
    `${scheme}://${host}`,
  ];
  const candidates = bases.flatMap(portVariants).flatMap((prefix) => queryVariants(rest).map((tail) => prefix + tail));
  return [...new Set(candidates)];
}

/** Carriers differ in whether they sign the port, so: without any, with the scheme's own, and as it stands. */
function portVariants(base: string): string[] {
  const parts = /^(https?:\/\/)([^/]+)(.*)$/i.exec(base);
  if (!parts) return [];
  const [, scheme = '', authority = '', path = ''] = parts;
  const host = authority.replace(/:\d+$/, '');
  const port = scheme.toLowerCase() === 'https://' ? 443 : 80;
  return [`${scheme}${authority}${path}`, `${scheme}${host}${path}`, `${scheme}${host}:${port}${path}`];
}

const ESCAPED_BY_URL_PARSERS: Record<string, string> = { '%27': "'", '%22': '"', '%3C': '<', '%3E': '>', '%20': ' ' };

/** A query configured with bare quotes is signed bare, but every URL parser on the way escapes them (WHATWG URL). */
function queryVariants(pathAndQuery: string): string[] {
  const start = pathAndQuery.indexOf('?');
  if (start < 0) return [pathAndQuery];
  const query = pathAndQuery.slice(start).replace(/%(?:27|22|3C|3E|20)/gi, (escaped) => {
    return ESCAPED_BY_URL_PARSERS[escaped.toUpperCase()] ?? escaped;
  });
  return [pathAndQuery, pathAndQuery.slice(0, start) + query];
}

/** The public address of this carrier's status endpoint, without query: where later callbacks are to go. */
export function statusUrlOf(incoming: Incoming): string {
  return (incoming.urls[0] ?? '').replace(/\?.*$/, '').replace(/\/(voice|status)$/, '/status');
}

/** The JSON body where it is an object; null on anything else, never an exception. */
export function jsonBody(incoming: Incoming): Record<string, unknown> | null {
  try {
    const body: unknown = JSON.parse(incoming.rawBody);
    return typeof body === 'object' && body !== null && !Array.isArray(body) ? (body as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

/** The carrier's fields: the form of a POST, the query of a GET. Never both: a query can be added to by anyone. */
export function fields(incoming: Incoming): URLSearchParams {
  return incoming.method === 'GET' ? incoming.query : incoming.form;
}

type Field = [name: string, value: string];

/** By UTF-16 code unit, as the carriers' libraries sort. */
const order = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** Fields by name; those of one name in the order they came. */
export const byName = (form: URLSearchParams): Field[] => [...form].sort((a, b) => order(a[0], b[0]));

/** Fields by name, and by value within a name. */
export const byNameAndValue = (form: URLSearchParams): Field[] =>
  [...form].sort((a, b) => order(a[0], b[0]) || order(a[1], b[1]));
