import { type Attestation, DAY, type E164, type EpochMs, SECOND } from '@dialmark/shared';
import type { CarrierName } from '@dialmark/shared/wire/forwarding';

/** The status of one leg, in words common to all carriers. `missed` covers no answer, canceled and timeout. */
export type LegStatus = 'ringing' | 'answered' | 'completed' | 'missed' | 'busy' | 'failed';

export type { Attestation };

/** One fact about one call, whichever carrier it came from. */
export type CarrierEvent = IncomingCall | LegUpdate | DialResult | Recording | Voicemail | WhisperRequest;

/** The fields common to all facts. Null if the carrier does not say. */
interface Fact {
  carrier: CarrierName;
  /** The carrier's own id of the incoming call, whichever leg the event is about. */
  callId: string;
  /** The same for the same fact, however often and wherever it is delivered; unique within the call. */
  eventId: string;
  /** When it happened by the carrier's clock; when it was received if the carrier does not say. */
  at: EpochMs;
  /** When the call began. */
  startedAt: EpochMs | null;
  /** The caller; also null if withheld or no telephone number. */
  from: E164 | null;
  /** The tracking number; also null if what was dialed is no telephone number. */
  to: E164 | null;
  /** The number the call was diverted from before it came to the tracking number. */
  forwardedFrom: E164 | null;
  attestation: Attestation | null;
}

/** The caller's leg, or the one that rings the destination. */
type Leg = 'parent' | 'dial';

/** Somebody dialed a tracking number. Wants call control back. */
export interface IncomingCall extends Fact {
  kind: 'incoming';
  leg: 'parent';
  status: 'ringing';
}

/** The status of a leg. */
export interface LegUpdate extends Fact {
  kind: 'status';
  leg: Leg;
  status: LegStatus | null;
  talkSeconds: number | null;
}

/** A dial has ended. Wants to hear what comes next. */
export interface DialResult extends Fact {
  kind: 'dial_result';
  leg: 'dial';
  status: LegStatus;
  talkSeconds: number | null;
  recordingUrl: string | null;
  /** The step of the plan that follows if the dial was not answered; null if none does. */
  nextStep: number | null;
}

/** An answered call was recorded. */
export interface Recording extends Recorded {
  kind: 'recording';
}

/** The caller left a message. */
export interface Voicemail extends Recorded {
  kind: 'voicemail';
}

interface Recorded extends Fact {
  leg: Leg;
  /** Null once the people of the call were erased. */
  recordingUrl: string | null;
  talkSeconds: number | null;
}

/** The called party has picked up and is to hear something first. Wants call control back. */
export interface WhisperRequest extends Fact {
  kind: 'whisper';
  leg: 'dial';
  status: 'answered';
  text: string;
}

/** Reads a carrier's words for a status, in any case; undefined for a word it does not have. */
export function statusReader(words: Record<string, LegStatus>): (word: unknown) => LegStatus | undefined {
  // A Map, since a plain object also "has" `constructor`.
  const known = new Map(Object.entries(words));
  return (word) => (typeof word === 'string' ? known.get(word.toLowerCase()) : undefined);
}

const NOTHING_SAID = { from: null, to: null, startedAt: null, attestation: null, forwardedFrom: null };
const DEFAULTS = {
  incoming: { leg: 'parent', status: 'ringing' },
  status: { status: null, talkSeconds: null },
  dial_result: { leg: 'dial', talkSeconds: null, recordingUrl: null, nextStep: null },
  recording: { leg: 'dial', talkSeconds: null, recordingUrl: null },
  voicemail: { leg: 'parent', talkSeconds: null, recordingUrl: null },
  whisper: { leg: 'dial', status: 'answered', text: '' },
} as const satisfies { [K in CarrierEvent['kind']]: Partial<Extract<CarrierEvent, { kind: K }>> };

type Kind = CarrierEvent['kind'];
type EventOf<K extends Kind> = Extract<CarrierEvent, { kind: K }>;
type Defaulted<K extends Kind> = keyof typeof NOTHING_SAID | keyof (typeof DEFAULTS)[K];
type Stated<K extends Kind> = { kind: K } & Omit<EventOf<K>, Defaulted<K> | 'kind'> & Partial<Omit<EventOf<K>, 'kind'>>;

/** Returns an event with everything that is not stated left open. */
export function carrierEvent<K extends Kind>(stated: Stated<K>): EventOf<K> {
  return { ...NOTHING_SAID, ...DEFAULTS[stated.kind], ...stated } as unknown as EventOf<K>;
}

/** Returns whether a moment is still to come. Clocks differ, but not by more than a day. */
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

/** Returns a call id as storage and addresses take it: printable, at most 128 characters; null on anything else. */
export function callIdOrNull(value: unknown): string | null {
  return typeof value === 'string' && /^(?!\.\.?$)[\x21-\x7e]{1,128}$/.test(value) ? value : null;
}

/** Whole seconds from a carrier's text or number; null if it is none, negative or absurd (over a week). */
export function secondsOrNull(value: unknown): number | null {
  const seconds = typeof value === 'number' ? value : typeof value === 'string' && value !== '' ? Number(value) : NaN;
  return seconds >= 0 && seconds <= (7 * DAY) / SECOND ? Math.round(seconds) : null;
}

/** Whole seconds between two moments; null if either is unknown or they are the wrong way round. */
export function secondsBetween(from: EpochMs | null, to: EpochMs | null): number | null {
  return from === null || to === null ? null : secondsOrNull((to - from) / 1000);
}

/** Returns a moment from a carrier's text: ISO 8601, RFC 2822, or UTC without a zone; null if it is none. */
export function momentOrNull(value: unknown): EpochMs | null {
  if (typeof value !== 'string' || value.length > 64) return null;
  const zoneless = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2}(\.\d+)?)$/.exec(value.trim());
  const at = Date.parse(zoneless ? `${zoneless[1]}T${zoneless[2]?.slice(0, 12)}Z` : value);
  return at > 0 ? (at as EpochMs) : null;
}

/** Returns the address of a recording; null on anything else, so that nothing else is ever shown as a link. */
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
