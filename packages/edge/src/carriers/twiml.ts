import { numberIn } from '@dialmark/shared';
import type { CarrierName } from '@dialmark/shared/wire/forwarding';
import { type CallPlan, stepAfter } from '../calls/call-plan.ts';
import {
  type Attestation,
  type CarrierEvent,
  callIdOrNull,
  carrierEvent,
  type LegStatus,
  momentOrNull,
  recordingUrlOrNull,
  secondsOrNull,
  statusReader,
} from '../calls/events.ts';
import { element, type Markup, xmlDocument } from '../platform/xml.ts';
import { type Answer, callback, stepNote, xmlAnswer } from './carrier.ts';
import { fields, type Incoming } from './incoming.ts';

/**
 * TwiML and its two relatives, Telnyx's TeXML and SignalWire's cXML: the same verbs and the same form fields.
 * https://www.twilio.com/docs/voice/twiml, https://developers.telnyx.com/docs/voice/programmable-voice/texml-verbs,
 * https://developer.signalwire.com/compatibility-api/cxml/voice
 */
export interface Dialect {
  carrier: CarrierName;
  /** `answerOnBridge`: the caller hears ringing, and is not charged, until the destination picks up. */
  answersOnBridge: boolean;
  attestation(form: URLSearchParams): Attestation | null;
}

const statusOf = statusReader({
  queued: 'ringing',
  initiated: 'ringing',
  ringing: 'ringing',
  'in-progress': 'answered',
  answered: 'answered',
  completed: 'completed',
  busy: 'busy',
  failed: 'failed',
  'no-answer': 'missed',
  canceled: 'missed',
  cancelled: 'missed',
});

/** The fields that all events of a request share. */
interface Reading {
  form: URLSearchParams;
  notes: URLSearchParams;
  /** The call whose leg reports; the caller's own or the dialled one. */
  legId: string;
  common: Pick<CarrierEvent, 'carrier' | 'callId' | 'at'>;
}

export function parseTwiml(incoming: Incoming, dialect: Dialect): CarrierEvent | null {
  const form = fields(incoming);
  const notes = incoming.query;
  const legId = callIdOrNull(form.get('CallSid'));
  // A dialled leg names its parent itself, or our own note does where the carrier leaves it out.
  const parentId = callIdOrNull(form.get('ParentCallSid')) ?? callIdOrNull(notes.get('parent'));
  if (!legId) return null;
  const at = momentOrNull(form.get('Timestamp')) ?? incoming.receivedAt;
  const reading: Reading = {
    form,
    notes,
    legId,
    common: { carrier: dialect.carrier, callId: parentId ?? legId, at },
  };

  if (notes.has('whisper')) return whisperEvent(reading);
  // Telnyx also names the dial in what it says of the dialled leg itself, while the caller may be on to the next step.
  if (form.has('DialCallStatus') && !notes.has('parent')) return dialResult(reading, dialect);
  if (notes.has('voicemail') || form.has('RecordingSid')) return recordingEvent(reading);
  if (parentId) return dialledLeg(reading);
  return incoming.endpoint === 'voice' ? incomingCall(reading, dialect) : callersLeg(reading, dialect);
}

function whisperEvent({ notes, legId, common }: Reading): CarrierEvent {
  return carrierEvent({
    ...common,
    kind: 'whisper',
    eventId: `whisper:${legId}`,
    text: notes.get('whisper') ?? '',
  });
}

function recordingEvent({ form, notes, common }: Reading): CarrierEvent | null {
  const recordingUrl = recordingUrlOrNull(form.get('RecordingUrl'));
  if (!recordingUrl) return null;
  const isVoicemail = notes.has('voicemail');
  return carrierEvent({
    ...common,
    kind: isVoicemail ? 'voicemail' : 'recording',
    eventId: `recording:${callIdOrNull(form.get('RecordingSid')) ?? lastPathSegment(recordingUrl)}`,
    leg: isVoicemail ? 'parent' : 'dial',
    talkSeconds: secondsOrNull(form.get('RecordingDuration')),
    recordingUrl,
  });
}

const parties = (form: URLSearchParams, dialect: Dialect) => ({
  from: numberIn(form.get('From')),
  // `Called` is the older name of the same field.
  to: numberIn(form.get('To')) ?? numberIn(form.get('Called')),
  forwardedFrom: numberIn(form.get('ForwardedFrom')),
  attestation: dialect.attestation(form),
});

const ENDED: ReadonlySet<LegStatus> = new Set(['completed', 'missed', 'busy', 'failed']);

function dialResult({ form, notes, common }: Reading, dialect: Dialect): CarrierEvent | null {
  const status = statusOf(form.get('DialCallStatus'));
  if (!status) return null;
  // A caller who hung up while it rang hears nothing more, whatever the plan has left.
  const callerIsGone = ENDED.has(statusOf(form.get('CallStatus')) ?? 'answered');
  const step = stepNote(notes);
  return carrierEvent({
    ...common,
    ...parties(form, dialect),
    kind: 'dial_result',
    eventId: `dial_result:${callIdOrNull(form.get('DialCallSid')) ?? ''}:${step ?? 'last'}`,
    leg: 'dial',
    // The dial is over when its result comes, also where that reads `answered`.
    status: status === 'answered' ? 'completed' : status,
    talkSeconds: secondsOrNull(form.get('DialCallDuration')),
    recordingUrl: recordingUrlOrNull(form.get('RecordingUrl')),
    nextStep: callerIsGone ? null : step,
  });
}

function incomingCall({ form, common }: Reading, dialect: Dialect): CarrierEvent {
  const startedAt = common.at;
  return carrierEvent({ ...common, ...parties(form, dialect), kind: 'incoming', eventId: 'incoming', startedAt });
}

function callersLeg({ form, common }: Reading, dialect: Dialect): CarrierEvent | null {
  const status = statusOf(form.get('CallStatus'));
  if (!status) return null;
  return carrierEvent({
    ...common,
    ...parties(form, dialect),
    kind: 'status',
    eventId: `parent:${status}`,
    leg: 'parent',
    status,
    startedAt: momentOrNull(form.get('CallInitiatedAt')),
    talkSeconds: secondsOrNull(form.get('CallDuration')),
  });
}

function dialledLeg({ form, legId, common }: Reading): CarrierEvent | null {
  const status = statusOf(form.get('CallStatus'));
  if (!status) return null;
  return carrierEvent({
    ...common,
    kind: 'status',
    eventId: `dial:${legId}:${status}`,
    leg: 'dial',
    status,
    talkSeconds: secondsOrNull(form.get('CallDuration')),
  });
}

/** Twilio's recordings end in their id, so that the two reports of one message agree also where one leaves it out. */
const lastPathSegment = (url: string) => (/[^/]*$/.exec(url.replace(/[?#].*$/, ''))?.[0] ?? '').slice(-128);

/** Returns the document for step `index` of the plan. */
export function answerTwiml(
  plan: CallPlan,
  event: CarrierEvent,
  statusUrl: string,
  index: number,
  dialect: Dialect,
): Answer {
  const step = plan.steps[index];
  if (!step) return hangUpTwiml();
  const say = (text: string) => element('Say', { language: plan.language }, text);
  const to = (notes: Record<string, string | number | null>) => callback(statusUrl, notes);
  // Said once, when the call begins; a later step has had it.
  const announcement = index === 0 && plan.record && plan.announcement !== null ? say(plan.announcement) : null;

  if (step.kind === 'message') return twiml(say(step.message), element('Hangup', {}));
  if (step.kind === 'voicemail') {
    return twiml(
      say(step.greeting),
      element('Record', {
        action: to({ voicemail: 1 }),
        method: 'POST',
        maxLength: step.maxSeconds,
        playBeep: true,
        finishOnKey: '#',
        recordingStatusCallback: to({ voicemail: 1 }),
        recordingStatusCallbackMethod: 'POST',
      }),
      element('Hangup', {}),
    );
  }
  return twiml(
    announcement,
    element(
      'Dial',
      {
        action: to({ step: stepAfter(plan, index) }),
        method: 'POST',
        timeout: step.timeoutSeconds,
        // Left out, the caller's own number is shown; TeXML does not say so, and wants it spelt out.
        callerId:
          plan.callerId === 'tracking' ? event.to : dialect.carrier === 'telnyx' ? (event.from ?? event.to) : null,
        answerOnBridge: dialect.answersOnBridge ? true : null,
        record: plan.record ? 'record-from-answer-dual' : null,
        recordingStatusCallback: plan.record ? to({}) : null,
        recordingStatusCallbackMethod: plan.record ? 'POST' : null,
      },
      element(
        'Number',
        {
          url: step.whisper === null ? null : to({ whisper: step.whisper, parent: event.callId }),
          method: step.whisper === null ? null : 'POST',
          statusCallback: to({ parent: event.callId }),
          statusCallbackEvent: 'ringing answered completed',
          statusCallbackMethod: 'POST',
        },
        step.destination,
      ),
    ),
  );
}

export const hangUpTwiml = (): Answer => twiml(element('Hangup', {}));

export const whisperTwiml = (text: string, language: string): Answer =>
  text === '' ? twiml() : twiml(element('Say', { language }, text));

/** Returns a document with nothing to do, which every callback may be answered with. */
export const nothingTwiml = (): Answer => twiml();

function twiml(...verbs: (Markup | null)[]): Answer {
  return xmlAnswer(xmlDocument(element('Response', {}, ...verbs)));
}
