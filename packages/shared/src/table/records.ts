import Papa from 'papaparse';
import { cellText } from './cell.ts';
import { type Encoding, textPieces } from './encoding.ts';

/** One row of a file, and the line it begins on, counted from 1. */
export interface TableRow {
  line: number;
  cells: string[];
}

/** A file that cannot be read as a table. */
export class TableError extends Error {
  readonly code: 'quote_not_closed' | 'heading_not_found' | 'not_a_table';
  /** The line with the error; null if it concerns the whole file. */
  readonly line: number | null;

  constructor(code: TableError['code'], message: string, line: number | null = null) {
    super(message);
    this.code = code;
    this.line = line;
  }
}

/** No row of an export is this long; a quote that is never closed makes one. */
const ROW_CHARACTERS = 1_000_000;

/**
 * Yields the rows of a file, holding one piece of it at a time. Empty rows are left out.
 * @throws TableError where a quote is never closed: what follows it cannot be separated
 */
export function* records(file: Uint8Array | string, encoding: Encoding, delimiter: string): Generator<TableRow> {
  const parser = new Papa.Parser({ delimiter, newline: '\n' });
  let rest = '';
  let line = 1;
  // One piece is kept back: only the last may end without a line end.
  let piece: string | null = null;
  for (const next of textPieces(file, encoding)) {
    if (piece !== null) yield* take(piece, false);
    piece = next;
  }
  if (piece !== null) yield* take(piece, true);

  function* take(text: string, isLast: boolean): Generator<TableRow> {
    rest += text;
    const { data, errors, meta } = parser.parse(rest, 0, !isLast) as Papa.ParseResult<string[]>;
    rest = rest.slice(meta.cursor);
    // A quotation mark within a cell, as in `5" pipe`, is literal; it is an error if it swallows the rows that follow.
    const errorCodes = new Map(errors.map(({ row, code }) => [row, code]));
    for (const [i, raw] of data.entries()) {
      if (raw.length === 1 && raw[0] === '') {
        line++;
        continue;
      }
      const lines = lineEnds(raw);
      const code = errorCodes.get(i);
      if (code === 'MissingQuotes' || (code && lines > 0)) throw notClosed(line);
      const cells = raw.map(cellText);
      if (cells.some((cell) => cell !== '')) yield { line, cells };
      line += lines + 1;
    }
    if (rest.length > ROW_CHARACTERS) throw notClosed(line);
  }
}

function lineEnds(cells: readonly string[]): number {
  let count = 0;
  for (const cell of cells) {
    for (let at = cell.indexOf('\n'); at >= 0; at = cell.indexOf('\n', at + 1)) count++;
  }
  return count;
}

const notClosed = (line: number) =>
  new TableError('quote_not_closed', 'A quotation mark that opens here is never closed.', line);
