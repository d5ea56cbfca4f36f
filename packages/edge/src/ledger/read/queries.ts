import {
  type Binding,
  type BindingsQuery,
  type Call,
  type CallsQuery,
  DAY,
  type EpochMs,
  type ListPage,
  parseRfc3339,
  rfc3339,
  type Site,
  startOfDay,
} from '@dialmark/shared';
import { boundsOf, decodeCursor, encodeCursor, type Part } from '../../platform/cursor.ts';
import { COLUMN } from './dimension-columns.ts';

/** Conditions of a query with their values, in order. */
class Where {
  readonly #conditions: string[] = [];
  readonly values: (string | number)[] = [];

  add(condition: string, ...values: (string | number)[]): void {
    this.#conditions.push(condition);
    this.values.push(...values);
  }

  toString(): string {
    return `WHERE ${this.#conditions.join(' AND ')}`;
  }
}

/**
 * The index of the narrowest filter that is asked for. Named, because SQLite without statistics would rather walk all of
 * a site's log in order than sort a visit's handful of rows.
 */
function narrowest<F extends string>(
  query: { [K in F]?: unknown },
  indexes: readonly (readonly [filter: F, index: string])[],
  otherwise: string,
): string {
  return indexes.find(([filter]) => query[filter] !== undefined)?.[1] ?? otherwise;
}

/** Latest first, from the cursor on. @returns null for a cursor that is not ours */
async function page<R extends { startedAt: number; id: string }, T>(
  ledger: D1Database,
  select: string,
  table: string,
  where: Where,
  query: { limit: number; cursor?: string | undefined },
  present: (row: R) => T,
): Promise<ListPage<T> | null> {
  if (query.cursor !== undefined) {
    const place = decodeCursor(query.cursor);
    if (!place) return null;
    where.add(`(${table}.started_at, ${table}.id) < (?, ?)`, place.at, place.id);
  }
  const { results } = await ledger
    .prepare(`${select} ${where} ORDER BY ${table}.started_at DESC, ${table}.id DESC LIMIT ?`)
    .bind(...where.values, query.limit + 1)
    .all<R>();
  const rows = results.slice(0, query.limit);
  const last = rows.at(-1);
  const more = results.length > query.limit && last !== undefined;
  return { items: rows.map(present), cursor: more ? encodeCursor({ at: last.startedAt, id: last.id }) : null };
}

export function listBindings(
  ledger: D1Database,
  site: string,
  query: BindingsQuery,
  now: number,
): Promise<ListPage<Binding> | null> {
  const where = new Where();
  where.add('bindings.site = ?', site);
  if (query.number !== undefined) where.add('bindings.number = ?', query.number.replace(/^ /, '+'));
  if (query.session !== undefined) where.add('bindings.session = ?', query.session);
  if (query.visitor !== undefined) where.add('bindings.visitor = ?', query.visitor);
  if (query.from !== undefined) where.add('bindings.started_at >= ?', parseRfc3339(query.from) as number);
  if (query.to !== undefined) where.add('bindings.started_at < ?', parseRfc3339(query.to) as number);
  const index = narrowest(
    query,
    [
      ['session', 'bindings_by_session'],
      ['visitor', 'bindings_by_visitor'],
      ['number', 'bindings_by_number'],
    ],
    'bindings_by_start',
  );
  const select = `${BINDINGS} INDEXED BY ${index}`;
  return page<BindingLine, Binding>(ledger, select, 'bindings', where, query, (row) => presentBinding(row, now));
}

const BINDINGS =
  'SELECT id, number, target, kind, session, visitor, started_at AS startedAt, expires_at AS expiresAt, tel_click_at AS telClickAt FROM bindings';
type BindingLine = Omit<Binding, 'startedAt' | 'expiresAt' | 'endedAt' | 'telClickAt'> & {
  startedAt: EpochMs;
  expiresAt: EpochMs;
  telClickAt: EpochMs | null;
};

function presentBinding({ startedAt, expiresAt, telClickAt, ...row }: BindingLine, now: number): Binding {
  return {
    ...row,
    startedAt: rfc3339(startedAt),
    endedAt: expiresAt > now ? null : rfc3339(expiresAt),
    expiresAt: rfc3339(expiresAt),
    telClickAt: rfc3339(telClickAt),
  };
}

/** All bindings of a visit or visitor, oldest first. */
export async function bindingsWhere(
  ledger: D1Database,
  site: string,
  column: 'session' | 'visitor',
  value: string,
  part: Part,
): Promise<Binding[]> {
  const { results } = await ledger
    .prepare(`${BINDINGS} INDEXED BY bindings_by_${column} WHERE site = ? AND ${column} = ? AND (started_at, id) > (?, ?)
       ORDER BY started_at, id LIMIT ?`)
    .bind(site, value, ...boundsOf(part))
    .all<BindingLine>();
  const now = Date.now();
  return results.map((row) => presentBinding(row, now));
}

/** Calls of a visit or visitor, or the one of an id; oldest first. */
export async function callsWhere(
  ledger: D1Database,
  site: string,
  column: 'id' | 'session' | 'visitor',
  value: string,
  part: Part,
): Promise<Call[]> {
  const { results } = await ledger
    .prepare(
      `${callsFrom(column === 'id' ? 'calls' : `calls INDEXED BY calls_by_${column}`)}
       WHERE calls.site = ? AND calls.${column} = ? AND (calls.started_at, calls.id) > (?, ?)
       ORDER BY calls.started_at, calls.id LIMIT ?`,
    )
    .bind(site, value, ...boundsOf(part))
    .all<CallLine>();
  return results.map(presentCall);
}

const callsFrom = (calls: string) => `
  SELECT calls.id, calls.carrier, calls.caller, calls.number, calls.target, calls.started_at AS startedAt, calls.status,
    calls.duration_seconds AS durationSeconds, calls.value, calls.first_time AS firstTime, calls.spam, calls.match,
    calls.confidence, calls.candidates, calls.details, calls.visitor,
    b.id AS bindingId, b.number AS bindingNumber, b.kind AS bindingKind, b.started_at AS bindingStart,
    b.expires_at AS bindingEnd,
    s.id AS sessionId, s.started_at AS sessionStart, s.landing_page AS landingPage, s.referrer, s.source, s.medium,
    s.campaign, s.term, s.content, s.channel, s.click_ids AS clickIds, s.pages,
    (SELECT count(*) FROM sessions v WHERE v.site = calls.site AND v.visitor = calls.visitor) AS visits
  FROM ${calls}
  LEFT JOIN bindings b ON b.site = calls.site AND b.id = calls.binding
  LEFT JOIN sessions s ON s.site = calls.site AND s.id = calls.session`;

type CallLine = Record<string, string | number | null> & { id: string; startedAt: EpochMs };

/**
 * Calls, latest first, as `GET …/calls/{id}` gives each. Days in the filter are the site's own. A search looks through
 * so many calls at once and no more: a page that is not full then goes on from the last of them.
 *
 * @param named numbers whose own name holds what is searched for
 */
export async function listCalls(
  ledger: D1Database,
  site: Site,
  query: CallsQuery,
  named: readonly string[] = [],
): Promise<ListPage<Call> | null> {
  const where = new Where();
  where.add('calls.site = ?', site.id);
  if (query.from !== undefined) where.add('calls.started_at >= ?', bound(query.from, site.timeZone, 0));
  if (query.to !== undefined) where.add('calls.started_at < ?', bound(query.to, site.timeZone, 1));
  addOrigin(where, query);
  if (query.target !== undefined) where.add('calls.target = ?', query.target);
  if (query.number !== undefined) where.add('calls.number = ?', query.number.replace(/^ /, '+'));
  if (query.caller !== undefined) where.add('calls.caller = ?', query.caller.replace(/^ /, '+'));
  if (query.status !== undefined) where.add('calls.status = ?', query.status);
  if (query.match !== undefined) where.add('calls.match = ?', query.match);
  if (query.hint !== undefined) where.add("calls.details ->> '$.hint.kind' = ?", query.hint);
  if (query.minDuration !== undefined) where.add('calls.duration_seconds >= ?', query.minDuration);
  if (query.spam !== undefined) where.add('calls.spam = ?', query.spam ? 1 : 0);
  const index = narrowest(
    query,
    [
      ['caller', 'calls_by_caller'],
      ['number', 'calls_by_number'],
    ],
    'calls_by_start',
  );
  const list = () =>
    page<CallLine, Call>(ledger, callsFrom(`calls INDEXED BY ${index}`), 'calls', where, query, presentCall);
  const text = query.search?.trim();
  if (!text) return list();

  addSearch(where, text, named);
  const last = await lastLookedThrough(ledger, site, query);
  if (last) where.add('(calls.started_at, calls.id) >= (?, ?)', last.at, last.id);
  const found = await list();
  return found && last && found.cursor === null ? { ...found, cursor: encodeCursor(last) } : found;
}

/** Where calls came from: the visit that called, or with a model those that it gives credit. */
function addOrigin(where: Where, query: CallsQuery): void {
  const asked = (['channel', 'source', 'medium', 'campaign', 'term', 'landing_page'] as const).flatMap((name) =>
    query[name] === undefined ? [] : [{ column: COLUMN[name], value: query[name] }],
  );
  if (asked.length === 0) return;
  if (query.model === undefined) {
    for (const { column, value } of asked) where.add(`s.${column} = ?`, value);
    return;
  }
  const fits = asked.map(({ column }) => ` AND coalesce(t.${column}, '(none)') = ?`).join('');
  where.add(
    `EXISTS (SELECT 1 FROM call_touches t INDEXED BY call_touches_by_call
       WHERE t.site = calls.site AND t.call = calls.id AND t.credit_${query.model} > 0${fits})`,
    ...asked.map(({ value }) => value),
  );
}

const SEARCHED = [
  'calls.id',
  "calls.details ->> '$.tags'",
  's.channel',
  's.source',
  's.medium',
  's.campaign',
  's.term',
  's.content',
  's.landing_page',
  's.referrer',
];

/** Calls of which something holds the text, whatever its case (ASCII); of a telephone number, its digits. */
function addSearch(where: Where, text: string, named: readonly string[]): void {
  const conditions = SEARCHED.map((column) => `instr(lower(${column}), lower(?)) > 0`);
  const values: string[] = SEARCHED.map(() => text);
  if (named.length > 0) {
    conditions.push('calls.number IN (SELECT value FROM json_each(?))');
    values.push(JSON.stringify(named));
  }
  // Without what is dialled before it at home (0) or from abroad (00). A caller kept as a hash is no number.
  const digits = /^[\d\s()+./-]+$/.test(text) ? text.replace(/\D/g, '').replace(/^0+/, '') : '';
  if (digits.length > 2) {
    conditions.push("(calls.caller LIKE '+%' AND instr(calls.caller, ?) > 0)", 'instr(calls.number, ?) > 0');
    values.push(digits, digits);
  }
  where.add(`(${conditions.join(' OR ')})`, ...values);
}

/** Calls that one request searches. */
const SEARCHED_AT_ONCE = 10_000;

/** The place of the last call that a search looks through; null where it gets to the end. */
async function lastLookedThrough(
  ledger: D1Database,
  site: Site,
  { from, to, cursor }: CallsQuery,
): Promise<{ at: number; id: string } | null> {
  const where = new Where();
  where.add('site = ?', site.id);
  if (from !== undefined) where.add('started_at >= ?', bound(from, site.timeZone, 0));
  if (to !== undefined) where.add('started_at < ?', bound(to, site.timeZone, 1));
  const place = cursor === undefined ? null : decodeCursor(cursor);
  if (place) where.add('(started_at, id) < (?, ?)', place.at, place.id);
  return ledger
    .prepare(
      `SELECT started_at AS at, id FROM calls INDEXED BY calls_by_start ${where}
       ORDER BY started_at DESC, id DESC LIMIT 1 OFFSET ?`,
    )
    .bind(...where.values, SEARCHED_AT_ONCE - 1)
    .first();
}

/** Whether a list is asked for a period that ends before it begins. */
export function endsBeforeItBegins(
  query: { from?: string | undefined; to?: string | undefined },
  timeZone: string,
): boolean {
  const { from, to } = query;
  return from !== undefined && to !== undefined && bound(from, timeZone, 0) > bound(to, timeZone, 1);
}

/** A day's start (or, with 1, the next day's) in the zone; a full time stands for itself. */
function bound(text: string, timeZone: string, days: 0 | 1): number {
  const at = parseRfc3339(text);
  if (at !== null) return at;
  const day = new Date(Date.parse(`${text}T00:00:00Z`) + days * DAY).toISOString().slice(0, 10);
  return startOfDay(day, timeZone);
}

function presentCall(row: CallLine): Call {
  const now = Date.now();
  return {
    id: row.id,
    carrier: row.carrier,
    from: row.caller,
    to: row.number || null,
    target: row.target,
    startedAt: rfc3339(row.startedAt),
    status: row.status,
    durationSeconds: row.durationSeconds,
    value: row.value,
    firstTime: row.firstTime === 1,
    spam: row.spam === 1,
    attribution: {
      match: row.match,
      confidence: row.confidence,
      binding:
        row.bindingId === null
          ? null
          : {
              id: row.bindingId,
              number: row.bindingNumber,
              kind: row.bindingKind,
              startedAt: rfc3339(row.bindingStart as EpochMs),
              endedAt: (row.bindingEnd as number) > now ? null : rfc3339(row.bindingEnd as EpochMs),
            },
      session:
        row.sessionId === null
          ? null
          : {
              id: row.sessionId,
              startedAt: rfc3339(row.sessionStart as EpochMs),
              landingPage: row.landingPage,
              referrer: row.referrer,
              source: row.source,
              medium: row.medium,
              campaign: row.campaign,
              term: row.term,
              content: row.content,
              channel: row.channel,
              clickIds: JSON.parse(row.clickIds as string),
              pages: row.pages,
            },
      visitor: row.visitor === null ? null : { id: row.visitor, sessions: row.visits },
      candidates: JSON.parse(row.candidates as string),
    },
    ...JSON.parse(row.details as string),
  } as Call;
}
