import { type CallChange, CLICK_LIFE, type EpochMs, type LeadStageFact, rfc3339 } from '@dialmark/shared';
import type { LedgerCore } from '../ledger/core.ts';
import { findLead, numberOfLead } from '../ledger/read/leads.ts';
import { callsWhere } from '../ledger/read/lists.ts';
import { sessionsWhere } from '../ledger/read/visits.ts';
import type { LeadStageFact as Heard, LeadChange } from './change.ts';

interface Row {
  n: number;
  firstKind: 'call' | 'form';
  firstId: string;
  firstAt: EpochMs;
  stages: string;
  caller: string | null;
}

const LEAD = `
  SELECT n, first_kind AS firstKind, first_id AS firstId, first_at AS firstAt, stages, phone AS caller
  FROM lead WHERE n = ?`;
const PAGE_VIEWS = 20;
const VISITS_SEARCHED = 20;
const EARLIER_CALLS = 10;

/** Returns a lead as its integrations get it; null if there is none, or if it names nobody any more. */
export function leadChange(core: LedgerCore, id: string): LeadChange | null {
  const { rules, site } = core;
  const row = core.first<Row>(LEAD, numberOfLead(core, id) ?? -1);
  if (!row || !rules?.site) return null;
  const { currency, name } = rules.site;
  const lead = findLead(core, { attribution: { ...NO_LOOKBACK, model: rules.counting.model }, currency }, id);
  if (!lead || (lead.phone === null && lead.email === null)) return null;
  const { firstKind, firstId } = row;
  const [call = null] = firstKind === 'call' ? callsWhere(core, 'id', firstId, { after: null, limit: 1 }) : [];
  const session =
    firstKind === 'call'
      ? (call?.attribution.session?.id ?? null)
      : (core.first<{ session: string | null }>('SELECT session FROM form WHERE id = ?', firstId)?.session ?? null);
  const [visit] = session === null ? [] : sessionsWhere(core, 'id', session, { after: null, limit: 1 });
  return {
    site: { id: site, name, currency, timeZone: rules.timeZone },
    lead: { ...lead, stages: heardStages(row.stages) },
    call,
    visit: visit
      ? {
          device: visit.device,
          country: visit.country,
          tags: visit.tags ?? {},
          pageViews: visit.pageViews.slice(-PAGE_VIEWS),
        }
      : null,
    clicks: clicksOf(core, session, lead.visitor, row.firstAt),
    preset: null,
    earlierCalls: earlierCalls(core, row),
  };
}

/** Only the model is asked for. */
const NO_LOOKBACK = { lookbackDays: 0 };

/** Returns the lead of a call, as its integrations get it. */
export function leadChangeOfCall(core: LedgerCore, call: string): LeadChange | null {
  const found = core.first<{ id: string }>(
    `SELECT l.id FROM contact k CROSS JOIN lead l ON l.n = k.lead WHERE k.kind = 'call' AND k.id = ? AND k.makes = 1`,
    call,
  );
  return found && leadChange(core, found.id);
}

function heardStages(text: string): Heard[] {
  const stages = JSON.parse(text) as (Omit<LeadStageFact, 'at'> & { at: EpochMs; receivedAt?: EpochMs })[];
  return stages.map(({ at, receivedAt, ...stage }) => ({
    ...stage,
    at: rfc3339(at),
    ...(receivedAt === undefined ? {} : { receivedAt: rfc3339(receivedAt) }),
  }));
}

/** The visit of the first contact counts, and the visitor's earlier ones, as of a call. */
function clicksOf(
  core: LedgerCore,
  session: string | null,
  visitor: string | null,
  until: EpochMs,
): CallChange['clicks'] {
  const earlier =
    visitor === null
      ? []
      : core
          .all<{ id: string }>(
            `SELECT id FROM visit INDEXED BY visit_by_visitor WHERE visitor = ? ORDER BY seq DESC LIMIT ${VISITS_SEARCHED}`,
            visitor,
          )
          .map(({ id }) => id);
  const latest = new Map<string, { value: string; at: string }>();
  for (const id of new Set([...(session === null ? [] : [session]), ...earlier])) {
    const [visit] = sessionsWhere(core, 'id', id, { after: null, limit: 1 });
    if (!visit) continue;
    const at = Date.parse(visit.startedAt);
    if (at > until || at < until - CLICK_LIFE) continue;
    for (const [name, value] of Object.entries(visit.clickIds)) {
      if (visit.startedAt > (latest.get(name)?.at ?? '')) latest.set(name, { value, at: visit.startedAt });
    }
  }
  return [...latest].map(([name, click]) => ({ name, ...click }));
}

const EARLIER = `
  SELECT id, started_at AS startedAt, status, duration_seconds AS durationSeconds, value,
    origin ->> '$.touch.source' AS source, origin ->> '$.touch.campaign' AS campaign
  FROM call INDEXED BY call_by_caller WHERE caller = ? AND started_at < ? ORDER BY started_at DESC LIMIT ${EARLIER_CALLS}`;

type Brief = CallChange['earlierCalls'][number];

function earlierCalls(core: LedgerCore, { caller, firstAt }: Row): Brief[] {
  if (caller === null) return [];
  return core
    .all<Omit<Brief, 'startedAt'> & { startedAt: EpochMs }>(EARLIER, caller, firstAt)
    .map((row) => ({ ...row, startedAt: rfc3339(row.startedAt) }));
}
