import type { Outcome, OutcomesTaken } from '../../leads/outcome.ts';
import type { LedgerCore } from '../core.ts';
import { keysOfPerson, nothingUnsettled } from './contacts.ts';
import { settleLeads } from './leads.ts';

const FIELDS = ['at', 'stage', 'value', 'phone', 'email', 'names'] as const;
const KNOWN = `SELECT ${FIELDS.join(', ')}, lead FROM outcome WHERE id = ?`;
const UPSERT = `
  INSERT INTO outcome (id, ${FIELDS.join(', ')}, came_at) VALUES (?, ${FIELDS.map(() => '?').join(', ')}, ?)
  ON CONFLICT (id) DO UPDATE SET came_at = excluded.came_at, ${FIELDS.map((field) => `${field} = excluded.${field}`).join(', ')}`;

const WAITING = 'SELECT o.id FROM json_each(?) i CROSS JOIN outcome o ON o.id = i.value WHERE o.lead IS NULL';

type Row = Record<(typeof FIELDS)[number], string | number | null>;

/**
 * Takes outcomes: one with an id that is known says anew what became of it. Works out the leads of everybody concerned
 * once, whatever the number of rows.
 */
export function addOutcomes(core: LedgerCore, outcomes: readonly Outcome[], now: number): OutcomesTaken {
  return core.change(() => {
    const unsettled = nothingUnsettled();
    const isNews = outcomes.map((outcome) => {
      const { id, at, stage, value, phone, email } = outcome;
      const row: Row = { at, stage, value, phone, email, names: nameIn(outcome) };
      const known = core.first<Row & { lead: number | null }>(KNOWN, id);
      if (known && FIELDS.every((field) => known[field] === row[field])) return false;
      core.sql.exec(UPSERT, id, ...FIELDS.map((field) => row[field]), now);
      for (const each of known ? [known, row] : [row]) {
        for (const key of keysConcerned(core, each)) unsettled.keys.add(key);
      }
      // What it was about before is worked out again without it.
      if (known && known.lead !== null) {
        for (const key of keysOfLead(core, known.lead)) unsettled.keys.add(key);
        core.sql.exec('UPDATE outcome SET lead = NULL WHERE id = ?', id);
      }
      return true;
    });
    settleLeads(core, unsettled);
    const taken: OutcomesTaken = { matched: 0, unchanged: 0, unmatched: [] };
    const waiting = new Set(
      core.all<{ id: string }>(WAITING, JSON.stringify(outcomes.map(({ id }) => id))).map(({ id }) => id),
    );
    outcomes.forEach(({ id }, index) => {
      if (waiting.has(id)) taken.unmatched.push(index);
      else if (isNews[index]) taken.matched++;
      else taken.unchanged++;
    });
    return taken;
  });
}

function nameIn({ lead, call }: Outcome): string | null {
  if (lead !== null) return `lead ${lead}`;
  return call === null ? null : `call ${call}`;
}

function keysConcerned(core: LedgerCore, { names, phone, email }: Row): string[] {
  if (names === null) return keysOfPerson(phone as string | null, email as string | null);
  const [, kind, id] = /^(lead|call) (.*)$/s.exec(names as string) ?? [];
  const which = kind === 'lead' ? 'c.anchor = ?' : "c.kind = 'call' AND c.id = ?";
  return core
    .all<{ key: string }>(
      `SELECT k.key FROM contact c CROSS JOIN contact_key k INDEXED BY contact_key_by_contact ON k.kind = c.kind AND k.id = c.id
       WHERE ${which}`,
      id as string,
    )
    .map(({ key }) => key);
}

function keysOfLead(core: LedgerCore, lead: number): string[] {
  return core
    .all<{ key: string }>(
      `SELECT DISTINCT k.key FROM contact c INDEXED BY contact_by_lead
       CROSS JOIN contact_key k INDEXED BY contact_key_by_contact ON k.kind = c.kind AND k.id = c.id WHERE c.lead = ?`,
      lead,
    )
    .map(({ key }) => key);
}
