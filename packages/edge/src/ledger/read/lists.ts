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
  UNATTRIBUTED,
} from '@dialmark/shared';
import { boundsOf, decodeCursor, encodeCursor, type Part } from '../../platform/cursor.ts';
import { bindingId, firstSeq, seqOf } from '../../pool/leases/binding-id.ts';
import type { LedgerCore } from '../core.ts';
import { COLUMN } from '../dimensions.ts';
import { bindingIdOf, startOf } from '../moments.ts';
import { leadOfCall, word } from '../views.ts';
import { NONE } from '../words.ts';
import type { Origin, OriginSession, OriginTouch } from '../write/origin.ts';

/** Conditions of a query with their values, in order. */
export class Where {
  readonly #conditions: string[] = [];
  readonly values: (string | number)[] = [];

  add(condition: string, ...values: (string | number)[]): void {
    this.#conditions.push(condition);
    this.values.push(...values);
  }

  toString(): string {
    return this.#conditions.length > 0 ? `WHERE ${this.#conditions.join(' AND ')}` : '';
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

// Bindings

const BINDINGS = `
  SELECT h.seq, ${word('h.number')} AS number, ${word('h.target')} AS target, ${word('h.kind')} AS kind,
    coalesce(v.id, h.session) AS session, v.visitor, ${startOf('h')} AS startedAt, h.lasts_for AS lastsFor,
    h.tapped_after AS tappedAfter`;

/** The source of a binding list: the narrowest filter decides which index serves it. */
function bindingsFrom(core: LedgerCore, query: BindingsQuery): { from: string; where: Where } {
  const where = new Where();
  const byVisit = 'hold h INDEXED BY hold_by_visit ON h.visit = v.seq';
  const number = query.number?.replace(/^ /, '+');
  if (number !== undefined) where.add('h.number = ?', core.words.find(number) ?? -1);
  if (query.session !== undefined) {
    where.add('v.id = ?', query.session);
    if (query.visitor !== undefined) where.add('v.visitor = ?', query.visitor);
    return { from: `visit v CROSS JOIN ${byVisit}`, where };
  }
  if (query.visitor !== undefined) {
    where.add('v.visitor = ?', query.visitor);
    return { from: `visit v INDEXED BY visit_by_visitor CROSS JOIN ${byVisit}`, where };
  }
  const index = number === undefined ? 'NOT INDEXED' : 'INDEXED BY hold_by_number';
  return { from: `hold h ${index} LEFT JOIN visit v ON v.seq = h.visit`, where };
}

/** Returns bindings, latest first, from the cursor on; null for a cursor that is not ours. */
export function listBindings(core: LedgerCore, query: BindingsQuery, now: number): ListPage<Binding> | null {
  const { from, where } = bindingsFrom(core, query);
  if (query.from !== undefined) {
    const at = parseRfc3339(query.from) as EpochMs;
    where.add(`h.seq >= ? AND ${startOf('h')} >= ?`, firstSeq((at - DAY) as EpochMs), at);
  }
  if (query.to !== undefined) {
    const at = parseRfc3339(query.to) as EpochMs;
    where.add(`h.seq < ? AND ${startOf('h')} < ?`, firstSeq((at + DAY) as EpochMs), at);
  }
  if (query.cursor !== undefined) {
    const place = decodeCursor(query.cursor);
    if (!place) return null;
    where.add('h.seq < ?', seqOf(place.id));
  }
  const rows = core.all<BindingLine>(
    `${BINDINGS} FROM ${from} ${where} ORDER BY h.seq DESC LIMIT ?`,
    ...where.values,
    query.limit + 1,
  );
  const shown = rows.slice(0, query.limit);
  const last = shown.at(-1);
  const more = rows.length > query.limit && last !== undefined;
  return {
    items: shown.map((row) => presentBinding(row, now)),
    cursor: more ? encodeCursor({ at: last.startedAt, id: bindingId(last.seq) }) : null,
  };
}

type BindingLine = Omit<Binding, 'id' | 'startedAt' | 'expiresAt' | 'endedAt' | 'telClickAt'> & {
  seq: number;
  startedAt: EpochMs;
  lastsFor: number;
  tappedAfter: number | null;
};

function presentBinding({ seq, startedAt, lastsFor, tappedAfter, ...row }: BindingLine, now: number): Binding {
  const expiresAt = (startedAt + lastsFor) as EpochMs;
  return {
    id: bindingId(seq),
    ...row,
    startedAt: rfc3339(startedAt),
    endedAt: expiresAt > now ? null : rfc3339(expiresAt),
    expiresAt: rfc3339(expiresAt),
    telClickAt: rfc3339(tappedAfter === null ? null : ((startedAt + tappedAfter) as EpochMs)),
  };
}

/** Returns all bindings of a visit or visitor, oldest first. */
export function bindingsWhere(core: LedgerCore, column: 'session' | 'visitor', value: string, part: Part): Binding[] {
  const { from, where } = bindingsFrom(core, { [column]: value } as unknown as BindingsQuery);
  const now = Date.now();
  return core
    .all<BindingLine>(
      `SELECT * FROM (${BINDINGS} FROM ${from} ${where}) WHERE (startedAt, ${bindingIdOf('seq')}) > (?, ?)
       ORDER BY startedAt, seq LIMIT ?`,
      ...where.values,
      ...boundsOf(part),
    )
    .map((row) => presentBinding(row, now));
}

// Calls

/** Returns the calls of a visit or visitor but for tests, or the one of an id; oldest first. */
export function callsWhere(core: LedgerCore, column: 'id' | 'session' | 'visitor', value: string, part: Part): Call[] {
  return core
    .all<CallLine>(
      `${CALLS} WHERE c.${column} = ? ${column === 'id' ? '' : 'AND c.test = 0'} AND (c.started_at, c.id) > (?, ?)
       ORDER BY c.started_at, c.id LIMIT ?`,
      value,
      ...boundsOf(part),
    )
    .map(presentCall);
}

const CALL_COLUMNS = `
  SELECT c.id, c.carrier, c.caller, c.number, c.target, c.started_at AS startedAt, c.status,
    c.duration_seconds AS durationSeconds, c.value, c.first_time AS firstTime, c.spam, c.test, c.match, c.confidence,
    c.candidates, c.details, c.visitor, c.origin, ${leadOfCall('c.id')} AS lead,
    (SELECT count(*) FROM visit v INDEXED BY visit_by_visitor WHERE v.visitor = c.visitor) AS visits`;
const CALLS = `${CALL_COLUMNS} FROM call c`;

interface CallLine {
  id: string;
  carrier: string;
  caller: string | null;
  number: string;
  target: string | null;
  startedAt: EpochMs;
  status: string;
  durationSeconds: number | null;
  value: number | null;
  firstTime: number;
  spam: number;
  test: number;
  match: string;
  confidence: number;
  candidates: string;
  details: string;
  visitor: string | null;
  lead: string | null;
  origin: string | null;
  visits: number;
}

/**
 * Calls, latest first, as `GET …/calls/{id}` gives each. Days in the filter are the site's own. A search looks through
 * so many calls at once and no more: a page that is not full then goes on from the last of them.
 *
 * @param named numbers whose own name holds what is searched for
 */
export function listCalls(
  core: LedgerCore,
  site: Site,
  query: CallsQuery,
  named: readonly string[] = [],
): ListPage<Call> | null {
  const where = new Where();
  if (query.from !== undefined) where.add('c.started_at >= ?', bound(query.from, site.timeZone, 0));
  if (query.to !== undefined) where.add('c.started_at < ?', bound(query.to, site.timeZone, 1));
  addOrigin(core, where, query);
  if (query.target !== undefined) where.add('c.target = ?', query.target);
  if (query.number !== undefined) where.add('c.number = ?', query.number.replace(/^ /, '+'));
  if (query.caller !== undefined) where.add('c.caller = ?', query.caller.replace(/^ /, '+'));
  if (query.status !== undefined) where.add('c.status = ?', query.status);
  if (query.match !== undefined) where.add('c.match = ?', query.match);
  if (query.hint !== undefined) where.add("c.details ->> '$.hint.kind' = ?", query.hint);
  if (query.minDuration !== undefined) where.add('c.duration_seconds >= ?', query.minDuration);
  if (query.test !== 'include') where.add('c.test = ?', query.test === 'only' ? 1 : 0);
  if (query.spam !== undefined) where.add('c.spam = ?', query.spam ? 1 : 0);
  const index = narrowest(
    query,
    [
      ['caller', 'call_by_caller'],
      ['number', 'call_by_number'],
    ],
    'call_by_start',
  );
  const list = () => callsPage(core, index, where, query);
  const text = query.search?.trim();
  const isSifted = ORIGINS.some((name) => query[name] !== undefined);
  if (!text && !isSifted) return list();

  if (text) addSearch(where, text, named);
  const last = lastLookedThrough(core, site, query);
  if (last) where.add('(c.started_at, c.id) >= (?, ?)', last.at, last.id);
  const found = list();
  return found && last && found.cursor === null ? { ...found, cursor: encodeCursor(last) } : found;
}

/** Latest first, from the cursor on. @returns null for a cursor that is not ours */
function callsPage(
  core: LedgerCore,
  index: string,
  where: Where,
  query: { limit: number; cursor?: string | undefined },
): ListPage<Call> | null {
  if (query.cursor !== undefined) {
    const place = decodeCursor(query.cursor);
    if (!place) return null;
    where.add('(c.started_at, c.id) < (?, ?)', place.at, place.id);
  }
  const rows = core.all<CallLine>(
    `${CALLS} INDEXED BY ${index} ${where} ORDER BY c.started_at DESC, c.id DESC LIMIT ?`,
    ...where.values,
    query.limit + 1,
  );
  const shown = rows.slice(0, query.limit);
  const last = shown.at(-1);
  const more = rows.length > query.limit && last !== undefined;
  return { items: shown.map(presentCall), cursor: more ? encodeCursor({ at: last.startedAt, id: last.id }) : null };
}

/** The filters by origin that a call list takes. */
const ORIGINS = ['channel', 'source', 'medium', 'campaign', 'term', 'landing_page'] as const;
const IN_ORIGIN = {
  channel: 'channel',
  source: 'source',
  medium: 'medium',
  campaign: 'campaign',
  term: 'term',
  landing_page: 'landingPath',
} as const;

/** Filters by source: the visit that called, or with a model those that it gives credit. */
function addOrigin(core: LedgerCore, where: Where, query: CallsQuery): void {
  const asked = ORIGINS.flatMap((name) => (query[name] === undefined ? [] : [{ name, value: query[name] as string }]));
  if (asked.length === 0) return;
  if (query.model === undefined) {
    for (const { name, value } of asked) {
      if (value === UNATTRIBUTED) where.add("c.origin ->> '$.touch' IS NULL");
      else if (value === NONE)
        where.add(`c.origin ->> '$.touch' IS NOT NULL AND c.origin ->> '$.touch.${IN_ORIGIN[name]}' IS NULL`);
      else where.add(`c.origin ->> '$.touch.${IN_ORIGIN[name]}' = ?`, value);
    }
    return;
  }
  const fits = asked.map(({ name }) => ` AND coalesce(t.${COLUMN[name]}, 0) = ?`).join('');
  where.add(
    `EXISTS (SELECT 1 FROM touch t WHERE t.day = c.day AND t.call = c.n AND t.credit_${query.model} > 0${fits})`,
    ...asked.map(({ value }) => core.words.find(value) ?? -1),
  );
}

const SEARCHED = [
  'c.id',
  "c.details ->> '$.tags'",
  ...['landingPage', 'referrer'].map((name) => `c.origin ->> '$.session.${name}'`),
  ...['channel', 'source', 'medium', 'campaign', 'term', 'content', 'numberName'].map(
    (name) => `c.origin ->> '$.touch.${name}'`,
  ),
];

/** Calls of which something holds the text, whatever its case (ASCII); of a telephone number, its digits. */
function addSearch(where: Where, text: string, named: readonly string[]): void {
  const conditions = SEARCHED.map((column) => `instr(lower(${column}), lower(?)) > 0`);
  const values: string[] = SEARCHED.map(() => text);
  if (named.length > 0) {
    conditions.push('c.number IN (SELECT value FROM json_each(?))');
    values.push(JSON.stringify(named));
  }
  // Without what is dialled before it at home (0) or from abroad (00). A caller kept as a hash is no number.
  const digits = /^[\d\s()+./-]+$/.test(text) ? text.replace(/\D/g, '').replace(/^0+/, '') : '';
  if (digits.length > 2) {
    conditions.push("(c.caller LIKE '+%' AND instr(c.caller, ?) > 0)", 'instr(c.number, ?) > 0');
    values.push(digits, digits);
  }
  where.add(`(${conditions.join(' OR ')})`, ...values);
}

/** Calls that one request searches. */
const SEARCHED_AT_ONCE = 10_000;

/** The place of the last call that a search looks through; null where it gets to the end. */
function lastLookedThrough(
  core: LedgerCore,
  site: Site,
  { from, to, cursor }: CallsQuery,
): { at: number; id: string } | null {
  const where = new Where();
  where.add('true');
  if (from !== undefined) where.add('started_at >= ?', bound(from, site.timeZone, 0));
  if (to !== undefined) where.add('started_at < ?', bound(to, site.timeZone, 1));
  const place = cursor === undefined ? null : decodeCursor(cursor);
  if (place) where.add('(started_at, id) < (?, ?)', place.at, place.id);
  return core.first(
    `SELECT started_at AS at, id FROM call INDEXED BY call_by_start ${where}
     ORDER BY started_at DESC, id DESC LIMIT 1 OFFSET ?`,
    ...where.values,
    SEARCHED_AT_ONCE - 1,
  );
}

/** Returns true if a list's period ends before it begins. */
export function endsBeforeItBegins(
  query: { from?: string | undefined; to?: string | undefined },
  timeZone: string,
): boolean {
  const { from, to } = query;
  return from !== undefined && to !== undefined && bound(from, timeZone, 0) > bound(to, timeZone, 1);
}

/** A day's start (or, with 1, the next day's) in the zone; a full time stands for itself. */
export function bound(text: string, timeZone: string, days: 0 | 1): number {
  const at = parseRfc3339(text);
  if (at !== null) return at;
  const day = new Date(Date.parse(`${text}T00:00:00Z`) + days * DAY).toISOString().slice(0, 10);
  return startOfDay(day, timeZone);
}

function presentCall(row: CallLine): Call {
  const now = Date.now();
  const { binding, session, touch } = JSON.parse(
    row.origin ?? '{"binding":null,"session":null,"touch":null}',
  ) as Origin;
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
    test: row.test === 1,
    lead: row.lead,
    attribution: {
      match: row.match,
      confidence: row.confidence,
      binding: binding && {
        id: binding.id,
        number: binding.number,
        kind: binding.kind,
        startedAt: rfc3339(binding.startedAt as EpochMs),
        endedAt: binding.expiresAt > now ? null : rfc3339(binding.expiresAt as EpochMs),
      },
      session: session && presentOrigin(session),
      visitor: row.visitor === null ? null : { id: row.visitor, sessions: row.visits },
      touch: touch && presentTouch(touch),
      candidates: JSON.parse(row.candidates),
    },
    ...JSON.parse(row.details),
  } as Call;
}

function presentTouch({ landingPath: _, ...touch }: OriginTouch) {
  return touch;
}

function presentOrigin({ landingPath: _, startedAt, ...session }: OriginSession) {
  return { ...session, startedAt: rfc3339(startedAt as EpochMs) };
}
