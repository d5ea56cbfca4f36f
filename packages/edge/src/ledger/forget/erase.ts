import { asParameters } from '../read/rows.ts';
import { type JourneyRules, writeJourneys } from '../write/journeys.ts';
import { uncount } from '../write/visit-counts.ts';

/** Who is to be forgotten. */
export interface Erasures {
  visitors: readonly string[];
  /** E.164, or as the site keeps its callers. */
  callers: readonly string[];
  /** Calls of either, by the pool's word: the ledger itself may never have heard whose they were. */
  calls: readonly string[];
}

const TABLES = [
  'sessions',
  'page_views',
  'bindings',
  'calls',
  'call_touches',
  'visitor_users',
  'visit_counts',
  'visit_pairs',
  'summed_months',
  'channel_weights',
  'costs',
  'integrations',
  'deliveries',
  'erasures',
];

/** Removes everything the ledger holds of a site. */
export async function eraseSite(ledger: D1Database, site: string): Promise<void> {
  await ledger.batch([
    ...TABLES.map((table) => ledger.prepare(`DELETE FROM ${table} WHERE site = ?`).bind(site)),
    note(ledger, ''),
  ]);
}

/**
 * Forgets people: visitors with their visits, page views, bindings and journeys; their calls stay as calls of nobody.
 * Of callers the calls stay, without number and visit. Counts lose what was erased. May run twice.
 */
export async function erase(
  ledger: D1Database,
  rules: JourneyRules,
  { visitors, callers, calls }: Erasures,
): Promise<void> {
  for (const ids of asParameters(calls)) await untie(ledger, rules.site, ids);
  for (const visitor of visitors) await eraseVisitor(ledger, rules, visitor);
  for (const caller of callers) await eraseCaller(ledger, rules, caller);
  if (visitors.length + callers.length + calls.length > 0) await note(ledger, rules.site).run();
}

const note = (ledger: D1Database, site: string) =>
  ledger.prepare('INSERT OR IGNORE INTO erasures (site, at) VALUES (?, ?)').bind(site, Date.now());

const VISITS = `
  SELECT id, day, hour, channel, source, medium, campaign, term, content, landing_path AS landingPath,
    referrer_host AS referrerHost, device, country
  FROM sessions WHERE site = ?1 AND visitor = ?2`;
const SHOWN = `
  SELECT id, session, target, number, day FROM bindings INDEXED BY bindings_by_visitor
  WHERE site = ?1 AND visitor = ?2
  UNION
  SELECT id, session, target, number, day FROM bindings INDEXED BY bindings_by_session
  WHERE site = ?1 AND session IN (SELECT id FROM sessions WHERE site = ?1 AND visitor = ?2)`;
const CALLED = `
  SELECT id FROM calls INDEXED BY calls_by_visitor WHERE site = ?1 AND visitor = ?2
  UNION
  SELECT id FROM calls INDEXED BY calls_by_session
  WHERE site = ?1 AND session IN (SELECT id FROM sessions WHERE site = ?1 AND visitor = ?2)`;
/** Calls of other visitors of the same person, whose journeys hold these visits. */
const TOUCHED = `
  SELECT DISTINCT call AS id FROM call_touches
  WHERE site = ?1 AND session IN (SELECT id FROM sessions WHERE site = ?1 AND visitor = ?2)`;
const UNTIE_CALLS = `
  UPDATE calls SET caller = NULL, visitor = NULL, session = NULL, binding = NULL, match = 'none', confidence = 0,
    candidates = '[]',
    details = json_set(details, '$.recordingUrl', NULL, '$.forwardedFrom', NULL, '$.tags', NULL)
  WHERE site = ?1 AND id IN (SELECT value FROM json_each(?2))`;
/** Of its digest, too, a telephone number could be found by trying all. */
const SAYS_NOTHING = `payload = NULL, receipt = NULL, digest = '',
    last_error = CASE
      WHEN state = 'pending' THEN 'erased before it was sent'
      -- A destination's own words may repeat what it was sent.
      WHEN last_error IS NOT NULL THEN 'erased' END,
    state = CASE state WHEN 'pending' THEN 'failed' ELSE state END`;
/** What was sent, or was about to be, on account of these calls. That it was sent stays known. */
export const UNSEND = `
  UPDATE deliveries INDEXED BY deliveries_once SET ${SAYS_NOTHING}
  WHERE site = ?1 AND call IN (SELECT value FROM json_each(?2))`;
/** A call's messages from when it was taken for another's. */
const UNSEND_VISITOR = `
  UPDATE deliveries SET ${SAYS_NOTHING}
  WHERE site = ?1 AND payload IS NOT NULL AND (payload ->> '$.data.call.attribution.visitor.id' = ?2
    OR payload ->> '$.data.call.attribution.session.id' IN (SELECT value FROM json_each(?3)))`;
const UNSEND_CALLER = `
  UPDATE deliveries SET ${SAYS_NOTHING}
  WHERE site = ?1 AND payload IS NOT NULL AND payload ->> '$.data.call.from' = ?2`;

/** A runner-up that is the visitor, or a visit of theirs from before it was known whose it is. */
const IS_THEIRS = `(coalesce(other.value ->> '$.visitor' = ?2, 0)
  OR other.value ->> '$.session' IN (SELECT value FROM json_each(?3)))`;
/** The visitor as runner-up of other people's calls, and of what was sent of those or is about to be. */
const UNNAME = withoutThem('calls', 'candidates', '$');
const UNNAME_MESSAGES = withoutThem('deliveries', 'payload', '$.data.call.attribution.candidates');

function withoutThem(table: 'calls' | 'deliveries', column: string, path: string): string {
  const others = `json_each(${table}.${column}, '${path}') other`;
  const without = `json((SELECT json_group_array(json(other.value)) FROM ${others} WHERE NOT ${IS_THEIRS}))`;
  const words = table === 'deliveries' ? ", last_error = CASE WHEN last_error IS NOT NULL THEN 'erased' END" : '';
  return `UPDATE ${table} SET ${column} = json_set(${column}, '${path}', ${without})${words}
    WHERE site = ?1 AND ${column} IS NOT NULL AND EXISTS (SELECT 1 FROM ${others} WHERE ${IS_THEIRS})`;
}

const IS_EARLIER = `earlier.value ->> '$.id' IN (SELECT value FROM json_each(?2))`;
/** Calls that other messages of the same caller tell as earlier ones, with what they came from. */
const UNTELL = `
  UPDATE deliveries SET payload = json_set(payload, '$.data.earlierCalls', json((
    SELECT json_group_array(json(earlier.value)) FROM json_each(deliveries.payload, '$.data.earlierCalls') earlier
    WHERE NOT ${IS_EARLIER})))
  WHERE site = ?1 AND payload IS NOT NULL AND EXISTS (
    SELECT 1 FROM json_each(deliveries.payload, '$.data.earlierCalls') earlier WHERE ${IS_EARLIER})`;

/** Calls of others that came by way of a number, and what was sent of them or is about to be. */
const UNDIVERT = `
  UPDATE calls SET details = json_set(details, '$.forwardedFrom', NULL)
  WHERE site = ?1 AND details ->> '$.forwardedFrom' = ?2`;
const UNDIVERT_MESSAGES = `
  UPDATE deliveries SET payload = json_set(payload, '$.data.call.forwardedFrom', NULL),
    last_error = CASE WHEN last_error IS NOT NULL THEN 'erased' END
  WHERE site = ?1 AND payload IS NOT NULL AND payload ->> '$.data.call.forwardedFrom' = ?2`;

async function untie(ledger: D1Database, site: string, calls: string): Promise<void> {
  await ledger.batch([UNTIE_CALLS, UNSEND, UNTELL].map((query) => ledger.prepare(query).bind(site, calls)));
}

async function eraseVisitor(ledger: D1Database, rules: JourneyRules, visitor: string): Promise<void> {
  const { site } = rules;
  const [visits, shown, called, touched] = (
    await ledger.batch([VISITS, SHOWN, CALLED, TOUCHED].map((query) => ledger.prepare(query).bind(site, visitor)))
  ).map(({ results }) => results as { id: string }[]);
  const idsOf = (rows: { id: string }[] = []) => asParameters(rows.map(({ id }) => id));
  const remove = (table: string, column: string, ids: string) =>
    ledger
      .prepare(`DELETE FROM ${table} WHERE site = ?1 AND ${column} IN (SELECT value FROM json_each(?2))`)
      .bind(site, ids);

  const statements: D1PreparedStatement[] = [];
  for (const rows of asParameters(visits ?? [])) statements.push(...uncount(ledger, site, rows, '[]'));
  for (const rows of asParameters(shown ?? [])) statements.push(...uncount(ledger, site, '[]', rows));
  const sessions = JSON.stringify((visits ?? []).map(({ id }) => id));
  statements.push(
    ...[UNSEND_VISITOR, UNNAME, UNNAME_MESSAGES].map((query) => ledger.prepare(query).bind(site, visitor, sessions)),
  );
  for (const ids of idsOf(visits)) {
    statements.push(remove('page_views', 'session', ids), remove('sessions', 'id', ids));
  }
  for (const ids of idsOf(shown)) statements.push(remove('bindings', 'id', ids));
  statements.push(ledger.prepare('DELETE FROM visitor_users WHERE site = ?1 AND visitor = ?2').bind(site, visitor));
  for (const ids of idsOf(called)) await untie(ledger, site, ids);
  await ledger.batch(statements);
  await writeJourneys(ledger, rules, { calls: [...(called ?? []), ...(touched ?? [])].map(({ id }) => id) });
}

async function eraseCaller(ledger: D1Database, rules: JourneyRules, caller: string): Promise<void> {
  const { site } = rules;
  const { results } = await ledger
    .prepare('SELECT id FROM calls WHERE site = ?1 AND caller = ?2')
    .bind(site, caller)
    .all<{ id: string }>();
  const calls = results.map(({ id }) => id);
  for (const ids of asParameters(calls)) await untie(ledger, site, ids);
  await ledger.batch(
    [UNSEND_CALLER, UNDIVERT, UNDIVERT_MESSAGES].map((query) => ledger.prepare(query).bind(site, caller)),
  );
  await writeJourneys(ledger, rules, { calls });
}
