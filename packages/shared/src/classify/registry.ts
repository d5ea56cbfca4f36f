import * as data from '#referrers';

/**
 * Kind of a known site or application. `searchAds` shows the ads of a search engine and nothing else, `plain` is known
 * to be nothing special, `passing` is payment, login and redirectors.
 */
export type SourceKind =
  | 'search'
  | 'searchAds'
  | 'social'
  | 'video'
  | 'shopping'
  | 'ai'
  | 'mail'
  | 'ads'
  | 'affiliate'
  | 'plain'
  | 'passing';

export interface KnownSource {
  /** The plain name: `google`. */
  name: string;
  kind: SourceKind;
}

/** A source as its table has it; without a name it goes by the host that was looked up. */
type Entry = Omit<KnownSource, 'name'> & { name: string | null };

const byHost = new Map<string, Entry>();
const byName = new Map<string, KnownSource>();
/** Hosts whose first label is a pattern, by what follows it. */
const byRest = new Map<string, { label: RegExp; entry: Entry }[]>();

const named: [SourceKind, Readonly<Record<string, string>>][] = [
  ['search', data.SEARCH],
  ['social', data.SOCIAL],
  ['video', data.VIDEO],
  ['shopping', data.SHOPPING],
  ['ai', data.AI],
  ['mail', data.MAIL],
  ['ads', data.ADS],
  ['affiliate', data.AFFILIATE],
];
const unnamed: [SourceKind, string][] = [
  ['search', data.SEARCH_HOSTS],
  ['social', data.SOCIAL_HOSTS],
  ['mail', data.MAIL_HOSTS],
  ['plain', data.PLAIN],
  ['passing', data.PAYMENT],
  ['passing', data.LOGIN],
  ['passing', data.REDIRECTORS],
];
for (const [kind, table] of named) {
  for (const [name, hosts] of Object.entries(table)) {
    byName.set(name, { name, kind });
    for (const host of writtenOut(hosts, name)) enter(host, { name, kind });
  }
}
for (const [name, hosts] of Object.entries(data.SEARCH_ADS)) {
  for (const host of writtenOut(hosts)) enter(host, { name, kind: 'searchAds' });
}
for (const [kind, hosts] of unnamed) {
  for (const host of writtenOut(hosts)) enter(host, { name: /[*#]/.test(host) ? null : host, kind });
}
for (const [alias, name] of Object.entries(data.ALIASES)) {
  const source = byName.get(name);
  if (source) byName.set(alias, source);
}

const mailLabel = labelPattern(writtenOut(data.MAIL_LABELS));
const passingLabel = labelPattern(writtenOut(data.PASSING_LABELS));
const publicationLabel = labelPattern(writtenOut(data.PUBLICATION_LABELS));

function enter(host: string, entry: Entry): void {
  const dot = host.indexOf('.');
  const label = host.slice(0, dot);
  if (!/[*#]/.test(label)) {
    byHost.set(host, entry);
    return;
  }
  const rest = host.slice(dot + 1);
  const patterns = byRest.get(rest) ?? [];
  patterns.push({ label: labelPattern([label]), entry });
  byRest.set(rest, patterns);
}

/** Of `a`: `.{de,fr} {b,c}.com` → `a.de`, `a.fr`, `b.com`, `c.com`. A dot alone is the name. */
export function writtenOut(hosts: string, name = ''): string[] {
  return hosts.split(' ').flatMap((host) => {
    if (host === '') return [];
    return host === '.' ? [name] : alternatives(host.startsWith('.') ? name + host : host);
  });
}

/** Expands a host with `{a,b}` in it. */
function alternatives(host: string): string[] {
  const [, head = '', choices, tail = ''] = /^([^{]*)\{([^}]*)\}(.*)$/.exec(host) ?? [];
  return choices === undefined ? [host] : choices.split(',').flatMap((choice) => alternatives(head + choice + tail));
}

/** Labels of a host, of which `#` is a number that may be missing and `*` anything. */
function labelPattern(labels: readonly string[]): RegExp {
  const source = labels.map((label) => label.replaceAll('#', '(?:-?\\d+)?').replaceAll('*', '[^.]*'));
  return new RegExp(`^(?:${source.join('|')})$`);
}

/** The domain of a country, or one of those that stand beside them. */
const COUNTRY_DOMAIN = /\.(?:(?:com?|net?|org?)\.)?[a-z]{2}$|\.(?:com|net|org)$/;
/** A host directly below a registrable domain; what a registry sells below `co.uk` and the like counts as one. */
const BELOW_DOMAIN =
  /^[^.]+\.(?!(?:com?|net?|org?|ac|edu?|gob|gov|govt?|go|mil|nom|info)\.[a-z]{2}$)[^.]+\.(?:(?:com?|net?|org?|ac|edu?|gob|gov|govt?|go|mil|nom|info)\.[a-z]{2}|[^.]+)$/;
/** RFC 1035, section 2.3.4. */
const LONGEST_HOST = 253;
/** No host in the tables has more labels: those before them need no look-up. */
const LAST_LABELS = /(?:[^.]*\.){0,5}[^.]*$/;

/**
 * Returns the known site a host belongs to: by its longest known suffix on a dot, with a few look-ups for each label; of a host
 * that is not itself known, also by what its first label says.
 */
export function sourceOfHost(host: string): KnownSource | null {
  if (host.length > LONGEST_HOST) return null;
  const anyCountry = host.replace(COUNTRY_DOMAIN, '.*');
  for (let start = LAST_LABELS.exec(host)?.index ?? 0; start >= 0 && start < host.length; ) {
    const dot = host.indexOf('.', start);
    const entry = entryAt(host, start, dot) ?? entryAt(anyCountry, start, dot);
    if (entry) {
      const byLabel = start > 0 ? kindByLabel(host, entry.kind) : null;
      return byLabel ? { name: host, kind: byLabel } : { name: entry.name ?? host, kind: entry.kind };
    }
    start = dot < 0 ? dot : dot + 1;
  }
  const kind = kindByLabel(host, null);
  return kind && { name: host, kind };
}

function entryAt(host: string, start: number, dot: number): Entry | undefined {
  const known = byHost.get(host.slice(start));
  if (known || dot < 0) return known;
  const patterns = byRest.get(host.slice(dot + 1));
  const label = patterns && host.slice(start, dot);
  return patterns?.find((pattern) => pattern.label.test(label as string))?.entry;
}

/** Returns what the first label says of a host whose domain is known as `known`, or is not known. */
function kindByLabel(host: string, known: SourceKind | null): SourceKind | null {
  const label = host.slice(0, host.indexOf('.'));
  if (known === 'passing') return publicationLabel.test(label) ? 'plain' : null;
  if (known === 'ads' || known === 'affiliate' || !BELOW_DOMAIN.test(host)) return null;
  if (mailLabel.test(label)) return 'mail';
  return known === null && passingLabel.test(label) ? 'passing' : null;
}

/** Returns the known application of an Android package name. */
export function sourceOfApp(packageName: string): KnownSource | null {
  const name = Object.hasOwn(data.APPS, packageName) ? data.APPS[packageName] : undefined;
  return (name !== undefined && byName.get(name)) || null;
}

/** Resolves a source written in a tag: a plain name, another name for it, a host or a package name. */
export function sourceOfTag(source: string): KnownSource | null {
  const text = source.toLowerCase();
  const known = byName.get(text) ?? (text.includes('.') ? (sourceOfApp(text) ?? sourceOfHost(text)) : null);
  return known?.kind === 'plain' || known?.kind === 'passing' ? null : known;
}

/** Returns the parameters in which a search engine keeps the words that were searched. */
export function searchWordParameters(name: string): string[] {
  return ((Object.hasOwn(data.SEARCH_WORDS, name) && data.SEARCH_WORDS[name]) || 'q').split(' ');
}
