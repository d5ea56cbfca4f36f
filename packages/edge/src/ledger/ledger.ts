/** Rows of the ledger as the pool sends them; every time in epoch milliseconds. */

export interface LedgerBatch {
  site: string;
  /** The outbox position: a row never goes back to an older state. */
  rev: number;
  sessions: LedgerSession[];
  pageViews: { session: string; n: number; url: string; at: number }[];
  bindings: LedgerBinding[];
  calls: LedgerCall[];
}

export interface LedgerSession {
  id: string;
  visitor: string | null;
  startedAt: number;
  lastActiveAt: number;
  landingPage: string | null;
  referrer: string | null;
  source: string;
  medium: string;
  campaign: string | null;
  term: string | null;
  content: string | null;
  channel: string;
  clickIds: Record<string, string>;
  pages: number;
  device: string | null;
  country: string | null;
  tags: Record<string, unknown> | null;
}

export interface LedgerBinding {
  id: string;
  number: string;
  target: string;
  kind: string;
  session: string;
  visitor: string | null;
  startedAt: number;
  expiresAt: number;
}

export interface LedgerCall {
  id: string;
  carrier: string;
  caller: string | null;
  number: string;
  target: string | null;
  startedAt: number;
  status: string;
  durationSeconds: number | null;
  value: number | null;
  firstTime: boolean;
  spam: boolean;
  match: string;
  confidence: number;
  binding: string | null;
  session: string | null;
  visitor: string | null;
  candidates: unknown[];
}

/** A table's columns and where each comes from in the JSON row. */
type Columns = readonly (readonly [column: string, path: string])[];

const SESSIONS: Columns = [
  ['id', 'id'],
  ['visitor', 'visitor'],
  ['started_at', 'startedAt'],
  ['last_active_at', 'lastActiveAt'],
  ['landing_page', 'landingPage'],
  ['referrer', 'referrer'],
  ['source', 'source'],
  ['medium', 'medium'],
  ['campaign', 'campaign'],
  ['term', 'term'],
  ['content', 'content'],
  ['channel', 'channel'],
  ['click_ids', 'clickIds'],
  ['pages', 'pages'],
  ['device', 'device'],
  ['country', 'country'],
  ['tags', 'tags'],
];

const BINDINGS: Columns = [
  ['id', 'id'],
  ['number', 'number'],
  ['target', 'target'],
  ['kind', 'kind'],
  ['session', 'session'],
  ['visitor', 'visitor'],
  ['started_at', 'startedAt'],
  ['expires_at', 'expiresAt'],
];

const CALLS: Columns = [
  ['id', 'id'],
  ['carrier', 'carrier'],
  ['caller', 'caller'],
  ['number', 'number'],
  ['target', 'target'],
  ['started_at', 'startedAt'],
  ['status', 'status'],
  ['duration_seconds', 'durationSeconds'],
  ['value', 'value'],
  ['first_time', 'firstTime'],
  ['spam', 'spam'],
  ['match', 'match'],
  ['confidence', 'confidence'],
  ['binding', 'binding'],
  ['session', 'session'],
  ['visitor', 'visitor'],
  ['candidates', 'candidates'],
];

/**
 * One statement for a table and any count of rows: the rows come in as one JSON parameter (D1 takes 100 parameters a
 * query). Idempotent: a row that is there already is replaced, unless it is there in a newer state.
 */
function upsert(table: string, columns: Columns): string {
  const names = columns.map(([column]) => column);
  const values = columns.map(([, path]) => `value ->> '$.${path}'`);
  const replaced = names.filter((column) => column !== 'id').map((column) => `${column} = excluded.${column}`);
  return `INSERT INTO ${table} (site, rev, ${names.join(', ')})
    SELECT ?1, ?2, ${values.join(', ')} FROM json_each(?3) WHERE true
    ON CONFLICT (site, id) DO UPDATE SET rev = excluded.rev, ${replaced.join(', ')}
    WHERE excluded.rev >= ${table}.rev`;
}

const UPSERT_SESSIONS = upsert('sessions', SESSIONS);
const UPSERT_BINDINGS = upsert('bindings', BINDINGS);
const UPSERT_CALLS = upsert('calls', CALLS);
const INSERT_PAGE_VIEWS = `INSERT OR IGNORE INTO page_views (site, session, n, url, at)
  SELECT ?1, value ->> '$.session', value ->> '$.n', value ->> '$.url', value ->> '$.at' FROM json_each(?2)`;

/** Writes a batch in one D1 transaction. Throws what D1 throws: the caller keeps the batch and comes again. */
export async function writeBatch(ledger: D1Database, batch: LedgerBatch): Promise<void> {
  const { site, rev } = batch;
  const statements: D1PreparedStatement[] = [];
  const add = (query: string, rows: unknown[]) => {
    if (rows.length > 0) statements.push(ledger.prepare(query).bind(site, rev, JSON.stringify(rows)));
  };
  add(UPSERT_SESSIONS, batch.sessions);
  add(UPSERT_BINDINGS, batch.bindings);
  add(UPSERT_CALLS, batch.calls);
  if (batch.pageViews.length > 0) {
    statements.push(ledger.prepare(INSERT_PAGE_VIEWS).bind(site, JSON.stringify(batch.pageViews)));
  }
  if (statements.length > 0) await ledger.batch(statements);
}
