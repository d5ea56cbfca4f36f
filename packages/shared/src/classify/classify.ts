import type { Touch } from '../wire/session.ts';
import type { Arrival, ClassifyOptions } from './arrival.ts';
import { channelOf } from './channel.ts';
import { clickIdsOf, readClickIds } from './click-ids.ts';
import { readReferrer } from './referrer.ts';
import { readTags, type UtmTags, utmTagsOf } from './tags.ts';

/** A classified touch and the rule that decided, for `GET …/classify`. */
export interface Classification extends Touch {
  /** All UTM tags of the landing page, as they stood there. */
  tags: UtmTags;
  /** E.g. `utm tags: Paid Search`, `click id gclid: Paid Search`, `referrer google.com: Organic Search`, `direct`. */
  rule: string;
}

/**
 * Returns how a touch is read: by its UTM tags, else its click ids, else its referrer, else direct. Never throws, whatever
 * the addresses are. The rules, with their sources, are in docs/classification.md.
 *
 * ```ts
 * classify({ url: 'https://acme.example/roof?gclid=abc', referrer: 'https://www.google.com/' });
 * // { source: 'google', medium: 'cpc', channel: 'Paid Search', clickIds: { gclid: 'abc' }, … }
 * ```
 */
export function classify(arrival: Arrival, options: ClassifyOptions = {}): Classification {
  const tags = utmTagsOf(arrival.url);
  const clickIds = clickIdsOf(arrival.url);
  const byReferrer = readReferrer(arrival, options);
  const evidence = readClickIds(clickIds, byReferrer) ?? byReferrer;
  const { because, ...touch } = readTags(tags, evidence) ?? evidence;
  const channel = channelOf(touch);
  const rule = channel === 'Direct' ? because : `${because}: ${channel}`;
  return { ...touch, channel, clickIds: { ...clickIds }, tags, rule };
}
