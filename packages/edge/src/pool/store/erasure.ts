import { DAY, type EpochMs, HOUR } from '@dialmark/shared';
import { firstSeq } from '../leases/binding-id.ts';

/** The operations by which the pool forgets: a person on request, and everybody in time. */

/** The calls that an erasure changed. */
export interface Forgotten {
  /** Calls of the erased visitors: calls of nobody now. */
  untied: string[];
  /** Calls of others that named them besides. */
  changed: string[];
  /** Forms of the erased visitors: sent by nobody now. */
  forms: string[];
}

/** Removes a visitor with visits, page views and bindings. Their calls stay, as calls of nobody. */
export function forgetVisitor(sql: SqlStorage, visitor: string): Forgotten {
  const sessions = JSON.stringify(idsOf(sql, 'SELECT id FROM sessions WHERE visitor = ?', visitor));
  const untied = idsOf(
    sql,
    'SELECT id FROM calls WHERE visitor = ?1 OR session IN (SELECT value FROM json_each(?2))',
    visitor,
    sessions,
  );
  untie(sql, untied);
  const changed = idsOf(
    sql,
    `UPDATE calls SET candidates = (
       SELECT json_group_array(json(other.value)) FROM json_each(calls.candidates) other WHERE NOT ${IS_THEIRS}
     ) WHERE candidates <> '[]' AND EXISTS (SELECT 1 FROM json_each(calls.candidates) other WHERE ${IS_THEIRS})
     RETURNING id`,
    visitor,
    sessions,
  );
  // Found through the visits' own lists: bindings have no index by visit.
  sql.exec(
    `DELETE FROM bindings WHERE seq IN (
       SELECT hold.value FROM sessions s, json_each(s.holds) target, json_each(target.value) hold WHERE s.visitor = ?)`,
    visitor,
  );
  const forms = untieForms(sql, 'visitor = ?1 OR session IN (SELECT value FROM json_each(?2))', visitor, sessions);
  sql.exec('DELETE FROM sessions WHERE visitor = ?', visitor);
  note(sql);
  return { untied, changed, forms };
}

/** A runner-up that is the visitor, or a visit of theirs from before it was known whose it is. */
const IS_THEIRS = `(coalesce(other.value ->> '$.visitor' = ?1, 0)
  OR other.value ->> '$.session' IN (SELECT value FROM json_each(?2)))`;

/**
 * Takes a caller's number out of the calls, and with it the visits they came from; and out of calls of others that came
 * by way of it.
 *
 * @param caller as the site keeps it
 */
export function forgetCaller(sql: SqlStorage, caller: string): Forgotten {
  const untied = idsOf(
    sql,
    `SELECT id FROM calls WHERE caller = ?1 OR told ->> '$.report.from' = ?1
       OR id IN (SELECT call FROM call_events WHERE fact ->> '$.from' = ?1)`,
    caller,
  );
  untie(sql, untied);
  const changed = idsOf(
    sql,
    `UPDATE calls SET details = json_set(details, '$.forwardedFrom', NULL),
       told = json_set(told, '$.undiverted', json('true'))
     WHERE details ->> '$.forwardedFrom' = ?1
       OR id IN (SELECT call FROM call_events WHERE fact ->> '$.forwardedFrom' = ?1)
     RETURNING id`,
    caller,
  );
  // Facts of calls that have not named a number yet, and so have no row, are among them.
  sql.exec(`UPDATE call_events SET ${NAMES_NOBODY} WHERE fact ->> '$.from' = ?`, caller);
  sql.exec(
    "UPDATE call_events SET fact = json_remove(fact, '$.forwardedFrom') WHERE fact ->> '$.forwardedFrom' = ?",
    caller,
  );
  const forms = untieForms(sql, 'phone = ?1', caller);
  note(sql);
  return { untied, changed, forms };
}

/** Takes an e-mail address, in lower case, out of the forms that were sent with it, and with it their senders. */
export function forgetEmail(sql: SqlStorage, email: string): Forgotten {
  const forms = untieForms(sql, 'email = ?1', email);
  note(sql);
  return { untied: [], changed: [], forms };
}

/** Leaves of forms that they were sent: when, and which. */
function untieForms(sql: SqlStorage, which: string, ...values: SqlStorageValue[]): string[] {
  return idsOf(
    sql,
    `UPDATE forms SET session = NULL, visitor = NULL, page = NULL, email = NULL, phone = NULL, name = NULL, erased = 1
     WHERE ${which} RETURNING id`,
    ...values,
  );
}

/** Returns whether somebody was erased since a moment. */
export function erasedSince(sql: SqlStorage, at: EpochMs): boolean {
  return sql.exec('SELECT 1 FROM erasures WHERE at >= ? LIMIT 1', at).toArray().length > 0;
}

function note(sql: SqlStorage): void {
  sql.exec('INSERT OR IGNORE INTO erasures (at) VALUES (?)', Date.now());
}

/** Erases a call except for the fact that it came: when, to which number, and how it ended. */
function untie(sql: SqlStorage, calls: readonly string[]): void {
  const ids = JSON.stringify(calls);
  sql.exec(
    `UPDATE calls SET caller = NULL, visitor = NULL, session = NULL, binding = NULL,
       match = iif(counted IS NULL, 'none', 'source'), confidence = counted IS NOT NULL,
       candidates = '[]',
       details = json_set(details, '$.recordingUrl', NULL, '$.forwardedFrom', NULL, '$.tags', NULL),
       told = json_set(json_replace(told, '$.report.from', NULL), '$.erased', json('true')), taught = NULL
     WHERE id IN (SELECT value FROM json_each(?))`,
    ids,
  );
  sql.exec(`UPDATE call_events SET ${NAMES_NOBODY} WHERE call IN (SELECT value FROM json_each(?))`, ids);
}

const NAMES_NOBODY = "fact = json_remove(fact, '$.from', '$.forwardedFrom', '$.recordingUrl')";

/** Rows looked at at once: a few milliseconds' work. */
const SLICE = 200;

/**
 * Removes a slice of what is older than the site keeps.
 * @returns whether there may be more
 */
export function forgetOlder(sql: SqlStorage, before: EpochMs, now: EpochMs): boolean {
  const bindings = sql.exec(
    `DELETE FROM bindings WHERE seq IN (SELECT seq FROM bindings WHERE seq < ? AND expires_at < ? LIMIT ${SLICE})`,
    firstSeq(before),
    now,
  ).rowsWritten;
  const sessions = JSON.stringify(
    idsOf(sql, `SELECT id FROM sessions WHERE seq < ? AND last_active_at < ? LIMIT ${SLICE}`, firstSeq(before), before),
  );
  sql.exec('DELETE FROM sessions WHERE id IN (SELECT value FROM json_each(?))', sessions);
  const calls = JSON.stringify(idsOf(sql, `SELECT id FROM calls WHERE started_at < ? LIMIT ${SLICE}`, before));
  sql.exec('DELETE FROM call_events WHERE call IN (SELECT value FROM json_each(?))', calls);
  sql.exec('DELETE FROM calls WHERE id IN (SELECT value FROM json_each(?))', calls);
  // Facts of calls that never named a number, and so never had a row.
  sql.exec('DELETE FROM call_events WHERE at < ?', before - DAY);
  sql.exec('DELETE FROM pressure WHERE hour < ?', Math.floor(before / HOUR));
  sql.exec('DELETE FROM erasures WHERE at < ?', before);
  return bindings > 0 || sessions !== '[]' || calls !== '[]';
}

/**
 * Lets go of a slice of the log that no call to come can need and that the ledger has: holds from before a moment that
 * are not the last of their number, and visits without a call. What calls were attributed to stays with them.
 *
 * @param after the sequence number to go on after
 * @returns where to go on; null at the end
 */
export function letGo(sql: SqlStorage, before: EpochMs, now: EpochMs, after: number): number | null {
  const end = firstSeq(before);
  const bindings = lastOf(sql, 'bindings', after, end);
  const sessions = lastOf(sql, 'sessions', after, end);
  const ends = [bindings, sessions].filter((seq) => seq !== null);
  if (ends.length === 0) return null;
  // Both logs up to the same moment.
  const upTo = Math.min(...ends);
  sql.exec(
    `DELETE FROM bindings AS b WHERE b.seq > ?1 AND b.seq <= ?2 AND b.expires_at < ?3
       AND EXISTS (SELECT 1 FROM bindings later INDEXED BY bindings_by_number WHERE later.number = b.number AND later.seq > b.seq)
       AND NOT EXISTS (SELECT 1 FROM calls c INDEXED BY calls_by_binding WHERE c.binding = b.seq)`,
    after,
    upTo,
    now,
  );
  const gone = JSON.stringify(
    idsOf(
      sql,
      `SELECT id FROM sessions WHERE seq > ? AND seq <= ? AND last_active_at < ?
         AND NOT EXISTS (SELECT 1 FROM calls WHERE calls.session = sessions.id)`,
      after,
      upTo,
      before,
    ),
  );
  sql.exec('DELETE FROM sessions WHERE id IN (SELECT value FROM json_each(?))', gone);
  return upTo;
}

/** The last sequence number of the next slice of a log; null where there is nothing more. */
function lastOf(sql: SqlStorage, table: 'bindings' | 'sessions', after: number, end: number): number | null {
  return sql
    .exec<{ seq: number | null }>(
      `SELECT max(seq) AS seq FROM (SELECT seq FROM ${table} WHERE seq > ? AND seq < ? ORDER BY seq LIMIT ${SLICE})`,
      after,
      end,
    )
    .one().seq;
}

function idsOf(sql: SqlStorage, query: string, ...values: SqlStorageValue[]): string[] {
  return sql
    .exec<{ id: string }>(query, ...values)
    .toArray()
    .map(({ id }) => id);
}
