import type { LeadPatch } from '@dialmark/shared';
import type { LedgerCore } from '../core.ts';
import { giveEmail, nothingUnsettled, storedContact } from './contacts.ts';
import { settleLeads } from './leads.ts';

/** What stands by itself: only what was written last is kept. The others are a history. */
const WORDS = ['name', 'email', 'note', 'assignee', 'reviewed'] as const;

/**
 * Writes what a person says of a lead.
 * @returns whether there is such a lead
 */
export function patchLead(core: LedgerCore, id: string, patch: LeadPatch, now: number): boolean {
  return core.change(() => {
    const anchor = core.first<{ kind: 'call' | 'form'; id: string; lead: number | null }>(
      'SELECT kind, id, lead FROM contact WHERE anchor = ?',
      id,
    );
    if (!anchor || anchor.lead === null) return false;
    const said = Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
    const contact = storedContact(core, anchor.kind, anchor.id);
    // Of somebody who was erased nothing more is written down.
    if (!contact || Object.keys(said).length === 0) return true;
    const unsettled = nothingUnsettled();
    const again = WORDS.filter((field) => field in said).map((field) => `$.${field}`);
    if (again.length > 0) {
      core.sql.exec(
        `UPDATE lead_said SET said = json_remove(said, ${again.map(() => '?').join(', ')}) WHERE kind = ? AND id = ?`,
        ...again,
        anchor.kind,
        anchor.id,
      );
      core.sql.exec(`DELETE FROM lead_said WHERE kind = ? AND id = ? AND said = '{}'`, anchor.kind, anchor.id);
    }
    core.sql.exec(
      'INSERT INTO lead_said (kind, id, at, said) VALUES (?, ?, ?, ?)',
      anchor.kind,
      anchor.id,
      now,
      JSON.stringify(said),
    );
    if (patch.email !== undefined) giveEmail(core, contact, patch.email, unsettled);
    const keys = core.all<{ key: string }>(
      'SELECT key FROM contact_key INDEXED BY contact_key_by_contact WHERE kind = ? AND id = ?',
      anchor.kind,
      anchor.id,
    );
    for (const { key } of keys) unsettled.keys.add(key);
    settleLeads(core, unsettled);
    return true;
  });
}
