import { CostRow, type CostsAdded, type CostsQuery, fieldErrors } from '@dialmark/shared';
import * as v from 'valibot';
import { readAmount, readDay } from './cells.ts';
import { csvRecords } from './csv-lines.ts';
import { type Columns, columnsOf, type Layout, TAGGED } from './layouts.ts';

/** What an upload holds: the rows that are good, and what is wrong with the others. */
export interface ReadCosts {
  layout: Layout;
  rows: CostRow[];
  errors: CostsAdded['errors'];
}

/** Where an export's header is at the latest: titles and periods come before it. */
const HEADER_WITHIN = 20;

/** Rows of JSON, each checked by itself. */
export function readJsonCosts(candidates: readonly unknown[]): ReadCosts {
  const rows: CostRow[] = [];
  const errors: ReadCosts['errors'] = [];
  candidates.forEach((candidate, line) => {
    const parsed = v.safeParse(CostRow, candidate);
    if (parsed.success) rows.push(parsed.output);
    else errors.push(...fieldErrors(parsed.issues).map((error) => ({ line, ...error })));
  });
  return { layout: 'dialmark', rows, errors };
}

/**
 * A CSV of ours, or as Google Ads, Microsoft Advertising or Meta Ads export it.
 * @returns null where no line is a header
 */
export function readCsvCosts(text: string, tagged: CostsQuery): ReadCosts | null {
  let columns: Columns | null = null;
  let seen = 0;
  const rows: CostRow[] = [];
  const errors: ReadCosts['errors'] = [];
  for (const { line, cells } of csvRecords(text)) {
    if (!columns) {
      columns = columnsOf(cells);
      if (!columns && ++seen >= HEADER_WITHIN) return null;
      continue;
    }
    if (isSum(cells, columns)) continue;
    const read = readRow(cells, columns, tagged);
    if ('path' in read) errors.push({ line, ...read });
    else rows.push(read);
  }
  return columns && { layout: columns.layout, rows, errors };
}

/** The sums that exports end with: `Total: Account`, or a line without a day. */
function isSum(cells: readonly string[], { layout, date }: Columns): boolean {
  if (layout === 'dialmark') return false;
  const isTotal = cells.some((cell) => /^(total|totals|gesamt)\b/i.test(cell));
  return isTotal || /^(--|©.*)?$/.test(cells[date] ?? '');
}

function readRow(
  cells: readonly string[],
  columns: Columns,
  tagged: CostsQuery,
): CostRow | { path: string; message: string } {
  const cell = (index: number | null) =>
    index === null ? null : cells[index]?.replace(/^(--|\(not set\))$/, '') || null;
  const date = readDay(cell(columns.date) ?? '');
  if (date === null) return { path: 'date', message: 'must be a day such as 2026-11-24' };
  const until = cell(columns.until);
  if (until !== null && readDay(until) !== date) {
    return { path: 'date', message: 'covers several days: export it by day' };
  }
  const cost = readAmount(cells[columns.cost] ?? '');
  if (cost === null) return { path: 'cost', message: 'must be an amount such as 120.50' };
  const usual = TAGGED[columns.layout];
  const parsed = v.safeParse(CostRow, {
    date,
    source: cell(columns.source) ?? tagged.source ?? usual.source,
    medium: cell(columns.medium) ?? tagged.medium ?? usual.medium,
    campaign: cell(columns.campaign),
    term: cell(columns.term),
    cost,
  });
  if (parsed.success) return parsed.output;
  return fieldErrors(parsed.issues)[0] as { path: string; message: string };
}
