import {
  type Binding,
  type Call,
  type EpochMs,
  type Form,
  rfc3339,
  type SessionDetail,
  type VisitorSession,
} from '@dialmark/shared';
import { boundsOf, type Part } from '../../platform/cursor.ts';
import { clickIdsOfRow } from '../../pool/store/click-ids.ts';
import { pageViews } from '../../pool/store/page-views.ts';
import type { LedgerCore } from '../core.ts';
import { startOf } from '../moments.ts';
import { referrerText, word } from '../views.ts';
import { formsOfVisitor } from './forms.ts';
import { bindingsWhere, callsWhere } from './lists.ts';

interface Row extends Omit<VisitorSession, 'startedAt' | 'clickIds' | 'tags' | 'touch' | 'pageViews' | 'telClicks'> {
  startedAt: EpochMs;
  clickIds: string | null;
  views: string | null;
  tags: string | null;
  visitor: string | null;
}

type Tap = { session: string; number: string; at: EpochMs };

const SESSIONS = `
  SELECT id, visitor, ${startOf('v')} AS startedAt, landing_page AS landingPage, ${referrerText('v')} AS referrer,
    ${word('v.source')} AS source, ${word('v.medium')} AS medium, ${word('v.campaign')} AS campaign,
    ${word('v.term')} AS term, ${word('v.content')} AS content, ${word('v.channel')} AS channel, click_ids AS clickIds,
    pages, ${word('v.device')} AS device, ${word('v.country')} AS country, tags, views
  FROM visit v`;
const TAPS = `
  SELECT v.id AS session, ${word('h.number')} AS number, ${startOf('h')} + h.tapped_after AS at
  FROM json_each(?) s CROSS JOIN visit v ON v.id = s.value
  CROSS JOIN hold h INDEXED BY hold_by_visit ON h.visit = v.seq
  WHERE h.tapped_after IS NOT NULL ORDER BY session, at`;

/** Returns visits of an id or a visitor, oldest first. */
export function sessionsWhere(
  core: LedgerCore,
  column: 'id' | 'visitor',
  value: string,
  part: Part,
): (VisitorSession & { visitor: string | null })[] {
  const rows = core.all<Row>(
    `SELECT * FROM (${SESSIONS} WHERE ${column} = ?) WHERE (startedAt, id) > (?, ?) ORDER BY startedAt, id LIMIT ?`,
    value,
    ...boundsOf(part),
  );
  if (rows.length === 0) return [];
  const taps = core.all<Tap>(TAPS, JSON.stringify(rows.map(({ id }) => id)));
  const tapsOf = Map.groupBy(taps, ({ session }) => session);
  return rows.map(({ views, ...row }) => ({
    ...row,
    startedAt: rfc3339(row.startedAt),
    clickIds: clickIdsOfRow(row.clickIds, row.landingPage),
    tags: row.tags === null ? null : JSON.parse(row.tags),
    touch: { url: row.landingPage, referrer: row.referrer },
    pageViews: pageViews(views, row).map(({ url, at }) => ({
      url,
      at: rfc3339(at),
    })),
    telClicks: (tapsOf.get(row.id) ?? []).map(({ number, at }) => ({ number, at: rfc3339(at) })),
  }));
}

/** A visit is shown with so many of its bindings and calls; `GET …/bindings?session=` lists all. */
export const MOST_OF_SESSION = 1000;
const OF_SESSION: Part = { after: null, limit: MOST_OF_SESSION };

/** Returns one visit as the ledger has it: for what the pool has let go. */
export function findSession(core: LedgerCore, id: string): SessionDetail | null {
  const [session] = sessionsWhere(core, 'id', id, OF_SESSION);
  if (!session) return null;
  const { device: _, country: __, tags: ___, ...visit } = session;
  return {
    ...visit,
    bindings: bindingsWhere(core, 'session', id, OF_SESSION),
    calls: callsWhere(core, 'session', id, OF_SESSION),
  };
}

/** A part of a visitor's life as the ledger has it. */
export interface KnownVisitor {
  sessions: VisitorSession[];
  calls: Call[];
  bindings: Binding[];
  forms: Form[];
  /** The user ids they gave. */
  users: string[];
  /** Others taken for the same person. */
  linked: string[];
}

const USERS = 'SELECT user_id AS id FROM visitor_users WHERE visitor = ?1 ORDER BY 1 LIMIT 100';
/** As journeys are joined, but for the guard against telephones of many. */
const LINKED = `
  SELECT other.visitor AS id FROM visitor_users own
  CROSS JOIN visitor_users other ON other.user_id = own.user_id
  WHERE own.visitor = ?1 AND other.visitor <> ?1
  UNION
  SELECT other.visitor FROM call own INDEXED BY call_by_visitor
  CROSS JOIN call other INDEXED BY call_by_caller ON other.caller = own.caller AND other.visitor <> ?1
    AND other.test = 0
  WHERE own.visitor = ?1 AND own.test = 0
  ORDER BY 1 LIMIT 100`;

/** Returns a part of what the ledger has of a visitor. */
export function findVisitor(core: LedgerCore, id: string, part: Part): KnownVisitor {
  const [users = [], linked = []] = [USERS, LINKED].map((query) =>
    core.all<{ id: string }>(query, id).map((row) => row.id),
  );
  return {
    sessions: sessionsWhere(core, 'visitor', id, part).map(({ visitor: _, ...session }) => session),
    calls: callsWhere(core, 'visitor', id, part),
    bindings: bindingsWhere(core, 'visitor', id, part),
    forms: formsOfVisitor(core, id, part),
    users,
    linked,
  };
}
