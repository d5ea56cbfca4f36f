import { type CostRow, classify } from '@dialmark/shared';
import { asParameters } from './rows.ts';

interface LedgerCost {
  day: string;
  source: string;
  medium: string;
  campaign: string;
  term: string;
  channel: string;
  cost: number;
}

const UPSERT = `
  INSERT INTO costs (site, day, source, medium, campaign, term, channel, cost)
  SELECT ?1, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6
  FROM json_each(?2) WHERE true
  ON CONFLICT (site, day, source, medium, campaign, term) DO UPDATE
  SET channel = excluded.channel, cost = excluded.cost`;

/**
 * Writes costs: a row of the same day and tags replaces the one before.
 *
 * @param isSplit whether rows of the same day and tags belong together, as ad groups of one campaign do in exports, and
 *   are added up; otherwise the last one counts
 */
export async function writeCosts(
  ledger: D1Database,
  site: string,
  rows: readonly CostRow[],
  isSplit: boolean,
): Promise<void> {
  const merged = new Map<string, LedgerCost>();
  const read = tagReader();
  for (const row of rows) {
    const cost = { day: row.date, ...read(row), cost: row.cost };
    const key = JSON.stringify([cost.day, cost.source, cost.medium, cost.campaign, cost.term]);
    const known = merged.get(key);
    merged.set(key, known && isSplit ? { ...cost, cost: known.cost + cost.cost } : cost);
  }
  const values = [...merged.values()].map((row) => [
    row.day,
    row.source,
    row.medium,
    row.campaign,
    row.term,
    row.channel,
    row.cost,
  ]);
  const statements = [...asParameters(values)].map((piece) => ledger.prepare(UPSERT).bind(site, piece));
  if (statements.length > 0) await ledger.batch(statements);
}

type Tags = Omit<LedgerCost, 'day' | 'cost'>;

/** Reads a row's tags as a landing page's would be, so that costs meet the visits they paid for. */
function tagReader(): (row: CostRow) => Tags {
  const known = new Map<string, Tags>();
  return ({ source, medium, campaign, term }) => {
    const tags = Object.entries({ utm_source: source, utm_medium: medium, utm_campaign: campaign, utm_term: term });
    const query = new URLSearchParams(tags.filter((tag): tag is [string, string] => !!tag[1])).toString();
    const before = known.get(query);
    if (before) return before;
    const touch = classify({ url: `https://site.invalid/?${query}`, referrer: null });
    const read = {
      source: source ? touch.source : '',
      medium: medium ? touch.medium : '',
      campaign: touch.campaign ?? '',
      term: touch.term ?? '',
      channel: query === '' ? 'Unassigned' : touch.channel,
    };
    known.set(query, read);
    return read;
  };
}
