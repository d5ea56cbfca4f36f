import { toASCII, toUnicode } from 'punycode/punycode.es6.js';

/** Domains of the caches listed in https://cdn.ampproject.org/caches.json, and of Cloudflare's former one. */
const CACHES = /^https:\/\/([a-z0-9-]+)\.(?:cdn\.ampproject\.org|www\.bing-amp\.com|amp\.cloudflare\.com)$/;

/**
 * Returns the origin that an AMP page's request comes from (https://amp.dev/documentation/guides-and-tutorials/learn/amp-caches-and-cors/amp-cors-requests):
 * the page's own; for a page shown by an AMP cache, the source origin it names, if the cache's subdomain is made of it.
 */
export async function ampOrigin(origin: string | null, source: string | null): Promise<string | null> {
  if (origin === null || source === null || origin === source) return origin ?? source;
  const subdomain = CACHES.exec(origin)?.[1];
  if (subdomain === undefined || !URL.canParse(source)) return origin;
  // A source that is typed in Unicode is compared and allowed by its ASCII form, as browsers send it.
  const { hostname, origin: canonical } = new URL(source);
  return subdomain === (await ampSubdomain(hostname)) ? canonical : origin;
}

/** The longest label that DNS takes (RFC 1035, section 2.3.4). */
const MOST_CHARACTERS = 63;

/**
 * Computes the subdomain under which AMP caches show a host's pages: its readable form where DNS can have that as one
 * label, else the hash of the host.
 * https://amp.dev/documentation/guides-and-tutorials/learn/amp-caches-and-cors/amp-cache-urls#basic-algorithm
 *
 * @param host in ASCII, as a URL has it
 */
export async function ampSubdomain(host: string): Promise<string> {
  const readable = readableSubdomain(host);
  return readable !== null && readable.length <= MOST_CHARACTERS ? readable : hashedSubdomain(host);
}

function readableSubdomain(host: string): string | null {
  if (!host.includes('.') || host.length > MOST_CHARACTERS || isReserved(host)) return null;
  const name = unicodeOf(host);
  // One label cannot be read in both directions (RFC 5893).
  if (name === null || (RIGHT_TO_LEFT.test(name) && LEFT_TO_RIGHT.test(name))) return null;
  const label = toASCII(name.replaceAll('-', '--').replaceAll('.', '-'));
  return isReserved(label) ? `0-${label}-0` : label;
}

/** Returns whether the third and fourth characters are dashes, which is kept for encodings such as `xn--` (RFC 5891, 4.2.3.1). */
const isReserved = (label: string) => label.startsWith('--', 2) && !label.startsWith('xn');

function unicodeOf(host: string): string | null {
  try {
    return toUnicode(host);
  } catch {
    // `xn--` with something behind it that is no Punycode.
    return null;
  }
}

const RIGHT_TO_LEFT = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;
const LEFT_TO_RIGHT =
  /(?![\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}])\p{Letter}/u;

async function hashedSubdomain(host: string): Promise<string> {
  return base32(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(host))));
}

/** Writes bytes in base 32, in lower case and without padding (RFC 4648, section 6). */
function base32(bytes: Uint8Array): string {
  const bits = Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('');
  const groups = bits.match(/.{1,5}/g) ?? [];
  return groups.map((group) => 'abcdefghijklmnopqrstuvwxyz234567'[Number.parseInt(group.padEnd(5, '0'), 2)]).join('');
}
