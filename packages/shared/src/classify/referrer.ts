import type { Arrival, ClassifyOptions } from './arrival.ts';
import { publisherOf } from './publisher.ts';
import { queryOf } from './query.ts';
import { direct, type Reading } from './reading.ts';
import { type KnownSource, type SourceKind, searchWordParameters, sourceOfApp, sourceOfHost } from './registry.ts';

/** Returns what the referrer says; direct where it says nothing: none, no address, the site's own, payment or login. */
export function readReferrer(
  { url, referrer }: Arrival,
  { ownHosts = [], ignoredHosts = [] }: ClassifyOptions,
): Reading {
  const from = senderOf(referrer ?? '');
  if (!from) return direct('direct');
  const landing = senderOf(url)?.host;
  if (landing && within(from.host, landing)) return direct('own site');
  if (ownHosts.some((host) => within(from.host, host))) return direct('own site');
  const known = from.app ? sourceOfApp(from.host) : sourceOfHost(from.host);
  if (known?.kind === 'passing' || ignoredHosts.some((host) => within(from.host, host))) {
    return direct(`ignored referrer ${from.host}`);
  }
  return {
    source: known && known.kind !== 'plain' ? known.name : from.host,
    medium: (known && MEDIUM[known.kind]) ?? 'referral',
    campaign: null,
    term: known?.kind === 'search' ? searchedWords(known, referrer ?? '') : null,
    content: null,
    because: `referrer ${from.host}`,
  };
}

const MEDIUM: Partial<Record<SourceKind, string>> = {
  search: 'organic',
  searchAds: 'cpc',
  social: 'social',
  mail: 'email',
  ads: 'display',
  affiliate: 'affiliate',
};

function searchedWords({ name }: KnownSource, referrer: string): string | null {
  const query = queryOf(referrer);
  for (const parameter of searchWordParameters(name)) {
    const words = query.get(parameter);
    if (words) return words;
  }
  return null;
}

/** Returns the host whose page an address shows, or the package of an `android-app:` one; null for anything else. */
function senderOf(address: string): { host: string; app: boolean } | null {
  const parsed = parse(address);
  if (!parsed) return null;
  const { protocol, hostname, pathname } = parsed;
  if (hostname === '') return null;
  if (protocol === 'android-app:') return { host: bare(hostname), app: true };
  if (protocol !== 'https:' && protocol !== 'http:') return null;
  const host = bare(hostname);
  const publisher = publisherOf(host, pathname);
  return { host: publisher === null ? host : bare(publisher), app: false };
}

function parse(address: string): URL | null {
  try {
    return address === '' ? null : new URL(address);
  } catch {
    return null;
  }
}

/** Returns whether a host is another one or below it: `shop.acme.example` is within `acme.example`, `notacme.example` is not. */
function within(host: string, other: string): boolean {
  const wanted = bare(other);
  return wanted !== '' && (host === wanted || host.endsWith(`.${wanted}`));
}

function bare(host: string): string {
  return host
    .toLowerCase()
    .replace(/^\*\./, '')
    .replace(/:\d+$/, '')
    .replace(/\.$/, '')
    .replace(/^www\./, '');
}
