import { queryOf } from './query.ts';
import { DIRECT, NONE, type Reading } from './reading.ts';
import { sourceOfTag } from './registry.ts';

/** The UTM tags that GA4 reads: https://support.google.com/analytics/answer/10917952. */
export const UTM_TAGS = [
  'utm_source',
  'utm_medium',
  'utm_campaign',
  'utm_term',
  'utm_content',
  'utm_id',
  'utm_source_platform',
  'utm_creative_format',
  'utm_marketing_tactic',
] as const;
export type UtmTag = (typeof UTM_TAGS)[number];
export type UtmTags = Partial<Record<UtmTag, string>>;

/** Returns the UTM tags in an address, as they stand there: `{ utm_source: 'Google' }`. Empty ones are left out. */
export function utmTagsOf(url: string): UtmTags {
  const query = queryOf(url);
  const found: UtmTags = {};
  for (const name of UTM_TAGS) {
    const value = query.get(name);
    if (value) found[name] = value;
  }
  return found;
}

/**
 * Returns what the tags say. Where they are silent on source, medium or campaign, the other evidence speaks if it does not
 * contradict them: `?utm_campaign=spring` from Google's results is google / organic, `?utm_source=google` with a gclid
 * is cpc. Null if there are no tags that name anything.
 */
export function readTags(tags: UtmTags, evidence: Reading): Reading | null {
  const { utm_source: source, utm_medium: medium, utm_term: term, utm_content: content } = tags;
  const campaign = tags.utm_campaign ?? tags.utm_id;
  if (!(source || medium || campaign || term || content)) return null;
  const known = source ? sourceOfTag(source) : null;
  const agrees = evidence.source !== DIRECT && (!source || (known?.name ?? source.toLowerCase()) === evidence.source);
  return {
    source: source ? plainName(source) : agrees ? evidence.source : NONE,
    medium: medium?.toLowerCase() ?? (agrees ? evidence.medium : NONE),
    campaign: campaign ?? (agrees ? evidence.campaign : null),
    term: term ?? null,
    content: content ?? null,
    because: 'utm tags',
  };
}

/** Returns a tag's word (`fb`) in lower case; a known host in its place becomes that site's name. */
export function plainName(source: string): string {
  const name = source.toLowerCase();
  return (name.includes('.') && sourceOfTag(name)?.name) || name;
}
