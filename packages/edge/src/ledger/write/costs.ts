import { type CostRow, classify } from '@dialmark/shared';
import type { LedgerCore } from '../core.ts';

const UPSERT = `
  INSERT INTO costs (day, source, medium, campaign, channel, term, cost) VALUES (?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (day, source, medium, campaign, term) DO UPDATE
  SET channel = excluded.channel, cost = excluded.cost`;

/** The most days and tags that one request may set: more would put a Worker's memory at risk. */
export const COSTS_AT_ONCE = 200_000;

/** Costs on their way to the ledger, added up by day and tags: ad groups or devices of one campaign are one cost. */
export class CostSums {
  /** By day, source, medium, campaign and term, as JSON. */
  readonly #sums = new Map<string, number>();
  readonly #tagsOf = tagReader();

  /** True if there are more days and tags than one request may set. Those beyond are not kept. */
  isOverfull = false;

  add(row: CostRow): void {
    const key = `["${row.date}",${this.#tagsOf(row)}]`;
    const sum = this.#sums.get(key);
    if (sum === undefined && this.#sums.size >= COSTS_AT_ONCE) this.isOverfull = true;
    else this.#sums.set(key, (sum ?? 0) + row.cost);
  }

  /** Yields rows for the ledger. */
  *rows(): Generator<unknown[]> {
    for (const [key, cost] of this.#sums) yield [...JSON.parse(key), cost];
  }
}

/** Costs as they cross to the ledger, in pieces that fit a message. */
const ROWS_A_MESSAGE = 10_000;

/** Sends costs to a site's ledger, piece by piece: sent again they replace themselves. */
export async function sendCosts(sums: CostSums, send: (rows: unknown[][]) => Promise<void>): Promise<void> {
  let piece: unknown[][] = [];
  for (const row of sums.rows()) {
    piece.push(row);
    if (piece.length < ROWS_A_MESSAGE) continue;
    await send(piece);
    piece = [];
  }
  if (piece.length > 0) await send(piece);
}

/** Writes costs; they replace what the site has of the same day and tags. */
export function writeCosts(core: LedgerCore, rows: readonly unknown[][]): void {
  core.change(() => {
    for (const row of rows) core.sql.exec(UPSERT, ...(row as (string | number)[]));
  });
}

/** A cache, not a ledger. */
const TAGS_KEPT = 20_000;

/**
 * Reads a row's tags as a landing page's would be, so that costs meet the visits they paid for: source, medium, campaign,
 * channel and term as the ledger has them, as the inside of a JSON array. A term says nothing of the rest.
 */
function tagReader(): (row: CostRow) => string {
  const known = new Map<string, string>();
  return ({ source, medium, campaign, term }) => {
    const said = JSON.stringify([source, medium, campaign]);
    let read = known.get(said);
    if (read === undefined) {
      const tags = Object.entries({ utm_source: source, utm_medium: medium, utm_campaign: campaign });
      const query = new URLSearchParams(tags.filter((tag): tag is [string, string] => !!tag[1])).toString();
      const touch = classify({ url: `https://site.invalid/?${query}`, referrer: null });
      read = JSON.stringify([
        source ? touch.source : '',
        medium ? touch.medium : '',
        touch.campaign ?? '',
        query === '' ? 'Unassigned' : touch.channel,
      ]).slice(1, -1);
      if (known.size >= TAGS_KEPT) known.clear();
      known.set(said, read);
    }
    return `${read},${JSON.stringify((term ?? '').toWellFormed().trim())}`;
  };
}
