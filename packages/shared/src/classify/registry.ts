import * as data from './referrers.ts';

/** What a known site or application is; `plain` is known to be nothing special, `passing` is payment and login. */
export type SourceKind =
  | 'search'
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

const byHost = new Map<string, KnownSource>();
const byName = new Map<string, KnownSource>();

const tables: [SourceKind, Readonly<Record<string, string>>][] = [
  ['search', data.SEARCH],
  ['social', data.SOCIAL],
  ['video', data.VIDEO],
  ['shopping', data.SHOPPING],
  ['ai', data.AI],
  ['mail', data.MAIL],
  ['ads', data.ADS],
  ['affiliate', data.AFFILIATE],
];
for (const [kind, table] of tables) {
  for (const [name, hosts] of Object.entries(table)) {
    const source = { name, kind };
    byName.set(name, source);
    for (const host of writtenOut(hosts)) byHost.set(host, source);
  }
}
for (const host of writtenOut(data.PLAIN)) byHost.set(host, { name: host, kind: 'plain' });
for (const host of writtenOut(data.PASSING)) byHost.set(host, { name: host, kind: 'passing' });
for (const [alias, name] of Object.entries(data.ALIASES)) {
  const source = byName.get(name);
  if (source) byName.set(alias, source);
}

/** `a.{de,fr} {b,c}.com` → `a.de`, `a.fr`, `b.com`, `c.com`. */
function writtenOut(hosts: string): string[] {
  return hosts.split(' ').flatMap((host) => {
    if (host === '') return [];
    const [head = '', alternatives, tail = ''] = host.split(/[{}]/);
    return alternatives === undefined ? [head] : alternatives.split(',').map((one) => head + one + tail);
  });
}

/** The known site a host belongs to, by its longest known suffix on a dot: one look-up for each label. */
export function sourceOfHost(host: string): KnownSource | null {
  if (host.length > LONGEST_HOST) return null;
  let suffix = host;
  for (;;) {
    const known = byHost.get(suffix);
    if (known) return known;
    const dot = suffix.indexOf('.');
    if (dot < 0) return null;
    suffix = suffix.slice(dot + 1);
  }
}

/** RFC 1035, section 2.3.4. Bounds the look-ups whatever is sent. */
const LONGEST_HOST = 253;

/** The known application of an Android package name. */
export function sourceOfApp(packageName: string): KnownSource | null {
  const name = Object.hasOwn(data.APPS, packageName) ? data.APPS[packageName] : undefined;
  return (name !== undefined && byName.get(name)) || null;
}

/** What a source written in a tag stands for: a plain name, another name for it, a host or a package name. */
export function sourceOfTag(source: string): KnownSource | null {
  const text = source.toLowerCase();
  const known = byName.get(text) ?? (text.includes('.') ? (sourceOfApp(text) ?? sourceOfHost(text)) : null);
  return known?.kind === 'plain' || known?.kind === 'passing' ? null : known;
}

/** The parameters in which a search engine keeps the words that were searched. */
export function searchWordParameters(name: string): string[] {
  return ((Object.hasOwn(data.SEARCH_WORDS, name) && data.SEARCH_WORDS[name]) || 'q').split(' ');
}
