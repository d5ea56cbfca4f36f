import {
  type CallNews,
  type DeliveriesQuery,
  type Delivery,
  type DeliveryEvent,
  type DeliveryState,
  type EpochMs,
  type IntegrationKind,
  type ListPage,
  parseRfc3339,
  rfc3339,
} from '@dialmark/shared';
import { UNSEND } from '../ledger/forget/erase.ts';
import { decodeCursor, encodeCursor } from '../platform/cursor.ts';
import { sha256Hex } from '../platform/signature.ts';
import type { Outcome } from './destinations/destination.ts';
import type { Plan, Planned } from './plan.ts';

/** The log of messages in the ledger's database, and all SQL on it. */

/** A message that somebody has taken to send it. */
export interface Claimed {
  site: string;
  id: string;
  integration: string;
  payload: string | null;
  receipt: string | null;
}

export interface NewDelivery extends Plan {
  site: string;
  id: string;
  integration: string;
  call: string;
  position: number;
  digest: string;
  payload: string;
}

/** How long a sender has a message to itself. */
export const CLAIM_MS = 90_000;
/** How long a sender may begin requests: the last one times out before the claim runs out, so that two never send one. */
export const SENDING_MS = 60_000;

/** The same message has the same id, whoever plans it, however often. */
export async function deliveryId(
  site: string,
  integration: string,
  call: string,
  event: DeliveryEvent,
  revision: number,
): Promise<string> {
  const hash = await sha256Hex(JSON.stringify([site, integration, call, event, revision]));
  return `d_${hash.slice(0, 32)}`;
}

/** What an integration was planned of a call before. */
export async function plannedOf(
  ledger: D1Database,
  site: string,
  call: string,
  integration: string,
): Promise<Planned[]> {
  const { results } = await ledger
    .prepare('SELECT event, revision, position, digest FROM deliveries WHERE site = ? AND call = ? AND integration = ?')
    .bind(site, call, integration)
    .all<Planned>();
  return results;
}

/** A message as it stands in the log. */
export interface Kept {
  state: DeliveryState;
  attempts: number;
  position: number;
  digest: string;
}

/**
 * Keeps a planned message. One that is there already stays, but says what is known by now as long as it was never sent.
 *
 * @returns what stands there now
 */
export async function keepDelivery(ledger: D1Database, delivery: NewDelivery, now: EpochMs): Promise<Kept> {
  const { site, id, integration, call, event, revision, position, digest, payload, dueAt } = delivery;
  await ledger
    .prepare(
      `INSERT INTO deliveries (site, id, integration, call, event, revision, position, digest, state, payload, created_at, next_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'pending', ?, ?, ?)
       ON CONFLICT (site, id) DO UPDATE
       SET payload = excluded.payload, digest = excluded.digest, position = excluded.position
       WHERE state = 'pending' AND attempts = 0 AND claimed_until = 0 AND excluded.position > position`,
    )
    .bind(site, id, integration, call, event, revision, position, digest, payload, now, dueAt)
    .run();
  const row = await ledger
    .prepare('SELECT state, attempts, position, digest FROM deliveries WHERE site = ? AND id = ?')
    .bind(site, id)
    .first<Kept>();
  return row ?? { state: 'pending', attempts: 0, position, digest };
}

/** Takes messages that wait, so that nobody else sends them for a while. Those somebody else has are left out. */
export async function claim(
  ledger: D1Database,
  keys: readonly { site: string; id: string }[],
  now: EpochMs,
): Promise<Claimed[]> {
  if (keys.length === 0) return [];
  const statement = ledger.prepare(
    `UPDATE deliveries SET claimed_until = ?3, attempts = attempts + (receipt IS NULL)
     WHERE site = ?1 AND id = ?2 AND state = 'pending' AND claimed_until <= ?4
     RETURNING site, id, integration, payload, receipt`,
  );
  const results = await ledger.batch<Claimed>(
    keys.map(({ site, id }) => statement.bind(site, id, now + CLAIM_MS, now)),
  );
  return results.flatMap(({ results: rows }) => rows);
}

/** Whether a message still waits, though somebody else may be at it. */
export async function isPending(ledger: D1Database, site: string, id: string): Promise<boolean> {
  const row = await ledger
    .prepare(`SELECT 1 FROM deliveries WHERE site = ? AND id = ? AND state = 'pending'`)
    .bind(site, id)
    .first();
  return row !== null;
}

/** Writes down what became of messages. */
export async function settle(
  ledger: D1Database,
  settled: readonly { site: string; id: string; outcome: Outcome; nextAt: EpochMs }[],
  now: EpochMs,
): Promise<void> {
  if (settled.length === 0) return;
  const statement = ledger.prepare(
    `UPDATE deliveries SET state = ?3, response_status = ?4, last_error = ?5, receipt = coalesce(?6, receipt),
       next_at = ?7, delivered_at = ?8, claimed_until = 0
     WHERE site = ?1 AND id = ?2 AND state = 'pending'`,
  );
  await ledger.batch(
    settled.map(({ site, id, outcome, nextAt }) => {
      const state = { delivered: 'delivered', accepted: 'pending', refused: 'failed', postponed: 'pending' } as const;
      const error =
        'error' in outcome ? outcome.error : ((outcome.became === 'delivered' ? outcome.note : null) ?? null);
      return statement.bind(
        site,
        id,
        state[outcome.became],
        outcome.status,
        error,
        outcome.became === 'accepted' ? outcome.receipt : null,
        nextAt,
        outcome.became === 'delivered' ? now : null,
      );
    }),
  );
}

/** Gives up on a message whose retries are used up. */
export async function bury(ledger: D1Database, site: string, id: string): Promise<void> {
  await ledger
    .prepare(`UPDATE deliveries SET state = 'dead', claimed_until = 0 WHERE site = ? AND id = ? AND state = 'pending'`)
    .bind(site, id)
    .run();
}

/** Has a message sent again, whatever became of it. @returns null where there is none; false where its text is gone */
export async function revive(ledger: D1Database, site: string, id: string, now: EpochMs): Promise<boolean | null> {
  const row = await ledger
    .prepare('SELECT payload IS NOT NULL AS kept FROM deliveries WHERE site = ? AND id = ?')
    .bind(site, id)
    .first<{ kept: number }>();
  if (row === null) return null;
  if (row.kept === 0) return false;
  await ledger
    .prepare(
      `UPDATE deliveries SET state = 'pending', receipt = NULL, delivered_at = NULL, next_at = ?, claimed_until = 0
       WHERE site = ? AND id = ? AND claimed_until <= ?`,
    )
    .bind(now, site, id, now)
    .run();
  return true;
}

const from = (
  deliveries: string,
) => `SELECT deliveries.id, deliveries.integration, json_extract(integrations.config, '$.name') AS integrationName,
    integrations.kind, deliveries.call, deliveries.event,
    deliveries.revision, deliveries.state, deliveries.attempts, deliveries.created_at AS createdAt,
    deliveries.next_at AS nextAt, deliveries.delivered_at AS deliveredAt, deliveries.response_status AS responseStatus,
    deliveries.last_error AS lastError
  FROM ${deliveries}
  LEFT JOIN integrations ON integrations.site = deliveries.site AND integrations.id = deliveries.integration`;

interface Row {
  id: string;
  integration: string;
  integrationName: string | null;
  kind: IntegrationKind | null;
  call: string;
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

export async function deliveryOf(ledger: D1Database, site: string, id: string): Promise<Delivery | null> {
  const row = await ledger
    .prepare(`${from('deliveries')} WHERE deliveries.site = ? AND deliveries.id = ?`)
    .bind(site, id)
    .first<Row>();
  return row && present(row);
}

/** Latest first. @returns null for a cursor that is not ours */
export async function listDeliveries(
  ledger: D1Database,
  site: string,
  query: DeliveriesQuery,
): Promise<ListPage<Delivery> | null> {
  const conditions = ['deliveries.site = ?'];
  const values: (string | number)[] = [site];
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
  const { results } = await ledger
    .prepare(
      `${from(`deliveries INDEXED BY ${index}`)} WHERE ${conditions.join(' AND ')} ORDER BY deliveries.created_at DESC, deliveries.id DESC LIMIT ?`,
    )
    .bind(...values, query.limit + 1)
    .all<Row>();
  const rows = results.slice(0, query.limit);
  const last = rows.at(-1);
  const more = results.length > query.limit && last !== undefined;
  return { items: rows.map(present), cursor: more ? encodeCursor({ at: last.createdAt, id: last.id }) : null };
}

function present({ createdAt, nextAt, deliveredAt, ...row }: Row): Delivery {
  return {
    ...row,
    createdAt: rfc3339(createdAt),
    nextAttemptAt: row.state === 'pending' ? rfc3339(nextAt) : null,
    deliveredAt: rfc3339(deliveredAt),
  };
}

/** For how long the message that is due longest has been, in milliseconds; 0 where none is. */
export async function oldestOverdue(ledger: D1Database, now: EpochMs): Promise<number> {
  const row = await ledger
    .prepare(`SELECT min(next_at) AS at FROM deliveries WHERE state = 'pending'`)
    .first<{ at: number | null }>();
  return Math.max(0, now - (row?.at ?? now));
}

/** Messages whose time came and went: their queue lost them, or a process died. Moves their time to now. */
export async function stranded(
  ledger: D1Database,
  overdueSince: EpochMs,
  now: EpochMs,
  limit: number,
): Promise<{ site: string; id: string }[]> {
  const { results } = await ledger
    .prepare(
      `UPDATE deliveries SET next_at = ?1 WHERE (site, id) IN (
         SELECT site, id FROM deliveries WHERE state = 'pending' AND next_at < ?2 ORDER BY next_at LIMIT ?3
       ) RETURNING site, id`,
    )
    .bind(now, overdueSince, limit)
    .all<{ site: string; id: string }>();
  return results;
}

/** Drops the text of what was planned of a call up to a position; what still waits is not sent. */
export async function unsend(ledger: D1Database, site: string, call: string, position: number): Promise<void> {
  await ledger
    .prepare(`${UNSEND} AND position <= ?3`)
    .bind(site, JSON.stringify([call]), position)
    .run();
}

/** Has what is kept of a call's messages up to a position say what is known by now, whatever became of them. */
export async function sayAgain(
  ledger: D1Database,
  site: string,
  call: string,
  position: number,
  news: CallNews,
): Promise<void> {
  await ledger
    .prepare(
      `UPDATE deliveries INDEXED BY deliveries_once SET payload = json_set(payload, '$.data', json(?4))
       WHERE site = ?1 AND call = ?2 AND position <= ?3 AND payload IS NOT NULL`,
    )
    .bind(site, call, position, JSON.stringify(news))
    .run();
}

/** Drops the text of old messages: what is left tells that a call was sent, and nothing of the caller. */
export async function dropPayloads(ledger: D1Database, before: EpochMs): Promise<void> {
  await ledger
    .prepare(`UPDATE deliveries SET payload = NULL WHERE payload IS NOT NULL AND created_at < ? AND state <> 'pending'`)
    .bind(before)
    .run();
}
