import { e164 } from '../format.ts';

const RULE_FIELDS = ['landingPage', 'referrer', 'source', 'medium', 'campaign', 'channel', 'clickId'] as const;
const COLUMNS = ['number', 'target', 'kind', 'name', ...RULE_FIELDS];

/**
 * Numbers from pasted text: one a line, or CSV with a heading of `number,target,kind,name` and a rule's fields. A row
 * with a rule is a source number. Numbers may be written as people of the country do; what is none goes on as it is, for
 * the API to say so.
 */
export function numberRows(text: string, target: string, country: string): Record<string, unknown>[] {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  const heading = cellsOf(lines[0] ?? '').map((cell) =>
    COLUMNS.find((name) => name.toLowerCase() === cell.toLowerCase()),
  );
  const hasHeading = heading.includes('number');
  const columns = hasHeading ? heading : ['number', 'target', 'kind', 'name'];
  return lines.slice(hasHeading ? 1 : 0).map((line) => {
    const cells = new Map(cellsOf(line).map((cell, i) => [columns[i], cell]));
    const rule = RULE_FIELDS.flatMap((field) => {
      const value = cells.get(field);
      return value ? [[field, value]] : [];
    });
    const number = cells.get('number') ?? '';
    return {
      number: e164(number, country) ?? number,
      target: cells.get('target') || target,
      kind: cells.get('kind') || (rule.length > 0 ? 'source' : 'pool'),
      name: cells.get('name') || null,
      match: rule.length > 0 ? Object.fromEntries(rule) : null,
    };
  });
}

/** The cells of a line (RFC 4180, without line breaks in cells); tabs and semicolons as spreadsheets paste them. */
function cellsOf(line: string): string[] {
  const separator = line.includes('\t') ? '\t' : line.includes(';') ? ';' : ',';
  const cells: string[] = [];
  let cell = '';
  let quoted = false;
  for (let i = 0; i < line.length; i++) {
    const at = line[i];
    if (at === '"' && quoted && line[i + 1] === '"') {
      cell += '"';
      i++;
    } else if (at === '"') quoted = !quoted;
    else if (at === separator && !quoted) {
      cells.push(cell.trim());
      cell = '';
    } else cell += at;
  }
  return [...cells, cell.trim()];
}
