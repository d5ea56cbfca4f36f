import { type E164, numberIn } from '@dialmark/shared';
import { type CallPlan, stepAfter } from '../calls/call-plan.ts';
import {
  type CarrierEvent,
  callIdOrNull,
  carrierEvent,
  type LegStatus,
  momentOrNull,
  recordingUrlOrNull,
  secondsBetween,
  secondsOrNull,
  statusReader,
} from '../calls/events.ts';
import { either, equalInConstantTime, fromBase64Url, hmacVerifies, isFresh, sha256Hex } from '../platform/signature.ts';
import { type Answer, type Carrier, callback, emptyAnswer, jsonAnswer, stepNote } from './carrier.ts';
import { type Incoming, jsonBody } from './incoming.ts';

/**
 * Vonage Voice (NCCO). Requests carry a JWT that is pinned to HS256: taking the algorithm from the token would let a
 * public key pass for a shared secret.
 * https://developer.vonage.com/en/getting-started/concepts/webhooks, …/voice/voice-api/ncco-reference
 *
 * The query of a GET is not covered by the token; set the answer method to POST in the console.
 */
export const vonage: Carrier<'vonage'> = {
  name: 'vonage',

  async verify(incoming, secrets, now) {
    const token = /^Bearer ([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)$/i.exec(
      incoming.headers.get('authorization') ?? '',
    );
    if (!token) return false;
    const [, header = '', payload = '', signature = ''] = token;
    if (jwtPart(header)?.alg !== 'HS256') return false;
    const signed = `${header}.${payload}`;
    if (!(await hmacVerifies('SHA-256', secrets.signatureSecret, [signed], fromBase64Url(signature)))) return false;

    const claims = jwtPart(payload);
    if (!claims || typeof claims.api_key !== 'string' || !either(secrets.apiKey).includes(claims.api_key)) return false;
    if (typeof claims.iat !== 'number' || !isFresh(claims.iat, now)) return false;
    if (claims.exp !== undefined && !(typeof claims.exp === 'number' && claims.exp * 1000 > now)) return false;
    if (claims.nbf !== undefined && !(typeof claims.nbf === 'number' && claims.nbf * 1000 <= now)) return false;
    // A token without the hash is for a request without a body, and the other way round.
    if (claims.payload_hash === undefined) return incoming.rawBody === '';
    if (typeof claims.payload_hash !== 'string') return false;
    return equalInConstantTime(claims.payload_hash.toLowerCase(), await sha256Hex(incoming.rawBody));
  },
  parse: parseVonage,
  answer: (plan, event, { statusUrl }, step) => answerVonage(plan, event, statusUrl, step),
  // The NCCO that dialled has nothing after the dial, so saying nothing ends the call.
  hangUp: () => emptyAnswer(),
  whisper: (text, language) => jsonAnswer(text === '' ? [] : [talk(text, language)]),
  acknowledge: () => emptyAnswer(),
};

function jwtPart(part: string): Record<string, unknown> | null {
  const bytes = fromBase64Url(part);
  if (!bytes) return null;
  try {
    const json: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof json === 'object' && json !== null ? (json as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

// https://developer.vonage.com/en/voice/voice-api/guides/call-flow
const statusOf = statusReader({
  started: 'ringing',
  ringing: 'ringing',
  answered: 'answered',
  human: 'answered',
  machine: 'answered',
  completed: 'completed',
  disconnected: 'completed',
  busy: 'busy',
  failed: 'failed',
  rejected: 'failed',
  cancelled: 'missed',
  timeout: 'missed',
  unanswered: 'missed',
});

/** The fields that all events of a request share. */
interface Reading {
  body: Record<string, unknown>;
  notes: URLSearchParams;
  common: Pick<CarrierEvent, 'carrier' | 'callId' | 'at'>;
}

function parseVonage(incoming: Incoming): CarrierEvent | null {
  const body = incoming.method === 'GET' ? Object.fromEntries(incoming.query) : jsonBody(incoming);
  if (!body) return null;
  const notes = incoming.query;
  const legId = callIdOrNull(body.uuid);
  // Only callbacks that our response asked for name their call; the legs and recordings themselves do not.
  const noted = callIdOrNull(notes.get('call'));
  const callId = noted ?? legId;
  if (!callId) return null;
  const at = momentOrNull(body.timestamp) ?? incoming.receivedAt;
  const reading: Reading = { body, notes, common: { carrier: 'vonage', callId, at } };

  if (notes.has('whisper')) return whisperEvent(reading);
  if (body.recording_url !== undefined) return noted ? recordingEvent(reading) : null;
  if (incoming.endpoint === 'voice') return incomingCall(reading);
  if (!legId) return null;
  if (legId !== callId) return dialledLeg(reading, legId);
  // Without a note of ours it is some other call of the application.
  return body.direction === 'outbound' ? null : callersLeg(reading);
}

function whisperEvent({ notes, common }: Reading): CarrierEvent {
  return carrierEvent({ ...common, kind: 'whisper', eventId: 'whisper', text: notes.get('whisper') ?? '' });
}

function recordingEvent({ body, notes, common }: Reading): CarrierEvent | null {
  const recordingUrl = recordingUrlOrNull(body.recording_url);
  if (!recordingUrl) return null;
  const isVoicemail = notes.has('voicemail');
  return carrierEvent({
    ...common,
    kind: isVoicemail ? 'voicemail' : 'recording',
    eventId: `recording:${callIdOrNull(body.recording_uuid) ?? ''}`,
    leg: isVoicemail ? 'parent' : 'dial',
    talkSeconds: secondsBetween(momentOrNull(body.start_time), momentOrNull(body.end_time)),
    recordingUrl,
  });
}

function incomingCall({ body, common }: Reading): CarrierEvent {
  return carrierEvent({
    ...common,
    kind: 'incoming',
    eventId: 'incoming',
    leg: 'parent',
    from: numberIn(body.from),
    to: numberIn(body.to),
    status: 'ringing',
    startedAt: common.at,
  });
}

const talkOf = (body: Record<string, unknown>, status: LegStatus) =>
  status === 'completed' ? secondsOrNull(body.duration) : null;

function dialledLeg({ body, notes, common }: Reading, legId: string): CarrierEvent | null {
  const status = statusOf(body.status);
  if (!status) return null;
  const fact = { ...common, eventId: `dial:${legId}:${status}`, status, talkSeconds: talkOf(body, status) };
  const ended = status !== 'ringing' && status !== 'answered';
  return ended
    ? carrierEvent({ ...fact, kind: 'dial_result', nextStep: stepNote(notes) })
    : carrierEvent({ ...fact, kind: 'status', leg: 'dial' });
}

function callersLeg({ body, common }: Reading): CarrierEvent | null {
  const status = statusOf(body.status);
  if (!status) return null;
  return carrierEvent({
    ...common,
    kind: 'status',
    eventId: `parent:${status}`,
    leg: 'parent',
    from: numberIn(body.from),
    to: numberIn(body.to),
    status,
    startedAt: momentOrNull(body.start_time),
    talkSeconds: talkOf(body, status),
  });
}

/** Angle brackets would make the text SSML, which can play any address; a campaign's name may hold some. */
const talk = (text: string, language: string) => ({ action: 'talk', text: text.replace(/[<>]/g, ''), language });

/** Vonage writes numbers without the plus. */
const bare = (number: E164) => number.slice(1);

function answerVonage(plan: CallPlan, event: CarrierEvent, statusUrl: string, index: number): Answer {
  const step = plan.steps[index];
  if (!step) return vonage.hangUp();
  const say = (text: string) => talk(text, plan.language);
  const to = (notes: Record<string, string | number | null>) => callback(statusUrl, { ...notes, call: event.callId });

  if (step.kind === 'message') return jsonAnswer([say(step.message)]);
  if (step.kind === 'voicemail') {
    const record = {
      action: 'record',
      format: 'mp3',
      beepStart: true,
      endOnKey: '#',
      endOnSilence: 5,
      timeOut: step.maxSeconds,
      eventUrl: [to({ voicemail: 1 })],
      eventMethod: 'POST',
    };
    return jsonAnswer([say(step.greeting), record]);
  }

  const announced = index === 0 && plan.record;
  const recording = { action: 'record', format: 'mp3', split: 'conversation', eventUrl: [to({})], eventMethod: 'POST' };
  const connect = {
    action: 'connect',
    // Vonage shows only numbers of one's own; the caller's number here would become "unknown".
    ...(event.to ? { from: bare(event.to) } : {}),
    timeout: step.timeoutSeconds,
    // Makes Vonage ask what comes next when the destination is busy or does not answer.
    eventType: 'synchronous',
    eventUrl: [to({ step: stepAfter(plan, index) })],
    eventMethod: 'POST',
    endpoint: [
      {
        type: 'phone',
        number: bare(step.destination),
        ...(step.whisper === null ? {} : { onAnswer: { url: to({ whisper: step.whisper }) } }),
      },
    ],
  };
  return jsonAnswer([
    ...(announced && plan.announcement !== null ? [say(plan.announcement)] : []),
    ...(announced ? [recording] : []),
    connect,
  ]);
}
