import type { Contact } from '../../leads/contact.ts';
import type { LedgerCore } from '../core.ts';
import { nothingUnsettled } from '../write/contacts.ts';
import { settleLeads } from '../write/leads.ts';

import { CANCEL_LEAD } from './cancel.ts';

type Ref = readonly [kind: Contact['kind'], id: string];

/** What was written of leads of which somebody was erased, but how far they came. */
const UNSAY = `
  UPDATE lead_said SET said = json_remove(said, '$.name', '$.email', '$.note', '$.assignee')
  WHERE (kind, id) IN (SELECT kind, id FROM contact WHERE lead = ?)`;
const NAMES_NOBODY = `
  UPDATE lead SET phone = NULL, email = NULL, name = NULL, note = NULL, visitor = NULL, assignee = NULL, missed = 0
  WHERE n = ?`;

/**
 * Forgets who was behind calls and forms that name nobody any more. A lead that has other contacts goes on with those; one
 * that has none stays as a lead of nobody, as its calls do.
 */
export function eraseContacts(core: LedgerCore, refs: readonly Ref[]): void {
  const leads = new Set<number>();
  const unsettled = nothingUnsettled();
  for (const [kind, id] of refs) {
    const contact = core.first<{ lead: number | null }>('SELECT lead FROM contact WHERE kind = ? AND id = ?', kind, id);
    if (!contact) continue;
    if (contact.lead !== null) leads.add(contact.lead);
    core.sql.exec(
      `UPDATE contact SET phone = NULL, email = NULL, given = NULL, name = NULL, visitor = NULL, erased = 1
       WHERE kind = ? AND id = ?`,
      kind,
      id,
    );
    core.sql.exec('DELETE FROM contact_key WHERE kind = ? AND id = ?', kind, id);
  }
  for (const lead of leads) {
    const { id = '' } = core.first<{ id: string }>('SELECT id FROM lead WHERE n = ?', lead) ?? {};
    core.sql.exec(CANCEL_LEAD, id);
    core.sql.exec(UNSAY, lead);
    core.sql.exec('UPDATE outcome SET phone = NULL, email = NULL WHERE lead = ?', lead);
    core.sql.exec(NAMES_NOBODY, lead);
    const keys = core.all<{ key: string }>(
      `SELECT DISTINCT k.key FROM contact c INDEXED BY contact_by_lead
       CROSS JOIN contact_key k INDEXED BY contact_key_by_contact ON k.kind = c.kind AND k.id = c.id WHERE c.lead = ?`,
      lead,
    );
    if (keys.length === 0) continue;
    // Its other contacts make a lead of their own, without those who were erased.
    core.sql.exec('UPDATE contact SET lead = NULL WHERE lead = ? AND erased = 1', lead);
    unsettled.leads.add(lead);
    for (const { key } of keys) unsettled.keys.add(key);
  }
  settleLeads(core, unsettled);
}

/** Forgets outcomes that name somebody, and addresses that people added to leads. */
export function eraseNamed(core: LedgerCore, callers: readonly string[], emails: readonly string[]): void {
  const [phones, addresses] = [JSON.stringify(callers), JSON.stringify(emails)];
  core.sql.exec('DELETE FROM outcome WHERE lead IS NULL AND phone IN (SELECT value FROM json_each(?))', phones);
  core.sql.exec('DELETE FROM outcome WHERE lead IS NULL AND email IN (SELECT value FROM json_each(?))', addresses);
  core.sql.exec('UPDATE outcome SET phone = NULL WHERE phone IN (SELECT value FROM json_each(?))', phones);
  core.sql.exec('UPDATE outcome SET email = NULL WHERE email IN (SELECT value FROM json_each(?))', addresses);
}

/** Returns the contacts that are found by what is erased: they are looked up before their calls and forms are. */
export function contactsOf(core: LedgerCore, keys: readonly string[]): Ref[] {
  return core
    .all<{ kind: Contact['kind']; id: string }>(
      'SELECT DISTINCT k.kind, k.id FROM json_each(?) e CROSS JOIN contact_key k ON k.key = e.value',
      JSON.stringify(keys),
    )
    .map(({ kind, id }) => [kind, id]);
}

/** Leads removed at once. */
const SLICE = 100;
/** How long outcomes wait for their lead. */
const WAITING_MS = 90 * 86_400_000;

/**
 * Removes a slice of leads whose last contact is older than the site keeps, with all that belongs to them, and of outcomes
 * that have waited long enough.
 *
 * @returns whether there may be more
 */
export function forgetLeads(core: LedgerCore, before: number, now: number): boolean {
  const leads = core.all<{ n: number; day: number }>(
    `SELECT n, day FROM lead INDEXED BY lead_by_last WHERE last_at < ? ORDER BY last_at LIMIT ${SLICE}`,
    before,
  );
  const contacts = leads.flatMap(({ n }) =>
    core.all<{ kind: string; id: string }>('SELECT kind, id FROM contact INDEXED BY contact_by_lead WHERE lead = ?', n),
  );
  const strays = core.all<{ kind: string; id: string }>(
    `SELECT kind, id FROM contact INDEXED BY contact_by_time WHERE lead IS NULL AND at < ? ORDER BY at LIMIT ${SLICE}`,
    before,
  );
  for (const { kind, id } of [...contacts, ...strays]) {
    for (const table of ['contact_key', 'lead_said', 'contact']) {
      core.sql.exec(`DELETE FROM ${table} WHERE kind = ? AND id = ?`, kind, id);
    }
  }
  for (const { n, day } of leads) {
    core.sql.exec('DELETE FROM lead_touch WHERE day = ? AND lead = ?', day, n);
    core.sql.exec('DELETE FROM outcome WHERE lead = ?', n);
    core.sql.exec('DELETE FROM lead WHERE n = ?', n);
  }
  // One that was matched once waits for its lead to come back as long as the site keeps things.
  const outcomes = core.sql.exec(
    `DELETE FROM outcome WHERE id IN (
       SELECT id FROM outcome INDEXED BY outcome_waiting
       WHERE lead IS NULL AND came_at < ?1 AND (was_matched = 0 OR came_at < ?2) ORDER BY came_at LIMIT ${SLICE})`,
    now - WAITING_MS,
    before,
  );
  return leads.length > 0 || strays.length > 0 || outcomes.rowsWritten > 0;
}
