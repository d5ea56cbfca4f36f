import * as v from 'valibot';
import { QueryInteger } from './list.ts';
import type { Operation } from './operation.ts';
import { Day, Timestamp } from './primitives.ts';

/** The ledger's tables that can be read out: all that holds a site's own facts, and no secrets. */
export const DataTable = v.picklist([
  'sessions',
  'page_views',
  'bindings',
  'calls',
  'forms',
  'call_touches',
  'leads',
  'lead_contacts',
  'lead_touches',
  'outcomes',
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

/** `GET …/data/{table}.parquet`. */
export const DayQuery = v.object({
  /** A day of the site's calendar. */
  day: Day,
});

/** `POST …/sql`. */
export const SqlQuery = v.object({
  /** One statement that reads: SELECT, WITH, VALUES or EXPLAIN. */
  sql: v.pipe(v.string(), v.minLength(1), v.maxLength(100_000)),
  /** Values for the statement's `?`s, in order. */
  params: v.optional(v.pipe(v.array(v.nullable(v.union([v.string(), v.number()]))), v.maxLength(100)), []),
  /** Rows to return at most. */
  limit: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(10_000)), 1000),
});
export type SqlQuery = v.InferOutput<typeof SqlQuery>;

/** Result of a statement. `truncated` where there are more rows, or more bytes of them, than one answer holds. */
export const SqlResult = v.object({
  columns: v.array(v.string()),
  rows: v.array(v.array(v.nullable(v.union([v.string(), v.number()])))),
  truncated: v.boolean(),
});
export type SqlResult = v.InferOutput<typeof SqlResult>;

/** `POST …/ledger/restore`. */
export const LedgerRestore = v.object({
  /** The moment to go back to, at most 30 days ago. */
  at: Timestamp,
});

/** `POST …/ledger/resend`. */
export const LedgerResend = v.object({
  /** Visits, bindings and calls that began from this moment on are sent again. */
  since: Timestamp,
});

export const dataOperations = {
  querySql: {
    method: 'POST',
    path: '/v1/sites/{site}/sql',
    summary: "Query the site's ledger with SQL. Statements cannot change anything",
    access: 'sql',
    body: SqlQuery,
    response: SqlResult,
    status: 200,
  },
  resendLedger: {
    method: 'POST',
    path: '/v1/sites/{site}/ledger/resend',
    summary: "Resend the pool's log to the ledger",
    access: 'admin',
    body: LedgerResend,
    response: null,
    status: 204,
  },
  restoreLedger: {
    method: 'POST',
    path: '/v1/sites/{site}/ledger/restore',
    summary: 'Restore the ledger to an earlier moment, then send it later changes from the pool',
    access: 'admin',
    body: LedgerRestore,
    response: null,
    status: 204,
  },
  readData: {
    method: 'GET',
    path: '/v1/sites/{site}/data/{table}',
    summary: 'Export rows of a reporting table as CSV or NDJSON, page by page',
    access: 'read',
    query: DataQuery,
    response: null,
    produces: 'text/csv',
    status: 200,
  },
  readDay: {
    method: 'GET',
    path: '/v1/sites/{site}/data/{table}.parquet',
    summary: "Export a reporting table's rows of one day as a Parquet file",
    access: 'read',
    query: DayQuery,
    response: null,
    produces: 'application/vnd.apache.parquet',
    status: 200,
  },
} as const satisfies Record<string, Operation>;
