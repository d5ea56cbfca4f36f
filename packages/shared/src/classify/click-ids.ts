import { queryOf } from './query.ts';
import type { Reading } from './reading.ts';

/** The facts that a click id implies about a touch. */
interface ClickIdMeaning {
  source: string;
  medium: string;
}

/**
 * The click ids that are read, most significant first: the first one present decides a touch without tags.
 * All but one are put on ads only, as their platforms document; `fbclid` is put on every link that leaves Facebook.
 */
const MEANINGS = {
  // Before gclid: Search Ads 360 puts both on Microsoft's ads (https://support.google.com/searchads/answer/6292795).
  msclkid: { source: 'bing', medium: 'cpc' },
  gclid: { source: 'google', medium: 'cpc' },
  gbraid: { source: 'google', medium: 'cpc' },
  wbraid: { source: 'google', medium: 'cpc' },
  yclid: { source: 'yandex', medium: 'cpc' },
  ttclid: { source: 'tiktok', medium: 'cpc' },
  twclid: { source: 'twitter', medium: 'cpc' },
  li_fat_id: { source: 'linkedin', medium: 'cpc' },
  ScCid: { source: 'snapchat', medium: 'cpc' },
  rdt_cid: { source: 'reddit', medium: 'cpc' },
  epik: { source: 'pinterest', medium: 'cpc' },
  dclid: { source: 'google', medium: 'display' },
  irclickid: { source: 'impact', medium: 'affiliate' },
  gad_campaignid: { source: 'google', medium: 'cpc' },
  gad_source: { source: 'google', medium: 'cpc' },
  fbclid: { source: 'facebook', medium: 'social' },
} satisfies Record<string, ClickIdMeaning>;

export type ClickId = keyof typeof MEANINGS;

/** The parameter names of all click ids that are read, as the ad platforms spell them. */
export const CLICK_IDS = Object.keys(MEANINGS) as readonly ClickId[];

/** Returns the click ids in an address, by their platform's spelling: `clickIdsOf('/?GCLID=abc')` is `{ gclid: 'abc' }`. */
export function clickIdsOf(url: string): Partial<Record<ClickId, string>> {
  const query = queryOf(url);
  const found: Partial<Record<ClickId, string>> = {};
  for (const name of CLICK_IDS) {
    const value = query.get(name.toLowerCase());
    if (value) found[name] = value;
  }
  return found;
}

/** The applications of Meta all put `fbclid` on their links; the referrer says which one it was. */
const META = ['instagram', 'threads', 'messenger', 'whatsapp'];

/** Returns the facts that the most significant of these click ids implies; null if there are none. */
export function readClickIds(clickIds: Partial<Record<ClickId, string>>, byReferrer: Reading): Reading | null {
  const clickId = CLICK_IDS.find((name) => clickIds[name] !== undefined);
  if (!clickId) return null;
  const { source, medium } = MEANINGS[clickId];
  const campaign = source === 'google' ? (clickIds.gad_campaignid ?? null) : null;
  const sender = clickId === 'fbclid' && META.includes(byReferrer.source) ? byReferrer.source : source;
  return { source: sender, medium, campaign, term: null, content: null, because: `click id ${clickId}` };
}
