import type { EpochMs } from '@dialmark/shared';
import { DAY } from '@dialmark/shared';
import { firstSeq } from '../../pool/leases/binding-id.ts';
import type { LedgerCore } from '../core.ts';
import { dayAt } from '../days.ts';
import { forgetPairs } from '../write/pairs.ts';
import { forgetSums } from '../write/sums.ts';
import { forgetLeads } from './leads.ts';

/** Rows removed at once: a few milliseconds' work. */
const SLICE = 200;

/**
 * Removes a slice of what is older than the site keeps: visits, page views, bindings, forms, calls and their journeys. Costs
 * stay: they are of nobody.
 *
 * @returns whether there may be more
 */
export function forgetSlice(core: LedgerCore, now: EpochMs): boolean {
  const { rules } = core;
  if (!rules) return false;
  const before = (now - rules.retentionDays * DAY) as EpochMs;
  // Visits go by whole days, as reports count them.
  const day = dayAt(before, rules.timeZone);
  return core.change(() => {
    // The rows that reports count go first, so that no sum includes a half-deleted visit.
    if (core.storage.kv.get<number>(FORGOTTEN_BEFORE) !== day) {
      forgetSums(core, day);
      forgetPairs(core, day);
      core.storage.kv.put(FORGOTTEN_BEFORE, day);
    }
    const removed = [
      core.sql.exec(
        `DELETE FROM visit WHERE seq IN (SELECT seq FROM visit INDEXED BY visit_by_day WHERE day < ? LIMIT ${SLICE})`,
        day,
      ),
      core.sql.exec(
        `DELETE FROM hold WHERE seq IN (SELECT seq FROM hold WHERE seq < ? ORDER BY seq LIMIT ${SLICE})`,
        firstSeq(before),
      ),
      core.sql.exec(
        `DELETE FROM form WHERE id IN (SELECT id FROM form INDEXED BY form_by_time WHERE at < ? ORDER BY at LIMIT ${SLICE})`,
        before,
      ),
    ].map(({ rowsWritten }) => rowsWritten);
    const calls = core.all<{ n: number; day: number }>(
      `SELECT n, day FROM call INDEXED BY call_by_start WHERE started_at < ? ORDER BY started_at LIMIT ${SLICE}`,
      before,
    );
    for (const call of calls) {
      core.sql.exec('DELETE FROM touch WHERE day = ? AND call = ?', call.day, call.n);
      core.sql.exec('DELETE FROM call WHERE n = ?', call.n);
    }
    const leads = forgetLeads(core, before, now);
    return removed.some((rows) => rows > 0) || calls.length > 0 || leads;
  });
}

const FORGOTTEN_BEFORE = 'forgotten_before';

/** Removes the rest that is older, once no visit is: little of it, and found by its time. */
export function forgetRest(core: LedgerCore, now: EpochMs): void {
  const { rules } = core;
  if (!rules) return;
  const before = (now - rules.retentionDays * DAY) as EpochMs;
  const day = dayAt(before, rules.timeZone);
  core.change(() => {
    core.sql.exec('DELETE FROM deliveries WHERE created_at < ?', before);
    core.sql.exec('DELETE FROM erasures WHERE at < ?', before);
    // Touches of younger calls hold a copy of visits that are gone; they say nothing of whom. A call's touches are of
    // the lookback before it, so that only the calls next to the boundary have any.
    core.sql.exec(
      `UPDATE touch SET visit = NULL, visit_day = NULL, visit_hour = NULL
       WHERE day BETWEEN ? AND ? AND visit_day < ? AND visit IS NOT NULL`,
      day,
      day + rules.lookbackDays + 1,
      day,
    );
    core.sql.exec(
      `UPDATE lead_touch INDEXED BY lead_touch_by_visit SET visit = NULL WHERE visit IS NOT NULL AND visit < ?`,
      firstSeq(before),
    );
  });
}

/** Users looked at at once. */
const USERS = 500;

/**
 * Forgets which user a visitor said to be once no visit of theirs is left.
 * @param after the visitor to go on after
 * @returns where to go on; null at the end
 */
export function forgetUsers(core: LedgerCore, after: string): string | null {
  const visitors = core.all<{ visitor: string; gone: number }>(
    `SELECT DISTINCT u.visitor,
       NOT EXISTS (SELECT 1 FROM visit v INDEXED BY visit_by_visitor WHERE v.visitor = u.visitor) AS gone
     FROM visitor_users u INDEXED BY visitor_users_by_visitor WHERE u.visitor > ? ORDER BY u.visitor LIMIT ${USERS}`,
    after,
  );
  const gone = visitors.filter((row) => row.gone === 1).map(({ visitor }) => visitor);
  if (gone.length > 0) {
    core.change(() =>
      core.sql.exec(
        'DELETE FROM visitor_users WHERE visitor IN (SELECT value FROM json_each(?))',
        JSON.stringify(gone),
      ),
    );
  }
  return visitors.length < USERS ? null : (visitors.at(-1)?.visitor ?? null);
}
