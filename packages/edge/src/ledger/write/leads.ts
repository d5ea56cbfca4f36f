import { DAY, type EpochMs, type LeadStage } from '@dialmark/shared';
import { type Contact, refOf } from '../../leads/contact.ts';
import { leadId } from '../../leads/lead-id.ts';
import { type LeadFound, leadsOf, type Statement } from '../../leads/leads-of.ts';
import { emailKey, type Key, phoneKey } from '../../leads/person.ts';
import type { LedgerCore } from '../core.ts';
import { dayAt } from '../days.ts';
import { type Person, personOf, type StoredContact, type Unsettled } from './contacts.ts';
import { dropLeadTouches, markLeadTouches, writeLeadTouches } from './lead-touches.ts';

/** How long a lead is quiet before it is over, where the site does not say. */
const REOPEN_DAYS = 90;

/**
 * Works out the leads of people anew, from their contacts and from all that was said of them, and writes what has changed.
 * The same at every repetition.
 */
export function settleLeads(core: LedgerCore, { keys, leads }: Unsettled): void {
  const done = new Set<Key>();
  const settling: Settling = {
    queue: [...keys],
    before: new Set(leads),
    after: new Set(),
    isNamed: core.first('SELECT 1 FROM outcome INDEXED BY outcome_by_name WHERE names IS NOT NULL LIMIT 1') !== null,
    change: null,
  };
  const { queue, before, after } = settling;
  for (let key = queue.pop(); key !== undefined; key = queue.pop()) {
    if (done.has(key)) continue;
    const person = personOf(core, key);
    for (const each of person.keys) done.add(each);
    done.add(key);
    settlePerson(core, person, settling);
  }
  for (const lead of before) if (!after.has(lead)) dropLead(core, lead);
}

/** What is known while leads are worked out. */
interface Settling {
  /** Those who are left to do. */
  queue: Key[];
  /** The leads that people had, and those that they have. */
  before: Set<number>;
  after: Set<number>;
  /** Whether any outcome names a lead or a call. */
  isNamed: boolean;
  /** The number of the last change; null before the first. */
  change: number | null;
}

function settlePerson(core: LedgerCore, person: Person, settling: Settling): void {
  const { contacts } = person;
  if (contacts.length === 0) return;
  for (const { lead } of contacts) if (lead !== null) settling.before.add(lead);
  const outcomes = outcomesOf(core, person, settling);
  const reopenMs = (core.rules?.leads?.reopenDays ?? REOPEN_DAYS) * DAY;
  const found = leadsOf(
    contacts,
    [...writtenOf(core, contacts), ...outcomes.statements],
    reopenMs,
    calledBackAt(core, person),
  );
  const leadOf = new Map<string, number>();
  const matched = new Map<string, number>();
  for (const lead of found) {
    const n = storeLead(core, lead, settling);
    settling.after.add(n);
    for (const contact of lead.contacts) leadOf.set(refOf(contact), n);
    for (const { by, order } of lead.statements) if (by === 'outcome') matched.set(order as string, n);
  }
  for (const contact of contacts) {
    const lead = leadOf.get(refOf(contact)) ?? null;
    if (lead === contact.lead) continue;
    core.sql.exec('UPDATE contact SET lead = ? WHERE kind = ? AND id = ?', lead, contact.kind, contact.id);
  }
  for (const { id, lead } of outcomes.rows) {
    const now = matched.get(id) ?? null;
    if (now === lead) continue;
    core.sql.exec('UPDATE outcome SET lead = ?1, was_matched = was_matched OR ?1 IS NOT NULL WHERE id = ?2', now, id);
  }
}

// What was said

interface OutcomeLine {
  id: string;
  at: number;
  stage: LeadStage;
  value: number | null;
  phone: string | null;
  email: string | null;
  names: string | null;
  lead: number | null;
  receivedAt: number;
}

const OUTCOME = 'o.id, o.at, o.stage, o.value, o.phone, o.email, o.names, o.lead, o.came_at AS receivedAt';
const BY_NAME = `
  SELECT ${OUTCOME} FROM json_each(?) k CROSS JOIN outcome o INDEXED BY outcome_by_name ON o.names = k.value`;
const BY_PHONE = `SELECT ${OUTCOME} FROM outcome o INDEXED BY outcome_by_phone WHERE o.phone = ? AND o.names IS NULL`;
const BY_EMAIL = `SELECT ${OUTCOME} FROM outcome o INDEXED BY outcome_by_email WHERE o.email = ? AND o.names IS NULL`;

/**
 * Returns the outcomes that are about a person: that name a lead or a call of theirs, or else their telephone number, or
 * else their address. An outcome goes by its number as soon as that has a lead that began before it.
 */
function outcomesOf(
  core: LedgerCore,
  { contacts, keys }: Person,
  { queue, isNamed }: Settling,
): { rows: OutcomeLine[]; statements: Statement[] } {
  const lines = new Map<string, OutcomeLine>();
  const add = (found: readonly OutcomeLine[]) => {
    for (const line of found) lines.set(line.id, line);
  };
  if (isNamed) add(core.all<OutcomeLine>(BY_NAME, JSON.stringify(contacts.flatMap(namesOf))));
  for (const key of keys) add(core.all<OutcomeLine>(key.startsWith('p') ? BY_PHONE : BY_EMAIL, key.slice(1)));
  if (lines.size === 0) return { rows: [], statements: [] };
  const anchored = new Map<string | null, StoredContact>(
    contacts.map((contact) => [contact.anchor === null ? null : `lead ${contact.anchor}`, contact]),
  );
  const beganAt = firstOf(contacts);
  const rows = [...lines.values()].filter(({ names, phone, email, at }) => {
    if (names !== null) return true;
    if (phone === null || email === null) return true;
    if (keys.has(phoneKey(phone))) {
      const isOurs = beganAt <= at || keys.has(emailKey(email));
      if (!keys.has(emailKey(email))) queue.push(emailKey(email));
      return isOurs;
    }
    return firstOf(personOf(core, phoneKey(phone)).contacts) > at;
  });
  const statements = rows.flatMap(({ id, at, stage, value, names, receivedAt }): Statement[] => {
    const about = { key: `outcome ${id}`, by: 'outcome', order: id, at, stage, value, receivedAt } as const;
    if (names === null) return [{ ...about, of: null }];
    const called = contacts.find(({ kind, id: call, makes }) => makes && kind === 'call' && names === `call ${call}`);
    const contact = anchored.get(names) ?? called;
    return contact ? [{ ...about, of: refOf(contact) }] : [];
  });
  return { rows, statements };
}

/** What outcomes may name a contact by. */
const namesOf = ({ kind, id, anchor }: StoredContact) => [
  ...(kind === 'call' ? [`call ${id}`] : []),
  ...(anchor === null ? [] : [`lead ${anchor}`]),
];

const firstOf = (contacts: readonly StoredContact[]) =>
  contacts.reduce((first, { makes, at }) => (makes && at < first ? at : first), Number.POSITIVE_INFINITY);

/** The telephone numbers or addresses among keys, as JSON. */
const valuesOf = (keys: Iterable<Key>, letter: 'p' | 'e') =>
  JSON.stringify([...keys].filter((key) => key.startsWith(letter)).map((key) => key.slice(1)));

interface SaidLine {
  n: number;
  kind: Contact['kind'];
  id: string;
  at: number;
  said: string;
}

/** Returns what people wrote of a person's leads: it stands by the contact that gave the lead its id. */
function writtenOf(core: LedgerCore, contacts: readonly StoredContact[]): Statement[] {
  const anchors = contacts.filter(({ anchor }) => anchor !== null).map(({ kind, id }) => [kind, id]);
  if (anchors.length === 0) return [];
  const lines = core.all<SaidLine>(
    `SELECT s.n, s.kind, s.id, s.at, s.said FROM json_each(?) a
     CROSS JOIN lead_said s INDEXED BY lead_said_by_contact ON s.kind = a.value ->> 0 AND s.id = a.value ->> 1`,
    JSON.stringify(anchors),
  );
  return lines.map(({ n, at, said, ...contact }) => ({
    ...JSON.parse(said),
    key: `said ${n}`,
    by: 'person',
    order: n,
    at,
    of: refOf(contact),
  }));
}

const CALLED_BACK = `
  SELECT max(c.started_at) AS at FROM json_each(?) k CROSS JOIN call c INDEXED BY call_by_number ON c.number = k.value
  WHERE c.status IN ('completed', 'in-progress')`;

/** Returns when somebody last reached a person by a call to their own number; 0 if nobody did. */
function calledBackAt(core: LedgerCore, { contacts, keys }: Person): number {
  if (!contacts.some(({ missed }) => missed)) return 0;
  return core.first<{ at: number | null }>(CALLED_BACK, valuesOf(keys, 'p'))?.at ?? 0;
}

// Storing

const COLUMNS = [
  'day',
  'first_kind',
  'first_id',
  'first_at',
  'last_at',
  'calls',
  'forms',
  'missed',
  'phone',
  'email',
  'name',
  'note',
  'visitor',
  'assignee',
  'reviewed',
  'stage',
  'value',
  'stages',
  'qualified',
] as const;

type LeadRow = Record<(typeof COLUMNS)[number], string | number | null>;

const INSERT = `
  INSERT INTO lead (id, changed, ${COLUMNS.join(', ')}) VALUES (?, ?, ${COLUMNS.map(() => '?').join(', ')}) RETURNING n`;
const UPDATE = `UPDATE lead SET changed = ?, ${COLUMNS.map((column) => `${column} = ?`).join(', ')} WHERE n = ?`;

/** What reports count of a lead. */
const COUNTED = ['day', 'first_kind', 'first_id'] as const;
const MARKED = ['qualified', 'stage', 'value'] as const;

/** Writes a lead where it is new or another. @returns its number */
function storeLead(core: LedgerCore, found: LeadFound, settling: Settling): number {
  const { anchor, first } = found;
  const id = anchor.anchor ?? leadId(anchor);
  const row = rowOf(found, dayAt(first.at as EpochMs, core.rules?.timeZone ?? 'UTC'));
  const values = COLUMNS.map((column) => row[column]);
  const known = core.first<LeadRow & { n: number }>(`SELECT n, ${COLUMNS.join(', ')} FROM lead WHERE id = ?`, id);
  if (anchor.anchor === null) {
    core.sql.exec('UPDATE contact SET anchor = ? WHERE kind = ? AND id = ?', id, anchor.kind, anchor.id);
    anchor.anchor = id;
  }
  if (!known) {
    const { n } = core.sql.exec<{ n: number }>(INSERT, id, nextChange(core, settling), ...values).one();
    writeLeadTouches(core, { n, ...touched(row) });
    return n;
  }
  const { n } = known;
  const differs = (columns: readonly (typeof COLUMNS)[number][]) =>
    columns.some((column) => known[column] !== row[column]);
  if (!differs(COLUMNS)) return n;
  core.sql.exec(UPDATE, nextChange(core, settling), ...values, n);
  if (differs(COUNTED)) {
    dropLeadTouches(core, known.day as number, n);
    writeLeadTouches(core, { n, ...touched(row) });
  } else if (differs(MARKED)) markLeadTouches(core, { n, ...touched(row) });
  return n;
}

function rowOf(found: LeadFound, day: number): LeadRow {
  const { first, last, phone, email, name, note, visitor, assignee, calls, forms, stage, value } = found;
  return {
    day,
    first_kind: first.kind,
    first_id: first.id,
    first_at: first.at,
    last_at: last.at,
    calls,
    forms,
    missed: found.missed ? 1 : 0,
    phone,
    email,
    name,
    note,
    visitor,
    assignee,
    reviewed: found.reviewed ? 1 : 0,
    stage,
    value,
    stages: JSON.stringify(found.stages),
    qualified: found.wasQualified ? 1 : 0,
  };
}

const touched = (row: LeadRow) => ({
  day: row.day as number,
  firstKind: row.first_kind as Contact['kind'],
  firstId: row.first_id as string,
  qualified: row.qualified as number,
  isWon: row.stage === 'won' ? 1 : 0,
  value: row.value as number | null,
});

/** How soon others are told of a change, so that changes travel together. */
const TOLD_AFTER_MS = 1000;

/** How far each of those who tell of leads has come, beside the tables. */
export const TOLD_LEADS = 'leads_told';

/** The number of the next change: never one that somebody has told of already. */
function nextChange(core: LedgerCore, settling: Settling): number {
  if (settling.change === null) {
    core.wakeAt(Date.now() + TOLD_AFTER_MS);
    const last = core.first<{ last: number | null }>('SELECT max(changed) AS last FROM lead')?.last ?? 0;
    settling.change = Math.max(last, core.storage.kv.get<number>(TOLD_LEADS) ?? 0);
  }
  settling.change++;
  return settling.change;
}

/** What was to be told of it and was not is not planned any more: it is once more where the lead comes back. */
const UNPLAN = `
  DELETE FROM deliveries WHERE id IN (
    SELECT id FROM deliveries INDEXED BY deliveries_by_lead
    WHERE lead = ? AND lead <> '' AND state = 'pending' AND attempts = 0 AND claimed_until = 0)`;

/** Forgets a lead that is none any more: its calls are spam, or its contacts another lead's. */
function dropLead(core: LedgerCore, n: number): void {
  const lead = core.first<{ id: string; day: number }>('SELECT id, day FROM lead WHERE n = ?', n);
  if (!lead || core.first('SELECT 1 FROM contact WHERE lead = ? LIMIT 1', n)) return;
  dropLeadTouches(core, lead.day, n);
  core.sql.exec(UNPLAN, lead.id);
  core.sql.exec('UPDATE outcome SET lead = NULL WHERE lead = ?', n);
  core.sql.exec('DELETE FROM lead WHERE n = ?', n);
}
