import { type Attestation, DAY, type E164, type EpochMs, SECOND } from '@dialmark/shared';
import type { CarrierName } from '@dialmark/shared/wire/forwarding';

/** What a carrier says of one leg, in words common to all. `missed` is no answer, cancelled, unanswered, timeout. */
export type LegStatus = 'ringing' | 'answered' | 'completed' | 'missed' | 'busy' | 'failed';

export type { Attestation };

/**
 * One fact about one call, whichever carrier it came from.
 *
 * - `incoming`: somebody dialled a tracking number; wants call control back.
 * - `status`: how a leg is doing.
 * - `dial_result`: a dial has ended; wants to hear what comes next.
 * - `recording`: an answered call was recorded.
 * - `voicemail`: the caller left a message.
 * - `whisper`: the called party has picked up and is to be told something first.
 */
export interface CarrierEvent {
  carrier: CarrierName;
  kind: 'incoming' | 'status' | 'dial_result' | 'recording' | 'voicemail' | 'whisper';
  /** The carrier's own id of the incoming call, whichever leg the event is about. */
  callId: string;
  /** The same for the same fact, however often and wherever it is delivered; unique within the call. */
  eventId: string;
  /** `parent` is the caller's leg; `dial` the one that rings the destination. */
  leg: 'parent' | 'dial';
  /** The caller; null where withheld or no telephone number, and where the event does not say. */
  from: E164 | null;
  /** The tracking number; null where the event does not say, or names what is no telephone number. */
  to: E164 | null;
  status: LegStatus | null;
  /** When it happened by the carrier's clock; when it was received where the carrier does not say. */
  at: EpochMs;
  /** When the call began, where the carrier says. */
  startedAt: EpochMs | null;
  /** Seconds of talk of this leg; of a `voicemail`, the length of the message. */
  talkSeconds: number | null;
  recordingUrl: string | null;
  attestation: Attestation | null;
  /** The number the call was diverted from before it came to the tracking number. */
  forwardedFrom: E164 | null;
  /** Of a dial: which step of the plan follows if it is not answered; null where none does. */
  nextStep: number | null;
  /** Of a `whisper`: what is to be said. */
  whisper: string | null;
  /** Telnyx Call Control only: what its commands need. */
  control: TelnyxControl | null;
}

export interface TelnyxControl {
  /** Control id of the caller's leg, which commands go to. */
  parentControlId: string;
  /** `call.initiated` and so on. */
  eventType: string;
  /** What the leg was doing by our own note in `client_state`: `announce`, `greeting`, `record`; null for none. */
  doing: string | null;
  incoming: boolean;
}

/** Reads a carrier's words for a status, in any case; undefined for a word it does not have. */
export function statusReader(words: Record<string, LegStatus>): (word: unknown) => LegStatus | undefined {
  // A Map, since a plain object also "has" `constructor`.
  const known = new Map(Object.entries(words));
  return (word) => (typeof word === 'string' ? known.get(word.toLowerCase()) : undefined);
}

type Stated = Pick<CarrierEvent, 'carrier' | 'kind' | 'callId' | 'eventId' | 'leg' | 'at'> & Partial<CarrierEvent>;

/** An event of what is known; the rest null. */
export function carrierEvent(stated: Stated): CarrierEvent {
  return {
    from: null,
    to: null,
    status: null,
    startedAt: null,
    talkSeconds: null,
    recordingUrl: null,
    attestation: null,
    forwardedFrom: null,
    nextStep: null,
    whisper: null,
    control: null,
    ...stated,
  };
}

/** Tells whether a moment is still to come. Clocks differ, but not by more than a day. */
export function isInFuture(at: EpochMs, now: EpochMs): boolean {
  return at > now + DAY;
}

/** Corrects the times of an event that its carrier says will happen: it has happened when it is received. */
export function withoutFutureTimes<E extends CarrierEvent>(event: E, receivedAt: EpochMs): E {
  const { at, startedAt } = event;
  return {
    ...event,
    at: isInFuture(at, receivedAt) ? receivedAt : at,
    startedAt: startedAt !== null && isInFuture(startedAt, receivedAt) ? null : startedAt,
  };
}

/** A call id as storage and addresses take it: printable, at most 128 characters; null on anything else. */
export function callIdOrNull(value: unknown): string | null {
  return typeof value === 'string' && /^(?!\.\.?$)[\x21-\x7e]{1,128}$/.test(value) ? value : null;
}

/** Whole seconds from a carrier's text or number; null where it is none, negative or absurd (over a week). */
export function secondsOrNull(value: unknown): number | null {
  const seconds = typeof value === 'number' ? value : typeof value === 'string' && value !== '' ? Number(value) : NaN;
  return seconds >= 0 && seconds <= (7 * DAY) / SECOND ? Math.round(seconds) : null;
}

/** Whole seconds between two moments; null where either is unknown or they are the wrong way round. */
export function secondsBetween(from: EpochMs | null, to: EpochMs | null): number | null {
  return from === null || to === null ? null : secondsOrNull((to - from) / 1000);
}

/** A moment from a carrier's text: ISO 8601, RFC 2822, or UTC without a zone; null where it is none. */
export function momentOrNull(value: unknown): EpochMs | null {
  if (typeof value !== 'string' || value.length > 64) return null;
  const zoneless = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2}(\.\d+)?)$/.exec(value.trim());
  const at = Date.parse(zoneless ? `${zoneless[1]}T${zoneless[2]?.slice(0, 12)}Z` : value);
  return at > 0 ? (at as EpochMs) : null;
}

/** The address of a recording; null on anything else, so that nothing else is ever shown as a link. */
export function recordingUrlOrNull(value: unknown): string | null {
  if (typeof value !== 'string' || value.length > 2048) return null;
  return /^https?:\/\/[^\s"'<>]+$/.test(value) ? value : null;
}

/** STIR/SHAKEN as Twilio, SignalWire and Bandwidth write it: `TN-Validation-Passed-A`, `No-TN-Validation`, … */
export function verstatAttestation(verstat: unknown, level?: unknown): Attestation | null {
  if (typeof verstat !== 'string') return null;
  const text = typeof level === 'string' && /^[ABC]$/.test(level) ? `${verstat}-${level}` : verstat;
  const passed = /^TN-Validation-Passed-([ABC])/.exec(text)?.[1];
  if (passed) return passed as Attestation;
  if (text.startsWith('TN-Validation-Failed')) return 'failed';
  return text === 'No-TN-Validation' ? 'none' : null;
}
