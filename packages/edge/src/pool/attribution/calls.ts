import type { CallPatch, CallReport, CallStatus, E164, EpochMs } from '@dialmark/shared';
import { type CallLife, callLife, notDialled } from '../../calls/call-life.ts';
import { type CallPlan, planFor } from '../../calls/call-plan.ts';
import { countsByNumber } from '../../calls/call-touch.ts';
import type { CarrierEvent } from '../../calls/events.ts';
import { destinationOf } from '../../calls/last-known.ts';
import { NOT_SPAM, spamScore } from '../../calls/spam.ts';
import { spokenSource } from '../../calls/spoken-source.ts';
import { log } from '../../platform/log.ts';
import type { CallRow, NumberRow, Stated } from '../store/rows.ts';
import type { Attributing } from './attributing.ts';
import { hintOf } from './call-hint.ts';
import { countedAs, type Decided, decide, pick } from './decide.ts';
import { decideFirstTime } from './first-call.ts';
import { spamFactsOf } from './spam-facts.ts';

const NOTHING_STATED: Stated = { report: null, spam: null, erased: false, calledElsewhere: false };

/** The progress of each status; a call never goes back. */
const STAGE: Record<CallStatus, number> = {
  ringing: 0,
  'in-progress': 1,
  completed: 2,
  missed: 2,
  busy: 2,
  failed: 2,
  voicemail: 2,
};
const isOver = (status: CallStatus) => STAGE[status] === 2;

/** Everything a call's row is derived from. */
interface Sources {
  id: string;
  carrier: string;
  /** The facts from carriers; null if there are none. */
  life: CallLife | null;
  stated: Stated;
  /** The status the call has had so far; null if it is new. */
  before: CallStatus | null;
  value: number | null;
  test: boolean;
  tags: CallRow['details']['tags'];
}

/** The facts known when a call begins: the parties, the time, and the visit it came from. */
type Beginning = Decided & Pick<CallRow, 'from' | 'to' | 'target' | 'startedAt'>;

/**
 * Takes in a call by the API, or what a later report of the same call adds: it never goes back, and a known duration or
 * value is not lost to a null. A call that says again when or where it was is attributed again.
 */
export function reportCall(pool: Attributing, report: CallReport, carrier: string): CallRow {
  const known = pool.store.call(report.id);
  const before = known?.stated.report ?? null;
  const status = before ? later(before.status, report.status) : report.status;
  const { erased } = known?.stated ?? NOTHING_STATED;
  const stated: Stated = {
    ...(known?.stated ?? { ...NOTHING_STATED, reportedAt: Date.now() as EpochMs }),
    report: {
      from: erased ? null : (report.from ?? before?.from ?? null),
      to: report.to,
      startedAt: Date.parse(report.startedAt) as EpochMs,
      status,
      // The length of what did not count (a caller's leg that completed without an answer) does not count either.
      durationSeconds: (status === report.status ? report.durationSeconds : null) ?? before?.durationSeconds ?? null,
    },
  };
  const facts = pool.store.callEvents.ofCall(report.id);
  const sources: Sources = { ...sourcesOf(known, facts, report.id, carrier, report.test), stated };
  sources.value = report.value ?? sources.value;
  const begun = beginningOf(pool, known, sources);
  if (!begun) throw new Error('a report names the number');
  return finalizeCall(pool, sources, begun);
}

/** Takes in what people know better. Null if there is no such call. */
export function patchCall(pool: Attributing, id: string, patch: CallPatch): CallRow | null {
  const known = pool.store.call(id);
  if (!known) return null;
  const sources = sourcesOf(known, pool.store.callEvents.ofCall(id), id, known.carrier, false);
  if (patch.spam !== undefined) sources.stated = { ...known.stated, spam: patch.spam };
  if (patch.value !== undefined) sources.value = patch.value;
  sources.tags = patchedTags(sources.tags, patch.tags);
  return finalizeCall(pool, sources, known);
}

/**
 * Takes in what a carrier said of a call. It has a row once it has come in, or any of its events has named the number.
 *
 * @param event with the caller as the site keeps it
 * @param isTest whether it is of a test call, by its caller or by who made it
 * @returns what is to happen to the call: the same each time it is asked
 */
export function takeEvent(pool: Attributing, event: CarrierEvent, isTest: boolean): CallPlan {
  const { store, site } = pool;
  const known = store.call(event.callId);
  let facts = store.callEvents.ofCall(event.callId);
  const keep = (fact: CarrierEvent) => {
    const kept = unnamed(fact, known?.stated ?? NOTHING_STATED);
    const isNew = store.callEvents.add(kept);
    if (isNew) facts = [...facts.filter(({ eventId }) => eventId !== kept.eventId), kept];
    return isNew;
  };
  const isNew = keep(event);
  const sources = sourcesOf(known, facts, event.callId, event.carrier, isTest);
  const begun = beginningOf(pool, known, sources);

  const target = site.targets.find(({ id }) => id === begun?.target) ?? site.targets[0];
  if (!target) throw new Error('a site has a target');
  const startedAt = begun?.startedAt ?? event.at;
  const source = begun && spokenSourceOf(pool, begun);
  const plan = planFor(destinationOf(target), startedAt, site.timeZone, source, begun?.to);
  if (plan.steps.length === 0) log.error('call_rings_nobody', { site: site.id, target: target.id });

  const unrung = event.kind === 'incoming' ? notDialled(event, plan) : null;
  const addsMore = unrung !== null && keep(unrung);
  if (addsMore) sources.life = callLife(facts);
  if (begun && (isNew || addsMore)) finalizeCall(pool, sources, begun);
  return plan;
}

/** Returns a fact of a call without those of its people who were erased: what comes late must not bring them back. */
function unnamed(fact: CarrierEvent, { erased, undiverted }: Stated): CarrierEvent {
  if (erased) {
    const unnamed = { ...fact, from: null, forwardedFrom: null };
    return 'recordingUrl' in unnamed ? { ...unnamed, recordingUrl: null } : unnamed;
  }
  return undiverted ? { ...fact, forwardedFrom: null } : fact;
}

function sourcesOf(
  known: CallRow | null,
  events: CarrierEvent[],
  id: string,
  carrier: string,
  isTest: boolean,
): Sources {
  const life = callLife(events);
  const stated = known?.stated ?? NOTHING_STATED;
  return {
    id,
    carrier: events[0]?.carrier ?? known?.carrier ?? carrier,
    life,
    // A call whose facts are no longer kept is what its row says.
    stated: life || stated.report || !known ? stated : { ...stated, report: reportOf(known) },
    before: known?.status ?? null,
    value: known?.value ?? null,
    // Fixed when the call comes in: as soon as it is known who calls.
    test: known ? known.test || (known.from === null && !known.stated.erased && isTest) : isTest,
    tags: known?.details.tags ?? null,
  };
}

function reportOf({ from, to, startedAt, status, durationSeconds }: CallRow): Stated['report'] {
  return { from, to, startedAt, status, durationSeconds };
}

/**
 * Returns the known decision as long as caller, number and start are the same. Null while the call has not come in and nobody
 * has named the number.
 */
function beginningOf(pool: Attributing, known: CallRow | null, { id, life, stated, test }: Sources): Beginning | null {
  const { report } = stated;
  const to = life?.to ?? report?.to ?? null;
  if (to === null && !life?.cameIn) return null;
  const from = life?.from ?? report?.from ?? null;
  // Late events name a later start.
  const startedAt = Math.min(...[life, report].flatMap((stated) => stated?.startedAt ?? [])) as EpochMs;
  const parties = { from, to, startedAt, target: targetOf(pool, to) };
  const stands = stated.erased || (known?.to === to && known.from === from && known.startedAt === startedAt);
  if (known && stands) return { ...pick(known), taught: known.taught, ...parties };
  // An own phone says nothing of whose visit it is, and teaches nothing.
  const decided = decide(pool, to ?? '', startedAt, test ? null : from, id, known === null && !test);
  return { ...decided, taught: decided.taught ?? known?.taught ?? null, ...parties };
}

/** Writes the call's row as its sources have it. */
function finalizeCall(
  pool: Attributing,
  { id, carrier, before, life, stated, value, test, tags }: Sources,
  begun: Beginning,
): CallRow {
  const { from, to, target, startedAt } = begun;
  const { status, durationSeconds } = howItWent(life, stated.report);
  const row: CallRow = {
    ...pick(begun),
    ...{ id, carrier, from, to, target, startedAt, status, durationSeconds, value, stated },
    firstTime: false,
    spam: false,
    test,
    taught: null,
    details: {
      ringSeconds: life?.ringSeconds ?? null,
      recordingUrl: life?.recordingUrl ?? null,
      attestation: life?.attestation ?? null,
      forwardedFrom: life?.forwardedFrom ?? null,
      spamScore: 0,
      spamEvidence: [],
      tags,
      hint: null,
    },
  };
  const { score, spam, evidence } = test ? NOT_SPAM : spamScore(spamFactsOf(pool.store, row));
  row.spam = stated.spam ?? spam;
  row.taught = begun.taught && pool.habits.updateWeights(begun.taught, !row.spam);
  row.details.spamScore = score;
  row.details.spamEvidence = evidence;
  row.details.hint = hintOf(pool, row);
  row.firstTime = decideFirstTime(pool, row);
  if (before !== row.status) pool.counters.call(row.status);
  pool.store.calls.save(row);
  return row;
}

/**
 * Merges the carriers' events and the API's reports. The carrier knows best how a call ended, unless all it
 * knows is that the caller's leg did.
 */
function howItWent(life: CallLife | null, report: Stated['report']): Pick<CallRow, 'status' | 'durationSeconds'> {
  if (!life || !report) return (life ?? report) as CallLife;
  const knows = isOver(life.status) && (life.answered || life.status !== 'completed');
  const [first, second] = knows ? [life, report] : [report, life];
  return {
    status: knows ? life.status : later(report.status, life.status),
    durationSeconds: first.durationSeconds ?? second.durationSeconds,
  };
}

/**
 * Of two statements the one that counts: how a call ended stands (`completed` is also what a caller's leg reads although
 * nobody answered), but for the message that was left after nobody did.
 */
function later(known: CallStatus, said: CallStatus): CallStatus {
  if (!isOver(known)) return STAGE[said] < STAGE[known] ? known : said;
  return said === 'voicemail' && known !== 'completed' ? said : known;
}

/** At most so many bytes of tags, as with a visit's. */
const TAGS_BYTES = 8192;

function patchedTags(tags: CallRow['details']['tags'], patch: CallPatch['tags']): CallRow['details']['tags'] {
  if (patch === undefined || patch === null) return patch === null ? null : tags;
  const merged = Object.fromEntries(Object.entries({ ...tags, ...patch }).filter(([, value]) => value !== null));
  return JSON.stringify(merged).length <= TAGS_BYTES ? merged : tags;
}

/** Calls recounted at once. */
const RECOUNTED_AT_ONCE = 500;

/**
 * Counts calls to a source number as calls to it count now, those too that came in before the number was added; what a
 * visit was shown stays the visit's.
 *
 * @param after the id of the last call that was looked at
 * @returns how many count otherwise than before, and where to go on; null at the end
 */
export function recount(pool: Attributing, number: NumberRow, after: string): { changed: number; next: string | null } {
  const calls = pool.store.calls.ofNumberAfter(number.number, after, RECOUNTED_AT_ONCE);
  let changed = 0;
  for (const row of calls) {
    const held = row.binding === null ? null : pool.store.binding(row.binding);
    const shown = row.counted?.shown ?? (held?.kind === 'source' && held.expiresAt > row.startedAt);
    if (row.session !== null && held !== null && held.kind !== 'source') continue;
    const counted = countedAs(number, shown);
    if (JSON.stringify(counted) === JSON.stringify(row.counted)) continue;
    const was = row.match === 'none' ? ({ match: 'source', confidence: 1 } as const) : {};
    const { details } = row;
    pool.store.calls.saveCounted({
      ...row,
      ...was,
      counted,
      details: { ...details, hint: was.match ? null : details.hint },
    });
    changed++;
  }
  return { changed, next: calls.length < RECOUNTED_AT_ONCE ? null : (calls.at(-1)?.id ?? null) };
}

/** Returns what a whisper says the call came from. */
function spokenSourceOf(pool: Attributing, { to, session, counted }: Beginning): string | null {
  const number = to === null ? undefined : pool.numbers.get(to);
  if (number?.kind === 'source' && number.name) return number.name;
  const visit = session === null ? null : pool.store.session(session);
  const counts = countsByNumber(counted, visit !== null) ? counted : visit;
  return counts && spokenSource(counts);
}

function targetOf(pool: Attributing, number: E164 | null): string | null {
  if (number === null) return null;
  return pool.numbers.get(number)?.target ?? pool.site.targets.find((target) => target.number === number)?.id ?? null;
}
