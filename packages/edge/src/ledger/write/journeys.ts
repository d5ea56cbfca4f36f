import { type CreditTouch, credits, DAY, type EpochMs, Model, UNATTRIBUTED } from '@dialmark/shared';
import { type Counted, countsByNumber } from '../../calls/call-touch.ts';
import type { LedgerCore } from '../core.ts';
import { hourAt } from '../days.ts';
import { startOf } from '../moments.ts';
import { writeOrigin } from './origin.ts';
import { taggedValue } from './visit-facts.ts';

/** The number of `(none)`. */
const NONE_WORD = 0;
/** A journey longer than this keeps its latest touches. */
const MOST_TOUCHES = 100;
/** A telephone or a user name that more visitors than this share says nothing of who they are. */
const MOST_VISITORS = 5;
/** A call that was less likely than not this visitor's ties the visitor to nobody. */
const TIED = 0.5;

/** The most visits of one visitor that are looked at, latest first. */
const MOST_VISITS = 1000;

/**
 * ?1 call, ?2 lookback in ms. The visits of everyone who is taken for the same person as the call's visitor: who was
 * tied to the same caller by an earlier call, then who said to be the same user. One step each, not the closure: a chain
 * of borrowed phones must not make one person of a town. The order of the joins is given (CROSS): the planner has no
 * statistics here, and would rather walk through all visits of the site.
 */
const touchesOf = (called: string) => `
  WITH
  called AS (
    ${called} AND (session IS NOT NULL OR visitor IS NOT NULL)
  ),
  personal AS (
    SELECT caller FROM call
    WHERE caller = (SELECT caller FROM called) AND visitor IS NOT NULL AND confidence >= ${TIED} AND test = 0
    GROUP BY caller HAVING count(DISTINCT visitor) <= ${MOST_VISITORS}
  ),
  known AS (
    SELECT at, visitor FROM called WHERE visitor IS NOT NULL
    UNION
    SELECT called.at, other.visitor
    FROM called CROSS JOIN personal ON personal.caller = called.caller
    CROSS JOIN call other INDEXED BY call_by_caller ON other.caller = called.caller AND other.started_at <= called.at
      AND other.visitor IS NOT NULL AND other.confidence >= ${TIED} AND other.test = 0
    WHERE called.visitor IS NOT NULL
  ),
  person AS (
    SELECT at, visitor FROM known
    UNION
    SELECT known.at, same.visitor
    FROM known CROSS JOIN visitor_users own ON own.visitor = known.visitor
    CROSS JOIN visitor_users same ON same.user_id = own.user_id
    WHERE (SELECT count(*) FROM visitor_users o WHERE o.user_id = own.user_id) <= ${MOST_VISITORS}
  ),
  found AS (
    SELECT * FROM (
      SELECT v.seq FROM person CROSS JOIN visit v INDEXED BY visit_by_visitor ON v.visitor = person.visitor
        AND ${startOf('v')} BETWEEN person.at - ?2 AND person.at
      ORDER BY v.seq DESC LIMIT ${MOST_VISITS}
    )
    UNION
    SELECT v.seq FROM called CROSS JOIN visit v ON v.id = called.session
  )
  SELECT v.seq AS visit, v.id AS session, ${startOf('v')} AS at, v.channel, v.source, v.medium, v.campaign, v.term, v.content,
    v.landing_path AS landingPath, v.referrer_host AS referrerHost, v.device, v.country, v.variant, v.tags,
    v.day AS visitDay, v.hour AS visitHour
  FROM found CROSS JOIN visit v ON v.seq = found.seq
  ORDER BY at, v.id`;

/**
 * ?1 call, ?2 lookback in ms. The person's earlier calls to source numbers that no visit of theirs was shown: touches of
 * the later ones.
 */
const numberTouchesOf = (called: string) => `
  WITH called AS (${called})
  SELECT c.id, c.started_at AS at, c.counted FROM called CROSS JOIN call c INDEXED BY call_by_caller
    ON c.caller = called.caller AND c.started_at BETWEEN called.at - ?2 AND called.at
  WHERE c.counted IS NOT NULL AND c.spam = 0 AND c.test = 0 AND (c.started_at, c.id) < (called.at, called.id)
  UNION
  SELECT c.id, c.started_at, c.counted FROM called CROSS JOIN call c INDEXED BY call_by_visitor
    ON c.visitor = called.visitor AND c.started_at BETWEEN called.at - ?2 AND called.at
  WHERE c.counted IS NOT NULL AND c.spam = 0 AND c.test = 0 AND (c.started_at, c.id) < (called.at, called.id)
  ORDER BY 2 DESC, 1 DESC LIMIT ${MOST_TOUCHES}`;

/** What a journey leads to. */
const CALLED = 'SELECT id, visitor, caller, session, started_at AS at FROM call WHERE id = ?1';
const SENT = 'SELECT id, visitor, phone AS caller, session, at FROM form WHERE id = ?1';
const LED_TO = {
  call: { touches: touchesOf(CALLED), numberTouches: numberTouchesOf(CALLED) },
  form: { touches: touchesOf(SENT), numberTouches: numberTouchesOf(SENT) },
} as const;

const CALL = `
  SELECT n, id, day, session, counted, started_at AS calledAt, target, number, status, duration_seconds AS durationSeconds, value,
    first_time AS firstTime, spam, test
  FROM call WHERE id = ?`;

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
  'visit',
  'at',
  'direct',
];

const FORGET = 'DELETE FROM touch WHERE day = ? AND call = ?';
const INSERT = `INSERT INTO touch (${COLUMNS.join(', ')}) VALUES (${COLUMNS.map(() => '?').join(', ')})`;

interface CallFacts {
  n: number;
  id: string;
  day: number;
  session: string | null;
  counted: string | null;
  calledAt: EpochMs;
  target: string | null;
  number: string;
  status: string;
  durationSeconds: number | null;
  value: number | null;
  firstTime: number;
  spam: number;
  test: number;
}

/** A visit, or a call to a source number, on the way to a call; facts are numbers of words. */
interface TouchFacts {
  visit: number | null;
  session: string | null;
  at: EpochMs;
  channel: number;
  source: number | null;
  medium: number | null;
  campaign: number | null;
  term: number | null;
  content: number | null;
  landingPath: number | null;
  referrerHost: number | null;
  device: number | null;
  country: number | null;
  variant: number | null;
  tags: string | null;
  visitDay: number | null;
  visitHour: number | null;
}

function unattributed(word: number, at: EpochMs): TouchFacts {
  return {
    visit: null,
    session: null,
    at,
    channel: word,
    source: word,
    medium: word,
    campaign: word,
    term: word,
    content: word,
    landingPath: word,
    referrerHost: word,
    device: word,
    country: word,
    variant: word,
    tags: null,
    visitDay: null,
    visitHour: null,
  };
}

/** Returns the touch of a call to a source number: of no visit, so that it has no landing page and no device. */
function numberTouch({ words }: LedgerCore, counted: Counted, at: EpochMs): TouchFacts {
  return {
    ...unattributed(NONE_WORD, at),
    channel: words.idOf(counted.channel),
    source: words.idOf(counted.source),
    medium: words.idOf(counted.medium),
    campaign: words.idOf(counted.campaign),
    term: words.idOf(counted.term),
    content: words.idOf(counted.content),
    landingPath: null,
    referrerHost: null,
    device: null,
    country: null,
    variant: null,
  };
}

/**
 * Works out the journeys of calls from what the ledger holds, and writes their touches with the credits of every model
 * in place of those they had: so any report is one sum. The same at every repetition.
 */
export function writeJourneys(core: LedgerCore, calls: readonly string[]): void {
  if (calls.length === 0) return;
  const weights = channelWeights(core);
  for (const call of calls) writeJourney(core, call, weights);
}

function writeJourney(core: LedgerCore, id: string, weights: ReadonlyMap<string, number>): void {
  const call = core.first<CallFacts>(CALL, id);
  if (!call) return;
  // A test counts nowhere.
  const journey = call.test === 1 ? [] : journeyOf(core, call);
  core.dayChanged(call.day);
  core.sql.exec(FORGET, call.day, call.n);
  for (const row of touchRows(core, call, journey, weights)) core.sql.exec(INSERT, ...row);
  writeOrigin(core, id);
}

const FORM = `
  SELECT 0 AS n, id, day, session, NULL AS counted, at AS calledAt, NULL AS target, '' AS number, '' AS status,
    NULL AS durationSeconds, NULL AS value, 0 AS firstTime, 0 AS spam, 0 AS test
  FROM form WHERE id = ?`;

/** Returns what led to a form, oldest first, as the touches of a call would stand, by column. */
export function formTouches(core: LedgerCore, id: string): Record<string, string | number | null>[] {
  const form = core.first<CallFacts>(FORM, id);
  if (!form) return [];
  const rows = touchRows(core, form, journeyOf(core, form, 'form'), channelWeights(core));
  return rows.map((row) => Object.fromEntries(COLUMNS.map((column, index) => [column, row[index] ?? null])));
}

/** Returns what led to a call or a form, oldest first. */
function journeyOf(core: LedgerCore, call: CallFacts, to: keyof typeof LED_TO = 'call'): TouchFacts[] {
  const lookback = (core.rules?.lookbackDays ?? 90) * DAY;
  const { touches, numberTouches } = LED_TO[to];
  const visits = core.all<TouchFacts>(touches, call.id, lookback);
  // The visit itself may be erased; without it the earlier ones lead nowhere.
  const isOfVisit = call.session !== null && visits.some(({ session }) => session === call.session);
  const counted = call.counted === null ? null : (JSON.parse(call.counted) as Counted);
  // A visit that was shown the number brought the call, and nothing but itself and what came before.
  const ofNumber = countsByNumber(counted, isOfVisit) ? [numberTouch(core, counted, call.calledAt)] : [];
  if (!isOfVisit && ofNumber.length === 0) return [unattributed(core.words.idOf(UNATTRIBUTED), call.calledAt)];
  const earlier = core
    .all<{ at: EpochMs; counted: string }>(numberTouches, call.id, lookback)
    .map((touch) => ({ at: touch.at, counted: JSON.parse(touch.counted) as Counted }))
    .filter((touch) => !touch.counted.shown)
    .map((touch) => numberTouch(core, touch.counted, touch.at));
  const before = [...earlier, ...visits].sort((a, b) => a.at - b.at);
  return [...before, ...ofNumber].slice(-MOST_TOUCHES);
}

/** In the order of `COLUMNS`. */
function touchRows(
  { words, rules }: LedgerCore,
  call: CallFacts,
  journey: readonly TouchFacts[],
  weights: ReadonlyMap<string, number>,
): (string | number | null)[][] {
  const texts = words.textsOf(journey.flatMap(({ channel, source }) => [channel, source ?? NONE_WORD]));
  const looked: CreditTouch[] = journey.map(({ visit, at, source, channel }) => ({
    at,
    direct: visit !== null && texts.get(source ?? NONE_WORD) === '(direct)',
    channel: texts.get(channel) ?? '',
  }));
  const shares = Model.options.map((model) => credits(model, looked, call.calledAt, weights));
  const ownVisit = journey.find(({ session }) => session !== null && session === call.session);
  const value = call.value ?? taggedValue(ownVisit?.tags ? JSON.parse(ownVisit.tags) : null);
  return journey.map((touch, index) => [
    call.day,
    call.n,
    index + 1,
    ...shares.map((share) => share[index] as number),
    call.status,
    call.durationSeconds,
    value,
    call.firstTime,
    call.spam,
    touch.visitDay,
    touch.visitHour,
    touch.channel,
    touch.source ?? NONE_WORD,
    touch.medium ?? NONE_WORD,
    touch.campaign,
    touch.term,
    touch.content,
    touch.landingPath,
    touch.referrerHost,
    touch.device,
    touch.country,
    touch.variant,
    words.idOf(call.target),
    call.number === '' ? null : words.idOf(call.number),
    hourAt(call.calledAt, rules?.timeZone ?? 'UTC'),
    call.calledAt,
    touch.visit,
    touch.at,
    looked[index]?.direct ? 1 : 0,
  ]);
}

function channelWeights(core: LedgerCore): Map<string, number> {
  const rows = core.all<{ channel: string; weight: number }>('SELECT channel, weight FROM channel_weights');
  return new Map(rows.map(({ channel, weight }) => [channel, weight]));
}
