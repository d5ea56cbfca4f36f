import type { CallerTie, CallStatus, EpochMs } from '@dialmark/shared';
import type { ChangeLog } from '../sync/change-log.ts';
import type { Outbox } from '../sync/outbox.ts';
import type { CallRow } from './rows.ts';
import { type Raw, Table } from './table.ts';

/** A caller's calls before these say little about a caller's habits now. */
const CALLS_OF_CALLER = 50;

/** Calls. Each change is noted for the ledger and the conversions with it. */
export class CallTable extends Table {
  readonly #outbox: Outbox;
  readonly #changes: ChangeLog;

  constructor(sql: SqlStorage, outbox: Outbox, changes: ChangeLog) {
    super(sql);
    this.#outbox = outbox;
    this.#changes = changes;
  }

  get(id: string): CallRow | null {
    const [row] = this.all(`${CALL} WHERE id = ?`, id);
    return row ? toCall(row) : null;
  }

  /** Notes calls for the ledger once more, those since a moment, by id. @returns the last one's; null at the end */
  noteAfter(id: string, since: EpochMs, limit: number): string | null {
    const rows = this.all(
      'SELECT id FROM calls WHERE id > ? AND started_at >= ? ORDER BY id LIMIT ?',
      id,
      since,
      limit,
    );
    for (const row of rows) this.#outbox.note({ kind: 'call', key: row.id as string });
    return rows.length < limit ? null : (rows.at(-1)?.id as string);
  }

  /** Returns the caller's earliest call, one call left aside. */
  firstOfCaller(caller: string, except: string): CallRow | null {
    const [row] = this.all(
      `${CALL} WHERE caller = ? AND id <> ? AND test = 0 ORDER BY started_at, id LIMIT 1`,
      caller,
      except,
    );
    return row ? toCall(row) : null;
  }

  /** Returns the visitors whom a caller's attributed calls up to a moment belonged to, latest first, one call left aside. */
  visitorsOfCaller(caller: string, at: EpochMs, except: string | null): CallerTie[] {
    const rows = this.all(
      `SELECT visitor, confidence FROM calls WHERE caller = ? AND started_at <= ? AND visitor IS NOT NULL AND id IS NOT ?
         AND test = 0
       ORDER BY started_at DESC LIMIT ?`,
      caller,
      at,
      except,
      CALLS_OF_CALLER,
    ) as unknown as CallerTie[];
    return rows.filter((row, index) => rows.findIndex((other) => other.visitor === row.visitor) === index);
  }

  ofSession(session: string): CallRow[] {
    return this.all(`${CALL} WHERE session = ? AND test = 0 ORDER BY started_at, id`, session).map(toCall);
  }

  /** Returns a visitor's calls that came of no visit: to source numbers, by a caller who is known. */
  withoutVisit(visitor: string): CallRow[] {
    return this.all(`${CALL} WHERE visitor = ? AND session IS NULL AND test = 0 ORDER BY started_at, id`, visitor).map(
      toCall,
    );
  }

  /** Returns the caller's calls before this one, latest first. */
  before({ from, startedAt, id }: CallRow, limit: number): CallRow[] {
    return this.all(
      `${CALL} WHERE caller = ? AND (started_at, id) < (?, ?) AND test = 0
       ORDER BY started_at DESC, id DESC LIMIT ?`,
      from,
      startedAt,
      id,
      limit,
    ).map(toCall);
  }

  /** Saves a call, and notes the change for the ledger and the conversions. */
  save(row: CallRow): void {
    // Of test calls nobody is told.
    if (!row.test) this.#changes.append(row);
    this.#write(row);
  }

  /** Deletes a call with everything that was reported of it, here and, by way of the outbox, in the ledger. */
  delete(id: string): void {
    this.run('DELETE FROM call_events WHERE call = ?', id);
    this.run('DELETE FROM calls WHERE id = ?', id);
    this.#outbox.note({ kind: 'deletedCall', key: id });
  }

  /** Saves what a call counts as. No integration is notified: nothing happened. */
  saveCounted(row: CallRow): void {
    this.#write(row);
  }

  /** Returns calls of a number after an id, in order of their ids. */
  ofNumberAfter(number: string, id: string, limit: number): CallRow[] {
    return this.all(`${CALL} WHERE number = ? AND id > ? ORDER BY id LIMIT ?`, number, id, limit).map(toCall);
  }

  #write(row: CallRow): void {
    this.#outbox.note({ kind: 'call', key: row.id });
    this.run(
      `INSERT OR REPLACE INTO calls (id, carrier, caller, number, target, started_at, status, duration_seconds, value,
         first_time, spam, test, match, confidence, binding, session, visitor, candidates, counted, details, told,
         taught)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      row.id,
      row.carrier,
      row.from,
      row.to ?? '',
      row.target,
      row.startedAt,
      row.status,
      row.durationSeconds,
      row.value,
      row.firstTime ? 1 : 0,
      row.spam ? 1 : 0,
      row.test ? 1 : 0,
      row.match,
      row.confidence,
      row.binding,
      row.session,
      row.visitor,
      JSON.stringify(row.candidates),
      row.counted && JSON.stringify(row.counted),
      JSON.stringify(row.details),
      JSON.stringify(row.stated),
      row.taught && JSON.stringify(row.taught),
    );
  }

  /** Returns the caller's calls in a period other than this one, latest first. */
  ofCallerSince({ id, from, startedAt }: CallRow, since: number): RecentCall[] {
    return this.all(
      `SELECT number, started_at AS at, status, duration_seconds AS talk, details ->> '$.ringSeconds' AS ring
       FROM calls WHERE caller = ? AND started_at > ? AND started_at <= ? AND id <> ? AND test = 0
       ORDER BY started_at DESC LIMIT 100`,
      from,
      since,
      startedAt,
      id,
    ) as unknown as RecentCall[];
  }

  /** Counts the other callers of a number since a moment whose calls came from no visit, or from one less likely than that. */
  countUnattributedCallers({ id, from, to, startedAt }: CallRow, since: number, likely: number): number {
    const [row] = this.all(
      `SELECT count(DISTINCT caller) + max(caller IS NULL) AS others FROM calls INDEXED BY calls_by_number
       WHERE number = ? AND started_at > ? AND started_at <= ? AND id <> ? AND caller IS NOT ? AND test = 0
         AND (match = 'none' OR (match = 'recent' AND confidence < ?))`,
      to,
      since,
      startedAt,
      id,
      from,
      likely,
    );
    return (row?.others as number | null) ?? 0;
  }
}

/** The fields needed from a caller's other calls. */
export interface RecentCall {
  number: string;
  at: EpochMs;
  status: CallStatus;
  talk: number | null;
  ring: number | null;
}

const CALL = `SELECT id, carrier, caller AS "from", nullif(number, '') AS "to", target, started_at AS startedAt, status,
  duration_seconds AS durationSeconds, value, first_time AS firstTime, spam, test, match, confidence, binding, session, visitor,
  candidates, counted, details, told AS stated, taught FROM calls`;

function toCall(row: Raw): CallRow {
  return {
    ...row,
    firstTime: row.firstTime === 1,
    spam: row.spam === 1,
    test: row.test === 1,
    candidates: JSON.parse(row.candidates as string),
    counted: row.counted === null ? null : JSON.parse(row.counted as string),
    details: JSON.parse(row.details as string),
    stated: JSON.parse(row.stated as string),
    taught: row.taught === null ? null : JSON.parse(row.taught as string),
  } as unknown as CallRow;
}
