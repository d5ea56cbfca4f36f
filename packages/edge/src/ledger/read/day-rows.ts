import { addDays, type DataTable, startOfDay } from '@dialmark/shared';
import type { Column, ColumnKind, Value } from '../../platform/parquet.ts';
import { firstSeq } from '../../pool/leases/binding-id.ts';
import type { LedgerCore } from '../core.ts';
import { dayNumber } from '../days.ts';
import { COUNTED_BY_DAY, dayText, VIEWS } from '../views.ts';

/** The place in a day's rows that the next slice goes on after. */
export type Place = readonly (string | number)[];

/** Rows of a day, as a file has them. */
export interface DaySlice {
  columns: Column[];
  rows: Value[][];
  /** Null at the end. */
  next: Place | null;
}

/** How a table's rows of a day are found: ?1 and ?2 are the day as number and text, ?3 and ?4 when it begins and ends. */
interface Source {
  query: string;
  where: string;
  /** What orders the rows; unique. */
  key: readonly string[];
}

/** More than a day can be off by where the site has moved to another time zone since. */
const A_DAY = 26 * 3_600_000;
const around = (at: string) => `${at} BETWEEN ?3 - ${A_DAY} AND ?4 + ${A_DAY}`;

/** In the order of the primary key, which ascends with time; the day's index is only asked where that begins and ends. */
const VISITS = `v.day = ?1
  AND v.seq >= (SELECT min(seq) FROM visit INDEXED BY visit_by_day WHERE day = ?1)
  AND v.seq <= (SELECT max(seq) FROM visit INDEXED BY visit_by_day WHERE day = ?1)`;
const bySeq = (view: string) => view.replace('FROM visit v', 'FROM visit v NOT INDEXED');
/** Where a slice of so many visits is taken, each with all its rows, and not of so many rows. */
const SLICE = '{slice}';
const WHOLE = 'true';

const SOURCES: Record<DataTable, Source> = {
  sessions: { query: bySeq(VIEWS.sessions), where: VISITS, key: ['v.seq'] },
  page_views: {
    query: VIEWS.page_views.replace('FROM visit v', `FROM (SELECT * FROM visit v NOT INDEXED ${SLICE}) v`),
    where: VISITS,
    key: ['v.seq'],
  },
  bindings: { query: VIEWS.bindings, where: 'h.seq >= ?3 AND h.seq < ?4', key: ['h.seq'] },
  calls: {
    query: VIEWS.calls,
    where: `c.day = ?1 AND ${around('c.started_at')}`,
    key: ['c.started_at', 'c.id'],
  },
  forms: { query: VIEWS.forms, where: `f.day = ?1 AND ${around('f.at')}`, key: ['f.at', 'f.id'] },
  call_touches: { query: VIEWS.call_touches, where: 't.day = ?1', key: ['t.call', 't.position'] },
  leads: { query: VIEWS.leads, where: `l.day = ?1 AND ${around('l.first_at')}`, key: ['l.first_at', 'l.id'] },
  lead_contacts: {
    query: VIEWS.lead_contacts.replace('FROM contact k', 'FROM contact k INDEXED BY contact_by_time'),
    where: 'k.at >= ?3 AND k.at < ?4',
    key: ['k.at', 'k.kind', 'k.id'],
  },
  lead_touches: { query: VIEWS.lead_touches, where: 't.day = ?1', key: ['t.lead', 't.position'] },
  outcomes: { query: VIEWS.outcomes, where: 'o.at >= ?3 AND o.at < ?4', key: ['o.id'] },
  visit_counts: {
    query: `SELECT d.* FROM (SELECT dimension, ${dayText('day')} AS period, key, sum(visits) AS visits
      FROM (${COUNTED_BY_DAY}) WHERE day = ?1 GROUP BY dimension, key) d`,
    where: WHOLE,
    key: ['d.dimension', 'd.key'],
  },
  costs: { query: 'SELECT c.* FROM costs c', where: 'c.day = ?2', key: ['source', 'medium', 'campaign', 'term'] },
  deliveries: {
    query: 'SELECT d.* FROM deliveries d',
    where: 'd.created_at >= ?3 AND d.created_at < ?4',
    key: ['d.created_at', 'd.id'],
  },
  // Of no day: as they are now.
  visitor_users: { query: 'SELECT u.* FROM visitor_users u', where: WHOLE, key: ['user_id', 'visitor'] },
  channel_weights: { query: 'SELECT w.* FROM channel_weights w', where: WHOLE, key: ['channel'] },
};

/** The columns that hold no text. */
const KINDS: Record<string, ColumnKind> = {
  ...kinds(
    'timestamp',
    `started_at last_active_at expires_at tel_click_at at called_at created_at next_at claimed_until delivered_at computed_at
     first_at last_at came_at`,
  ),
  ...kinds(
    'int32',
    'pages n first_time spam test direct attempts response_status calls forms missed reviewed qualified won',
  ),
  ...kinds('int64', 'position revision visits'),
  ...kinds(
    'double',
    `duration_seconds value confidence cost weight credit_first credit_last credit_last_non_direct credit_linear
     credit_time_decay credit_position_based credit_data_driven`,
  ),
};

function kinds(kind: ColumnKind, names: string): Record<string, ColumnKind> {
  return Object.fromEntries(names.split(/\s+/).map((name) => [name, kind]));
}

/**
 * Returns rows of a day of the site's calendar, in an order that new rows do not change.
 * @param seqs the sequence numbers of the day's bindings, where they are not to be told by the site's time zone of today
 */
export function readDay(
  core: LedgerCore,
  table: DataTable,
  day: string,
  after: Place | null,
  limit: number,
  seqs: readonly [number, number] | null = null,
): DaySlice {
  const { query, where, key } = SOURCES[table];
  const begins = startOfDay(day, core.rules?.timeZone ?? 'UTC');
  const ends = startOfDay(addDays(day, 1), core.rules?.timeZone ?? 'UTC');
  const [from, to] = table === 'bindings' ? (seqs ?? [firstSeq(begins), firstSeq(ends)]) : [begins, ends];
  const given = key.map((_, index) => `?${6 + index}`);
  // The first part by itself, for the index.
  const goOn = after ? `AND ${key[0]} >= ${given[0]} AND (${key.join(', ')}) > (${given.join(', ')})` : '';
  const slice = `WHERE ${where} ${goOn} ORDER BY ${key.join(', ')} LIMIT ?5`;
  const select = query.replace('SELECT', `SELECT ${key.join(', ')},`);
  const found = core.sql.exec(
    select.includes(SLICE) ? select.replace(SLICE, slice) : `${select} ${slice}`,
    dayNumber(day),
    day,
    from,
    to,
    limit,
    ...(after ?? []),
  );
  const columns = found.columnNames.slice(key.length).map((name) => ({ name, kind: KINDS[name] ?? 'text' }));
  const rows = [...found.raw<Value[]>()];
  const last = rows.at(-1)?.slice(0, key.length) as Place | undefined;
  return {
    columns,
    rows: rows.map((row) => row.slice(key.length)),
    next: rows.length >= limit && last ? last : null,
  };
}
