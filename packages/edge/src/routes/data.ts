import { api, DataTable } from '@dialmark/shared';
import * as v from 'valibot';
import { problem } from '../http/problems.ts';
import { type App, handlerOf } from '../http/serve.ts';
import type { DataPage } from '../ledger/read/data.ts';
import type { DaySlice } from '../ledger/read/day-rows.ts';
import type { RemoteLedger } from '../ledger/remote-ledger.ts';
import { csvText } from '../platform/csv-write.ts';
import { parquetFile } from '../platform/parquet.ts';
import { invalidCursor, type Outcome } from '../platform/result.ts';
import { currentLedger } from './current-ledger.ts';

const PARQUET = '.parquet';

/** Serves the ledger's tables: row by row, or a day as a file. */
export function dataRoutes(app: App): void {
  const rows = handlerOf(api.readData, async ({ params, query, env, request, context }) => {
    const table = tableNamed(params.table as string);
    if (table instanceof Response) return table;
    const { value, error } = await currentLedger(env, params.site as string, context);
    if (error) return { error };
    const page = await value.ledger.log.table(table, query);
    if (!page) return invalidCursor;
    return new Response(query.format === 'csv' ? asCsv(page) : asNdjson(page), {
      headers: headersOf(page, query.format, request.url),
    });
  });

  const day = handlerOf(api.readDay, async ({ params, query, env, context }) => {
    const table = tableNamed((params.table as string).slice(0, -PARQUET.length));
    if (table instanceof Response) return table;
    const { value, error }: Outcome<{ ledger: RemoteLedger }> = await currentLedger(
      env,
      params.site as string,
      context,
    );
    if (error) return { error };
    const { log } = value.ledger;
    // Asked before anything is answered: a ledger that is away is a problem, not half a file.
    const first = await log.day(table, query.day, null, ROWS_AT_ONCE);
    const pages = async function* () {
      for (let slice: DaySlice = first; ; slice = await log.day(table, query.day, slice.next, ROWS_AT_ONCE)) {
        yield slice.rows;
        if (slice.next === null) return;
      }
    };
    return new Response(streamOf(parquetFile(first.columns, pages())), {
      headers: { 'Content-Type': 'application/vnd.apache.parquet', 'Cache-Control': 'no-store' },
    });
  });

  app.get('/v1/sites/:site/data/:table', (context) =>
    context.req.param('table').endsWith(PARQUET) ? day(context) : rows(context),
  );
}

/** Rows asked of the ledger at once, some megabyte of them. */
const ROWS_AT_ONCE = 2000;

function tableNamed(name: string): DataTable | Response {
  const table = v.safeParse(DataTable, name);
  if (table.success) return table.output;
  const message = `must be one of ${DataTable.options.join(', ')}`;
  return problem('invalid_request', `There is no table "${name}"; it ${message}.`, [
    { path: 'table', code: 'not_one_of', message },
  ]);
}

function streamOf(parts: AsyncGenerator<Uint8Array>): ReadableStream<Uint8Array> {
  return new ReadableStream({
    async pull(controller) {
      const { value, done } = await parts.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    async cancel() {
      await parts.return(undefined);
    },
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
