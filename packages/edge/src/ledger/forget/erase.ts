import { emailKey, phoneKey } from '../../leads/person.ts';
import type { LedgerCore } from '../core.ts';
import { FACTS, SHOWN } from '../dimensions.ts';
import { writeJourneys } from '../write/journeys.ts';
import { journeysChanged } from '../write/lead-touches.ts';
import { countShown, countVisit } from '../write/sums.ts';
import type { VisitRow } from '../write/visit-row.ts';
import { CANCEL, SAYS_NOTHING } from './cancel.ts';
import { contactsOf, eraseContacts, eraseNamed } from './leads.ts';

/** The person to erase. */
export interface Erasures {
  visitors: readonly string[];
  /** E.164, or as the site keeps its callers. */
  callers: readonly string[];
  /** Calls of either, by the pool's word: the ledger itself may never have learned whose they were. */
  calls: readonly string[];
  /** In lower case. */
  emails?: readonly string[];
}

/**
 * Forgets people: visitors with their visits, page views, bindings and journeys; their calls stay as calls of nobody.
 * Callers' calls stay, without number and visit. Sums lose what was erased. Idempotent.
 */
export function erase(core: LedgerCore, { visitors, callers, calls, emails = [] }: Erasures): void {
  if (visitors.length + callers.length + calls.length + emails.length === 0) return;
  const contacts = contactsOf(core, [...callers.map(phoneKey), ...emails.map(emailKey)]);
  untie(core, calls);
  const untied = visitors.flatMap((visitor) => eraseVisitor(core, visitor));
  for (const caller of callers) eraseCaller(core, caller);
  for (const email of emails) untieForms(core, 'INDEXED BY form_by_email', 'email = ?', email);
  eraseContacts(core, [...contacts, ...calls.map((id) => ['call', id] as const), ...untied]);
  eraseNamed(core, callers, emails);
  core.sql.exec('INSERT OR IGNORE INTO erasures (at) VALUES (?)', Date.now());
}

const VISIT_COLUMNS = `seq, id, day, variant, referrer, ${FACTS.map(([, column]) => column).join(', ')}`;

/** Removes visits with their holds, and takes both out of the sums. */
export function removeVisits(core: LedgerCore, visits: readonly (VisitRow & { seq: number })[]): void {
  for (const visit of visits) {
    const holds = core.all<{ seq: number; target: number; number: number }>(
      `SELECT seq, ${SHOWN.join(', ')} FROM hold WHERE visit = ?`,
      visit.seq,
    );
    for (const { seq, ...shown } of holds) {
      core.sql.exec('DELETE FROM hold WHERE seq = ?', seq);
      countShown(core, visit.seq, shown, -1);
    }
    countVisit(core, visit, -1);
    core.sql.exec('DELETE FROM visit WHERE seq = ?', visit.seq);
  }
}

const CALLED = `
  SELECT id FROM call INDEXED BY call_by_visitor WHERE visitor = ?1
  UNION
  SELECT c.id FROM visit v INDEXED BY visit_by_visitor CROSS JOIN call c INDEXED BY call_by_session ON c.session = v.id
  WHERE v.visitor = ?1`;
/** Calls of other visitors of the same person, whose journeys hold these visits. */
const TOUCHED = `
  SELECT DISTINCT c.id FROM visit v INDEXED BY visit_by_visitor
  CROSS JOIN touch t INDEXED BY touch_by_visit ON t.visit = v.seq CROSS JOIN call c ON c.n = t.call
  WHERE v.visitor = ?1`;
/** Forms that leads of the same person began with, whose journeys hold these visits. */
const FORMS_TOUCHED = `
  SELECT DISTINCT l.first_id AS id FROM visit v INDEXED BY visit_by_visitor
  CROSS JOIN lead_touch t INDEXED BY lead_touch_by_visit ON t.visit = v.seq CROSS JOIN lead l ON l.n = t.lead
  WHERE v.visitor = ?1 AND l.first_kind = 'form'`;

const UNTIE_CALLS = `
  UPDATE call SET caller = NULL, visitor = NULL, session = NULL, binding = NULL,
    match = iif(counted IS NULL, 'none', 'source'), confidence = counted IS NOT NULL,
    candidates = '[]', origin = NULL,
    details = json_set(details, '$.recordingUrl', NULL, '$.forwardedFrom', NULL, '$.tags', NULL)
  WHERE id IN (SELECT value FROM json_each(?1))`;
/** A call's messages from when it was taken for another's. */
const UNSEND_VISITOR = `
  UPDATE deliveries SET ${SAYS_NOTHING}
  WHERE payload IS NOT NULL AND (payload ->> '$.data.call.attribution.visitor.id' = ?1
    OR payload ->> '$.data.call.attribution.session.id' IN (SELECT value FROM json_each(?2)))`;
const UNSEND_CALLER = `
  UPDATE deliveries SET ${SAYS_NOTHING}
  WHERE payload IS NOT NULL AND payload ->> '$.data.call.from' = ?1`;

/** A runner-up that is the visitor, or a visit of theirs from before it was known whose it is. */
const IS_THEIRS = `(coalesce(other.value ->> '$.visitor' = ?1, 0)
  OR other.value ->> '$.session' IN (SELECT value FROM json_each(?2)))`;
/** The visitor as runner-up of other people's calls, and of what was sent of those or is about to be. */
const UNNAME = withoutThem('call', 'candidates', '$');
const UNNAME_MESSAGES = withoutThem('deliveries', 'payload', '$.data.call.attribution.candidates');

function withoutThem(table: 'call' | 'deliveries', column: string, path: string): string {
  const others = `json_each(${table}.${column}, '${path}') other`;
  const without = `json((SELECT json_group_array(json(other.value)) FROM ${others} WHERE NOT ${IS_THEIRS}))`;
  const words = table === 'deliveries' ? ", last_error = CASE WHEN last_error IS NOT NULL THEN 'erased' END" : '';
  return `UPDATE ${table} SET ${column} = json_set(${column}, '${path}', ${without})${words}
    WHERE ${column} IS NOT NULL AND EXISTS (SELECT 1 FROM ${others} WHERE ${IS_THEIRS})`;
}

const IS_EARLIER = `earlier.value ->> '$.id' IN (SELECT value FROM json_each(?1))`;
/** Calls that other messages of the same caller tell as earlier ones, with what they came from. */
const UNTELL = `
  UPDATE deliveries SET payload = json_set(payload, '$.data.earlierCalls', json((
    SELECT json_group_array(json(earlier.value)) FROM json_each(deliveries.payload, '$.data.earlierCalls') earlier
    WHERE NOT ${IS_EARLIER})))
  WHERE payload IS NOT NULL AND EXISTS (
    SELECT 1 FROM json_each(deliveries.payload, '$.data.earlierCalls') earlier WHERE ${IS_EARLIER})`;

/** Calls of others that came by way of a number, and what was sent of them or is about to be. */
const UNDIVERT = `
  UPDATE call SET details = json_set(details, '$.forwardedFrom', NULL)
  WHERE details ->> '$.forwardedFrom' = ?1`;
const UNDIVERT_MESSAGES = `
  UPDATE deliveries SET payload = json_set(payload, '$.data.call.forwardedFrom', NULL),
    last_error = CASE WHEN last_error IS NOT NULL THEN 'erased' END
  WHERE payload IS NOT NULL AND payload ->> '$.data.call.forwardedFrom' = ?1`;

/** Leaves of forms that they were sent: when, and which. @returns those forms */
function untieForms(core: LedgerCore, index: string, which: string, value: string): string[] {
  return core
    .all<{ id: string }>(
      `UPDATE form ${index} SET session = NULL, visitor = NULL, page = NULL, email = NULL, phone = NULL, name = NULL,
         erased = 1 WHERE ${which} RETURNING id`,
      value,
    )
    .map(({ id }) => id);
}

function untie(core: LedgerCore, calls: readonly string[]): void {
  if (calls.length === 0) return;
  for (const query of [UNTIE_CALLS, CANCEL, UNTELL]) core.sql.exec(query, JSON.stringify(calls));
}

/** @returns the calls and forms that were the visitor's */
function eraseVisitor(core: LedgerCore, visitor: string): (readonly ['call' | 'form', string])[] {
  const visits = core.all<VisitRow & OwnWords & { seq: number; id: string }>(
    `SELECT ${VISIT_COLUMNS} FROM visit INDEXED BY visit_by_visitor WHERE visitor = ?`,
    visitor,
  );
  const idsOf = (query: string) => core.all<{ id: string }>(query, visitor).map(({ id }) => id);
  const [called, touched, formsTouched] = [idsOf(CALLED), idsOf(TOUCHED), idsOf(FORMS_TOUCHED)];
  const sessions = JSON.stringify(visits.map(({ id }) => id));
  for (const query of [UNSEND_VISITOR, UNNAME, UNNAME_MESSAGES]) core.sql.exec(query, visitor, sessions);
  const forms = [
    ...untieForms(core, 'INDEXED BY form_by_visitor', 'visitor = ?', visitor),
    ...untieForms(core, 'INDEXED BY form_by_session', 'session IN (SELECT value FROM json_each(?))', sessions),
  ];
  // Holds of these visits that came before them.
  core.sql.exec('DELETE FROM hold WHERE session IN (SELECT value FROM json_each(?))', sessions);
  removeVisits(core, visits);
  core.sql.exec('DELETE FROM visitor_users WHERE visitor = ?', visitor);
  untie(core, called);
  const journeys = [...new Set([...called, ...touched])];
  writeJourneys(core, journeys);
  journeysChanged(core, 'call', journeys);
  journeysChanged(core, 'form', [...formsTouched, ...forms]);
  dropWords(core, visits);
  return [...called.map((id) => ['call', id] as const), ...forms.map((id) => ['form', id] as const)];
}

/** Words of a visit that are not counted by. */
interface OwnWords {
  variant: number | null;
  referrer: number | string | null;
}

/** The columns with a visit's own text: tags and paths. Channels, devices and the like identify nobody. */
const OWN_WORDS = ['source', 'campaign', 'term', 'content', 'landing_path', 'referrer_host'] as const;
const UNUSED = `
  SELECT w.value AS id FROM json_each(?) w
  WHERE NOT EXISTS (SELECT 1 FROM visit INDEXED BY visit_by_day WHERE w.value IN (${OWN_WORDS.join(', ')}))
    AND NOT EXISTS (SELECT 1 FROM visit WHERE w.value IN (variant, medium, channel, device, country))
    AND NOT EXISTS (SELECT 1 FROM visit WHERE typeof(referrer) = 'integer' AND referrer = w.value)
    AND NOT EXISTS (SELECT 1 FROM touch WHERE w.value IN (${OWN_WORDS.join(', ')}, variant, target, number))
    AND NOT EXISTS (SELECT 1 FROM lead_touch WHERE w.value IN (${OWN_WORDS.join(', ')}, variant, target, number))
    AND NOT EXISTS (SELECT 1 FROM hold WHERE w.value IN (target, number, kind))`;

/** Drops the words that only these visits had. */
function dropWords(core: LedgerCore, visits: readonly (VisitRow & OwnWords)[]): void {
  const words = new Set(
    visits.flatMap((visit) => [...OWN_WORDS.map((column) => visit[column]), visit.variant, visit.referrer]),
  );
  // An address that is not shared stands in the visit itself.
  const named = [...words].filter((id) => typeof id === 'number' && id !== 0);
  const unused = core.all<{ id: number }>(UNUSED, JSON.stringify(named)).map(({ id }) => id);
  core.sql.exec('DELETE FROM words WHERE id IN (SELECT value FROM json_each(?))', JSON.stringify(unused));
  if (unused.length > 0) core.words.reset();
}

function eraseCaller(core: LedgerCore, caller: string): void {
  const calls = core.all<{ id: string }>('SELECT id FROM call WHERE caller = ?', caller).map(({ id }) => id);
  untie(core, calls);
  untieForms(core, 'INDEXED BY form_by_phone', 'phone = ?', caller);
  for (const query of [UNSEND_CALLER, UNDIVERT, UNDIVERT_MESSAGES]) core.sql.exec(query, caller);
  writeJourneys(core, calls);
  journeysChanged(core, 'call', calls);
}
