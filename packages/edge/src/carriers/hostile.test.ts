import { type CarrierName, CarrierName as Names, type SecretsOf } from '@dialmark/shared/wire/forwarding';
import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { CALLER, EDGE, FULL_PLAN, formText, NOW, parseXml, TRACKING } from '../../test/carriers/fixtures.ts';
import { reply } from './carrier.ts';
import { adapterFor, CARRIERS } from './carriers.ts';
import { readIncoming } from './incoming.ts';

const SECRETS: { [N in CarrierName]: SecretsOf<N> } = {
  twilio: { authToken: 't' },
  telnyx: { publicKey: 'eu2zvPjhY6odxV34Z/EsRiERvTodkev4Fq0SlK90Izg=' },
  plivo: { authToken: 't' },
  vonage: { signatureSecret: 's', apiKey: 'k' },
  signalwire: { signingKey: 'k' },
  bandwidth: { username: 'u', password: 'p' },
};

type Message = Record<string, unknown>;
const parties = { From: CALLER, To: TRACKING };
const twiml: Message[] = [
  { ...parties, CallSid: 'CA1', CallStatus: 'ringing', StirVerstat: 'TN-Validation-Passed-A' },
  { ...parties, CallSid: 'CA1', CallStatus: 'in-progress', DialCallStatus: 'no-answer', DialCallDuration: '0' },
  {
    CallSid: 'CA2',
    ParentCallSid: 'CA1',
    CallStatus: 'completed',
    CallDuration: '9',
    Timestamp: '2026-11-24T21:30:00Z',
  },
  { CallSid: 'CA1', RecordingSid: 'RE1', RecordingUrl: 'https://r.example/RE1', RecordingDuration: '9' },
];
const control = (event_type: string, payload: Message): Message => ({
  data: {
    id: 'e',
    event_type,
    occurred_at: '2026-11-24T21:30:00Z',
    payload: { call_session_id: 's', call_control_id: 'c', ...payload },
  },
});
/** Real requests of each carrier, to be damaged in places. */
const REAL: Record<CarrierName, { form?: Message[]; json?: Message[] }> = {
  twilio: { form: twiml },
  signalwire: { form: twiml },
  telnyx: {
    form: twiml,
    json: [
      control('call.initiated', {
        direction: 'incoming',
        from: CALLER,
        to: TRACKING,
        start_time: '2026-11-24T21:30:00Z',
      }),
      control('call.hangup', { hangup_cause: 'timeout', client_state: btoa('{"leg":"dial","step":1,"parent":"c"}') }),
      control('call.recording.saved', { recording_urls: { mp3: 'https://r.example/1.mp3' } }),
    ],
  },
  plivo: {
    form: [
      { ...parties, CallUUID: 'u', CallStatus: 'ringing', STIRVerification: 'Verified', STIRAttestation: 'A' },
      {
        ...parties,
        CallUUID: 'u',
        CallStatus: 'in-progress',
        DialStatus: 'busy',
        DialBLegUUID: 'b',
        DialALegUUID: 'u',
      },
      { CallUUID: 'u', DialALegUUID: 'u', DialAction: 'hangup', DialBLegDuration: '9' },
      { CallUUID: 'u', RecordUrl: 'https://r.example/1', RecordingID: 'r', RecordingDuration: '9' },
    ],
  },
  vonage: {
    json: [
      { from: '12125550199', to: '14155550132', uuid: 'u', status: 'answered', direction: 'inbound' },
      { uuid: 'b', status: 'timeout', direction: 'outbound', timestamp: '2026-11-24T21:30:00Z', duration: '9' },
      { recording_url: 'https://r.example/1', recording_uuid: 'r', start_time: '2026-11-24T21:30:00Z' },
    ],
  },
  bandwidth: {
    json: [
      {
        eventType: 'initiate',
        callId: 'c',
        from: CALLER,
        to: TRACKING,
        direction: 'inbound',
        stirShaken: {},
        diversion: {},
      },
      {
        eventType: 'transferComplete',
        callId: 'c',
        cause: 'busy',
        from: CALLER,
        to: TRACKING,
        startTime: '2026-11-24T21:30:00Z',
      },
      { eventType: 'transferAnswer', callId: 'b', parentCallId: 'c', eventTime: '2026-11-24T21:30:00Z' },
      {
        eventType: 'recordingAvailable',
        callId: 'c',
        mediaUrl: 'https://r.example/1',
        duration: 'PT9S',
        recordingId: 'r',
      },
    ],
  },
};

const text = fc.oneof(
  fc.constantFrom('', '-1', '1e400', '99999999999', 'constructor', '__proto__', '</Response>', '+0', 'NaN', '￿'),
  fc.string({ unit: 'binary', maxLength: 300 }),
);
const junk = fc.oneof(text, fc.jsonValue());

/** The message with some of its fields, at any depth, replaced by junk. */
function spoilt(message: Message, value: fc.Arbitrary<unknown>): fc.Arbitrary<Message> {
  const fields = Object.entries(message).map(([name, real]) => {
    const nested = typeof real === 'object' && real !== null ? spoilt(real as Message, value) : fc.constant(real);
    return fc
      .oneof({ weight: 8, arbitrary: nested }, { weight: 1, arbitrary: value })
      .map((field) => [name, field] as const);
  });
  return fc.tuple(...fields).map((entries) => Object.fromEntries(entries));
}

const body = (name: CarrierName) =>
  fc.oneof(
    ...(REAL[name].form ?? []).map((message) =>
      spoilt(message, text).map((form) => ({
        type: 'application/x-www-form-urlencoded',
        rawBody: formText(form as Record<string, string>),
      })),
    ),
    ...(REAL[name].json ?? []).map((message) =>
      spoilt(message, junk).map((json) => ({ type: 'application/json', rawBody: JSON.stringify(json) })),
    ),
    fc.record({
      type: fc.constantFrom('application/x-www-form-urlencoded', 'application/json', 'text/plain'),
      rawBody: fc.oneof(text, fc.json()),
    }),
  );

const notes = fc.dictionary(
  fc.constantFrom('step', 'whisper', 'voicemail', 'call', 'parent', 'bodySHA256', 'CallSid', 'status'),
  fc.oneof(fc.constantFrom('1', '2', '9', 'CA1'), text),
  { maxKeys: 2 },
);
const request = (name: CarrierName) =>
  fc.record({
    method: fc.constantFrom('POST', 'POST', 'POST', 'GET', 'PUT'),
    endpoint: fc.constantFrom('voice', 'status'),
    notes,
    body: body(name),
    header: fc.string().map((value) => value.replace(/[^\x20-\x7e]/g, '')),
  });

const PROOFS = [
  'authorization',
  'x-twilio-signature',
  'x-signalwire-signature',
  'x-plivo-signature-v3',
  'x-plivo-signature-v3-nonce',
  'telnyx-signature-ed25519',
  'telnyx-timestamp',
  'x-forwarded-host',
  'x-forwarded-proto',
];

describe.each(Names.options)('%s, whatever comes in,', (name) => {
  it('refuses what is not signed, says something well formed to what it can read, and never throws', async () => {
    const understood = new Set<string>();
    await fc.assert(
      fc.asyncProperty(request(name), async ({ method, endpoint, notes: query, body: { type, rawBody }, header }) => {
        const headers = new Headers({ 'content-type': type });
        for (const proof of PROOFS) headers.set(proof, header);
        const url = `${EDGE}/${name}/${endpoint}?${new URLSearchParams(query)}`;
        const incoming = readIncoming({ method, url, headers, rawBody, receivedAt: NOW });
        const carrier = adapterFor(name, incoming);
        expect(await carrier.verify(incoming, SECRETS[name], NOW)).toBe(false);

        const event = carrier.parse(incoming);
        if (!event) return;
        understood.add(event.kind);
        expect(event.callId).toMatch(/^[\x21-\x7e]{1,128}$/);
        expect(event.eventId).toMatch(/^[\x21-\x7e]{1,300}$/);
        for (const number of [event.from, event.to, event.forwardedFrom])
          expect(number ?? CALLER).toMatch(/^\+\d{7,15}$/);
        for (const count of [
          event.at,
          'talkSeconds' in event && event.talkSeconds,
          'nextStep' in event && event.nextStep,
        ])
          expect(Number(count)).toBeGreaterThanOrEqual(0);

        const told = reply(carrier, FULL_PLAN, event, { statusUrl: `${EDGE}/${name}/status`, secrets: SECRETS[name] });
        expect([200, 204]).toContain(told.status);
        if (told.headers['content-type']?.includes('xml')) expect(parseXml(told.body ?? '').name).toBe('Response');
        else if (told.body) expect(Array.isArray(JSON.parse(told.body))).toBe(true);
      }),
      { numRuns: 500 },
    );
    // Otherwise nothing was tested but the refusal.
    for (const kind of ['incoming', 'dial_result', 'recording']) expect(understood).toContain(kind);
  });
});

it('knows six carriers by name and nothing else', () => {
  expect(Object.keys(CARRIERS).sort()).toEqual([...Names.options].sort());
  for (const name of ['', 'Twilio', 'constructor', '__proto__', 'toString']) expect(v.is(Names, name)).toBe(false);
});
