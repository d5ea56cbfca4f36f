import { numberIn } from '@dialmark/shared';
import {
  type Attestation,
  type CarrierEvent,
  callIdOrNull,
  carrierEvent,
  momentOrNull,
  recordingUrlOrNull,
  secondsBetween,
  statusReader,
} from '../calls/events.ts';
import { ed25519Verifies, fromBase64, isFresh } from '../platform/signature.ts';
import { type Answer, type Carrier, emptyAnswer } from './carrier.ts';
import { type Incoming, jsonBody } from './incoming.ts';
import { readNote } from './telnyx-note.ts';
import { answerTwiml, type Dialect, hangUpTwiml, nothingTwiml, parseTwiml, whisperTwiml } from './twiml.ts';

const dialect: Dialect = {
  carrier: 'telnyx',
  answersOnBridge: false,
  attestation: (form) => attestation(form.get('ShakenStirAttestation'), form.get('ShakenStirValidated')),
};

/**
 * Telnyx, both ways: TeXML applications send forms and are answered in TeXML; Call Control applications send JSON and
 * are answered with 200 here and with commands to Telnyx's API (telnyx-commands.ts).
 * Signature: https://developers.telnyx.com/docs/development/sdk/node/webhooks
 */
export const telnyx: Carrier<'telnyx'> = {
  name: 'telnyx',

  async verify(incoming, secrets, now) {
    // The address is not signed, so a GET would carry its fields unsigned.
    if (incoming.method !== 'POST' || incoming.contentType === 'other') return false;
    const timestamp = incoming.headers.get('telnyx-timestamp') ?? '';
    if (!/^\d{1,12}$/.test(timestamp) || !isFresh(Number(timestamp), now)) return false;
    const signature = fromBase64(incoming.headers.get('telnyx-signature-ed25519') ?? '');
    return ed25519Verifies(secrets.publicKey, `${timestamp}|${incoming.rawBody}`, signature);
  },
  parse: (incoming) => (incoming.contentType === 'json' ? parseCallControl(incoming) : parseTwiml(incoming, dialect)),
  answer: (plan, event, { statusUrl }, step) =>
    event.control ? emptyAnswer(200) : answerTwiml(plan, event, statusUrl, step, dialect),
  hangUp: (event) => emptyOr(event, hangUpTwiml),
  whisper: whisperTwiml,
  acknowledge: (event) => emptyOr(event, nothingTwiml),
};

const emptyOr = (event: CarrierEvent | null, document: () => Answer): Answer =>
  event?.control ? emptyAnswer(200) : document();

function attestation(level: unknown, validated: unknown): Attestation | null {
  if (validated === false || validated === 'false') return 'failed';
  return level === 'A' || level === 'B' || level === 'C' ? level : null;
}

// https://developers.telnyx.com/api-reference/callbacks/call-hangup
const causeOf = statusReader({
  normal_clearing: 'completed',
  time_limit: 'completed',
  originator_cancel: 'missed',
  timeout: 'missed',
  no_answer: 'missed',
  call_rejected: 'missed',
  user_busy: 'busy',
  not_found: 'failed',
  unspecified: 'failed',
});

/** A Call Control webhook. The call is the session, which the caller's and the dialled leg share. */
function parseCallControl(incoming: Incoming): CarrierEvent | null {
  const data = object(jsonBody(incoming)?.data);
  const payload = object(data?.payload);
  const callId = callIdOrNull(payload?.call_session_id);
  const eventId = callIdOrNull(data?.id);
  const type = data?.event_type;
  if (!data || !payload || !callId || !eventId || typeof type !== 'string') return null;

  const note = readNote(payload.client_state);
  const isDial = payload.direction === 'outgoing' || note.leg === 'dial';
  const controlId = callIdOrLong(payload.call_control_id);
  const at = momentOrNull(data.occurred_at) ?? incoming.receivedAt;
  const startedAt = momentOrNull(payload.start_time);
  const parties = isDial
    ? { from: note.from, to: note.to }
    : {
        from: numberIn(payload.from) ?? note.from,
        to: numberIn(payload.to) ?? note.to,
        attestation: attestation(payload.shaken_stir_attestation, payload.shaken_stir_validated),
        startedAt,
      };
  const event = (rest: Pick<CarrierEvent, 'kind'> & Partial<CarrierEvent>) =>
    carrierEvent({
      carrier: 'telnyx',
      callId,
      eventId,
      leg: isDial ? 'dial' : 'parent',
      at,
      ...parties,
      control: {
        parentControlId: note.parent ?? controlId ?? '',
        eventType: type,
        doing: note.doing,
        incoming: payload.direction === 'incoming',
      },
      ...rest,
    });

  switch (type) {
    case 'call.initiated':
      if (!isDial && payload.direction !== 'incoming') return null;
      return event({ kind: isDial ? 'status' : 'incoming', status: 'ringing' });
    case 'call.answered':
      return event({ kind: 'status', status: 'answered' });
    case 'call.hangup': {
      const status = causeOf(payload.hangup_cause) ?? 'failed';
      // `start_time` of the dialled leg is when it was dialled, so the talk is told by its own events (call-life.ts).
      if (isDial) return event({ kind: 'dial_result', status, nextStep: note.step });
      return event({ kind: 'status', status, talkSeconds: secondsBetween(startedAt, at) });
    }
    case 'call.recording.saved': {
      const recordingUrl = savedRecording(payload);
      if (!recordingUrl) return null;
      return event({
        kind: note.doing === 'record' ? 'voicemail' : 'recording',
        recordingUrl,
        talkSeconds: secondsBetween(
          momentOrNull(payload.recording_started_at),
          momentOrNull(payload.recording_ended_at),
        ),
      });
    }
    case 'call.bridged':
    case 'call.speak.ended':
      return event({ kind: 'status' });
    default:
      return null;
  }
}

/** The lasting address where the account has those, else the one that is good for ten minutes. */
function savedRecording(payload: Record<string, unknown>): string | null {
  for (const urls of [object(payload.public_recording_urls), object(payload.recording_urls)]) {
    const url = recordingUrlOrNull(urls?.mp3) ?? recordingUrlOrNull(urls?.wav);
    if (url) return url;
  }
  return null;
}

/** Control ids are longer than call ids. */
const callIdOrLong = (value: unknown) =>
  typeof value === 'string' && /^[\x21-\x7e]{1,256}$/.test(value) ? value : null;

const object = (value: unknown) =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
