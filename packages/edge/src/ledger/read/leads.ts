import {
  type EpochMs,
  type Lead,
  type LeadContact,
  type LeadDetail,
  type LeadStageFact,
  type LeadsQuery,
  type LeadTouch,
  type ListPage,
  type Model,
  rfc3339,
  type Site,
  UNATTRIBUTED,
} from '@dialmark/shared';
import { decodeCursor, encodeCursor } from '../../platform/cursor.ts';
import type { LedgerCore } from '../core.ts';
import { word } from '../views.ts';
import { NONE } from '../words.ts';
import { findForm } from './forms.ts';
import { bound, callsWhere, Where } from './lists.ts';

type Line = Pick<
  Lead,
  'id' | 'phone' | 'email' | 'name' | 'note' | 'stage' | 'value' | 'calls' | 'forms' | 'assignee' | 'visitor'
> &
  Omit<LeadTouch, 'channel'> & {
    n: number;
    firstAt: EpochMs;
    lastAt: EpochMs;
    missed: number;
    reviewed: number;
    stages: string;
    channel: string | null;
  };

/** A lead with the touch that has most credit under a model: of several the latest. */
const leadsBy = (model: Model, leads: string) => `
  SELECT l.n, l.id, l.phone, l.email, l.name, l.note, l.stage, l.value, l.first_at AS firstAt, l.last_at AS lastAt, l.calls,
    l.forms, l.missed, l.assignee, l.reviewed, l.visitor, l.stages, ${word('t.channel')} AS channel,
    ${word('t.source')} AS source, ${word('t.medium')} AS medium, ${word('t.campaign')} AS campaign,
    ${word('t.term')} AS term, ${word('t.content')} AS content, v.landing_page AS landingPage
  FROM ${leads}
  LEFT JOIN lead_touch t ON t.day = l.day AND t.lead = l.n AND t.position = (
    SELECT b.position FROM lead_touch b WHERE b.day = l.day AND b.lead = l.n
    ORDER BY b.credit_${model} DESC, b.position DESC LIMIT 1)
  LEFT JOIN visit v ON v.seq = t.visit`;

/** Leads that one request searches. */
const SEARCHED_AT_ONCE = 10_000;
const FACTS = ['channel', 'source', 'campaign'] as const;

/**
 * Returns leads, latest first contact first, from the cursor on; null for a cursor that is not ours. A search looks
 * through so many leads at once and no more: a page that is not full then goes on from the last of them.
 */
export function listLeads(core: LedgerCore, site: Site, query: LeadsQuery): ListPage<Lead> | null {
  const where = new Where();
  if (query.from !== undefined) where.add('l.first_at >= ?', bound(query.from, site.timeZone, 0));
  if (query.to !== undefined) where.add('l.first_at < ?', bound(query.to, site.timeZone, 1));
  if (query.cursor !== undefined) {
    const place = decodeCursor(query.cursor);
    if (!place) return null;
    where.add('(l.first_at, l.id) < (?, ?)', place.at, place.id);
  }
  const last = core.first<{ at: number; id: string }>(
    `SELECT l.first_at AS at, l.id FROM lead l INDEXED BY lead_by_first ${where}
     ORDER BY l.first_at DESC, l.id DESC LIMIT 1 OFFSET ${SEARCHED_AT_ONCE - 1}`,
    ...where.values,
  );
  if (last) where.add('(l.first_at, l.id) >= (?, ?)', last.at, last.id);
  if (query.stage !== undefined) where.add('l.stage = ?', query.stage);
  if (query.assignee !== undefined) where.add('l.assignee = ?', query.assignee);
  if (query.missed !== undefined) where.add('l.missed = ?', query.missed ? 1 : 0);
  if (query.reviewed !== undefined) where.add('l.reviewed = ?', query.reviewed ? 1 : 0);
  for (const fact of FACTS) {
    const wanted = query[fact];
    if (wanted !== undefined)
      where.add(`coalesce(t.${fact}, 0) = ?`, wanted === NONE ? 0 : (core.words.find(wanted) ?? -1));
  }
  const text = query.search?.trim();
  if (text) addSearch(where, text);
  const rows = core.all<Line>(
    `${leadsBy(site.attribution.model, 'lead l INDEXED BY lead_by_first')} ${where}
     ORDER BY l.first_at DESC, l.id DESC LIMIT ?`,
    ...where.values,
    query.limit + 1,
  );
  const shown = rows.slice(0, query.limit);
  const end = shown.at(-1);
  const cursor =
    rows.length > query.limit && end ? encodeCursor({ at: end.firstAt, id: end.id }) : last ? encodeCursor(last) : null;
  return { items: shown.map((row) => present(row, site.currency)), cursor };
}

const SEARCHED = ['l.id', 'l.name', 'l.email', 'l.note'];

/** Leads of which something holds the text, whatever its case (ASCII); of a telephone number, its digits. */
function addSearch(where: Where, text: string): void {
  const conditions = SEARCHED.map((column) => `instr(lower(${column}), lower(?)) > 0`);
  const values = SEARCHED.map(() => text);
  const digits = /^[\d\s()+./-]+$/.test(text) ? text.replace(/\D/g, '').replace(/^0+/, '') : '';
  if (digits.length > 2) {
    conditions.push("(l.phone LIKE '+%' AND instr(l.phone, ?) > 0)");
    values.push(digits);
  }
  where.add(`(${conditions.join(' OR ')})`, ...values);
}

/** Returns a lead by its id, or by one that it had before it was joined with another. */
export function findLead(core: LedgerCore, site: Pick<Site, 'attribution' | 'currency'>, id: string): Lead | null {
  const row = core.first<Line>(
    `${leadsBy(site.attribution.model, 'lead l')} WHERE l.n = ?`,
    numberOfLead(core, id) ?? -1,
  );
  return row && present(row, site.currency);
}

/** Returns the number of the lead that an id stands for; null if there is none. */
export function numberOfLead(core: LedgerCore, id: string): number | null {
  return core.first<{ lead: number | null }>('SELECT lead FROM contact WHERE anchor = ?', id)?.lead ?? null;
}

/** A lead is shown with so many of its contacts, the latest. */
const CONTACTS_SHOWN = 1000;

/** Returns a lead with its contacts. */
export function leadDetail(core: LedgerCore, site: Site, id: string): LeadDetail | null {
  const lead = findLead(core, site, id);
  if (!lead) return null;
  const lines = core.all<{ type: 'call' | 'form'; id: string; at: EpochMs }>(
    `SELECT kind AS type, id, at FROM contact INDEXED BY contact_by_lead
     WHERE lead = ? AND makes = 1 ORDER BY at DESC, kind DESC, id DESC LIMIT ${CONTACTS_SHOWN}`,
    numberOfLead(core, id),
  );
  const contacts = lines.reverse().map(
    ({ type, id, at }): LeadContact => ({
      type,
      id,
      at: rfc3339(at),
      call: type === 'call' ? (callsWhere(core, 'id', id, { after: null, limit: 1 })[0] ?? null) : null,
      form: type === 'form' ? findForm(core, id) : null,
    }),
  );
  return { ...lead, contacts };
}

function present(row: Line, currency: string): Lead {
  const { source, medium, campaign, term, content, channel, landingPage } = row;
  const stages = JSON.parse(row.stages) as (Omit<LeadStageFact, 'at'> & { at: EpochMs })[];
  const isKnown = channel !== null && channel !== UNATTRIBUTED;
  const orNull = (text: string | null) => (text === NONE ? null : text);
  return {
    id: row.id,
    phone: row.phone,
    email: row.email,
    name: row.name,
    note: row.note,
    stage: row.stage,
    value: row.value,
    currency,
    firstContactAt: rfc3339(row.firstAt),
    lastContactAt: rfc3339(row.lastAt),
    calls: row.calls,
    forms: row.forms,
    missed: row.missed === 1,
    assignee: row.assignee,
    reviewed: row.reviewed === 1,
    touch: isKnown
      ? { source: orNull(source), medium: orNull(medium), campaign, term, content, channel, landingPage }
      : null,
    visitor: row.visitor,
    stages: stages.map(({ stage, at, by }) => ({ stage, at: rfc3339(at), by })),
  };
}
