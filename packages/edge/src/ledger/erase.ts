import { type JourneyRules, writeJourneys } from './journeys.ts';
import { asParameters } from './rows.ts';
import { uncount } from './visit-counts.ts';

/** Who is to be forgotten. */
export interface Erasures {
  visitors: readonly string[];
  /** E.164, or as the site keeps its callers. */
  callers: readonly string[];
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
export async function erase(ledger: D1Database, rules: JourneyRules, { visitors, callers }: Erasures): Promise<void> {
  for (const visitor of visitors) await eraseVisitor(ledger, rules, visitor);
  for (const caller of callers) await eraseCaller(ledger, rules, caller);
  if (visitors.length + callers.length > 0) await note(ledger, rules.site).run();
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
/** What was sent, or was about to be, on account of these calls. That it was sent stays known. */
export const UNSEND = `
  UPDATE deliveries INDEXED BY deliveries_once SET payload = NULL, receipt = NULL,
    last_error = CASE
      WHEN state = 'pending' THEN 'erased before it was sent'
      -- A destination's own words may repeat what it was sent.
      WHEN last_error IS NOT NULL THEN 'erased' END,
    state = CASE state WHEN 'pending' THEN 'failed' ELSE state END
  WHERE site = ?1 AND call IN (SELECT value FROM json_each(?2))`;
/** The visitor as runner-up of other people's calls. */
const UNNAME = `
  UPDATE calls SET candidates = (
    SELECT json_group_array(json(other.value)) FROM json_each(calls.candidates) other
    WHERE other.value ->> '$.visitor' IS NOT ?2
  ) WHERE site = ?1 AND instr(candidates, json_quote(?2)) > 0`;

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
  for (const ids of idsOf(called)) {
    statements.push(...[UNTIE_CALLS, UNSEND].map((query) => ledger.prepare(query).bind(site, ids)));
  }
  statements.push(ledger.prepare(UNNAME).bind(site, visitor));
  for (const ids of idsOf(visits)) {
    statements.push(remove('page_views', 'session', ids), remove('sessions', 'id', ids));
  }
  for (const ids of idsOf(shown)) statements.push(remove('bindings', 'id', ids));
  statements.push(ledger.prepare('DELETE FROM visitor_users WHERE site = ?1 AND visitor = ?2').bind(site, visitor));
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
  for (const ids of asParameters(calls)) {
    await ledger.batch([UNTIE_CALLS, UNSEND].map((query) => ledger.prepare(query).bind(site, ids)));
  }
  await writeJourneys(ledger, rules, { calls });
}
