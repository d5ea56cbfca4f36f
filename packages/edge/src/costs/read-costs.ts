import {
  CostRow,
  type CostsAdded,
  type CostsQuery,
  ENGLISH,
  type FileRead,
  fieldErrors,
  type RowNote,
} from '@dialmark/shared';
import { readTable, type Table } from '@dialmark/shared/table/read-table';
import { TableError } from '@dialmark/shared/table/records';
import * as v from 'valibot';
import { type CostHeadings, costHeadings, titledCurrency } from './headings.ts';
import { judge } from './judge.ts';
import { type Layout, layoutOf, TAGGED } from './layouts.ts';
import { type Row, rowReader, TOTAL } from './read-row.ts';
import { type CostsRejected, otherCurrency, reject } from './rejected.ts';
import { Sums } from './totals.ts';

/** The result of reading an upload, apart from the rows to be saved. */
export interface ReadCosts {
  layout: Layout;
  added: number;
  /** The number of rows with errors; `errors` has the first of them. */
  failed: number;
  errors: RowNote[];
  file?: FileRead;
}

export type Book = (row: CostRow) => void;

const ERRORS_LISTED = 10_000;
const SKIPPED_LISTED = 100;
/** Books rows of JSON, each checked by itself. */
export function readJsonCosts(candidates: readonly unknown[], book: Book): ReadCosts {
  const read: ReadCosts = { layout: 'dialmark', added: 0, failed: 0, errors: [] };
  candidates.forEach((candidate, line) => {
    const parsed = v.safeParse(CostRow, candidate, ENGLISH);
    if (parsed.success) {
      book(parsed.output);
      read.added++;
    } else {
      read.failed++;
      const errors = fieldErrors(parsed.issues).map((error) => ({ line, ...error }));
      if (read.errors.length < ERRORS_LISTED) read.errors.push(...errors);
    }
  });
  return read;
}

/**
 * Books the rows of a file: of ours, or as an ad platform exports it. Every row below the headings is booked, or
 * skipped or in error and reported. The days' order and the decimal mark are judged by all rows before any is read.
 *
 * @param currency the site's
 * @returns why, in place of that, nothing of the file can be booked safely
 */
export function readCostFile(
  bytes: Uint8Array | string,
  given: CostsQuery,
  currency: string,
  book: Book,
): ReadCosts | CostsRejected {
  try {
    const table = readTable(bytes, (cells) => costHeadings(cells) !== null);
    return readCostTable(table, costHeadings(table.headings) as CostHeadings, given, currency, book);
  } catch (error) {
    if (!(error instanceof TableError)) throw error;
    const { code, line } = error;
    const message = code === 'heading_not_found' ? HEADINGS_NEEDED : error.message;
    return reject(code, line === null ? '' : `rows.${line}`, message);
  }
}

const HEADINGS_NEEDED =
  'No line of the file contains known column headers. It needs at least a day and a cost, such as date,source,medium,campaign,term,cost, or the headers of an ad platform’s daily export.';

function readCostTable(
  table: Table,
  headings: CostHeadings,
  given: CostsQuery,
  currency: string,
  book: Book,
): ReadCosts | CostsRejected {
  const { columns } = headings;
  const layout = layoutOf(
    headings,
    table.preamble.flatMap(({ cells }) => cells),
  );
  const source = given.source ?? TAGGED[layout].source;
  const namesSource = (columns.source ?? columns.medium ?? columns.sourceMedium) !== null;
  if (source === null && !namesSource) return reject('source_required', 'source', SOURCE_NEEDED);

  const ofFile = headings.currencies ?? titledCurrency(table.preamble.map(({ cells }) => cells));
  if (ofFile && !ofFile.includes(currency))
    return reject('currency_mismatch', 'currency', otherCurrency(ofFile, currency));

  const judged = judge(table, headings, given);
  if ('rejected' in judged) return judged;
  const tags = { source, medium: given.medium ?? TAGGED[layout].medium };
  const reader = rowReader({ headings, judged, tags, currency, isOurs: namesSource });
  const read = bookRows(table, reader, book);

  const heading = (index: number) => table.headings[index] as string;
  const used = Object.entries(columns).filter((entry): entry is [string, number] => entry[1] !== null);
  return {
    layout,
    added: read.booked,
    failed: read.failed,
    errors: read.errors,
    file: {
      encoding: table.encoding,
      delimiter: table.delimiter,
      headingLine: table.headingLine,
      columns: Object.fromEntries(used.map(([column, index]) => [column, heading(index)])),
      ignored: table.headings.filter((text, index) => text !== '' && !used.some(([, at]) => at === index)),
      dates: judged.order,
      decimal: judged.mark === null ? null : judged.mark === '.' ? 'point' : 'comma',
      currency: ofFile?.length === 1 ? (ofFile[0] as string) : reader.currencySeen(),
      rows: { read: read.rows, booked: read.booked, skipped: read.skipped, failed: read.failed },
      skipped: read.skippedRows,
    },
  };
}

const SOURCE_NEEDED =
  'The file does not name the ad platform. Add ?source= and ?medium= with the values of your ads’ utm_source and utm_medium, such as ?source=tiktok&medium=paid_social.';

function bookRows(table: Table, reader: ReturnType<typeof rowReader>, book: Book) {
  const result = {
    rows: 0,
    booked: 0,
    skipped: 0,
    failed: 0,
    errors: [] as CostsAdded['errors'],
    skippedRows: [] as FileRead['skipped'],
  };
  const skip = (line: number, { code, message }: Row & { kind: 'skip' }) => {
    result.skipped++;
    if (result.skippedRows.length < SKIPPED_LISTED) result.skippedRows.push({ line, code, message });
  };
  const take = (row: CostRow) => {
    book(row);
    result.booked++;
  };
  const fail = (line: number, { path, code, message }: Row & { kind: 'error' }) => {
    result.failed++;
    if (result.errors.length < ERRORS_LISTED) result.errors.push({ line, path, code, message });
  };
  const sums = new Sums();
  // Rows that are the sum of the others are known once the others are.
  const open: { line: number; read: Row & { kind: 'row' | 'error' } }[] = [];
  const headings = table.headings.join('\n');
  for (const { line, cells } of table.rows()) {
    result.rows++;
    if (cells[0] === table.headings[0] && cells.join('\n') === headings) {
      skip(line, { kind: 'skip', code: 'heading', message: 'repeats the headings' });
      continue;
    }
    const read = reader.read(cells);
    if (read.kind === 'skip') skip(line, read);
    else if (read.mayBeTotal) open.push({ line, read });
    else if (read.kind === 'error') {
      fail(line, read);
      if (read.amount !== null) sums.add('', read.amount);
    } else {
      sums.add(read.row.date, read.row.cost);
      take(read.row);
    }
  }
  for (const { line, read } of open) {
    const [day, amount] = read.kind === 'row' ? [read.row.date, read.row.cost] : [null, read.amount];
    if (amount !== null && sums.isSum(day, amount)) skip(line, TOTAL);
    else if (read.kind === 'row') take(read.row);
    else fail(line, read);
  }
  result.skippedRows.sort((a, b) => a.line - b.line);
  result.errors.sort((a, b) => a.line - b.line);
  return result;
}
