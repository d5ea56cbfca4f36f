import { parseCsv } from './csv.ts';
import { Failure } from './failure.ts';

/** A number to add, with the line it came from. What is wrong with it is the API's to say. */
export interface NumberRow {
  line: number;
  number: Record<string, unknown>;
}

const PLAIN = ['number', 'target', 'kind', 'name'] as const;
const RULE = ['landingPage', 'referrer', 'source', 'medium', 'campaign', 'channel', 'clickId'] as const;
/** The columns of a file of numbers; `number` is needed, the order is free. */
export const COLUMNS: readonly string[] = [...PLAIN, ...RULE];

/** Case, spaces, `-` and `_` in a heading do not matter. */
const plainName = (heading: string) =>
  heading
    .trim()
    .toLowerCase()
    .replace(/[\s_-]/g, '');

/**
 * Reads a CSV file of numbers. A row with a rule is a `source` number even where it does not say so.
 * @throws Failure where the file as a whole cannot be understood
 */
export function readNumberRows(text: string, defaultTarget: string | null): NumberRow[] {
  const { rows, ...fault } = parseCsv(text);
  if (rows === null) throw new Failure(`Line ${(fault as { line: number }).line}: a quote is opened and never closed.`);
  const [header, ...body] = rows;
  if (!header) throw new Failure(`The file is empty. Its first line names the columns: ${COLUMNS.join(',')}`);
  const columns = header.fields.map((heading) => {
    const column = COLUMNS.find((name) => plainName(name) === plainName(heading));
    if (!column) throw new Failure(`There is no column "${heading.trim()}". Columns are: ${COLUMNS.join(', ')}`);
    return column;
  });
  if (!columns.includes('number')) {
    throw new Failure('No column is named "number". The first line names the columns, such as: number,target');
  }
  return body.map(({ line, fields }) => ({ line, number: numberOf(columns, fields, defaultTarget) }));
}

function numberOf(columns: string[], fields: string[], defaultTarget: string | null): Record<string, unknown> {
  const given: Record<string, string> = {};
  columns.forEach((column, i) => {
    const value = (fields[i] ?? '').trim();
    if (value !== '') given[column] = value;
  });
  const rule = Object.fromEntries(RULE.flatMap((name) => (given[name] === undefined ? [] : [[name, given[name]]])));
  const hasRule = Object.keys(rule).length > 0;
  return {
    number: compact(given.number ?? ''),
    target: given.target ?? defaultTarget ?? undefined,
    kind: given.kind?.toLowerCase() ?? (hasRule ? 'source' : 'pool'),
    ...(given.name ? { name: given.name } : {}),
    ...(hasRule ? { match: rule } : {}),
  };
}

/** `+1 (415) 555-0132` is meant as E.164; only what people put between digits goes. */
const compact = (number: string) => number.replace(/[\s().\u00A0-]/g, '');
