import { type EpochMs, HOLDERS_WEIGHED } from '@dialmark/shared';
import { firstSeq, seqOf } from '../leases/binding-id.ts';
import type { BindingRow, SessionRow } from '../store/rows.ts';

/** Holds of a number and the visits they were of, as a pool keeps them. */
export interface PastHolders {
  bindings: BindingRow[];
  sessions: SessionRow[];
}

/** As the ledger keeps it. */
type LedgerVisit = Omit<SessionRow, 'clickIds' | 'tags'> & { clickIds: string; tags: string | null };

const BINDINGS = `
  SELECT id, number, target, kind, session, visitor, started_at AS startedAt, last_active_at AS lastActiveAt,
    expires_at AS expiresAt, tel_click_at AS telClickAt
  FROM bindings INDEXED BY bindings_by_number WHERE site = ?1 AND number = ?2 AND started_at <= ?3
  ORDER BY started_at DESC LIMIT ${HOLDERS_WEIGHED}`;
const SESSIONS = `
  SELECT id, visitor, started_at AS startedAt, last_active_at AS lastActiveAt, landing_page AS landingPage, referrer,
    source, medium, campaign, term, content, channel, click_ids AS clickIds, pages, device, country, tags
  FROM sessions WHERE site = ?1 AND id IN (SELECT value FROM json_each(?2))`;

/** Who held a number up to a moment, of those who may be weighed when it was called then. */
export async function pastHolders(ledger: D1Database, site: string, number: string, at: EpochMs): Promise<PastHolders> {
  const holds = await ledger.prepare(BINDINGS).bind(site, number, at).all<BindingRow & { id: string }>();
  const bindings = holds.results.map(({ id, ...row }) => ({
    ...row,
    seq: seqOf(id),
    address: null,
    early: false,
    reason: null,
  }));
  const ids = JSON.stringify(bindings.map(({ session }) => session));
  const visits = await ledger.prepare(SESSIONS).bind(site, ids).all<LedgerVisit>();
  const sessions = visits.results.map((row) => ({
    ...row,
    seq: firstSeq(row.startedAt),
    clickIds: JSON.parse(row.clickIds),
    tags: row.tags && JSON.parse(row.tags),
    firstUrl: null,
    lastUrl: null,
    holds: Object.fromEntries(
      [...Map.groupBy(bindings.filter(({ session }) => session === row.id).reverse(), ({ target }) => target)].map(
        ([target, held]) => [target, held.map(({ seq }) => seq)],
      ),
    ),
  }));
  return { bindings, sessions };
}
