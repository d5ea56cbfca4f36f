/** One record of a CSV, and the line it begins on, counted from 1. */
export interface CsvRecord {
  line: number;
  cells: string[];
}

/**
 * Reads CSV (RFC 4180), leniently: any line ending, a byte order mark, quotes that never close; separated by commas,
 * tabs or semicolons, whichever the text has most of outside quotes in its first lines. Empty lines are left out.
 */
export function* csvRecords(text: string): Generator<CsvRecord> {
  const separator = separatorOf(text);
  let cells: string[] = [];
  let cell = '';
  let isQuoted = false;
  let line = 1;
  let begun = 1;
  // A mark at the start says what the encoding is, and is no part of the first cell.
  for (let i = text.charCodeAt(0) === 0xfeff ? 1 : 0; i < text.length; i++) {
    const char = text[i] as string;
    if (char === '\n') line++;
    if (isQuoted) {
      if (char !== '"') cell += char;
      else if (text[i + 1] === '"') {
        cell += '"';
        i++;
      } else isQuoted = false;
    } else if (char === '"' && cell.trim() === '') {
      cell = '';
      isQuoted = true;
    } else if (char === separator) {
      cells.push(cell.trim());
      cell = '';
    } else if (char === '\n' || char === '\r') {
      cells.push(cell.trim());
      if (cells.some((value) => value !== '')) yield { line: begun, cells };
      cells = [];
      cell = '';
      begun = line;
      if (char === '\r' && text[i + 1] === '\n') {
        i++;
        line++;
      } else if (char === '\r') line++;
      begun = line;
    } else cell += char;
  }
  cells.push(cell.trim());
  if (cells.some((value) => value !== '')) yield { line: begun, cells };
}

function separatorOf(text: string): string {
  const start = text.slice(0, 4000).replace(/"[^"]*"/g, '');
  const counts = [',', '\t', ';'].map((separator) => [separator, start.split(separator).length] as const);
  return counts.reduce((most, next) => (next[1] > most[1] ? next : most))[0];
}
