import { fromBase64 } from '../platform/signature.ts';

/** A request's address as the Worker saw it, with the headers that show how the carrier may know it. */
export interface AddressedTo {
  url: string;
  headers: Headers;
  /** The address the carrier was given, where a proxy in front changes it; it may have a path. */
  publicBaseUrl?: string | undefined;
}

/** More than this is never tried: each spelling costs one HMAC, and anybody can send a forged request. */
const MOST_CANDIDATES = 500;
const MOST_CHARACTERS = 200_000;

/**
 * Yields the addresses a carrier may have signed, most likely first. It signs the address as it was typed into its
 * console; what arrives has been through URL parsers and proxies, which lower the case of the host, drop the scheme's
 * port and the credentials, and escape or unescape the query. All spellings here mean the same address, so that the
 * signature alone decides.
 *
 * A forged `X-Forwarded-Host` gains nothing: only scheme, host and port are taken from it, never the path or query,
 * and the signature must still be one the carrier made with this site's secret for this very path.
 */
export function* urlCandidates({ url, headers, publicBaseUrl }: AddressedTo): Generator<string, void> {
  const parts = /^(https?):\/\/([^/?#@]+)(?=[/?#]|$)([^?#]*)([^#]*)/i.exec(url);
  if (!parts) return;
  const [, scheme = '', host = '', path = '', query = ''] = parts;
  const bases = [
    ...publicBase(publicBaseUrl),
    ...forwardedBases(headers, scheme, host),
    `${scheme}://${host}`,
    // A proxy that ends TLS and does not say so.
    `https://${host}`,
  ];
  // Nearly every genuine request is signed so; no other spelling is made then.
  const likeliest = `${bases[0]}${path}${query}`;
  yield likeliest;

  const plain = distinct(bases.flatMap(portVariants));
  const signedIn = plain.flatMap((base) => credentialsOf(headers).map((user) => base.replace('://', `://${user}@`)));
  const typed = plain.flatMap(caseVariants);
  const [asReceived = '', ...otherPaths] = pathVariants(path);
  const tails = [...queryVariants(query).map((text) => asReceived + text), ...otherPaths.map((other) => other + query)];

  const tried = new Set([likeliest]);
  let characters = 0;
  for (const base of distinct([...plain, ...signedIn, ...typed])) {
    for (const tail of tails) {
      const candidate = base + tail;
      if (tried.has(candidate)) continue;
      characters += candidate.length;
      if (tried.size === MOST_CANDIDATES || characters > MOST_CHARACTERS) return;
      tried.add(candidate);
      yield candidate;
    }
  }
}

const distinct = (texts: readonly string[]) => [...new Set(texts)];

function publicBase(base: string | undefined): string[] {
  const bare = base?.replace(/\/+$/, '');
  return bare && /^https?:\/\/[^?#]+$/i.test(bare) ? [bare] : [];
}

function forwardedBases(headers: Headers, scheme: string, host: string): string[] {
  const first = (name: string) => headers.get(name)?.split(',', 1)[0]?.trim() ?? '';
  const forwardedScheme = /^https?$/i.exec(first('x-forwarded-proto'))?.[0].toLowerCase() ?? scheme;
  const forwardedHost = /^[A-Za-z0-9.-]+(:\d{1,5})?$/.exec(first('x-forwarded-host'))?.[0] ?? host;
  const port = /^\d{1,5}$/.exec(first('x-forwarded-port'))?.[0];
  const withPort = port ? [`${forwardedScheme}://${forwardedHost.replace(/:\d+$/, '')}:${port}`] : [];
  return [`${forwardedScheme}://${forwardedHost}`, `${forwardedScheme}://${host}`, ...withPort];
}

/** Carriers differ in whether they sign the port, so: as it stands, without any, and with the scheme's own. */
function portVariants(base: string): string[] {
  const parts = /^(https?:\/\/)([^/]+)(.*)$/i.exec(base);
  if (!parts) return [];
  const [, scheme = '', authority = '', path = ''] = parts;
  const host = authority.replace(/:\d+$/, '');
  const port = scheme.toLowerCase() === 'https://' ? 443 : 80;
  return [`${scheme}${authority}${path}`, `${scheme}${host}${path}`, `${scheme}${host}:${port}${path}`];
}

/** Returns a host as people type it: in capitals, or with some. Any other case is known only from `PUBLIC_URL`. */
function caseVariants(base: string): string[] {
  const parts = /^(https?:\/\/)([^/]+)(.*)$/i.exec(base);
  if (!parts) return [];
  const [, scheme = '', host = '', path = ''] = parts;
  const lower = host.toLowerCase();
  const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
  const typed = [
    lower,
    lower.toUpperCase(),
    capital(lower),
    lower.replace(/[a-z0-9]+/g, capital),
    lower.replace(/^[^.]+/, (label) => label.toUpperCase()),
  ];
  return [
    ...typed.map((text) => scheme + text + path),
    scheme.toUpperCase() + lower.toUpperCase() + path,
    scheme.toUpperCase() + lower + path,
  ];
}

/** `name:password` of an address that has them, bare and escaped: what arrives is Basic authentication. */
function credentialsOf(headers: Headers): string[] {
  const encoded = /^Basic ([A-Za-z0-9+/]+={0,2})$/i.exec(headers.get('authorization') ?? '')?.[1];
  const bytes = encoded === undefined ? null : fromBase64(encoded);
  if (!bytes) return [];
  const pair = new TextDecoder().decode(bytes);
  // A password may have colons; a name cannot (RFC 7617).
  const at = pair.indexOf(':');
  if (at < 0) return [];
  const escaped = [pair.slice(0, at), pair.slice(at + 1)]
    .map((part) => encodeURIComponent(part.toWellFormed()))
    .join(':');
  return distinct([pair, escaped, pair.replace(/:$/, '')]);
}

/** With and without a slash at its end, and with its escapes undone. */
function pathVariants(path: string): string[] {
  const slashed = path.endsWith('/') ? path.replace(/\/+$/, '') : `${path}/`;
  return distinct([path, slashed, decoded(path)]);
}

type Parameter = [name: string, value: string | null];

/**
 * Returns a query in the escapings that URL parsers and HTTP libraries give it. Never are `&`, `=` in a name, `#` or `%` bare
 * that were not: each spelling reads as the same names and values, but for a plus, which some take for a space.
 */
function queryVariants(query: string): string[] {
  if (query.length < 2) return [query];
  const lowerHex = query.replace(/%[0-9A-F]{2}/gi, (octet) => octet.toLowerCase());
  const variants = [query, lowerHex, lowerHex.replace(/%[0-9a-f]{2}/g, (octet) => octet.toUpperCase())];
  for (const space of ['%20', '+']) {
    const parameters = parametersOf(query.slice(1), space);
    for (const bare of BARE) {
      for (const written of SPACES) {
        const text = parameters
          .map(([name, value]) => {
            const left = escaped(name, bare.replace('=', ''), written);
            return value === null ? left : `${left}=${escaped(value, bare, written)}`;
          })
          .join('&');
        variants.push(`?${text}`);
      }
    }
  }
  return distinct(variants);
}

/**
 * Characters left unescaped besides letters, digits and `-_.~`: all that a URL may hold as browsers leave it, all but
 * the plus, `@` and `:` alone, what `encodeURIComponent` leaves, what forms leave (WHATWG URL), nothing (RFC 3986),
 * everything.
 */
const BARE = ["!$'()*+,/:;=?@", "!$'()*,/:;=?@", '@:', "!'()*", '*', '', '!$\'()*+,/:;=?@"<>[]\\^`{|}'];
const SPACES = ['%20', '+', ' '];

function parametersOf(query: string, plus: string): Parameter[] {
  return query.split('&').map((part) => {
    const at = part.indexOf('=');
    const read = (text: string) => decoded(plus === '+' ? text.replaceAll('+', '%2B') : text.replaceAll('+', '%20'));
    return at < 0 ? [read(part), null] : [read(part.slice(0, at)), read(part.slice(at + 1))];
  });
}

function escaped(text: string, bare: string, space: string): string {
  return encodeURIComponent(text.toWellFormed())
    .replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
    .replace(/%[0-7][0-9A-F]/g, (octet) => {
      const char = String.fromCharCode(Number.parseInt(octet.slice(1), 16));
      return char === ' ' ? space : bare.includes(char) ? char : octet;
    });
}

/** Undoes escapes; a text with one that is none stays as it is. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
