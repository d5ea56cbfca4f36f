import { numberIn } from '@dialmark/shared';
import { type CallPlan, stepAfter } from '../calls/call-plan.ts';
import {
  type Attestation,
  type CarrierEvent,
  callIdOrNull,
  carrierEvent,
  momentOrNull,
  recordingUrlOrNull,
  secondsOrNull,
  statusReader,
} from '../calls/events.ts';
import { fromBase64, hmacVerifies } from '../platform/signature.ts';
import { element, type Markup, xmlDocument } from '../platform/xml.ts';
import { type Answer, type Carrier, callback, stepNote, xmlAnswer } from './carrier.ts';
import { byNameAndValue, fields, type Incoming } from './incoming.ts';

/**
 * Plivo Voice. Signature version 3 only; the older ones do not cover the body.
 * https://www.plivo.com/docs/voice/concepts/signature-validation, https://www.plivo.com/docs/voice/xml/dial
 */
export const plivo: Carrier<'plivo'> = {
  name: 'plivo',

  async verify(incoming, secrets) {
    const nonce = incoming.headers.get('x-plivo-signature-v3-nonce');
    if (!nonce || (incoming.method !== 'GET' && incoming.method !== 'POST')) return false;
    if (incoming.rawBody !== '' && incoming.contentType !== 'form') return false;
    // Sub-accounts' requests come signed by the account and by the main account, each with several while keys change.
    const header = ['x-plivo-signature-v3', 'x-plivo-signature-ma-v3'].map((name) => incoming.headers.get(name) ?? '');
    const signatures = header.join(',').split(',').filter(Boolean).slice(0, 8);
    const messages = signedTexts(incoming, nonce);
    return hmacVerifies('SHA-256', secrets.authToken, messages, ...signatures.map((text) => fromBase64(text.trim())));
  },
  parse: parsePlivo,
  answer: (plan, event, { statusUrl }, step) => answerPlivo(plan, event, statusUrl, step),
  hangUp: () => document(element('Hangup', {})),
  whisper: (text, language) => (text === '' ? document() : document(element('Speak', { language }, text))),
  acknowledge: () => document(),
};

/** Yields what may have been signed. The query is signed unescaped, so that many spellings are one text. */
function* signedTexts(incoming: Incoming, nonce: string): Generator<string, void> {
  const tried = new Set<string>();
  for (const url of incoming.urls) {
    const text = signedText(url, incoming);
    if (tried.has(text)) continue;
    tried.add(text);
    yield `${text}.${nonce}`;
  }
}

/** Address, sorted query, sorted fields: as `validateV3Signature` of Plivo's SDK puts them together. */
function signedText(url: string, { method, form }: Incoming): string {
  const base = url.replace(/\?.*$/, '');
  const query = byNameAndValue(new URLSearchParams(/\?(.*)$/.exec(url)?.[1] ?? ''))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
  if (method === 'GET' || form.size === 0) return query === '' ? base : `${base}?${query}`;
  const body = byNameAndValue(form)
    .map(([name, value]) => name + value)
    .join('');
  return `${base}?${query}${query === '' ? '' : '.'}${body}`;
}

const statusOf = statusReader({
  ringing: 'ringing',
  'in-progress': 'answered',
  completed: 'completed',
  busy: 'busy',
  failed: 'failed',
  timeout: 'missed',
  'no-answer': 'missed',
  cancel: 'missed',
});

/** The fields that all events of a request share. */
interface Reading {
  form: URLSearchParams;
  notes: URLSearchParams;
  common: Pick<CarrierEvent, 'carrier' | 'callId' | 'at'>;
}

function parsePlivo(incoming: Incoming): CarrierEvent | null {
  const form = fields(incoming);
  const notes = incoming.query;
  const callId =
    callIdOrNull(form.get('DialALegUUID')) ?? callIdOrNull(notes.get('call')) ?? callIdOrNull(form.get('CallUUID'));
  if (!callId) return null;
  const reading: Reading = { form, notes, common: { carrier: 'plivo', callId, at: incoming.receivedAt } };

  if (notes.has('whisper')) return whisperEvent(reading);
  if (form.has('RecordUrl')) return recordingEvent(reading);
  if (form.has('DialStatus')) return dialResult(reading);
  if (form.has('DialAction')) return dialledLeg(reading);
  return incoming.endpoint === 'voice' ? incomingCall(reading) : callersLeg(reading);
}

function whisperEvent({ notes, common }: Reading): CarrierEvent {
  return carrierEvent({ ...common, kind: 'whisper', eventId: 'whisper', text: notes.get('whisper') ?? '' });
}

function recordingEvent({ form, notes, common }: Reading): CarrierEvent | null {
  const recordingUrl = recordingUrlOrNull(form.get('RecordUrl'));
  if (!recordingUrl) return null;
  const isVoicemail = notes.has('voicemail');
  return carrierEvent({
    ...common,
    kind: isVoicemail ? 'voicemail' : 'recording',
    eventId: `recording:${callIdOrNull(form.get('RecordingID')) ?? ''}`,
    leg: isVoicemail ? 'parent' : 'dial',
    // -1 until the recording of a whole session is ready.
    talkSeconds: secondsOrNull(form.get('RecordingDuration')),
    recordingUrl,
  });
}

const parties = (form: URLSearchParams) => ({
  from: numberIn(form.get('From')),
  to: numberIn(form.get('To')),
  forwardedFrom: numberIn(form.get('ForwardedFrom')),
  attestation: stir(form.get('STIRVerification'), form.get('STIRAttestation')),
});

function dialResult({ form, notes, common }: Reading): CarrierEvent | null {
  const status = statusOf(form.get('DialStatus'));
  if (!status) return null;
  const callStatus = statusOf(form.get('CallStatus'));
  // A caller who hung up while it rang hears nothing more, whatever the plan has left.
  const callerIsGone = callStatus !== undefined && callStatus !== 'ringing' && callStatus !== 'answered';
  const step = stepNote(notes);
  return carrierEvent({
    ...common,
    ...parties(form),
    kind: 'dial_result',
    eventId: `dial_result:${callIdOrNull(form.get('DialBLegUUID')) ?? ''}:${step ?? 'last'}`,
    leg: 'dial',
    status,
    nextStep: callerIsGone ? null : step,
  });
}

function dialledLeg({ form, common }: Reading): CarrierEvent | null {
  const action = form.get('DialAction')?.toLowerCase();
  const talkSeconds = secondsOrNull(form.get('DialBLegDuration'));
  const answered = action === 'answer' || action === 'connected';
  if (!answered && action !== 'hangup') return null;
  return carrierEvent({
    ...common,
    kind: 'status',
    eventId: `dial:${callIdOrNull(form.get('DialBLegUUID')) ?? ''}:${action}`,
    leg: 'dial',
    status: answered ? 'answered' : talkSeconds ? 'completed' : 'missed',
    talkSeconds: answered ? null : talkSeconds,
  });
}

const beganAt = (form: URLSearchParams) =>
  momentOrNull(form.get('SessionStart')) ?? momentOrNull(form.get('StartTime'));

function incomingCall({ form, common }: Reading): CarrierEvent {
  const at = beganAt(form) ?? common.at;
  return carrierEvent({ ...common, ...parties(form), kind: 'incoming', eventId: 'incoming', at, startedAt: at });
}

function callersLeg({ form, common }: Reading): CarrierEvent | null {
  const status = statusOf(form.get('CallStatus'));
  if (!status) return null;
  return carrierEvent({
    ...common,
    ...parties(form),
    kind: 'status',
    eventId: `parent:${status}`,
    leg: 'parent',
    status,
    at: momentOrNull(form.get('EndTime')) ?? common.at,
    startedAt: beganAt(form),
    talkSeconds: secondsOrNull(form.get('Duration')),
  });
}

function stir(verification: string | null, level: string | null): Attestation | null {
  if (verification === 'Not Verified') return 'failed';
  if (verification === 'Not Applicable') return 'none';
  return level === 'A' || level === 'B' || level === 'C' ? level : null;
}

function answerPlivo(plan: CallPlan, event: CarrierEvent, statusUrl: string, index: number): Answer {
  const step = plan.steps[index];
  if (!step) return plivo.hangUp();
  const { language } = plan;
  const speak = (text: string) => element('Speak', { language }, text);
  const to = (notes: Record<string, string | number | null>) => callback(statusUrl, { ...notes, call: event.callId });

  if (step.kind === 'message') return document(speak(step.message), element('Hangup', {}));
  if (step.kind === 'voicemail') {
    const record = {
      action: to({ voicemail: 1 }),
      method: 'POST',
      maxLength: step.maxSeconds,
      finishOnKey: '#',
      playBeep: true,
      fileFormat: 'mp3',
      callbackUrl: to({ voicemail: 1 }),
      callbackMethod: 'POST',
    };
    return document(speak(step.greeting), element('Record', record), element('Hangup', {}));
  }

  const announced = index === 0 && plan.record;
  const recording = {
    recordSession: true,
    startOnDialAnswer: true,
    redirect: false,
    // The default would stop a session's recording after a minute; this is as long as a dial may last.
    maxLength: 14_400,
    callbackUrl: to({}),
    callbackMethod: 'POST',
  };
  return document(
    announced && plan.announcement !== null ? speak(plan.announcement) : null,
    announced ? element('Record', recording) : null,
    element(
      'Dial',
      {
        action: callback(statusUrl, { step: stepAfter(plan, index) }),
        method: 'POST',
        timeout: step.timeoutSeconds,
        // Left out, the caller's own number is shown.
        callerId: plan.callerId === 'tracking' ? event.to : null,
        confirmSound: step.whisper === null ? null : to({ whisper: step.whisper }),
        callbackUrl: to({}),
        callbackMethod: 'POST',
      },
      element('Number', {}, step.destination),
    ),
  );
}

function document(...elements: (Markup | null)[]): Answer {
  return xmlAnswer(xmlDocument(element('Response', {}, ...elements)));
}
