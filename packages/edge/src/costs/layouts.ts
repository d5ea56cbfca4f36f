import type { CostsAdded } from '@dialmark/shared';
import type { CostHeadings } from './headings.ts';

export type Layout = CostsAdded['layout'];

/** The default tags of a platform's ads; its click id is classified the same. */
export const TAGGED: Record<Layout, { source: string | null; medium: string | null }> = {
  dialmark: { source: null, medium: null },
  google_ads: { source: 'google', medium: 'cpc' },
  microsoft_ads: { source: 'bing', medium: 'cpc' },
  meta_ads: { source: 'facebook', medium: 'paid_social' },
  tiktok_ads: { source: 'tiktok', medium: 'paid_social' },
  linkedin_ads: { source: 'linkedin', medium: 'paid_social' },
  pinterest_ads: { source: 'pinterest', medium: 'paid_social' },
  reddit_ads: { source: 'reddit', medium: 'paid_social' },
  x_ads: { source: 'twitter', medium: 'paid_social' },
  snapchat_ads: { source: 'snapchat', medium: 'paid_social' },
  apple_search_ads: { source: 'apple', medium: 'cpc' },
  amazon_ads: { source: 'amazon', medium: 'cpc' },
};

/** Headings that one platform's exports have and no other's. Most say `Date`, `Campaign name` and `Spend` alike. */
const TELLING: readonly (readonly [Layout, RegExp])[] = [
  [
    'microsoft_ads',
    /^(gregorian date|datum gregorianisch|date gregorienne|fecha gregoriana|delivered match type|bid match type|top vs other|bid strategy type microsoft)$/,
  ],
  [
    'linkedin_ads',
    /^(campaign group name|campaign group id|campaign group|total spent|leads work email|kampagnengruppe|name der kampagnengruppe)$/,
  ],
  [
    'pinterest_ads',
    /^(pin id|promoted pin id|pin promotion id|spend in micro dollar|pin clicks|outbound pin clicks|paid pin clicks|saves pin)$/,
  ],
  [
    'tiktok_ads',
    /^(stat time day|clicks destination|cpc destination|ctr destination|video views at 2s|2 second video views|6 second video views|tiktok .*)$/,
  ],
  ['reddit_ads', /^(subreddit|community|ecpm reddit|reddit .*)$/],
  ['snapchat_ads', /^(ad squad|ad squad name|ad squad id|swipe ups|swipes|paid impressions)$/],
  [
    'x_ads',
    /^(funding source name|funding source id|tweet engagements|post engagements|tweet id|post id x|line item name)$/,
  ],
  ['apple_search_ads', /^(taps|ttr|avg cpt|average cpt|local spend|installs tap through|tap installs|new downloads)$/],
  [
    'amazon_ads',
    /^(portfolio name|acos|total acos|advertised asin|advertised sku|(7|14) day total sales|total advertising cost of sales acos)$/,
  ],
];

/** The headings of amounts spent that only Meta uses. */
const META =
  /^(reporting starts?|reporting ends?|date (start|stop)|ad set( name| id)?|berichtsstart|berichtsende|berichtsbeginn|anzeigengruppenname|debut des rapports|fin des rapports|nom de l ensemble de publicites|inicio (del|de los) informes?|fin (del|de los) informes?|nombre del conjunto de anuncios|(inizio|fine)( de[il])? report|nome del gruppo di inserzioni|(inicio|termino|fim|encerramento) dos? relatorios?|nome do conjunto de anuncios|(begin|einde|start) rapportage|rapportage (start|einde)|naam advertentieset)$/;
const AMOUNT_SPENT =
  /^(amount spent|ausgegebener betrag|montant depense|importe gastado|monto gastado|importo speso|valor usado|valor gasto|montante gasto|quantia gasta|besteed bedrag|bestede bedrag|uitgegeven bedrag)$/;

/** Google's words for a day's cost of a campaign: `Day`, `Campaign`, `Cost`, in its languages. */
const GOOGLE_CAMPAIGN = /^(campaign|kampagne|campagne|campana|campagna|campanha)$/;
const GOOGLE_COST = /^(cost|kosten|cout|coste|costo|custo)$/;
const GOOGLE_ONLY =
  /^(customer id|segments date|metrics cost micros|search keyword|search keyword text|suchkeyword|avg cost|conv value cost)$/;

/** Titles that come before the headings and name the platform. */
const TITLES: readonly (readonly [Layout, RegExp])[] = [
  [
    'microsoft_ads',
    /^report (time|aggregation|filter)\b|^potential incomplete data|©\s*\d{4} microsoft|microsoft (advertising|ads)/i,
  ],
  ['google_ads', /\bgoogle ads\b/i],
  ['linkedin_ads', /\b(performance report \(in utc\)|linkedin)/i],
  ['tiktok_ads', /\btiktok\b/i],
  ['pinterest_ads', /\bpinterest\b/i],
  ['apple_search_ads', /\bapple search ads\b/i],
  ['reddit_ads', /\breddit ads\b/i],
];

/**
 * Returns which platform exported a file. A guess would book the costs on a wrong channel: headings that several platforms use
 * are nobody's (`dialmark`), and the source is then for the caller to say.
 */
export function layoutOf({ columns, names, isDay }: CostHeadings, titles: readonly string[]): Layout {
  if ((columns.source ?? columns.medium ?? columns.sourceMedium) !== null) return 'dialmark';
  const telling = TELLING.find(([, heading]) => names.some((name) => heading.test(name)));
  if (telling) return telling[0];
  const cost = names[columns.cost] ?? '';
  if (AMOUNT_SPENT.test(cost) && (isDay || names.some((name) => META.test(name)))) return 'meta_ads';
  const titled = TITLES.find(([, title]) => titles.some((text) => title.test(text)));
  if (titled) return titled[0];
  const isGoogle = isDay && GOOGLE_COST.test(cost) && names.some((name) => GOOGLE_CAMPAIGN.test(name));
  return isGoogle || names.some((name) => GOOGLE_ONLY.test(name)) ? 'google_ads' : 'dialmark';
}
