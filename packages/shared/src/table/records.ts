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
  /** Where it goes wrong; null where it is the file as a whole. */
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
 * @throws TableError where a quote is never closed: what follows it cannot be told apart
 */
export function* records(file: Uint8Array | string, encoding: Encoding, delimiter: string): Generator<TableRow> {
  let rest = '';
  let line = 1;
  // One piece is kept back: only the last may end without a line end.
  let piece: string | null = null;
  for (const next of textPieces(file, encoding)) {
    if (piece !== null) yield* take(piece, false);
    piece = next;
  }
  if (piece !== null) yield* take(piece, true);

  function* take(more: string, isLast: boolean): Generator<TableRow> {
    const text = rest + more;
    const reader = new RowReader(text, delimiter, isLast);
    for (let row = reader.next(); row !== null; row = reader.next()) {
      if (row.fault !== null && (row.fault === 'open' || row.lines > 0)) throw notClosed(line);
      if (row.cells.some((cell) => cell !== '')) yield { line, cells: row.cells };
      line += row.lines + 1;
    }
    rest = text.slice(reader.at);
    if (rest.length > ROW_CHARACTERS) throw notClosed(line);
  }
}

interface RawRow {
  cells: string[];
  /** Line ends within its cells. */
  lines: number;
  /**
   * `open` where a quote is never closed; `within` where one stands within a quoted cell, as in `"5" pipe"`: that is
   * text, unless it swallows the rows that follow.
   */
  fault: 'open' | 'within' | null;
}

/** Reads the rows of a text one by one (RFC 4180). Lines end in `\n`. */
class RowReader {
  /** Where the next row begins. */
  at = 0;
  readonly #text: string;
  readonly #delimiter: string;
  readonly #isLast: boolean;
  /** The first line end and delimiter from the place that was last looked at: neither is searched for twice. */
  #lineEnd = -1;
  #nextDelimiter = -1;

  constructor(text: string, delimiter: string, isLast: boolean) {
    this.#text = text;
    this.#delimiter = delimiter;
    this.#isLast = isLast;
  }

  /** Returns the next row; null where the text ends before the row does. */
  next(): RawRow | null {
    const text = this.#text;
    if (this.at >= text.length) return null;
    const row: RawRow = { cells: [], lines: 0, fault: null };
    for (let at = this.at; ; ) {
      const isQuoted = text.charCodeAt(at) === QUOTE;
      const end = isQuoted ? this.#endOfQuoted(at, row) : this.#endOfCell(at);
      if (end === null) return null;
      if (!isQuoted) row.cells.push(cellText(text.slice(at, end)));
      if (end < text.length && text.charCodeAt(end) !== LINE_END) at = end + 1;
      else {
        if (end >= text.length && !this.#isLast) return null;
        this.at = end + 1;
        return row;
      }
    }
  }

  /** Finds the end of a cell without quotes. */
  #endOfCell(at: number): number {
    const { length } = this.#text;
    if (this.#lineEnd < at) this.#lineEnd = found(this.#text.indexOf('\n', at), length);
    if (this.#nextDelimiter < at) this.#nextDelimiter = found(this.#text.indexOf(this.#delimiter, at), length);
    return Math.min(this.#lineEnd, this.#nextDelimiter);
  }

  /** Reads a quoted cell into the row and finds its end, after the space that may follow it; null where it is cut off. */
  #endOfQuoted(start: number, row: RawRow): number | null {
    const text = this.#text;
    for (let quote = text.indexOf('"', start + 1); quote >= 0; quote = text.indexOf('"', quote + 1)) {
      if (text.charCodeAt(quote + 1) === QUOTE) {
        quote++;
        continue;
      }
      let end = quote + 1;
      while (text.charCodeAt(end) === SPACE) end++;
      if (end >= text.length && !this.#isLast) return null;
      if (end < text.length && text.charCodeAt(end) !== LINE_END && !text.startsWith(this.#delimiter, end)) {
        row.fault ??= 'within';
        continue;
      }
      this.#pushQuoted(text.slice(start + 1, quote), row);
      return end;
    }
    if (!this.#isLast) return null;
    row.fault = 'open';
    return text.length;
  }

  #pushQuoted(inside: string, row: RawRow): void {
    for (let at = inside.indexOf('\n'); at >= 0; at = inside.indexOf('\n', at + 1)) row.lines++;
    row.cells.push(cellText(inside.includes('""') ? inside.replaceAll('""', '"') : inside));
  }
}

const [QUOTE, SPACE, LINE_END] = [0x22, 0x20, 0x0a];

const found = (index: number, length: number) => (index < 0 ? length : index);

const notClosed = (line: number) =>
  new TableError('quote_not_closed', 'A quotation mark is opened here and never closed.', line);
