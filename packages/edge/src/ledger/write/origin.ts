import type { CallTouch } from '@dialmark/shared';
import { type Counted, callTouch } from '../../calls/call-touch.ts';
import { bindingId, seqOf } from '../../pool/leases/binding-id.ts';
import { clickIdsOfRow } from '../../pool/store/click-ids.ts';
import type { LedgerCore } from '../core.ts';
import { startOf } from '../moments.ts';
import { referrerText, word } from '../views.ts';

/** A call's visit and binding as lists of calls show and search them; moments in milliseconds. */
export interface Origin {
  binding: { id: string; number: string; kind: string; startedAt: number; expiresAt: number } | null;
  session: OriginSession | null;
  /** The touch that the call counts as. */
  touch: OriginTouch | null;
}

export interface OriginTouch extends CallTouch {
  /** As reports have it; null where the touch is a number's. */
  landingPath: string | null;
}

export interface OriginSession {
  id: string;
  startedAt: number;
  landingPage: string | null;
  referrer: string | null;
  source: string;
  medium: string;
  campaign: string | null;
  term: string | null;
  content: string | null;
  channel: string;
  clickIds: Record<string, string>;
  pages: number;
  /** As reports have it. */
  landingPath: string | null;
}

const SESSION = `
  SELECT id, ${startOf('v')} AS startedAt, landing_page AS landingPage, ${referrerText('v')} AS referrer,
    ${word('v.source')} AS source, ${word('v.medium')} AS medium, ${word('v.campaign')} AS campaign,
    ${word('v.term')} AS term, ${word('v.content')} AS content, ${word('v.channel')} AS channel, click_ids AS clickIds,
    pages, ${word('v.landing_path')} AS landingPath
  FROM visit v WHERE id = ?`;
const BINDING = `
  SELECT ${word('h.number')} AS number, ${word('h.kind')} AS kind, ${startOf('h')} AS startedAt, lasts_for AS lastsFor
  FROM hold h WHERE seq = ?`;

/** Writes what a call's lists show of its visit and binding, where it has changed. */
export function writeOrigin(core: LedgerCore, id: string): void {
  const call = core.first<CallKeys>('SELECT session, binding, number, counted, origin FROM call WHERE id = ?', id);
  if (!call) return;
  const session = call.session === null ? null : sessionOf(core, call.session);
  const binding = call.binding === null ? null : bindingOf(core, call.binding);
  const touch = touchOf(call, session);
  const origin = session || binding || touch ? JSON.stringify({ binding, session, touch } satisfies Origin) : null;
  if (origin !== call.origin) core.sql.exec('UPDATE call SET origin = ? WHERE id = ?', origin, id);
}

interface CallKeys {
  session: string | null;
  binding: string | null;
  number: string;
  counted: string | null;
  origin: string | null;
}

function touchOf({ number, counted }: CallKeys, session: OriginSession | null): OriginTouch | null {
  const touch = callTouch(counted === null ? null : (JSON.parse(counted) as Counted), number, session);
  return touch && { ...touch, landingPath: touch.number === null ? (session?.landingPath ?? null) : null };
}

function sessionOf(core: LedgerCore, id: string): OriginSession | null {
  const row = core.first<Omit<OriginSession, 'clickIds'> & { clickIds: string | null }>(SESSION, id);
  return row && { ...row, clickIds: clickIdsOfRow(row.clickIds, row.landingPage) };
}

function bindingOf(core: LedgerCore, id: string): Origin['binding'] {
  const seq = seqOf(id);
  const row = core.first<{ number: string; kind: string; startedAt: number; lastsFor: number }>(BINDING, seq);
  return (
    row && {
      id: bindingId(seq),
      number: row.number,
      kind: row.kind,
      startedAt: row.startedAt,
      expiresAt: row.startedAt + row.lastsFor,
    }
  );
}
