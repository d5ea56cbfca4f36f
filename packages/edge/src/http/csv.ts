import type { ListPage } from '@dialmark/shared';
import type * as v from 'valibot';

type Row = Record<string, unknown>;

/**
 * A page of a list as CSV (RFC 4180): the columns are the JSON fields flattened with dots, in the schema's order; where
 * a field holds names of its own (click ids), those that occur. The next page is linked as RFC 8288 says.
 */
export function csv(schema: v.GenericSchema, page: ListPage<unknown>, address: string): Response {
  const rows = page.items.map((item) => flatten(item as Row));
  const columns = columnsOf(schema, '').flatMap((column) =>
    column.endsWith('*')
      ? [
          ...new Set(rows.flatMap((row) => Object.keys(row).filter((key) => key.startsWith(column.slice(0, -1))))),
        ].sort()
      : [column],
  );
  const lines = [columns, ...rows.map((row) => columns.map((column) => row[column]))];
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

function columnsOf(schema: v.GenericSchema, prefix: string): string[] {
  const inner = schema as { type: string; wrapped?: v.GenericSchema; entries?: Record<string, v.GenericSchema> };
  if (inner.wrapped) return columnsOf(inner.wrapped, prefix);
  if (inner.type === 'record') return [`${prefix}.*`];
  if (!inner.entries) return [prefix];
  return Object.entries(inner.entries).flatMap(([key, field]) => columnsOf(field, prefix ? `${prefix}.${key}` : key));
}

function flatten(value: Row, prefix = ''): Row {
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, field]) =>
      field !== null && typeof field === 'object' && !Array.isArray(field)
        ? Object.entries(flatten(field as Row, `${prefix}${key}.`))
        : [[`${prefix}${key}`, Array.isArray(field) ? JSON.stringify(field) : field]],
    ),
  );
}

/** Quoted where needed. What a spreadsheet would run as a formula is kept text (OWASP, CSV injection); `+1…` is not. */
function cell(value: unknown): string {
  if (value === null || value === undefined) return '';
  let text = String(value);
  if (typeof value === 'string' && /^(?:[=@\t\r]|[+-](?!\d))/.test(text)) text = `'${text}`;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
