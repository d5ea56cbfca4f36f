import type { Touch } from '../wire/session.ts';
import { channelOf } from './channel.ts';
import { clickIdMeaning, clickIdsOf } from './click-ids.ts';
import { queryOf } from './query.ts';
import { type KnownSource, searchWordParameters, sourceOfApp, sourceOfHost, sourceOfTag } from './registry.ts';

/** A landing page with its referrer; both as the browser gave them. */
export interface Arrival {
  url: string;
  referrer: string | null;
}
export interface ClassifyOptions {
  /** The site's own hosts: referrers from these and from their subdomains say nothing. */
  ownHosts?: readonly string[];
  /** Further hosts that visits only pass through, such as a booking or payment service of the site. */
  ignoredHosts?: readonly string[];
}
/** A classified touch and the rule that decided, for `GET …/classify`. */
export interface Classification extends Touch {
  /** E.g. `utm tags: Paid Search`, `click id gclid: Paid Search`, `referrer google.com: Organic Search`, `direct`. */
  rule: string;
}

/** One reading of where a visit came from. */
interface Reading {
  source: string;
  medium: string;
  campaign: string | null;
  term: string | null;
  content: string | null;
  because: string;
}

/**
 * How a touch is read: by its UTM tags, else its click ids, else its referrer, else direct. Never throws, whatever
 * the addresses are.
 */
export function classify(arrival: Arrival, options: ClassifyOptions = {}): Classification {
  const clickIds = clickIdsOf(arrival.url);
  const byReferrer = readReferrer(arrival, options);
  const byClickId = readClickIds(clickIds, byReferrer);
  const { because, ...touch } = readTags(arrival.url, byClickId ?? byReferrer) ?? byClickId ?? byReferrer;
  const channel = channelOf(touch);
  const rule = touch.source === DIRECT ? because : `${because}: ${channel}`;
  return { ...touch, channel, clickIds: clickIds as Record<string, string>, rule };
}

const DIRECT = '(direct)';
const NONE = '(none)';

/** The tags; what they leave open is taken from the other evidence where that agrees on the source. */
function readTags(url: string, evidence: Reading): Reading | null {
  const query = queryOf(url);
  const tag = (name: string) => query.get(`utm_${name}`) || null;
  const source = tag('source');
  const medium = tag('medium');
  const campaign = tag('campaign') ?? tag('id');
  const term = tag('term');
  const content = tag('content');
  if (!(source || medium || campaign || term || content)) return null;
  const known = source ? sourceOfTag(source) : null;
  const name = source?.toLowerCase() ?? null;
  const plain = known && name?.includes('.') ? known.name : name;
  const agrees = evidence.source !== DIRECT && (plain === null || (known?.name ?? plain) === evidence.source);
  return {
    source: plain ?? (agrees ? evidence.source : NONE),
    medium: medium?.toLowerCase() ?? (agrees ? evidence.medium : NONE),
    campaign: campaign ?? (agrees ? evidence.campaign : null),
    term,
    content,
    because: 'utm tags',
  };
}

/** The applications of Meta all put `fbclid` on their links; the referrer says which one it was. */
const META = ['instagram', 'threads', 'messenger', 'whatsapp'];

function readClickIds(clickIds: ReturnType<typeof clickIdsOf>, byReferrer: Reading): Reading | null {
  const meaning = clickIdMeaning(clickIds);
  if (!meaning) return null;
  const { clickId, medium } = meaning;
  const source = clickId === 'fbclid' && META.includes(byReferrer.source) ? byReferrer.source : meaning.source;
  const campaign = source === 'google' ? (clickIds.gad_campaignid ?? null) : null;
  return { source, medium, campaign, term: null, content: null, because: `click id ${clickId}` };
}

function readReferrer({ url, referrer }: Arrival, options: ClassifyOptions): Reading {
  const direct = (because: string): Reading => ({
    source: DIRECT,
    medium: NONE,
    campaign: null,
    term: null,
    content: null,
    because,
  });
  const from = referrer ? hostOf(referrer) : null;
  if (!referrer || !from) return direct('direct');
  const own = [hostOf(url)?.host, ...(options.ownHosts ?? [])];
  if (!from.app && own.some((host) => host && within(from.host, host))) return direct('own site');
  const known = from.app ? sourceOfApp(from.host) : sourceOfHost(from.host);
  if (known?.kind === 'passing' || options.ignoredHosts?.some((host) => within(from.host, host))) {
    return direct(`ignored referrer ${from.host}`);
  }
  return {
    source: known && known.kind !== 'plain' ? known.name : from.host,
    medium: mediumOf(known),
    campaign: null,
    term: known?.kind === 'search' ? searchedWords(known.name, referrer) : null,
    content: null,
    because: `referrer ${from.host}`,
  };
}

function mediumOf(known: KnownSource | null): string {
  switch (known?.kind) {
    case 'search':
      return 'organic';
    case 'social':
      return 'social';
    case 'mail':
      return 'email';
    case 'ads':
      return 'display';
    case 'affiliate':
      return 'affiliate';
    default:
      return 'referral';
  }
}

function searchedWords(name: string, referrer: string): string | null {
  const query = queryOf(referrer);
  for (const parameter of searchWordParameters(name)) {
    const words = query.get(parameter);
    if (words) return words;
  }
  return null;
}

/** The host of a web address, without `www.`, or the package of an `android-app:` one; null for anything else. */
function hostOf(address: string): { host: string; app: boolean } | null {
  if (!URL.canParse(address)) return null;
  const { protocol, hostname } = new URL(address);
  const app = protocol === 'android-app:';
  if (hostname === '' || !(app || protocol === 'https:' || protocol === 'http:')) return null;
  return { host: bare(hostname), app };
}

function bare(host: string): string {
  return host
    .toLowerCase()
    .replace(/\.$/, '')
    .replace(/^www\./, '');
}

/** Whether a host is another one or below it: `shop.acme.example` is within `acme.example`, `notacme.example` is not. */
function within(host: string, other: string): boolean {
  const wanted = bare(other.replace(/^\*\./, ''));
  return host === wanted || host.endsWith(`.${wanted}`);
}
