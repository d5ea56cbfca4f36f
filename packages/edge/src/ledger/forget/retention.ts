import type { EpochMs } from '@dialmark/shared';
import { forgetCounts } from '../write/visit-counts.ts';

/** Visits and calls removed in one transaction. */
const SLICE = 1000;

/** ?1 site, ?2 the first moment that is kept, in ms; each leaves fewer rows than before until none is left. */
const OLD = {
  sessions: `SELECT id FROM sessions WHERE site = ?1 AND day < ?2 LIMIT ${SLICE}`,
  bindings: `SELECT id FROM bindings WHERE site = ?1 AND started_at < ?2 ORDER BY started_at LIMIT ${SLICE}`,
  calls: `SELECT id FROM calls WHERE site = ?1 AND started_at < ?2 ORDER BY started_at LIMIT ${SLICE}`,
};

/**
 * Removes what is older than the site keeps: visits, page views, bindings, calls, their journeys, and the counts of
 * those days. Costs stay: they are of nobody. In slices, so that no single transaction keeps others waiting.
 *
 * @param before the first moment that is kept
 * @param day the first day that is kept: visits go by whole days, as reports count them
 */
export async function forgetOlder(ledger: D1Database, site: string, before: EpochMs, day: string): Promise<void> {
  for (;;) {
    const [sessions = [], bindings = [], calls = []] = (
      await ledger.batch<{ id: string }>([
        ledger.prepare(OLD.sessions).bind(site, day),
        ledger.prepare(OLD.bindings).bind(site, before),
        ledger.prepare(OLD.calls).bind(site, before),
      ])
    ).map(({ results }) => results.map(({ id }) => id));
    const remove = (table: string, column: string, ids: string[]) =>
      ledger
        .prepare(`DELETE FROM ${table} WHERE site = ?1 AND ${column} IN (SELECT value FROM json_each(?2))`)
        .bind(site, JSON.stringify(ids));
    if (sessions.length + bindings.length + calls.length === 0) break;
    await ledger.batch([
      remove('page_views', 'session', sessions),
      remove('sessions', 'id', sessions),
      remove('bindings', 'id', bindings),
      remove('call_touches INDEXED BY call_touches_by_call', 'call', calls),
      remove('calls', 'id', calls),
    ]);
  }
  await ledger.batch([
    ...forgetCounts(ledger, site, day),
    ledger.prepare('DELETE FROM deliveries WHERE site = ?1 AND created_at < ?2').bind(site, before),
    ledger.prepare('DELETE FROM erasures WHERE site = ?1 AND at < ?2').bind(site, before),
    // Touches of younger calls hold a copy of visits that are gone; they say nothing of whom.
    ledger
      .prepare(
        `UPDATE call_touches SET session = NULL, visit_day = NULL, visit_hour = NULL
         WHERE site = ?1 AND at < ?2 AND session IS NOT NULL`,
      )
      .bind(site, before),
    ledger
      .prepare(
        `DELETE FROM visitor_users WHERE site = ?1
           AND NOT EXISTS (SELECT 1 FROM sessions s WHERE s.site = ?1 AND s.visitor = visitor_users.visitor)`,
      )
      .bind(site),
  ]);
}
