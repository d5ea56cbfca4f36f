import { api, DataTable } from '@dialmark/shared';
import * as v from 'valibot';
import { problem } from '../http/problems.ts';
import { type App, serve } from '../http/serve.ts';
import type { DataPage } from '../ledger/read/data.ts';
import { csvText } from '../platform/csv-write.ts';
import { invalidCursor } from '../platform/result.ts';
import { currentLedger } from './current-ledger.ts';

/** Serves the ledger's tables, row by row. */
export function dataRoutes(app: App): void {
  serve(app, api.readData, async ({ params, query, env, request, context }) => {
    const table = v.safeParse(DataTable, params.table);
    if (!table.success) {
      const message = `must be one of ${DataTable.options.join(', ')}`;
      return problem('invalid_request', `There is no table "${params.table}"; it ${message}.`, [
        { path: 'table', code: 'not_one_of', message },
      ]);
    }
    const { value, error } = await currentLedger(env, params.site as string, context);
    if (error) return { error };
    const page = await value.ledger.log.table(table.output, query);
    if (!page) return invalidCursor;
    return new Response(query.format === 'csv' ? asCsv(page) : asNdjson(page), {
      headers: headersOf(page, query.format, request.url),
    });
  });
}

function asCsv({ columns, rows }: DataPage): string {
  return csvText([columns, ...rows.map((row) => columns.map((column) => row[column]))]);
}

function asNdjson({ columns, rows }: DataPage): string {
  return rows
    .map((row) => `${JSON.stringify(Object.fromEntries(columns.map((column) => [column, row[column]])))}\n`)
    .join('');
}

function headersOf({ cursor }: DataPage, format: 'csv' | 'ndjson', address: string): Record<string, string> {
  const type = format === 'csv' ? 'text/csv; charset=utf-8' : 'application/x-ndjson';
  const headers: Record<string, string> = { 'Content-Type': type, 'Cache-Control': 'no-store' };
  if (cursor !== null) {
    const next = new URL(address);
    next.searchParams.set('cursor', cursor);
    headers.Link = `<${next}>; rel="next"`;
    headers['Dialmark-Cursor'] = cursor;
  }
  return headers;
}
