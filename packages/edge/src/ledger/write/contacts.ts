import { type Contact, makesALead } from '../../leads/contact.ts';
import type { PersonsContact } from '../../leads/leads-of.ts';
import { emailKey, type Key, keysOf, MOST_JOINED, phoneKey, telling } from '../../leads/person.ts';
import type { LedgerCore } from '../core.ts';

/** A contact as the ledger has it. */
export interface StoredContact extends PersonsContact {
  given: string | null;
  lead: number | null;
}

/** What is to be worked out anew: people by their keys, and leads that lost a contact. */
export interface Unsettled {
  keys: Set<Key>;
  leads: Set<number>;
}

export const nothingUnsettled = (): Unsettled => ({ keys: new Set(), leads: new Set() });

const COLUMNS = ['at', 'phone', 'email', 'name', 'visitor', 'makes', 'answered', 'missed', 'qualifies'] as const;
const CONTACT = `c.kind, c.id, c.received_at AS receivedAt, ${COLUMNS.map((column) => `c.${column}`).join(', ')}, c.given, c.anchor, c.lead`;
const UPSERT = `
  INSERT INTO contact (kind, id, received_at, ${COLUMNS.join(', ')}) VALUES (?, ?, ?, ${COLUMNS.map(() => '?').join(', ')})
  ON CONFLICT (kind, id) DO UPDATE SET ${COLUMNS.map((column) => `${column} = excluded.${column}`).join(', ')}`;

type Line = Omit<StoredContact, 'makes' | 'answered' | 'missed' | 'qualifies'> &
  Record<'makes' | 'answered' | 'missed' | 'qualifies', number>;

const ofLine = (line: Line): StoredContact => ({
  ...line,
  makes: line.makes === 1,
  answered: line.answered === 1,
  missed: line.missed === 1,
  qualifies: line.qualifies === 1,
});

/** Returns a contact as the ledger has it; null if it has none, or if it was erased. */
export function storedContact(core: LedgerCore, kind: string, id: string): StoredContact | null {
  const line = core.first<Line>(
    `SELECT ${CONTACT} FROM contact c WHERE c.kind = ? AND c.id = ? AND c.erased = 0`,
    kind,
    id,
  );
  return line && ofLine(line);
}

/** Brings a contact up to date with its call or form, and notes whose leads may be others by that. */
export function writeContact(core: LedgerCore, kind: Contact['kind'], id: string, unsettled: Unsettled): void {
  if (core.first('SELECT 1 FROM contact WHERE kind = ? AND id = ? AND erased = 1', kind, id)) return;
  const before = storedContact(core, kind, id);
  const now = kind === 'call' ? contactOfCall(core, id) : contactOfForm(core, id);
  if (before && now && COLUMNS.every((column) => before[column] === now[column])) return;
  const keysBefore = before ? keysOf(before, before.given) : [];
  const keys = now ? keysOf(now, before?.given ?? null) : [];
  const joined = Math.max(keysBefore.length, keys.length) > 1 ? [...new Set([...keysBefore, ...keys])] : [];
  const sharedBefore = joined.filter((key) => isShared(core, key));
  if (now) {
    const { at, phone, email, name, visitor } = now;
    const flags = [now.makes, now.answered, now.missed, now.qualifies].map(Number);
    core.sql.exec(UPSERT, kind, id, now.receivedAt, at, phone, email, name, visitor, ...flags);
  } else if (before) forgetContact(core, kind, id);
  writeKeys(core, kind, id, keysBefore, keys);
  for (const key of [...keysBefore, ...keys]) unsettled.keys.add(key);
  if (before && before.lead !== null) unsettled.leads.add(before.lead);
  // Who was one person by a key that many share is so no longer, or is again.
  for (const key of joined) {
    if (sharedBefore.includes(key) === isShared(core, key)) continue;
    for (const other of keysBeside(core, key)) unsettled.keys.add(other);
  }
}

/** Puts an address that a person added to a lead to its contact: the lead is found by it from now on. */
export function giveEmail(core: LedgerCore, contact: StoredContact, email: string | null, unsettled: Unsettled): void {
  if (contact.given === email) return;
  const [before, keys] = [keysOf(contact, contact.given), keysOf(contact, email)];
  const joined = [...new Set([...before, ...keys])];
  const sharedBefore = joined.filter((key) => isShared(core, key));
  core.sql.exec('UPDATE contact SET given = ? WHERE kind = ? AND id = ?', email, contact.kind, contact.id);
  writeKeys(core, contact.kind, contact.id, before, keys);
  for (const key of joined) {
    unsettled.keys.add(key);
    if (sharedBefore.includes(key) === isShared(core, key)) continue;
    for (const other of keysBeside(core, key)) unsettled.keys.add(other);
  }
}

function writeKeys(core: LedgerCore, kind: string, id: string, before: readonly Key[], keys: readonly Key[]): void {
  for (const key of before) {
    if (keys.includes(key)) continue;
    core.sql.exec('DELETE FROM contact_key WHERE key = ? AND kind = ? AND id = ?', key, kind, id);
  }
  for (const key of keys) {
    if (before.includes(key)) continue;
    core.sql.exec('INSERT OR IGNORE INTO contact_key (key, kind, id) VALUES (?, ?, ?)', key, kind, id);
  }
}

/** Removes a contact with what people wrote of its lead. Its keys go by themselves. */
export function forgetContact(core: LedgerCore, kind: string, id: string): void {
  for (const table of ['contact', 'lead_said']) {
    core.sql.exec(`DELETE FROM ${table} WHERE kind = ? AND id = ?`, kind, id);
  }
}

interface CallLine {
  at: number;
  phone: string | null;
  visitor: string | null;
  status: string;
  seconds: number | null;
  spam: number;
  test: number;
}

const PICKED_UP = ['completed', 'in-progress'];
const NOBODY_THERE = ['missed', 'busy', 'failed', 'voicemail'];

function contactOfCall(core: LedgerCore, id: string): Contact | null {
  const call = core.first<CallLine>(
    'SELECT started_at AS at, caller AS phone, visitor, status, duration_seconds AS seconds, spam, test FROM call WHERE id = ?',
    id,
  );
  if (!call || call.phone === null) return null;
  const { at, phone, visitor, status, seconds } = call;
  const long = core.rules?.counting.qualifiedSeconds ?? Number.POSITIVE_INFINITY;
  return {
    kind: 'call',
    id,
    at,
    receivedAt: Date.now(),
    phone,
    email: null,
    name: null,
    visitor,
    makes: makesALead({ phone, email: null, spam: call.spam === 1, test: call.test === 1 }),
    answered: PICKED_UP.includes(status),
    missed: NOBODY_THERE.includes(status),
    qualifies: status === 'completed' && (seconds ?? 0) >= long,
  };
}

function contactOfForm(core: LedgerCore, id: string): Contact | null {
  const form = core.first<Pick<Contact, 'at' | 'phone' | 'email' | 'name' | 'visitor'>>(
    'SELECT at, phone, email, name, visitor FROM form WHERE id = ? AND erased = 0',
    id,
  );
  if (!form || (form.phone === null && form.email === null)) return null;
  const makes = makesALead({ phone: form.phone, email: form.email, spam: false, test: false });
  return { kind: 'form', id, receivedAt: Date.now(), ...form, makes, answered: false, missed: false, qualifies: false };
}

// People

/** The keys of the other kind that came along with a key: more than a few, and it says nothing of who somebody is. */
const BESIDE = `
  SELECT DISTINCT o.key FROM contact_key k
  CROSS JOIN contact_key o INDEXED BY contact_key_by_contact ON o.kind = k.kind AND o.id = k.id
  WHERE k.key = ?1 AND substr(o.key, 1, 1) <> substr(?1, 1, 1)`;

function isShared(core: LedgerCore, key: Key): boolean {
  return core.all(`${BESIDE} LIMIT ${MOST_JOINED + 1}`, key).length > MOST_JOINED;
}

function keysBeside(core: LedgerCore, key: Key): Key[] {
  return core.all<{ key: Key }>(BESIDE, key).map((row) => row.key);
}

/** One person: everybody that a key leads to. */
export interface Person {
  contacts: StoredContact[];
  keys: ReadonlySet<Key>;
}

const FOUND_BY = `
  SELECT ${CONTACT} FROM contact_key k CROSS JOIN contact c ON c.kind = k.kind AND c.id = k.id WHERE k.key = ?`;

/** Returns the person that is found by a key, with all of their contacts. */
export function personOf(core: LedgerCore, key: Key): Person {
  const shared = new Map<Key, boolean>();
  const isSharedKey = (one: Key) => {
    const known = shared.get(one) ?? isShared(core, one);
    shared.set(one, known);
    return known;
  };
  const contacts = new Map<string, StoredContact>();
  const keys = new Set([key]);
  for (const each of keys) {
    for (const line of core.all<Line>(FOUND_BY, each)) {
      const name = `${line.kind} ${line.id}`;
      if (contacts.has(name)) continue;
      const contact = ofLine(line);
      const all = keysOf(contact, contact.given);
      const own = all.length > 1 ? telling(all, isSharedKey) : all;
      if (!own.includes(each)) continue;
      contacts.set(name, contact);
      for (const one of own) keys.add(one);
    }
  }
  return { contacts: [...contacts.values()], keys };
}

/** Returns the keys that a telephone number and an address are found by, the number's first. */
export function keysOfPerson(phone: string | null, email: string | null): Key[] {
  return [...(phone === null ? [] : [phoneKey(phone)]), ...(email === null ? [] : [emailKey(email)])];
}
