import type { CostsAdded } from '@dialmark/shared';

export type Layout = CostsAdded['layout'];

/** Which column, counted from 0, holds what; null for what the export does not have. */
export interface Columns {
  layout: Layout;
  date: number;
  /** Meta: the last day that a row covers. */
  until: number | null;
  source: number | null;
  medium: number | null;
  campaign: number | null;
  term: number | null;
  cost: number;
}

/** How ads of a platform are tagged where nobody says otherwise; a gclid or msclkid reads the same. */
export const TAGGED: Record<Layout, { source: string | null; medium: string | null }> = {
  dialmark: { source: null, medium: null },
  google_ads: { source: 'google', medium: 'cpc' },
  microsoft_ads: { source: 'bing', medium: 'cpc' },
  meta_ads: { source: 'facebook', medium: 'paid_social' },
};

interface Known {
  layout: Layout;
  date: RegExp;
  cost: RegExp;
  campaign: RegExp;
  term: RegExp;
}

/**
 * The exports' own headers, in English as their sites give them:
 * Google Ads `Day, Campaign, Search keyword, Currency code, Cost`;
 * Microsoft Advertising `Gregorian date` (or `Day`, `Time period`), `Campaign name` (or `Campaign`), `Keyword`, `Spend`;
 * Meta Ads `Day` (or `Reporting starts`), `Campaign name`, `Ad set name`, `Amount spent (USD)`.
 */
const KNOWN: readonly Known[] = [
  {
    layout: 'meta_ads',
    date: /^(day|reporting starts|date start)$/,
    cost: /^amount spent( \([a-z]{3}\))?$/,
    campaign: /^campaign name$/,
    term: /^keyword$/,
  },
  {
    layout: 'microsoft_ads',
    date: /^(gregorian ?date|time ?period|date|day)$/,
    cost: /^spend$/,
    campaign: /^campaign ?(name)?$/,
    term: /^(keyword|bid keyword)$/,
  },
  {
    layout: 'google_ads',
    date: /^(day|date)$/,
    cost: /^cost$/,
    campaign: /^campaign$/,
    term: /^(search )?keyword( text)?$/,
  },
];

/**
 * Recognises a header line.
 * @returns null for a line that is no header of ours or of an export: exports put titles before it
 */
export function columnsOf(cells: readonly string[]): Columns | null {
  const names = cells.map((cell) => cell.toLowerCase().replace(/_/g, ' '));
  const at = (pattern: RegExp) => {
    const index = names.findIndex((name) => pattern.test(name));
    return index < 0 ? null : index;
  };
  const own = { date: at(/^date$/), cost: at(/^cost$/), source: at(/^source$/), medium: at(/^medium$/) };
  if (own.date !== null && own.cost !== null && (own.source ?? own.medium) !== null) {
    return {
      layout: 'dialmark',
      ...own,
      date: own.date,
      cost: own.cost,
      until: null,
      campaign: at(/^campaign$/),
      term: at(/^term$/),
    };
  }
  for (const known of KNOWN) {
    const [date, cost] = [at(known.date), at(known.cost)];
    if (date === null || cost === null) continue;
    return {
      // Google's columns without its own words may be anybody's table of dates and costs.
      layout: known.layout === 'google_ads' && names[date] === 'date' ? 'dialmark' : known.layout,
      date,
      cost,
      until: known.layout === 'meta_ads' && names[date] !== 'day' ? at(/^(reporting ends|date stop)$/) : null,
      source: null,
      medium: null,
      campaign: at(known.campaign),
      term: at(known.term) ?? at(/^term$/),
    };
  }
  return null;
}
