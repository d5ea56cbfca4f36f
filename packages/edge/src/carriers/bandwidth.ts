import { numberIn } from '@dialmark/shared';
import type { SecretsOf } from '@dialmark/shared/wire/forwarding';
import { type CallPlan, stepAfter } from '../calls/call-plan.ts';
import {
  type CarrierEvent,
  callIdOrNull,
  carrierEvent,
  momentOrNull,
  recordingUrlOrNull,
  secondsBetween,
  secondsOrNull,
  statusReader,
  verstatAttestation,
} from '../calls/events.ts';
import { either, equalInConstantTime, fromBase64 } from '../platform/signature.ts';
import { element, type Markup, xmlDocument } from '../platform/xml.ts';
import { type Answer, type AnswerContext, type Carrier, callback, stepNote, xmlAnswer } from './carrier.ts';
import { type Incoming, jsonBody } from './incoming.ts';

/**
 * Bandwidth Programmable Voice (BXML). Nothing is signed; requests carry the name and password set for the
 * application, and for each address that our answers hand out.
 * https://dev.bandwidth.com/docs/voice/webhooks, https://dev.bandwidth.com/docs/voice/bxml
 */
export const bandwidth: Carrier<'bandwidth'> = {
  name: 'bandwidth',

  async verify(incoming, secrets) {
    const encoded = /^Basic ([A-Za-z0-9+/]+={0,2})$/i.exec(incoming.headers.get('authorization') ?? '')?.[1];
    const bytes = encoded === undefined ? null : fromBase64(encoded);
    if (!bytes) return false;
    const given = new TextDecoder().decode(bytes);
    const valid = await Promise.all(credentials(secrets).map((pair) => equalInConstantTime(given, pair.join(':'))));
    return valid.includes(true);
  },
  parse: parseBandwidth,
  answer: answerBandwidth,
  hangUp: () => document(element('Hangup', {})),
  whisper: (text, language) => (text === '' ? document() : document(speak(text, language))),
  acknowledge: () => document(),
};

/** Returns the pairs valid now: the new name with the new password, the old with the old. */
function credentials(secrets: SecretsOf<'bandwidth'>): [username: string, password: string][] {
  const usernames = either(secrets.username);
  const passwords = either(secrets.password);
  return Array.from({ length: Math.max(usernames.length, passwords.length) }, (_, i) => {
    return [usernames[i] ?? usernames[0], passwords[i] ?? passwords[0]] as const;
  }).filter((pair): pair is [string, string] => pair[0] !== undefined && pair[1] !== undefined);
}

// https://dev.bandwidth.com/docs/voice/webhooks/transferComplete; "not exhaustive", so what is unknown has failed.
const causeOf = statusReader({
  hangup: 'completed',
  busy: 'busy',
  timeout: 'missed',
  cancel: 'missed',
  rejected: 'missed',
});

function parseBandwidth(incoming: Incoming): CarrierEvent | null {
  const body = jsonBody(incoming);
  const legId = callIdOrNull(body?.callId);
  const type = body?.eventType;
  if (!body || !legId || typeof type !== 'string') return null;
  const parentId = callIdOrNull(body.parentCallId) ?? callIdOrNull(incoming.query.get('call'));
  const callId = parentId ?? legId;
  const notes = incoming.query;
  const at = momentOrNull(body.eventTime) ?? incoming.receivedAt;
  const common = { carrier: 'bandwidth', callId, at } as const;
  const startedAt = momentOrNull(body.startTime);
  const talkSeconds = secondsBetween(momentOrNull(body.answerTime), momentOrNull(body.endTime));
  const cause = causeOf(body.cause) ?? 'failed';
  const parties = { from: numberIn(body.from), to: numberIn(body.to) };

  switch (type) {
    case 'initiate': {
      if (body.direction === 'outbound') return null;
      const stir = object(body.stirShaken);
      return carrierEvent({
        ...common,
        ...parties,
        kind: 'incoming',
        eventId: 'incoming',
        leg: 'parent',
        status: 'ringing',
        startedAt: startedAt ?? at,
        attestation: verstatAttestation(stir?.verstat, stir?.attestationIndicator),
        forwardedFrom: numberIn(object(body.diversion)?.origTo),
      });
    }
    case 'transferAnswer':
      return carrierEvent({
        ...common,
        kind: 'whisper',
        eventId: `dial:${legId}:answered`,
        text: notes.get('whisper') ?? '',
      });
    case 'transferDisconnect':
      return carrierEvent({
        ...common,
        kind: 'status',
        eventId: `dial:${legId}:ended`,
        leg: 'dial',
        status: momentOrNull(body.answerTime) === null && cause === 'completed' ? 'missed' : cause,
        talkSeconds,
      });
    case 'transferComplete':
      return carrierEvent({
        ...common,
        ...parties,
        kind: 'dial_result',
        eventId: `dial_result:${stepNote(notes) ?? 'last'}`,
        leg: 'dial',
        status: cause,
        startedAt,
        nextStep: stepNote(notes),
      });
    case 'disconnect':
      if (body.direction === 'outbound') return null;
      return carrierEvent({
        ...common,
        ...parties,
        kind: 'status',
        eventId: `parent:${cause}`,
        leg: 'parent',
        status: cause,
        startedAt,
        talkSeconds,
      });
    case 'recordingAvailable': {
      const recordingUrl = recordingUrlOrNull(body.mediaUrl);
      if (!recordingUrl) return null;
      const isVoicemail = notes.has('voicemail');
      return carrierEvent({
        ...common,
        kind: isVoicemail ? 'voicemail' : 'recording',
        eventId: `recording:${callIdOrNull(body.recordingId) ?? ''}`,
        leg: isVoicemail ? 'parent' : 'dial',
        talkSeconds: isoDuration(body.duration),
        recordingUrl,
      });
    }
    default:
      return null;
  }
}

/** Seconds of an ISO 8601 duration such as `PT1M13.67S`. */
function isoDuration(value: unknown): number | null {
  const parts = typeof value === 'string' ? /^PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?$/.exec(value) : null;
  return parts && secondsOrNull(Number(parts[1] ?? 0) * 3600 + Number(parts[2] ?? 0) * 60 + Number(parts[3] ?? 0));
}

const object = (value: unknown) =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;

/** BXML writes languages with an underscore: `en_US`. */
const speak = (text: string, language: string) =>
  element('SpeakSentence', { locale: language.replace('-', '_') }, text);

function answerBandwidth(
  plan: CallPlan,
  event: CarrierEvent,
  { statusUrl, secrets }: AnswerContext<'bandwidth'>,
  index: number,
): Answer {
  const step = plan.steps[index];
  if (!step) return bandwidth.hangUp();
  const [username, password] = credentials(secrets)[0] ?? [];
  const proof = { username, password };
  const to = (notes: Record<string, string | number | null>) => callback(statusUrl, { ...notes, call: event.callId });

  if (step.kind === 'message') return document(speak(step.message, plan.language), element('Hangup', {}));
  if (step.kind === 'voicemail') {
    return document(
      // The recording that was begun for the conversation would take the message too.
      plan.record ? element('StopRecording', {}) : null,
      speak(step.greeting, plan.language),
      // Record has no beep of its own; a long keypad tone is the one sound that needs no hosted file.
      element('SendDtmf', { toneDuration: 500 }, '1'),
      element('Record', {
        recordingAvailableUrl: to({ voicemail: 1 }),
        recordingAvailableMethod: 'POST',
        ...proof,
        maxDuration: step.maxSeconds,
        silenceTimeout: 5,
        terminatingDigits: '#',
        fileFormat: 'mp3',
      }),
      element('Hangup', {}),
    );
  }
  return document(
    index === 0 && plan.record && plan.announcement !== null ? speak(plan.announcement, plan.language) : null,
    index === 0 && plan.record
      ? element('StartRecording', {
          recordingAvailableUrl: to({}),
          recordingAvailableMethod: 'POST',
          ...proof,
          fileFormat: 'mp3',
          multiChannel: true,
        })
      : null,
    element(
      'Transfer',
      {
        // Left out, the caller's own number is shown.
        transferCallerId: plan.callerId === 'tracking' ? event.to : null,
        callTimeout: step.timeoutSeconds,
        transferCompleteUrl: callback(statusUrl, { step: stepAfter(plan, index) }),
        transferCompleteMethod: 'POST',
        ...proof,
      },
      element(
        'PhoneNumber',
        {
          transferAnswerUrl: to({ whisper: step.whisper }),
          transferAnswerMethod: 'POST',
          transferDisconnectUrl: to({}),
          transferDisconnectMethod: 'POST',
          ...proof,
        },
        step.destination,
      ),
    ),
  );
}

function document(...verbs: (Markup | null)[]): Answer {
  return xmlAnswer(xmlDocument(element('Response', {}, ...verbs)));
}
