import * as v from 'valibot';
import { QueryInteger } from './list.ts';
import type { Operation } from './operation.ts';

/** The ledger's tables that can be read out: all that holds a site's own facts, and no secrets. */
export const DataTable = v.picklist([
  'sessions',
  'page_views',
  'bindings',
  'calls',
  'call_touches',
  'visitor_users',
  'visit_counts',
  'channel_weights',
  'costs',
  'deliveries',
]);
export type DataTable = v.InferOutput<typeof DataTable>;

/** `GET …/data/{table}`. The next page's address is in the `Link` header, its cursor in `Dialmark-Cursor`. */
export const DataQuery = v.object({
  format: v.optional(v.picklist(['csv', 'ndjson'], 'must be one of csv, ndjson'), 'csv'),
  limit: v.optional(QueryInteger(1, 10_000), '1000'),
  cursor: v.optional(v.pipe(v.string(), v.maxLength(4000))),
});
export type DataQuery = v.InferOutput<typeof DataQuery>;

export const dataOperations = {
  readData: {
    method: 'GET',
    path: '/v1/sites/{site}/data/{table}',
    summary: "Rows of one of the ledger's tables as CSV or NDJSON, page by page",
    access: 'read',
    query: DataQuery,
    response: null,
    produces: 'text/csv',
    status: 200,
  },
} as const satisfies Record<string, Operation>;
