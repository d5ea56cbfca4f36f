import { Model } from '@dialmark/shared';
import type { Contact } from '../../leads/contact.ts';
import type { LedgerCore } from '../core.ts';
import { formTouches } from './journeys.ts';

/** What reports need of a lead. */
export interface TouchedLead {
  n: number;
  day: number;
  firstKind: Contact['kind'];
  firstId: string;
  qualified: number;
  isWon: number;
  value: number | null;
}

/** What a touch of a lead has of one of a call. */
const OF_TOUCH = [
  'position',
  ...Model.options.map((model) => `credit_${model}`),
  'channel',
  'source',
  'medium',
  'campaign',
  'term',
  'content',
  'landing_path',
  'referrer_host',
  'device',
  'country',
  'variant',
  'target',
  'number',
  'hour',
  'visit',
];
const COLUMNS = ['day', 'lead', 'qualified', 'won', 'value', ...OF_TOUCH].join(', ');

const FROM_CALL = `
  INSERT INTO lead_touch (${COLUMNS})
  SELECT ?1, ?2, ?3, ?4, ?5, ${OF_TOUCH.map((column) => `t.${column}`).join(', ')}
  FROM call c CROSS JOIN touch t ON t.day = c.day AND t.call = c.n WHERE c.id = ?6`;
const FROM_FORM = `
  INSERT INTO lead_touch (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ${OF_TOUCH.map(() => '?').join(', ')})`;

/** Writes what led to a lead: the touches up to its first contact. */
export function writeLeadTouches(core: LedgerCore, lead: TouchedLead): void {
  const own = [lead.day, lead.n, lead.qualified, lead.isWon, lead.value];
  if (lead.firstKind === 'call') core.sql.exec(FROM_CALL, ...own, lead.firstId);
  else {
    for (const touch of formTouches(core, lead.firstId)) {
      core.sql.exec(FROM_FORM, ...own, ...OF_TOUCH.map((column) => touch[column] ?? null));
    }
  }
}

/** Has a lead's touches say how far it has come. */
export function markLeadTouches(core: LedgerCore, { n, day, qualified, isWon, value }: TouchedLead): void {
  core.sql.exec(
    'UPDATE lead_touch SET qualified = ?, won = ?, value = ? WHERE day = ? AND lead = ?',
    qualified,
    isWon,
    value,
    day,
    n,
  );
}

export function dropLeadTouches(core: LedgerCore, day: number, lead: number): void {
  core.sql.exec('DELETE FROM lead_touch WHERE day = ? AND lead = ?', day, lead);
}

const LEADS_OF = `
  SELECT l.n, l.day, l.first_kind AS firstKind, l.first_id AS firstId, l.qualified, l.stage = 'won' AS isWon, l.value
  FROM json_each(?2) f CROSS JOIN lead l INDEXED BY lead_by_first_contact ON l.first_kind = ?1 AND l.first_id = f.value`;

/** Writes the touches of leads anew that began with these calls or forms, whose journeys have changed. */
export function journeysChanged(core: LedgerCore, kind: Contact['kind'], ids: readonly string[]): void {
  if (ids.length === 0) return;
  for (const lead of core.all<TouchedLead>(LEADS_OF, kind, JSON.stringify(ids))) {
    dropLeadTouches(core, lead.day, lead.n);
    writeLeadTouches(core, lead);
  }
}
