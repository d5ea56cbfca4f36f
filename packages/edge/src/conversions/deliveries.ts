import {
  type CallChange,
  DAY,
  type DeliveriesQuery,
  type Delivery,
  type DeliveryEvent,
  type DeliveryState,
  type EpochMs,
  HOUR,
  type IntegrationKind,
  type ListPage,
  parseRfc3339,
  rfc3339,
  type SiteMetrics,
} from '@dialmark/shared';
import type { LedgerCore } from '../ledger/core.ts';
import { CANCEL, CANCEL_LEAD } from '../ledger/forget/cancel.ts';
import { decodeCursor, encodeCursor } from '../platform/cursor.ts';
import type { LeadChange } from './change.ts';
import type { Outcome } from './destinations/destination.ts';
import type { Logged } from './explain.ts';
import type { Integrations } from './integrations.ts';
import type { Plan, Planned } from './plan.ts';

/** A message that somebody has taken to send it. */
export interface Claimed {
  id: string;
  integration: string;
  payload: string | null;
  receipt: string | null;
}

/** The result of a delivery, and when it is due again if it is still pending. */
export interface DeliveryResult {
  id: string;
  outcome: Outcome;
  nextAt: EpochMs;
}

/** Subject of a message: a call, or a lead with the call that it began with; `''` for what there is not. */
export interface Subject {
  call: string;
  lead: string;
}

export interface NewDelivery extends Plan, Subject {
  id: string;
  integration: string;
  position: number;
  digest: string;
  payload: string;
}

/** A message as it is in the log. */
export interface Kept {
  state: DeliveryState;
  attempts: number;
}

/** Time for which a sender owns a message. */
export const CLAIM_MS = 90_000;
/**
 * Time within which a sender may begin requests: the last one times out before the claim runs out, so that two never
 * send one.
 */
export const SENDING_MS = 60_000;
/** A queue may be late; a message this late is lost. */
export const LOST_AFTER_MS = HOUR;

const STATE_AFTER = { delivered: 'delivered', accepted: 'pending', rejected: 'failed', postponed: 'pending' } as const;

/** The log of a site's messages, and all SQL on it. */
export class Deliveries {
  readonly #core: LedgerCore;
  readonly #integrations: Integrations;

  constructor(core: LedgerCore, integrations: Integrations) {
    this.#core = core;
    this.#integrations = integrations;
  }

  /** Returns what was planned of a call or a lead before, by integration. */
  plannedOf({ call, lead }: Subject): Map<string, Planned[]> {
    const rows = this.#core.all<Omit<Planned, 'isBegun'> & { integration: string; isBegun: number }>(
      `SELECT integration, event, revision, position, digest, value,
         state <> 'pending' OR attempts > 0 OR claimed_until > 0 AS isBegun
       FROM deliveries WHERE ${lead ? 'lead = ?' : "call = ? AND lead = ''"}`,
      lead || call,
    );
    const planned = rows.map((row) => ({ ...row, isBegun: row.isBegun === 1 }));
    return Map.groupBy(planned, ({ integration }) => integration);
  }

  /** Returns what the log has of a call and of its lead, by integration, each in the order of its revisions. */
  loggedOf({ call, lead }: Subject): Map<string, Logged[]> {
    const rows = this.#core.all<Logged>(
      `${LOGGED} WHERE call = ?1 ${lead ? `UNION ${LOGGED} WHERE lead = ?2` : ''} ORDER BY revision`,
      ...(lead ? [call, lead] : [call]),
    );
    return Map.groupBy(rows, ({ integration }) => integration);
  }

  /**
   * Keeps a planned message. One that is there already stays, but says what is known by now as long as it was never sent.
   *
   * @returns what is there now
   */
  keep(delivery: NewDelivery, now: EpochMs): Kept {
    const { id, integration, call, lead, event, revision, position, digest, value, payload, dueAt } = delivery;
    this.#core.sql.exec(
      `INSERT INTO deliveries (id, integration, call, lead, event, revision, position, digest, value, state, payload, created_at, next_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'pending', ?, ?, ?)
       ON CONFLICT (id) DO UPDATE
       SET payload = excluded.payload, digest = excluded.digest, value = excluded.value, position = excluded.position
       WHERE state = 'pending' AND attempts = 0 AND claimed_until = 0 AND excluded.position > position`,
      id,
      integration,
      call,
      lead,
      event,
      revision,
      position,
      digest,
      value,
      payload,
      now,
      dueAt,
    );
    return this.#core.first<Kept>('SELECT state, attempts FROM deliveries WHERE id = ?', id) as Kept;
  }

  /** Takes messages that wait, so that nobody else sends them for a while. Those somebody else has are left out. */
  claim(ids: readonly string[], now: EpochMs): Claimed[] {
    return this.#core.all<Claimed>(
      `UPDATE deliveries SET claimed_until = ?, attempts = attempts + (receipt IS NULL)
       WHERE id IN (SELECT value FROM json_each(?)) AND state = 'pending' AND claimed_until <= ?
       RETURNING id, integration, payload, receipt`,
      now + CLAIM_MS,
      JSON.stringify(ids),
      now,
    );
  }

  /** Returns those that still wait, though somebody else may be at them. */
  pending(ids: readonly string[]): string[] {
    return this.#core
      .all<{ id: string }>(
        `SELECT id FROM deliveries WHERE id IN (SELECT value FROM json_each(?)) AND state = 'pending'`,
        JSON.stringify(ids),
      )
      .map(({ id }) => id);
  }

  /** Writes down what became of messages. Where a destination wants nothing any more, it is disabled. */
  recordResults(results: readonly DeliveryResult[], now: EpochMs): void {
    this.#core.change(() => {
      for (const { id, outcome, nextAt } of results) {
        const error =
          'error' in outcome ? outcome.error : ((outcome.became === 'delivered' ? outcome.note : null) ?? null);
        const row = this.#core.first<{ integration: string }>(
          `UPDATE deliveries SET state = ?, response_status = ?, last_error = ?, receipt = coalesce(?, receipt),
             code = ?, next_at = ?, claimed_until = 0,
             delivered_at = CASE ? WHEN 'postponed' THEN delivered_at WHEN 'rejected' THEN NULL
               ELSE coalesce(delivered_at, ?) END
           WHERE id = ? AND state = 'pending' RETURNING integration`,
          STATE_AFTER[outcome.became],
          outcome.status,
          error,
          outcome.became === 'accepted' ? outcome.receipt : null,
          outcome.became === 'rejected' ? (outcome.code ?? 'rejected') : null,
          nextAt,
          outcome.became,
          now,
          id,
        );
        if (row && outcome.became === 'rejected' && outcome.gone) {
          this.#integrations.disable(row.integration, outcome.error, now);
        }
      }
    });
  }

  /** Gives up on a message whose retries are used up. */
  markDead(id: string): void {
    this.#core.sql.exec(
      `UPDATE deliveries SET state = 'dead', code = 'undeliverable', claimed_until = 0 WHERE id = ? AND state = 'pending'`,
      id,
    );
  }

  /** Has a message sent again, whatever became of it. @returns null where there is none; false where its text is gone */
  resend(id: string, now: EpochMs): Delivery | false | null {
    const row = this.#core.first<{ kept: number }>(
      'SELECT payload IS NOT NULL AS kept FROM deliveries WHERE id = ?',
      id,
    );
    if (row === null) return null;
    if (row.kept === 0) return false;
    this.#core.sql.exec(
      `UPDATE deliveries SET state = 'pending', code = NULL, receipt = NULL, delivered_at = NULL, next_at = ?, claimed_until = 0
       WHERE id = ? AND claimed_until <= ?`,
      now,
      id,
      now,
    );
    this.#core.wakeAt(now + LOST_AFTER_MS);
    return present(this.#core.first<Row>(`${from('deliveries')} WHERE deliveries.id = ?`, id) as Row);
  }

  /** Lists the latest first. @returns null for a cursor that is not ours */
  list(query: DeliveriesQuery): ListPage<Delivery> | null {
    const conditions = ['TRUE'];
    const values: (string | number)[] = [];
    const add = (condition: string, ...given: (string | number)[]) => {
      conditions.push(condition);
      values.push(...given);
    };
    for (const field of ['integration', 'call', 'event', 'state'] as const) {
      const value = query[field];
      if (value !== undefined) add(`deliveries.${field} = ?`, value);
    }
    if (query.from !== undefined) add('deliveries.created_at >= ?', parseRfc3339(query.from) as number);
    if (query.to !== undefined) add('deliveries.created_at < ?', parseRfc3339(query.to) as number);
    if (query.cursor !== undefined) {
      const place = decodeCursor(query.cursor);
      if (!place) return null;
      add('(deliveries.created_at, deliveries.id) < (?, ?)', place.at, place.id);
    }
    const index = query.call === undefined ? 'deliveries_by_time' : 'deliveries_once';
    const found = this.#core.all<Row>(
      `${from(`deliveries INDEXED BY ${index}`)} WHERE ${conditions.join(' AND ')} ORDER BY deliveries.created_at DESC, deliveries.id DESC LIMIT ?`,
      ...values,
      query.limit + 1,
    );
    const rows = found.slice(0, query.limit);
    const last = rows.at(-1);
    const more = found.length > query.limit && last !== undefined;
    return { items: rows.map(present), cursor: more ? encodeCursor({ at: last.createdAt, id: last.id }) : null };
  }

  /** Counts the messages of the last 24 h by destination and what became of them. */
  counts(now: EpochMs): NonNullable<SiteMetrics['deliveries']> {
    const rows = this.#core.all<Omit<CountRow, 'overdueSeconds'> & { dueAt: number }>(
      `SELECT d.integration, i.kind, d.state, count(*) AS count, min(d.next_at) AS dueAt
       FROM deliveries d INDEXED BY deliveries_by_time LEFT JOIN integrations i ON i.id = d.integration
       WHERE d.created_at > ? GROUP BY d.integration, d.state`,
      now - DAY,
    );
    return rows.map(({ dueAt, ...row }) => ({
      ...row,
      overdueSeconds: row.state === 'pending' ? Math.max(0, Math.floor((now - dueAt) / 1000)) : 0,
    }));
  }

  /** Drops the text of what was planned of a call up to a position; what still waits is not sent. */
  cancel(call: string, position: number): void {
    this.#core.sql.exec(`${CANCEL} AND position <= ?2`, JSON.stringify([call]), position);
  }

  /** Has what is kept of a call's messages up to a position say what is known by now, whatever became of them. */
  updatePayloads(call: string, position: number, change: CallChange): void {
    this.#core.sql.exec(
      `UPDATE deliveries INDEXED BY deliveries_once SET payload = json_set(payload, '$.data', json(?))
       WHERE call = ? AND lead = '' AND position <= ? AND payload IS NOT NULL`,
      JSON.stringify(change),
      call,
      position,
    );
  }

  /** Drops the text of what was planned of a lead: it names nobody any more, or is none. */
  cancelLead(lead: string): void {
    this.#core.sql.exec(CANCEL_LEAD, lead);
  }

  /** Has what is kept of a lead's messages up to a position say what is known by now. */
  updateLeadPayloads(lead: string, position: number, change: LeadChange): void {
    this.#core.sql.exec(
      `UPDATE deliveries INDEXED BY deliveries_by_lead SET payload = json_set(payload, '$.data', json(?))
       WHERE lead = ? AND lead <> '' AND position <= ? AND payload IS NOT NULL`,
      JSON.stringify(change),
      lead,
      position,
    );
  }

  /** Returns messages that have been due since before a moment, those due longest first. */
  overdue(since: EpochMs, limit: number): string[] {
    return this.#core
      .all<{ id: string }>(
        `SELECT id FROM deliveries WHERE state = 'pending' AND next_at <= ? ORDER BY next_at LIMIT ?`,
        since,
        limit,
      )
      .map(({ id }) => id);
  }

  /** Makes messages due now, unless somebody has dealt with them. */
  dueNow(ids: readonly string[], now: EpochMs): void {
    this.#core.sql.exec(
      `UPDATE deliveries SET next_at = ? WHERE id IN (SELECT value FROM json_each(?)) AND state = 'pending' AND next_at < ?`,
      now,
      JSON.stringify(ids),
      now,
    );
  }

  /** Returns when the message is due that comes up first; null where none waits. */
  nextDue(): EpochMs | null {
    return this.#moment(`SELECT min(next_at) AS at FROM deliveries WHERE state = 'pending'`);
  }

  /**
   * Drops the text of messages planned before a moment: the rest says that a call was sent, and nothing about the caller.
   *
   * @returns when the oldest message was planned that still has its text; null where none has
   */
  dropPayloads(before: EpochMs, limit: number): EpochMs | null {
    this.#core.sql.exec(
      `UPDATE deliveries SET payload = NULL WHERE id IN (
         SELECT id FROM deliveries WHERE payload IS NOT NULL AND created_at < ? AND state <> 'pending' LIMIT ?)`,
      before,
      limit,
    );
    return this.#moment(
      `SELECT min(created_at) AS at FROM deliveries WHERE payload IS NOT NULL AND state <> 'pending'`,
    );
  }

  #moment(query: string): EpochMs | null {
    return this.#core.first<{ at: EpochMs | null }>(query)?.at ?? null;
  }
}

/** Of earlier versions, what was taken to be judged had a receipt, and no moment yet. */
const LOGGED = `SELECT integration, event, revision, state, code, last_error AS error, next_at AS nextAt,
    coalesce(delivered_at, CASE WHEN receipt IS NOT NULL AND state IN ('pending', 'dead') THEN created_at END) AS takenAt
  FROM deliveries`;

type CountRow = NonNullable<SiteMetrics['deliveries']>[number];

const from = (
  deliveries: string,
) => `SELECT deliveries.id, deliveries.integration, json_extract(integrations.config, '$.name') AS integrationName,
    integrations.kind, nullif(deliveries.call, '') AS call, nullif(deliveries.lead, '') AS lead, deliveries.event,
    deliveries.revision, deliveries.state, deliveries.attempts, deliveries.created_at AS createdAt,
    deliveries.next_at AS nextAt, deliveries.delivered_at AS deliveredAt, deliveries.response_status AS responseStatus,
    deliveries.last_error AS lastError
  FROM ${deliveries} LEFT JOIN integrations ON integrations.id = deliveries.integration`;

interface Row {
  id: string;
  integration: string;
  integrationName: string | null;
  kind: IntegrationKind | null;
  call: string | null;
  lead: string | null;
  event: DeliveryEvent;
  revision: number;
  state: DeliveryState;
  attempts: number;
  createdAt: EpochMs;
  nextAt: EpochMs;
  deliveredAt: EpochMs | null;
  responseStatus: number | null;
  lastError: string | null;
}

function present({ createdAt, nextAt, deliveredAt, ...row }: Row): Delivery {
  return {
    ...row,
    createdAt: rfc3339(createdAt),
    nextAttemptAt: row.state === 'pending' ? rfc3339(nextAt) : null,
    // Accepted is not delivered until it has been judged.
    deliveredAt: row.state === 'delivered' ? rfc3339(deliveredAt) : null,
  };
}
