/** A row of a CSV file, with the line of the file it begins on. */
export interface CsvRow {
  line: number;
  fields: string[];
}

/**
 * Reads CSV by RFC 4180, and what spreadsheets make of it: any line ends, a byte order mark, `;` or tabs where the first
 * line has no comma. Empty lines are skipped.
 * @returns null in place of the rows, with the line, where a quote is never closed
 */
export function parseCsv(text: string): { rows: CsvRow[] } | { rows: null; line: number } {
  const source = text.replace(/^\uFEFF/, '');
  const firstLine = source.split(/\r?\n/, 1)[0] ?? '';
  const delimiter = [',', ';', '\t'].find((mark) => firstLine.includes(mark)) ?? ',';
  const rows: CsvRow[] = [];
  let line = 1;
  let begins = 1;
  let fields: string[] = [];
  let field = '';
  let quoted = false;
  let openedAt = 0;

  const endRow = () => {
    fields.push(field);
    if (fields.some((value) => value.trim() !== '')) rows.push({ line: begins, fields });
    fields = [];
    field = '';
  };
  for (let i = 0; i < source.length; i++) {
    const char = source[i] as string;
    if (char === '\n') line++;
    if (quoted) {
      if (char !== '"') field += char;
      else if (source[i + 1] === '"') field += source[i++];
      else quoted = false;
    } else if (char === '"' && field.trim() === '') {
      quoted = true;
      openedAt = line;
      field = '';
    } else if (char === delimiter) {
      fields.push(field);
      field = '';
    } else if (char === '\n' || (char === '\r' && source[i + 1] !== '\n')) {
      if (char === '\r') line++;
      endRow();
      begins = line;
    } else if (char !== '\r') field += char;
  }
  if (quoted) return { rows: null, line: openedAt };
  endRow();
  return { rows };
}
