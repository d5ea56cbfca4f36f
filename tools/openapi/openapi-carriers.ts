/** The carriers' webhooks in OpenAPI: what each sends, how it proves that it did, and what it is answered with. */
import { CarrierName } from '@dialmark/shared/wire/forwarding';

type Json = Record<string, unknown>;
const FORM = 'application/x-www-form-urlencoded';
const JSON_BODY = 'application/json';
const XML = 'application/xml';

interface CarrierWebhook {
  title: string;
  /** Security scheme: its name is `<carrier>Signature`. */
  proof: Json;
  /** Header fields beside the one of the scheme. */
  headers?: Record<string, string>;
  /** By media type, the fields that are read of a request. */
  sends: Record<string, Record<string, string>>;
  /** True if it may also come as a GET, with its fields in the query. */
  byGet: boolean;
  answer: string;
  documentation: string;
}

const inHeader = (name: string, description: string): Json => ({ type: 'apiKey', in: 'header', name, description });

const TWIML_FIELDS = {
  CallSid: 'The leg that this is about.',
  ParentCallSid: "Of a dialled leg: the caller's leg, which is the call's id.",
  From: 'The caller, E.164; something else where the number is withheld.',
  To: 'The tracking number that was dialled.',
  CallStatus: 'queued, initiated, ringing, in-progress, completed, busy, failed, no-answer or canceled.',
  CallDuration: 'Seconds, once the leg is over.',
  Timestamp: 'When this happened.',
  ForwardedFrom: 'The number the call was diverted from.',
  DialCallSid: 'Of the result of a dial: the dialled leg.',
  DialCallStatus: 'How the dial ended.',
  DialCallDuration: 'Seconds of talk of the dialled leg.',
  RecordingSid: 'A recording’s id.',
  RecordingUrl: 'Where it is, under the carrier’s access rules.',
  RecordingDuration: 'Its length in seconds.',
};

const WEBHOOKS: Record<CarrierName, CarrierWebhook> = {
  twilio: {
    title: 'Twilio',
    proof: inHeader(
      'X-Twilio-Signature',
      'Base64 HMAC-SHA1 under the auth token, over the address and the sorted fields.',
    ),
    sends: { [FORM]: { ...TWIML_FIELDS, StirVerstat: 'STIR/SHAKEN: TN-Validation-Passed-A and so on.' } },
    byGet: true,
    answer: XML,
    documentation: 'https://www.twilio.com/docs/voice/twiml',
  },
  signalwire: {
    title: 'SignalWire',
    proof: inHeader('X-SignalWire-Signature', 'As Twilio’s, under the signing key.'),
    sends: { [FORM]: { ...TWIML_FIELDS, StirVerstat: 'STIR/SHAKEN: TN-Validation-Passed-A and so on.' } },
    byGet: true,
    answer: XML,
    documentation: 'https://developer.signalwire.com/compatibility-api/cxml/voice',
  },
  telnyx: {
    title: 'Telnyx',
    proof: inHeader('telnyx-signature-ed25519', 'Base64 Ed25519 over `timestamp|body`.'),
    headers: { 'telnyx-timestamp': 'Unix time in seconds; five minutes off at most.' },
    sends: {
      [FORM]: {
        ...TWIML_FIELDS,
        CallInitiatedAt: 'When the call began.',
        ShakenStirAttestation: 'A, B or C.',
        ShakenStirValidated: 'Whether the attestation holds.',
      },
      [JSON_BODY]: { data: 'A Call Control event: `event_type`, `id`, `occurred_at`, `payload`.' },
    },
    byGet: false,
    answer: XML,
    documentation: 'https://developers.telnyx.com/docs/voice/programmable-voice/texml-fundamentals',
  },
  plivo: {
    title: 'Plivo',
    proof: inHeader(
      'X-Plivo-Signature-V3',
      'Base64 HMAC-SHA256 over address, sorted fields and nonce; several, by commas.',
    ),
    headers: { 'X-Plivo-Signature-V3-Nonce': 'The nonce that is signed.' },
    sends: {
      [FORM]: {
        CallUUID: 'The call.',
        From: 'The caller, without a plus.',
        To: 'The tracking number, without a plus.',
        ForwardedFrom: 'The number the call was diverted from.',
        CallStatus: 'ringing, in-progress, completed, busy, failed, timeout, no-answer or cancel.',
        Duration: 'Seconds, once the call is over.',
        SessionStart: 'When the call began.',
        StartTime: 'The same, once the call is over.',
        EndTime: 'When it ended.',
        STIRVerification: 'Whether the attestation holds.',
        STIRAttestation: 'A, B or C.',
        DialAction: 'Of a dialled leg: answer, connected, hangup and so on.',
        DialStatus: 'How the dial ended.',
        DialALegUUID: "Of a dialled leg: the caller's leg.",
        DialBLegUUID: 'The dialled leg.',
        DialBLegDuration: 'Its talk in seconds.',
        RecordUrl: 'Where a recording is.',
        RecordingID: 'Its id.',
        RecordingDuration: 'Its length in seconds.',
      },
    },
    byGet: true,
    answer: XML,
    documentation: 'https://www.plivo.com/docs/voice/xml/overview',
  },
  vonage: {
    title: 'Vonage',
    proof: {
      type: 'http',
      scheme: 'bearer',
      bearerFormat: 'JWT',
      description:
        'HS256 under the signature secret, five minutes old at most, `payload_hash` the SHA-256 of the body.',
    },
    sends: {
      [JSON_BODY]: {
        uuid: 'The leg.',
        conversation_uuid: 'The conversation it is in.',
        from: 'The caller, without a plus.',
        to: 'The tracking number, without a plus.',
        direction: 'inbound or outbound.',
        status: 'started, ringing, answered, completed, busy, cancelled, failed, rejected, timeout or unanswered.',
        timestamp: 'When this happened.',
        start_time: 'When the leg was answered, or a recording began.',
        end_time: 'When it ended.',
        duration: 'Seconds, once it is over.',
        recording_url: 'Where a recording is.',
        recording_uuid: 'Its id.',
      },
    },
    byGet: true,
    answer: JSON_BODY,
    documentation: 'https://developer.vonage.com/en/voice/voice-api/ncco-reference',
  },
  bandwidth: {
    title: 'Bandwidth',
    proof: { type: 'http', scheme: 'basic', description: 'The name and password configured for the site.' },
    sends: {
      [JSON_BODY]: {
        eventType:
          'initiate, answer, disconnect, transferAnswer, transferDisconnect, transferComplete, recordComplete, …',
        eventTime: 'When this happened.',
        callId: 'The leg.',
        parentCallId: "Of a dialled leg: the caller's leg.",
        from: 'The caller.',
        to: 'The tracking number.',
        direction: 'inbound or outbound.',
        startTime: 'When the leg began.',
        answerTime: 'When it was answered.',
        endTime: 'When it ended.',
        cause: 'Why it ended.',
        stirShaken: '`verstat` and `attestationIndicator`.',
        diversion: '`origTo`: the number the call was diverted from.',
        recordingId: 'A recording’s id.',
        mediaUrl: 'Where it is.',
        duration: 'Its length, ISO 8601.',
      },
    },
    byGet: false,
    answer: XML,
    documentation: 'https://dev.bandwidth.com/docs/voice/bxml/',
  },
};

const ENDPOINTS = {
  voice: {
    summary: 'a call comes in: answered with what to do',
    description: 'Enter this URL at the carrier. docs/carriers names the field.',
  },
  status: {
    summary: 'how a call goes: ringing, answered, ended, recorded; also where our answer sends the carrier next',
    description: 'URLs that our answers give to the carrier carry our own notes in the query.',
  },
} as const;

/** Query parameters that our own answers add to callback addresses. */
const NOTES: Record<string, string> = {
  number: 'The tracking number.',
  step: 'Which step of the call’s plan follows if the dial was not answered.',
  parent: 'The call that a dialled leg belongs to.',
  call: 'The same, for carriers that do not name it.',
  whisper: 'What is to be said to who picked up.',
  voicemail: 'A message is being taken.',
};

const textFields = (fields: Record<string, string>, type: string): Json => ({
  type: 'object',
  properties: Object.fromEntries(
    Object.entries(fields).map(([name, description]) => [
      name,
      type === FORM ? { type: 'string', description } : { description },
    ]),
  ),
});
const parameter =
  (where: 'header' | 'query', required: boolean) =>
  ([name, description]: [string, string]) => ({
    ...{ name, in: where, required, description },
    schema: { type: 'string' },
  });

/** @param problem an answer that is a problem, as the rest of the document has them */
export function carrierPaths(problem: (description: string) => Json): Record<string, Json> {
  const paths: Record<string, Json> = {};
  for (const name of CarrierName.options) {
    const webhook = WEBHOOKS[name];
    for (const [endpoint, { summary, description }] of Object.entries(ENDPOINTS)) {
      const operation = (method: 'Get' | 'Post'): Json => ({
        operationId: `${name}${endpoint === 'voice' ? 'Voice' : 'Status'}${method === 'Get' ? 'ByGet' : ''}`,
        summary: `${webhook.title}: ${summary}`,
        description,
        tags: ['Carriers'],
        externalDocs: { url: webhook.documentation },
        security: [{ [`${name}Signature`]: [] }],
        parameters: [
          {
            name: 'site',
            in: 'path',
            required: true,
            description: "The site's public key.",
            schema: { type: 'string' },
          },
          ...Object.entries(webhook.headers ?? {}).map(parameter('header', true)),
          ...(endpoint === 'status' ? Object.entries(NOTES).map(parameter('query', false)) : []),
          ...(method === 'Get'
            ? Object.values(webhook.sends).flatMap(Object.entries).map(parameter('query', false))
            : []),
        ],
        ...(method === 'Post'
          ? {
              requestBody: {
                required: true,
                content: Object.fromEntries(
                  Object.entries(webhook.sends).map(([type, fields]) => [type, { schema: textFields(fields, type) }]),
                ),
              },
            }
          : {}),
        responses: {
          200: {
            description: "Call control instructions in the carrier's format.",
            content: { [webhook.answer]: { schema: webhook.answer === XML ? { type: 'string' } : {} } },
          },
          204: { description: 'Recorded. Nothing to do.' },
          403: problem('The signature does not match, or is too old (`signature_invalid`).'),
          404: problem(
            'The site does not exist (`site_not_found`), or has no secrets of this carrier (`carrier_not_configured`).',
          ),
          413: problem('The body is larger than any webhook (`payload_too_large`).'),
          503: problem('The pool cannot be reached from here (`pool_unavailable`). Ask the fallback address.'),
        },
      });
      paths[`/v1/sites/{site}/carriers/${name}/${endpoint}`] = {
        post: operation('Post'),
        ...(webhook.byGet ? { get: operation('Get') } : {}),
      };
    }
  }
  return paths;
}

/** Authentication of each carrier. */
export const carrierSecurity: Record<string, Json> = Object.fromEntries(
  CarrierName.options.map((name) => [`${name}Signature`, WEBHOOKS[name].proof]),
);
