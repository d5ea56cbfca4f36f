import { dayOf, type EpochMs } from '@dialmark/shared';
import { type Erasures, erase } from '../forget/erase.ts';
import { asParameters } from '../read/rows.ts';
import { writeJourneys } from './journeys.ts';
import { countShown, countVisits } from './visit-counts.ts';
import { taggedUser, taggedValue, visitFacts } from './visit-facts.ts';

/** Rows of the ledger as the pool sends them; every time in epoch milliseconds. */

export interface LedgerBatch {
  site: string;
  /** The outbox position: a row never goes back to an older state. */
  rev: number;
  /** The site's: which day a visit or call counts for. */
  timeZone: string;
  /** The site's: how long before a call a visit still gets credit for it. */
  lookbackDays: number;
  /** What the pool has forgotten, and the ledger is to forget. Done first: what comes back afterwards is new. */
  erasures: Erasures;
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
  lastActiveAt: number;
  expiresAt: number;
  telClickAt: number | null;
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
  details: object;
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
  ['day', 'day'],
  ['hour', 'hour'],
  ['landing_path', 'landingPath'],
  ['referrer_host', 'referrerHost'],
  ['variant', 'variant'],
];

const BINDINGS: Columns = [
  ['id', 'id'],
  ['number', 'number'],
  ['target', 'target'],
  ['kind', 'kind'],
  ['session', 'session'],
  ['visitor', 'visitor'],
  ['started_at', 'startedAt'],
  ['last_active_at', 'lastActiveAt'],
  ['expires_at', 'expiresAt'],
  ['tel_click_at', 'telClickAt'],
  ['day', 'day'],
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
  ['details', 'details'],
];

/**
 * One statement for a table and any count of rows: the rows come in as one JSON parameter (D1 takes 100 parameters a
 * query). Idempotent: a row that is there already takes the new values, unless it is there in a newer state.
 *
 * @param changing the columns that may have changed; the others were written once and for all
 * @param known which of the JSON rows are meant; all unless given
 */
function upsert(table: string, columns: Columns, changing: readonly string[], known = ''): string {
  const names = columns.map(([column]) => column);
  const values = columns.map(([, path]) => `fresh.value ->> '$.${path}'`);
  const replaced = changing.map((column) => `${column} = excluded.${column}`);
  return `INSERT INTO ${table} (site, rev, ${names.join(', ')})
    SELECT ?1, ?2, ${values.join(', ')} FROM json_each(?3) fresh ${known} WHERE true
    ON CONFLICT (site, id) DO UPDATE SET rev = excluded.rev, ${replaced.join(', ')}
    WHERE excluded.rev >= ${table}.rev`;
}

/**
 * The same for columns that hardly ever change and stand in an index, of those rows where they did: SQLite writes an
 * index anew for every row whose statement names one of its columns, changed or not, and each such write is paid for.
 */
function upsertChanged(table: string, columns: Columns, changing: readonly string[]): string {
  const path = new Map(columns);
  const changed = changing.map((column) => `known.${column} IS NOT fresh.value ->> '$.${path.get(column)}'`);
  const known = `CROSS JOIN ${table} known
      ON known.site = ?1 AND known.id = fresh.value ->> '$.id' AND (${changed.join(' OR ')})`;
  return upsert(table, columns, changing, known);
}

const UPSERT_SESSIONS = upsert('sessions', SESSIONS, ['last_active_at', 'pages', 'tags']);
const UPSERT_CHANGED_SESSIONS = upsertChanged('sessions', SESSIONS, ['visitor', 'variant']);
const UPSERT_BINDINGS = upsert('bindings', BINDINGS, ['kind', 'last_active_at', 'expires_at', 'tel_click_at']);
const UPSERT_CHANGED_BINDINGS = upsertChanged('bindings', BINDINGS, ['visitor']);
const UPSERT_CALLS = upsert(
  'calls',
  CALLS,
  CALLS.map(([column]) => column).filter((column) => column !== 'id'),
);
const INSERT_PAGE_VIEWS = `INSERT OR IGNORE INTO page_views (site, session, n, url, at)
  SELECT ?1, value ->> '$.session', value ->> '$.n', value ->> '$.url', value ->> '$.at' FROM json_each(?2)`;

const INSERT_USERS = `INSERT OR IGNORE INTO visitor_users (site, user_id, visitor)
  SELECT ?1, value ->> '$.user', value ->> '$.visitor' FROM json_each(?2)`;

/**
 * Writes a batch: its rows in one D1 transaction, then the journeys of its calls, from what the ledger holds by then.
 * Throws what D1 throws: the caller keeps the batch and comes again, and all of it may run twice.
 */
export async function writeBatch(ledger: D1Database, batch: LedgerBatch): Promise<number | null> {
  const { site, rev, timeZone } = batch;
  await erase(ledger, batch, batch.erasures);

  const sessions = batch.sessions.map((session) => ({ ...session, ...visitFacts(session, timeZone) }));
  const bindings = batch.bindings.map((binding) => ({
    ...binding,
    day: dayOf(binding.startedAt as EpochMs, timeZone),
  }));
  const users = sessions.flatMap(({ visitor, tags }) => {
    const user = taggedUser(tags);
    return user !== null && visitor !== null ? [{ user, visitor }] : [];
  });
  const statements: D1PreparedStatement[] = [];
  for (const rows of asParameters(sessions)) {
    statements.push(
      ...countVisits(ledger, site, rows),
      ...[UPSERT_SESSIONS, UPSERT_CHANGED_SESSIONS].map((query) => ledger.prepare(query).bind(site, rev, rows)),
    );
  }
  for (const rows of asParameters(bindings)) {
    statements.push(
      ...countShown(ledger, site, rows),
      ...[UPSERT_BINDINGS, UPSERT_CHANGED_BINDINGS].map((query) => ledger.prepare(query).bind(site, rev, rows)),
    );
  }
  for (const rows of asParameters(batch.calls)) statements.push(ledger.prepare(UPSERT_CALLS).bind(site, rev, rows));
  for (const rows of asParameters(batch.pageViews)) statements.push(ledger.prepare(INSERT_PAGE_VIEWS).bind(site, rows));
  for (const rows of asParameters(users)) statements.push(ledger.prepare(INSERT_USERS).bind(site, rows));
  const results = statements.length > 0 ? await ledger.batch(statements) : [];

  // A tag that comes after the call may give it its value.
  const valued = batch.sessions.filter(({ tags }) => taggedValue(tags) !== null).map(({ id }) => id);
  await writeJourneys(ledger, batch, {
    calls: batch.calls.map(({ id }) => id),
    sessions: valued,
  });
  return results.at(-1)?.meta.size_after ?? null;
}
