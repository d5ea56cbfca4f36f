import { numberIn } from '@dialmark/shared';
import {
  type CarrierEvent,
  callIdOrNull,
  carrierEvent,
  momentOrNull,
  recordingUrlOrNull,
  secondsBetween,
  statusReader,
} from '../calls/events.ts';
import { type Carrier, emptyAnswer } from './carrier.ts';
import { type Incoming, jsonBody } from './incoming.ts';
import { attestation, telnyx } from './telnyx.ts';
import { callControlCommands, type LegControl } from './telnyx-commands.ts';
import { type LegNote, readNote } from './telnyx-note.ts';

/**
 * Telnyx's Call Control applications, which send JSON and are answered with 200 and with commands to Telnyx's API
 * (telnyx-commands.ts).
 */
export const telnyxCallControl: Carrier<'telnyx'> = {
  name: 'telnyx',
  verify: telnyx.verify,
  parse: parseCallControl,
  answer: () => emptyAnswer(200),
  hangUp: () => emptyAnswer(200),
  // A whisper needs a recorded file there, so none is asked for.
  whisper: () => emptyAnswer(200),
  acknowledge: () => emptyAnswer(200),
  commands(incoming, event, plan, { secrets: { apiKey }, statusUrl }) {
    const webhook = readCallControl(incoming);
    return webhook && apiKey ? callControlCommands(event, controlOf(webhook), plan, { apiKey, statusUrl }) : [];
  },
};

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

/** A Call Control webhook. The call is the session, which the caller's and the dialed leg share. */
interface CallControl {
  callId: string;
  eventId: string;
  type: string;
  occurredAt: unknown;
  payload: Record<string, unknown>;
  note: LegNote;
  isDial: boolean;
}

function readCallControl(incoming: Incoming): CallControl | null {
  const data = object(jsonBody(incoming)?.data);
  const payload = object(data?.payload);
  const callId = callIdOrNull(payload?.call_session_id);
  const eventId = callIdOrNull(data?.id);
  const type = data?.event_type;
  if (!data || !payload || !callId || !eventId || typeof type !== 'string') return null;
  const note = readNote(payload.client_state);
  const isDial = payload.direction === 'outgoing' || note.leg === 'dial';
  return { callId, eventId, type, occurredAt: data.occurred_at, payload, note, isDial };
}

function controlOf({ payload, note, type }: CallControl): LegControl {
  return {
    parentControlId: note.parent ?? controlIdOrNull(payload.call_control_id) ?? '',
    eventType: type,
    doing: note.doing,
    incoming: payload.direction === 'incoming',
  };
}

function parseCallControl(incoming: Incoming): CarrierEvent | null {
  const webhook = readCallControl(incoming);
  if (!webhook) return null;
  const { callId, eventId, type, payload, note, isDial } = webhook;
  const at = momentOrNull(webhook.occurredAt) ?? incoming.receivedAt;
  const startedAt = momentOrNull(payload.start_time);
  const parties = isDial
    ? { from: note.from, to: note.to }
    : {
        from: numberIn(payload.from) ?? note.from,
        to: numberIn(payload.to) ?? note.to,
        attestation: attestation(payload.shaken_stir_attestation, payload.shaken_stir_validated),
        startedAt,
      };
  const common = { carrier: 'telnyx', callId, eventId, at, ...parties } as const;
  const leg = isDial ? 'dial' : 'parent';

  switch (type) {
    case 'call.initiated':
      if (isDial) return carrierEvent({ ...common, kind: 'status', leg, status: 'ringing' });
      return payload.direction === 'incoming' ? carrierEvent({ ...common, kind: 'incoming' }) : null;
    case 'call.answered':
      return carrierEvent({ ...common, kind: 'status', leg, status: 'answered' });
    case 'call.hangup': {
      const status = causeOf(payload.hangup_cause) ?? 'failed';
      // `start_time` of the dialed leg is when it was dialed, so the talk time comes from its own events (call-life.ts).
      if (isDial) return carrierEvent({ ...common, kind: 'dial_result', status, nextStep: note.step });
      return carrierEvent({ ...common, kind: 'status', leg, status, talkSeconds: secondsBetween(startedAt, at) });
    }
    case 'call.recording.saved': {
      const recordingUrl = savedRecording(payload);
      if (!recordingUrl) return null;
      const talkSeconds = secondsBetween(
        momentOrNull(payload.recording_started_at),
        momentOrNull(payload.recording_ended_at),
      );
      const kind = note.doing === 'record' ? 'voicemail' : 'recording';
      return carrierEvent({ ...common, kind, leg, recordingUrl, talkSeconds });
    }
    case 'call.bridged':
    case 'call.speak.ended':
      return carrierEvent({ ...common, kind: 'status', leg });
    default:
      return null;
  }
}

/** Returns the lasting address where the account has those, else the one that is good for ten minutes. */
function savedRecording(payload: Record<string, unknown>): string | null {
  for (const urls of [object(payload.public_recording_urls), object(payload.recording_urls)]) {
    const url = recordingUrlOrNull(urls?.mp3) ?? recordingUrlOrNull(urls?.wav);
    if (url) return url;
  }
  return null;
}

/** Control ids are longer than call ids. */
const controlIdOrNull = (value: unknown) =>
  typeof value === 'string' && /^[\x21-\x7e]{1,256}$/.test(value) ? value : null;

const object = (value: unknown) =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
