import { CLICK_IDS, type ListPage } from '@dialmark/shared';
import type * as v from 'valibot';

/**
 * Returns a page of a list as CSV (RFC 4180): the columns are the JSON fields flattened with dots, in the schema's order, the
 * same on every page: of click ids all that there are, of tags, which may be anything, one column of JSON. The next page
 * is linked as RFC 8288 says.
 */
export function csv(schema: v.GenericSchema, page: ListPage<unknown>, address: string): Response {
  const columns = columnsOf(schema, []);
  const lines = [
    columns.map((path) => path.join('.')),
    ...page.items.map((item) => columns.map((path) => at(item, path))),
  ];
  const headers: Record<string, string> = { 'Content-Type': 'text/csv; charset=utf-8', 'Cache-Control': 'no-store' };
  if (page.cursor !== null) {
    const next = new URL(address);
    next.searchParams.set('cursor', page.cursor);
    headers.Link = `<${next}>; rel="next"`;
  }
  return new Response(csvText(lines), { headers });
}

/** Lines of values as CSV, the header among them. */
export function csvText(lines: readonly (readonly unknown[])[]): string {
  return lines.map((line) => `${line.map(cell).join(',')}\r\n`).join('');
}

type Path = readonly string[];

function columnsOf(schema: v.GenericSchema, path: Path): Path[] {
  const inner = schema as { wrapped?: v.GenericSchema; entries?: Record<string, v.GenericSchema> };
  if (inner.wrapped) return columnsOf(inner.wrapped, path);
  if (path.at(-1) === 'clickIds') return CLICK_IDS.map((name) => [...path, name]);
  if (!inner.entries) return [path];
  return Object.entries(inner.entries).flatMap(([key, field]) => columnsOf(field, [...path, key]));
}

function at(item: unknown, path: Path): unknown {
  const value = path.reduce<unknown>((of, key) => (of as Record<string, unknown> | null | undefined)?.[key], item);
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : value;
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return '';
  return quoted(typeof value === 'string' ? withoutFormula(value) : String(value));
}

/**
 * Keeps what a spreadsheet would run as a formula text, by an apostrophe before it, in fullwidth too
 * (https://owasp.org/www-community/attacks/CSV_Injection). Only a number may begin with a sign: `-2`, `+14155550132`.
 */
function withoutFormula(text: string): string {
  return FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
}

const FORMULA = /^(?:[\t\r\n]|[\s\u200b-\u200f\u2060-\u2064\u202a-\u202e\u2066-\u2069]*[=+\-@＝＋－＠])/;
const NUMBER = /^[+-]\d+(?:\.\d+)?$/;

/** Returns a field of a CSV file, in quotes where it has to be. */
export function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
