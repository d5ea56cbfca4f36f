import { type CreditTouch, credits, DAY, dayOf, type EpochMs, hourOf, Model } from '@dialmark/shared';
import { asParameters } from '../read/rows.ts';
import { taggedValue } from './visit-facts.ts';

/** What a journey is worked out by. */
export interface JourneyRules {
  site: string;
  timeZone: string;
  lookbackDays: number;
}

/** Journeys worked out at once. */
const CALLS_AT_ONCE = 200;
/** A journey longer than this keeps its latest touches. */
const MOST_TOUCHES = 100;
/** A telephone or a user name that more visitors than this share says nothing of who they are. */
const MOST_VISITORS = 5;
/** A call that was less likely than not this visitor's ties the visitor to nobody. */
const TIED = 0.5;

/**
 * ?1 site, ?2 call ids, ?3 lookback in ms. The visits of everyone who is taken for the same person as the call's
 * visitor: who was tied to the same caller by an earlier call, then who said to be the same user. One step each, not
 * the closure: a chain of borrowed phones must not make one person of a town. The order of the joins is given (CROSS):
 * the planner has no statistics here, and would rather walk through all visits of the site.
 */
const TOUCHES = `
  WITH
  called AS (
    SELECT id, visitor, caller, session, started_at AS at FROM calls
    WHERE site = ?1 AND id IN (SELECT value FROM json_each(?2)) AND session IS NOT NULL
  ),
  personal AS (
    SELECT caller FROM calls
    WHERE site = ?1 AND caller IN (SELECT caller FROM called WHERE caller IS NOT NULL)
      AND visitor IS NOT NULL AND confidence >= ${TIED}
    GROUP BY caller HAVING count(DISTINCT visitor) <= ${MOST_VISITORS}
  ),
  known AS (
    SELECT id, at, visitor FROM called WHERE visitor IS NOT NULL
    UNION
    SELECT called.id, called.at, other.visitor
    FROM called CROSS JOIN personal ON personal.caller = called.caller
    CROSS JOIN calls other INDEXED BY calls_by_caller ON other.site = ?1 AND other.caller = called.caller AND other.started_at <= called.at
      AND other.visitor IS NOT NULL AND other.confidence >= ${TIED}
    WHERE called.visitor IS NOT NULL
  ),
  person AS (
    SELECT id, at, visitor FROM known
    UNION
    SELECT known.id, known.at, same.visitor
    FROM known CROSS JOIN visitor_users own ON own.site = ?1 AND own.visitor = known.visitor
    CROSS JOIN visitor_users same ON same.site = ?1 AND same.user_id = own.user_id
    WHERE (SELECT count(*) FROM visitor_users o WHERE o.site = ?1 AND o.user_id = own.user_id) <= ${MOST_VISITORS}
  ),
  visit AS (
    SELECT person.id AS call, s.id AS session
    FROM person CROSS JOIN sessions s ON s.site = ?1 AND s.visitor = person.visitor
      AND s.started_at BETWEEN person.at - ?3 AND person.at
    UNION
    SELECT id, session FROM called
  )
  SELECT visit.call, s.id AS session, s.started_at AS at, s.channel, s.source, s.medium, s.campaign, s.term, s.content,
    s.landing_path AS landingPath, s.referrer_host AS referrerHost, s.device, s.country, s.variant, s.tags,
    s.day AS visitDay, s.hour AS visitHour
  FROM visit CROSS JOIN sessions s ON s.site = ?1 AND s.id = visit.session
  ORDER BY visit.call, s.started_at, s.id`;

const CALLS = `
  SELECT id AS call, session, started_at AS calledAt, target, coalesce(nullif(number, ''), '(none)') AS number, status, duration_seconds AS durationSeconds, value,
    first_time AS firstTime, spam
  FROM calls WHERE site = ?1 AND id IN (SELECT value FROM json_each(?2))`;

const COLUMNS = [
  'day',
  'call',
  'position',
  ...Model.options.map((model) => `credit_${model}`),
  'status',
  'duration_seconds',
  'value',
  'first_time',
  'spam',
  'visit_day',
  'visit_hour',
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
  'called_at',
  'session',
  'at',
  'direct',
];

const FORGET = `
  DELETE FROM call_touches INDEXED BY call_touches_by_call
  WHERE site = ?1 AND call IN (SELECT value FROM json_each(?2))`;
const INSERT = `INSERT OR REPLACE INTO call_touches (site, ${COLUMNS.join(', ')})
  SELECT ?1, ${COLUMNS.map((_, index) => `value ->> ${index}`).join(', ')} FROM json_each(?2)`;

interface CallFacts {
  call: string;
  session: string | null;
  calledAt: EpochMs;
  target: string | null;
  /** `(none)` where the carrier named none: the key that reports give what is missing. */
  number: string;
  status: string;
  durationSeconds: number | null;
  value: number | null;
  firstTime: number;
  spam: number;
}

interface TouchFacts {
  session: string | null;
  at: EpochMs;
  channel: string;
  source: string;
  medium: string;
  campaign: string | null;
  term: string | null;
  content: string | null;
  landingPath: string | null;
  referrerHost: string | null;
  device: string | null;
  country: string | null;
  variant: string | null;
  tags: string | null;
  visitDay: string | null;
  visitHour: string | null;
}

/** What a call has that belongs to no visit. */
export const UNATTRIBUTED = '(unattributed)';

function unattributed(at: EpochMs): TouchFacts {
  return {
    session: null,
    at,
    channel: UNATTRIBUTED,
    source: UNATTRIBUTED,
    medium: UNATTRIBUTED,
    campaign: UNATTRIBUTED,
    term: UNATTRIBUTED,
    content: UNATTRIBUTED,
    landingPath: UNATTRIBUTED,
    referrerHost: UNATTRIBUTED,
    device: UNATTRIBUTED,
    country: UNATTRIBUTED,
    variant: UNATTRIBUTED,
    tags: null,
    visitDay: null,
    visitHour: null,
  };
}

/**
 * Works out the journeys of calls from what the ledger holds, and writes their touches with the credits of every model
 * in place of those it had: so any report is one sum. The same at every repetition.
 *
 * @param which the calls, by their own ids or by the visit they belong to
 */
export async function writeJourneys(
  ledger: D1Database,
  rules: JourneyRules,
  which: { calls: readonly string[]; sessions?: readonly string[] },
): Promise<void> {
  const calls = new Set(which.calls);
  for (const ids of asParameters(which.sessions ?? [])) {
    const { results } = await ledger
      .prepare('SELECT id FROM calls WHERE site = ?1 AND session IN (SELECT value FROM json_each(?2))')
      .bind(rules.site, ids)
      .all<{ id: string }>();
    for (const { id } of results) calls.add(id);
  }
  if (calls.size === 0) return;
  const weights = await channelWeights(ledger, rules.site);
  const all = [...calls];
  for (let start = 0; start < all.length; start += CALLS_AT_ONCE) {
    await writeSome(ledger, rules, all.slice(start, start + CALLS_AT_ONCE), weights);
  }
}

async function writeSome(
  ledger: D1Database,
  { site, timeZone, lookbackDays }: JourneyRules,
  calls: readonly string[],
  weights: ReadonlyMap<string, number>,
): Promise<void> {
  const ids = JSON.stringify(calls);
  const [called, touched] = await ledger.batch([
    ledger.prepare(CALLS).bind(site, ids),
    ledger.prepare(TOUCHES).bind(site, ids, lookbackDays * DAY),
  ]);
  const touches = Map.groupBy((touched?.results ?? []) as (TouchFacts & { call: string })[], ({ call }) => call);
  const rows = ((called?.results ?? []) as CallFacts[]).flatMap((call) => {
    const own = touches.get(call.call) ?? [];
    // The visit itself may be erased; without it the earlier ones lead nowhere.
    const journey = own.some(({ session }) => session === call.session)
      ? own.slice(-MOST_TOUCHES)
      : [unattributed(call.calledAt)];
    return touchRows(call, journey, timeZone, weights);
  });
  await ledger.batch([
    ledger.prepare(FORGET).bind(site, ids),
    ...[...asParameters(rows)].map((piece) => ledger.prepare(INSERT).bind(site, piece)),
  ]);
}

/** In the order of `COLUMNS`. */
function touchRows(
  call: CallFacts,
  journey: readonly TouchFacts[],
  timeZone: string,
  weights: ReadonlyMap<string, number>,
): unknown[][] {
  const looked: CreditTouch[] = journey.map(({ at, source, channel }) => ({
    at,
    direct: source === '(direct)',
    channel,
  }));
  const shares = Model.options.map((model) => credits(model, looked, call.calledAt, weights));
  const ownVisit = journey.find(({ session }) => session !== null && session === call.session);
  const value = call.value ?? taggedValue(ownVisit?.tags ? JSON.parse(ownVisit.tags) : null);
  const day = dayOf(call.calledAt, timeZone);
  const hour = hourOf(call.calledAt, timeZone);
  return journey.map((touch, index) => [
    day,
    call.call,
    index + 1,
    ...shares.map((share) => share[index]),
    call.status,
    call.durationSeconds,
    value,
    call.firstTime,
    call.spam,
    touch.visitDay,
    touch.visitHour,
    touch.channel,
    touch.source,
    touch.medium,
    touch.campaign,
    touch.term,
    touch.content,
    touch.landingPath,
    touch.referrerHost,
    touch.device,
    touch.country,
    touch.variant,
    call.target,
    call.number,
    hour,
    call.calledAt,
    touch.session,
    touch.at,
    looked[index]?.direct ? 1 : 0,
  ]);
}

async function channelWeights(ledger: D1Database, site: string): Promise<Map<string, number>> {
  const { results } = await ledger
    .prepare('SELECT channel, weight FROM channel_weights WHERE site = ?')
    .bind(site)
    .all<{ channel: string; weight: number }>();
  return new Map(results.map(({ channel, weight }) => [channel, weight]));
}
