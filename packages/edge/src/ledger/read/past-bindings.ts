import { BINDINGS_WEIGHED, type EpochMs } from '@dialmark/shared';
import { firstSeq } from '../../pool/leases/binding-id.ts';
import { clickIdsOfRow } from '../../pool/store/click-ids.ts';
import type { LedgerCore } from '../core.ts';
import { startOf } from '../moments.ts';
import { referrerText, word } from '../views.ts';
import type { LedgerSession } from '../write/batch.ts';

/** A number's bindings and their visits, as a pool stores them; times in milliseconds. */
export interface PastBindings {
  bindings: PastBinding[];
  sessions: PastVisit[];
}

export interface PastBinding {
  seq: number;
  number: string;
  target: string;
  kind: string;
  session: string;
  visitor: string | null;
  startedAt: EpochMs;
  lastActiveAt: EpochMs;
  expiresAt: EpochMs;
  telClickAt: EpochMs | null;
}

export type PastVisit = Omit<LedgerSession, 'seq' | 'views' | 'startedAt' | 'lastActiveAt'> & {
  startedAt: EpochMs;
  lastActiveAt: EpochMs;
};

const HOLDS = `
  SELECT h.seq, ${word('h.number')} AS number, ${word('h.target')} AS target, ${word('h.kind')} AS kind,
    coalesce(v.id, h.session) AS session, v.visitor, ${startOf('h')} AS startedAt,
    ${startOf('h')} + h.active_for AS lastActiveAt, ${startOf('h')} + h.lasts_for AS expiresAt,
    ${startOf('h')} + h.tapped_after AS telClickAt
  FROM hold h INDEXED BY hold_by_number LEFT JOIN visit v ON v.seq = h.visit
  WHERE h.number = ? AND h.seq < ? ORDER BY h.seq DESC LIMIT ${BINDINGS_WEIGHED}`;
const VISITS = `
  SELECT id, visitor, ${startOf('v')} AS startedAt, ${startOf('v')} + active_for AS lastActiveAt,
    landing_page AS landingPage, ${referrerText('v')} AS referrer, ${word('v.source')} AS source,
    ${word('v.medium')} AS medium, ${word('v.campaign')} AS campaign, ${word('v.term')} AS term,
    ${word('v.content')} AS content, ${word('v.channel')} AS channel, click_ids AS clickIds, pages,
    ${word('v.device')} AS device, ${word('v.country')} AS country, tags
  FROM visit v WHERE id IN (SELECT value FROM json_each(?))`;

/** Returns who held a number up to a moment, of those who may be weighed when it was called then. */
export function pastBindings(core: LedgerCore, number: string, at: EpochMs): PastBindings {
  const bindings = core.all<PastBinding>(HOLDS, core.words.find(number) ?? -1, firstSeq((at + 1) as EpochMs));
  const ids = JSON.stringify(bindings.map(({ session }) => session));
  const rows = core.all<Omit<PastVisit, 'clickIds' | 'tags'> & { clickIds: string | null; tags: string | null }>(
    VISITS,
    ids,
  );
  const sessions = rows.map((row) => ({
    ...row,
    clickIds: clickIdsOfRow(row.clickIds, row.landingPage),
    tags: row.tags === null ? null : JSON.parse(row.tags),
  }));
  return { bindings, sessions };
}
