import type { CallStatus, E164, EpochMs } from '@dialmark/shared';
import type { CallPlan } from './call-plan.ts';
import {
  type Attestation,
  type CarrierEvent,
  carrierEvent,
  type DialResult,
  type IncomingCall,
  type Recording,
  secondsBetween,
  type Voicemail,
} from './events.ts';

/** The state of a call, derived from its events so far. */
export interface CallLife {
  /** True if the call itself came in here: it is then one to be logged, whether or not its number was named. */
  cameIn: boolean;
  status: CallStatus;
  /** True if a phone was picked up; a `completed` without that is only what the caller's leg says. */
  answered: boolean;
  startedAt: EpochMs;
  from: E164 | null;
  to: E164 | null;
  /** Seconds that the destination rang until it was answered or given up. */
  ringSeconds: number | null;
  /** Talk time of the answered leg; the caller's whole leg while nothing better is known; 0 of a call not answered. */
  durationSeconds: number | null;
  recordingUrl: string | null;
  attestation: Attestation | null;
  forwardedFrom: E164 | null;
}

/**
 * Returns the state of one call: a function of the set of its events, so that order, repetition and delay cannot matter.
 * Carriers deliver at least once and in no order; a caller's leg reads `completed` although nobody picked up.
 *
 * More events only ever move a call forwards: ringing, then in-progress, then over. How it ended follows from the
 * strongest evidence there is: somebody answered, else a message was left, else the last dial's result, else the
 * caller's own leg.
 *
 * @returns null for no events
 */
export function callLife(events: Iterable<CarrierEvent>): CallLife | null {
  const known = distinct(events);
  if (known.length === 0) return null;
  const first = <T>(pick: (event: CarrierEvent) => T | null): T | null => {
    for (const event of known) {
      const value = pick(event);
      if (value !== null) return value;
    }
    return null;
  };

  const legs = known.filter((event) => !isRecorded(event));
  const recorded = known.filter(isRecorded);
  const parents = legs.filter((event) => event.leg === 'parent');
  const dials = legs.filter((event) => event.leg === 'dial');
  const results = dials.filter((event) => event.kind === 'dial_result');
  const messages = recorded.filter((event) => event.kind === 'voicemail');

  const startedAt = earliest(known, (event) => event.startedAt) ?? earliest(known, (event) => event.at);
  const answers = dials.filter((event) => event.status === 'answered');
  const connected = dials.some((event) => event.status === 'answered' || event.status === 'completed');
  const failure =
    lastOf(results)?.status ?? [...dials, ...parents].map((event) => event.status).find(isFailure) ?? null;
  const parentEnded = parents.some((event) => event.status === 'completed' || isFailure(event.status));
  const dialEnded =
    (connected && dials.some((event) => event.status === 'completed')) ||
    results.some((event) => event.nextStep === null);
  const ended = parentEnded || dialEnded || messages.length > 0;

  const status = ((): CallStatus => {
    if (!ended) return connected || parents.some((event) => event.status === 'answered') ? 'in-progress' : 'ringing';
    if (connected) return 'completed';
    // A caller who hung up at the beep left a recording of no length.
    if (messages.some((message) => message.talkSeconds !== 0)) return 'voicemail';
    return isFailure(failure) ? failure : messages.length > 0 ? 'missed' : 'completed';
  })();

  const rangFrom = earliest(dials, (event) => (event.status === 'ringing' ? event.at : null)) ?? startedAt;
  const rangUntil =
    earliest(answers, (event) => event.at) ??
    (ended && !connected ? earliest(dials, (event) => (isFailure(event.status) ? event.at : null)) : null);
  const talked = (): number | null =>
    longest(results) ??
    longest(dials) ??
    // Legs that state no duration: from the answer to the end, by the carrier's clock.
    secondsBetween(
      earliest(answers, (event) => event.at),
      earliest(dials, (event) => (event.status === 'completed' ? event.at : null)),
    ) ??
    longest(parents);

  return {
    cameIn: known.some((event) => event.kind === 'incoming'),
    status,
    answered: connected,
    startedAt: startedAt as EpochMs,
    from: first((event) => event.from),
    to: first((event) => event.to),
    ringSeconds: secondsBetween(rangFrom, rangUntil),
    durationSeconds: !ended ? null : connected ? talked() : status === 'completed' ? longest(parents) : 0,
    // The conversation of an answered call, otherwise the message.
    recordingUrl:
      first((event) => ((event.kind === 'voicemail') === connected ? null : recordingOf(event))) ?? first(recordingOf),
    attestation: first((event) => event.attestation),
    forwardedFrom: first((event) => event.forwardedFrom),
  };
}

/**
 * Returns the fact that a call was answered with no phone ringing: voicemail or a message outside opening hours. To be kept
 * with the call's events, so that the end of the caller's leg does not read as a call that was answered.
 *
 * @returns null if the plan does ring a phone
 */
export function notDialled(event: IncomingCall, plan: CallPlan): CarrierEvent | null {
  if (plan.steps[0]?.kind === 'dial') return null;
  const result = { kind: 'dial_result', eventId: 'not_dialled', leg: 'dial', status: 'missed', nextStep: 0 } as const;
  return carrierEvent({ ...event, ...result });
}

const isRecorded = (event: CarrierEvent): event is Recording | Voicemail =>
  event.kind === 'recording' || event.kind === 'voicemail';
const recordingOf = (event: CarrierEvent) => ('recordingUrl' in event ? event.recordingUrl : null);

type Failure = 'missed' | 'busy' | 'failed';
const isFailure = (status: unknown): status is Failure =>
  status === 'missed' || status === 'busy' || status === 'failed';

/**
 * Returns each fact once, in one order whatever order it came in. Of two tellings of the same fact the earlier counts:
 * where the carrier states no time it is the delivery's, and the first delivery was closest.
 */
function distinct(events: Iterable<CarrierEvent>): CarrierEvent[] {
  const order = (a: CarrierEvent, b: CarrierEvent) => a.at - b.at || (fingerprint(a) < fingerprint(b) ? -1 : 1);
  const byId = new Map<string, CarrierEvent>();
  for (const event of events) {
    const same = byId.get(event.eventId);
    if (!same || order(event, same) < 0) byId.set(event.eventId, event);
  }
  return [...byId.values()].sort(order);
}

const fingerprint = (event: CarrierEvent) => JSON.stringify(Object.entries(event).sort());

function earliest<E extends CarrierEvent>(events: readonly E[], moment: (event: E) => EpochMs | null): EpochMs | null {
  const moments = events.map(moment).filter((at) => at !== null);
  return moments.length === 0 ? null : (Math.min(...moments) as EpochMs);
}

function longest(events: readonly CarrierEvent[]): number | null {
  const talks = events
    .map((event) => ('talkSeconds' in event ? event.talkSeconds : null))
    .filter((talk) => talk !== null);
  return talks.length === 0 ? null : Math.max(...talks);
}

/** Returns the result of the dial furthest into the plan: the one with nothing after it, else the latest step. */
function lastOf(results: readonly DialResult[]): DialResult | undefined {
  const depth = (event: DialResult) => event.nextStep ?? Number.POSITIVE_INFINITY;
  return results.reduce<DialResult | undefined>((last, event) => {
    return last && depth(last) > depth(event) ? last : event;
  }, undefined);
}
