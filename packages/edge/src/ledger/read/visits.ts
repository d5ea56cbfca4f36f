import {
  type Binding,
  type Call,
  type EpochMs,
  rfc3339,
  type SessionDetail,
  type VisitorSession,
} from '@dialmark/shared';
import { boundsOf, type Part } from '../../platform/cursor.ts';
import { bindingsWhere, callsWhere } from './queries.ts';

interface Row extends Omit<VisitorSession, 'startedAt' | 'clickIds' | 'tags' | 'touch' | 'pageViews' | 'telClicks'> {
  startedAt: EpochMs;
  clickIds: string;
  tags: string | null;
  visitor: string | null;
}

type View = { session: string; url: string; at: EpochMs };
type Tap = { session: string; number: string; at: EpochMs };

const SESSIONS = `
  SELECT id, visitor, started_at AS startedAt, landing_page AS landingPage, referrer, source, medium, campaign, term,
    content, channel, click_ids AS clickIds, pages, device, country, tags
  FROM sessions`;
const VIEWS = `
  SELECT session, url, at FROM page_views
  WHERE site = ?1 AND session IN (SELECT value FROM json_each(?2)) ORDER BY session, n`;
const TAPS = `
  SELECT session, number, tel_click_at AS at FROM bindings INDEXED BY bindings_by_session
  WHERE site = ?1 AND session IN (SELECT value FROM json_each(?2)) AND tel_click_at IS NOT NULL ORDER BY session, at`;

async function sessionsWhere(
  ledger: D1Database,
  site: string,
  column: 'id' | 'visitor',
  value: string,
  part: Part,
): Promise<(VisitorSession & { visitor: string | null })[]> {
  const { results } = await ledger
    .prepare(
      `${SESSIONS} WHERE site = ?1 AND ${column} = ?2 AND (started_at, id) > (?3, ?4) ORDER BY started_at, id LIMIT ?5`,
    )
    .bind(site, value, ...boundsOf(part))
    .all<Row>();
  if (results.length === 0) return [];
  const visits = JSON.stringify(results.map(({ id }) => id));
  const [views, taps] = await ledger.batch([VIEWS, TAPS].map((query) => ledger.prepare(query).bind(site, visits)));
  const viewsOf = Map.groupBy((views?.results ?? []) as View[], ({ session }) => session);
  const tapsOf = Map.groupBy((taps?.results ?? []) as Tap[], ({ session }) => session);
  return results.map((row) => ({
    ...row,
    startedAt: rfc3339(row.startedAt),
    clickIds: JSON.parse(row.clickIds),
    tags: row.tags === null ? null : JSON.parse(row.tags),
    touch: { url: row.landingPage, referrer: row.referrer },
    pageViews: (viewsOf.get(row.id) ?? []).map(({ url, at }) => ({ url, at: rfc3339(at) })),
    telClicks: (tapsOf.get(row.id) ?? []).map(({ number, at }) => ({ number, at: rfc3339(at) })),
  }));
}

/** A visit is shown with so many of its bindings and calls; `GET …/bindings?session=` lists all. */
export const MOST_OF_SESSION = 1000;
const OF_SESSION: Part = { after: null, limit: MOST_OF_SESSION };

/** One visit as the ledger has it: for what the pool has let go. */
export async function findSession(ledger: D1Database, site: string, id: string): Promise<SessionDetail | null> {
  const [session] = await sessionsWhere(ledger, site, 'id', id, OF_SESSION);
  if (!session) return null;
  const { device: _, country: __, tags: ___, ...visit } = session;
  const [bindings, calls] = await Promise.all([
    bindingsWhere(ledger, site, 'session', id, OF_SESSION),
    callsWhere(ledger, site, 'session', id, OF_SESSION),
  ]);
  return { ...visit, bindings, calls };
}

/** A part of a visitor's life as the ledger has it. */
export interface KnownVisitor {
  sessions: VisitorSession[];
  calls: Call[];
  bindings: Binding[];
  /** Who they said to be. */
  users: string[];
  /** Others taken for the same person. */
  linked: string[];
}

const USERS = 'SELECT user_id AS id FROM visitor_users WHERE site = ?1 AND visitor = ?2 ORDER BY 1 LIMIT 100';
/** As journeys are joined, but for the guard against telephones of many. */
const LINKED = `
  SELECT other.visitor AS id FROM visitor_users own
  CROSS JOIN visitor_users other ON other.site = ?1 AND other.user_id = own.user_id
  WHERE own.site = ?1 AND own.visitor = ?2 AND other.visitor <> ?2
  UNION
  SELECT other.visitor FROM calls own INDEXED BY calls_by_visitor
  CROSS JOIN calls other INDEXED BY calls_by_caller ON other.site = ?1 AND other.caller = own.caller AND other.visitor <> ?2
  WHERE own.site = ?1 AND own.visitor = ?2
  ORDER BY 1 LIMIT 100`;

export async function findVisitor(ledger: D1Database, site: string, id: string, part: Part): Promise<KnownVisitor> {
  const [sessions, calls, bindings, lists] = await Promise.all([
    sessionsWhere(ledger, site, 'visitor', id, part),
    callsWhere(ledger, site, 'visitor', id, part),
    bindingsWhere(ledger, site, 'visitor', id, part),
    ledger.batch<{ id: string }>([USERS, LINKED].map((query) => ledger.prepare(query).bind(site, id))),
  ]);
  const [users = [], linked = []] = lists.map(({ results }) => results.map((row) => row.id));
  return { sessions: sessions.map(({ visitor: _, ...session }) => session), calls, bindings, users, linked };
}
