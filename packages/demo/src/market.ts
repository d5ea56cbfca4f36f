import type { Random } from './random.ts';

/**
 * The sources of a roofer's visitors, their needs, and how often they call. Made up, and kept within what is usual in
 * the trade: clicks of 1 to 16 dollars, one visit in twenty that calls.
 */

export type Need = 'repair' | 'replacement' | 'any';

export interface Source {
  name: string;
  /** Its share of first visits, against the other sources'. */
  weight: number;
  /** Share of visits that call. */
  callRate: number;
  mobile: number;
  need: Need;
  referrer: string;
  /** Landing pages, the first the likeliest. */
  pages: readonly string[];
  /** Tags of the landing page's address. */
  tags?: Readonly<Record<string, string>>;
  clickId?: 'gclid' | 'msclkid' | 'fbclid';
  /** Cost of a click by search term, in dollars. */
  keywords?: Readonly<Record<string, number>>;
  /** Cost of a click without a search term. */
  click?: number;
  contents?: readonly string[];
}

const GOOGLE = 'https://www.google.com/';
const HOME = '/';
const REPAIR = '/roof-repair';
const REPLACEMENT = '/roof-replacement';
const STORM = '/storm-damage';
const REVIEWS = '/reviews';
const ARTICLE = '/guides/how-long-does-a-roof-last';
const CONTACT = '/contact';

/** What stands elsewhere than on the site, by the names of its numbers: calls to these and costs meet in reports. */
export const PROFILE = 'Google Business Profile';
export const SPOT = 'Radio spot';
export const LEAFLET = 'Flyer, Rockridge';
/** The campaign whose ads show a number. */
export const CALL_CAMPAIGN = 'Roof Repair East Bay';

/** Pages that are read after the first. */
export const FURTHER_PAGES = [HOME, REPAIR, REPLACEMENT, STORM, REVIEWS, CONTACT, CONTACT, ARTICLE, '/financing'];

const googleAds = (campaign: string) => ({ utm_source: 'google', utm_medium: 'cpc', utm_campaign: campaign });

export const SOURCES = [
  {
    name: 'brand',
    weight: 4,
    callRate: 0.13,
    mobile: 0.66,
    need: 'any',
    referrer: GOOGLE,
    pages: [HOME, CONTACT],
    tags: googleAds('Brand'),
    clickId: 'gclid',
    keywords: { 'hollis roofing': 1.8, 'hollis and daughter': 1.6 },
  },
  {
    name: 'repair',
    weight: 14,
    callRate: 0.066,
    mobile: 0.72,
    need: 'repair',
    referrer: GOOGLE,
    pages: [REPAIR],
    tags: googleAds(CALL_CAMPAIGN),
    clickId: 'gclid',
    keywords: {
      'roof repair oakland': 11.5,
      'roofers near me': 10.2,
      'roof leak repair': 12.8,
      'emergency roof repair': 16.4,
      'flat roof repair berkeley': 8.9,
    },
  },
  {
    name: 'replacement',
    weight: 7,
    callRate: 0.03,
    mobile: 0.48,
    need: 'replacement',
    referrer: GOOGLE,
    pages: [REPLACEMENT],
    tags: googleAds('Roof Replacement'),
    clickId: 'gclid',
    keywords: {
      'roof replacement cost': 9.4,
      'new roof oakland': 14.9,
      'metal roof installers': 12.1,
      'tile roof replacement': 11,
    },
  },
  {
    name: 'bing',
    weight: 4,
    callRate: 0.052,
    mobile: 0.31,
    need: 'repair',
    referrer: 'https://www.bing.com/',
    pages: [REPAIR],
    tags: { utm_source: 'bing', utm_medium: 'cpc', utm_campaign: 'Roof Repair' },
    clickId: 'msclkid',
    keywords: { 'roof repair oakland': 6.9, 'roofing company alameda': 6.1 },
  },
  {
    name: 'facebook',
    weight: 9,
    callRate: 0.011,
    mobile: 0.88,
    need: 'any',
    referrer: 'https://l.facebook.com/',
    pages: [STORM],
    tags: { utm_source: 'facebook', utm_medium: 'paid_social', utm_campaign: 'Winter Roof Check' },
    clickId: 'fbclid',
    click: 1.35,
    contents: ['video-tarp', 'carousel-before-after'],
  },
  {
    name: 'search',
    weight: 22,
    callRate: 0.042,
    mobile: 0.58,
    need: 'any',
    referrer: GOOGLE,
    pages: [HOME, REPAIR, ARTICLE, REPLACEMENT],
  },
  {
    name: 'bing-search',
    weight: 3,
    callRate: 0.036,
    mobile: 0.22,
    need: 'any',
    referrer: 'https://www.bing.com/',
    pages: [HOME, ARTICLE],
  },
  {
    name: 'duckduckgo',
    weight: 2,
    callRate: 0.036,
    mobile: 0.4,
    need: 'any',
    referrer: 'https://duckduckgo.com/',
    pages: [HOME, REPAIR],
  },
  {
    name: 'listing',
    weight: 8,
    callRate: 0.1,
    mobile: 0.81,
    need: 'repair',
    referrer: GOOGLE,
    pages: [HOME],
    tags: { utm_source: 'google', utm_medium: 'local', utm_campaign: PROFILE },
  },
  { name: 'direct', weight: 9, callRate: 0.05, mobile: 0.5, need: 'any', referrer: '', pages: [HOME, CONTACT] },
  {
    name: 'yelp',
    weight: 4,
    callRate: 0.07,
    mobile: 0.63,
    need: 'repair',
    referrer: 'https://www.yelp.com/',
    pages: [HOME, REVIEWS],
  },
  {
    name: 'nextdoor',
    weight: 3,
    callRate: 0.075,
    mobile: 0.7,
    need: 'repair',
    referrer: 'https://nextdoor.com/',
    pages: [HOME],
  },
  {
    name: 'angi',
    weight: 2,
    callRate: 0.05,
    mobile: 0.55,
    need: 'replacement',
    referrer: 'https://www.angi.com/',
    pages: [REPLACEMENT, REVIEWS],
  },
  {
    name: 'local-guide',
    weight: 4,
    callRate: 0.06,
    mobile: 0.52,
    need: 'any',
    referrer: 'https://eastbayhomes.example/roofers',
    pages: [HOME, REVIEWS],
  },
  {
    name: 'chatgpt',
    weight: 3,
    callRate: 0.062,
    mobile: 0.36,
    need: 'any',
    referrer: 'https://chatgpt.com/',
    pages: [ARTICLE, HOME],
  },
  {
    name: 'facebook-page',
    weight: 2,
    callRate: 0.012,
    mobile: 0.85,
    need: 'any',
    referrer: 'https://m.facebook.com/',
    pages: [REVIEWS, HOME],
    clickId: 'fbclid',
  },
] as const satisfies readonly Source[];

export type SourceName = (typeof SOURCES)[number]['name'] | 'newsletter' | 'radio';

/** Sent out on a few days: a crowd within hours, and hardly anybody afterwards. */
export const NEWSLETTERS = [
  { day: 8, campaign: 'Clear the gutters', visits: 46 },
  { day: 29, campaign: 'Before the rain', visits: 71 },
  { day: 50, campaign: 'Winter check', visits: 58 },
] as const;

export const newsletter = (campaign: string): Source => ({
  name: 'newsletter',
  weight: 0,
  callRate: 0.06,
  mobile: 0.57,
  need: 'any',
  referrer: '',
  pages: [STORM, REVIEWS],
  tags: { utm_source: 'newsletter', utm_medium: 'email', utm_campaign: campaign },
});

/** A spot on local radio names an address of its own. */
export const RADIO: Source = {
  name: 'radio',
  weight: 0,
  callRate: 0.09,
  mobile: 0.62,
  need: 'any',
  referrer: '',
  pages: ['/radio'],
};
export const RADIO_DAYS = { from: 16, to: 36, visitsPerDay: 5, cost: 65 };
/** Flyers are in the letterboxes on the first of these days; some people keep them. */
export const FLYER_DAYS = { from: 34, to: 58, cost: 780 };

/** Two pages for paid repair visits, half of them each: the second makes more of them call. */
export const SPLIT_TEST = {
  source: 'repair',
  from: 18,
  variants: { 'quote-form': 0.85, 'phone-first': 1.35 },
} as const;

/** Sources of returning visitors. */
const RETURNS: readonly [SourceName | 'same', number][] = [
  ['direct', 42],
  ['search', 20],
  ['same', 16],
  ['brand', 14],
  ['listing', 5],
  ['facebook-page', 3],
];

export function drawReturn(random: Random, first: Source): Source {
  const name = pick(random, RETURNS);
  return SOURCES.find((source) => source.name === name) ?? first;
}

export function drawSource(random: Random, favoured: ReadonlyMap<string, number>): Source {
  return pick(
    random,
    SOURCES.map((source) => [source, source.weight * (favoured.get(source.name) ?? 1)] as const),
  );
}

/** One of several, by their weights. */
export function pick<T>(random: Random, weighted: readonly (readonly [T, number])[]): T {
  let left = random.uniform() * weighted.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [one, weight] of weighted) {
    left -= weight;
    if (left <= 0) return one;
  }
  return (weighted.at(-1) as readonly [T, number])[0];
}

/** Picks from a list whose first is likelier than its second, and so on. */
export function pickEarly<T>(random: Random, list: readonly T[]): T {
  return pick(
    random,
    list.map((one, index) => [one, 1 / (index + 1)] as const),
  );
}
