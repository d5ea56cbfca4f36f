import { type Encoding, encodingOf } from './encoding.ts';
import { records, TableError, type TableRow } from './records.ts';

/** A file of rows under headings, as somebody's spreadsheet or somebody's export wrote it. */
export interface Table {
  encoding: Encoding;
  delimiter: Delimiter;
  /** The headings as they are written, and the line they are on. */
  headings: string[];
  headingLine: number;
  /** Lines before the headings: titles, periods, accounts. */
  preamble: TableRow[];
  /**
   * Yields the rows below the headings, from the start each time it is asked: a column can be judged as a whole before
   * any of its cells is read, without holding the file's rows in memory.
   */
  rows(): Generator<TableRow>;
}

export const DELIMITERS = [',', '\t', ';', '|'] as const;
export type Delimiter = (typeof DELIMITERS)[number];

/** The last line that headings may be on. Exports put up to a dozen lines of titles before them. */
const HEADING_WITHIN = 50;

/**
 * Opens a file: CSV (RFC 4180) and what spreadsheets and ad platforms make of it, in any encoding that can be recognized
 * safely. The delimiter is the one under which a line reads as headings; a first line `sep=;` decides it.
 *
 * @param isHeading returns true for the row of headings
 * @throws TableError where no row is, where the file is no text, or where a quote is never closed
 * @example
 * const table = readTable(bytes, (cells) => cells.includes('number'));
 * for (const { line, cells } of table.rows()) …
 */
export function readTable(file: Uint8Array | string, isHeading: (cells: readonly string[]) => boolean): Table {
  if (typeof file !== 'string') rejectBinary(file);
  const encoding = typeof file === 'string' ? 'utf-8' : encodingOf(file);
  const named = separatorLine(file, encoding);
  let unclosed: TableError | null = null;
  for (const delimiter of named ? [named] : DELIMITERS) {
    const preamble: TableRow[] = [];
    try {
      for (const row of records(file, encoding, delimiter)) {
        if (isHeading(row.cells)) {
          const { line: headingLine, cells: headings } = row;
          return {
            encoding,
            delimiter,
            headings,
            headingLine,
            preamble,
            rows: () => rowsBelow(headingLine, delimiter),
          };
        }
        if (preamble.push(row) >= HEADING_WITHIN) break;
      }
    } catch (error) {
      if (!(error instanceof TableError)) throw error;
      unclosed ??= error;
    }
  }
  throw unclosed ?? new TableError('heading_not_found', 'No line of the file has the headings that are needed.');

  function* rowsBelow(headingLine: number, delimiter: Delimiter): Generator<TableRow> {
    for (const row of records(file, encoding, delimiter)) if (row.line > headingLine) yield row;
  }
}

/** Excel reads a first line of `sep=;` as the delimiter of the rest, and many exports write one. */
function separatorLine(file: Uint8Array | string, encoding: Encoding): Delimiter | null {
  const start = typeof file === 'string' ? file.slice(0, 20) : new TextDecoder(encoding).decode(file.subarray(0, 40));
  const found = /^\ufeff?"?sep=(.)/i.exec(start);
  return DELIMITERS.find((delimiter) => delimiter === found?.[1]) ?? null;
}

const BINARY: readonly (readonly [name: string, signature: readonly number[]])[] = [
  ['an Excel workbook or a ZIP archive', [0x50, 0x4b, 0x03, 0x04]],
  ['an old Excel workbook', [0xd0, 0xcf, 0x11, 0xe0]],
  ['a gzip archive', [0x1f, 0x8b]],
  ['a PDF', [0x25, 0x50, 0x44, 0x46]],
];

function rejectBinary(bytes: Uint8Array): void {
  const found = BINARY.find(([, signature]) => signature.every((byte, i) => bytes[i] === byte));
  if (found) throw new TableError('not_a_table', `The file is ${found[0]}. Save it as CSV and send that.`);
}
