import { type CarrierName, CarrierName as Names, type SecretsOf } from '@dialmark/shared/wire/forwarding';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reply } from './carrier.ts';
import { CARRIERS, carrierNamed } from './carriers.ts';
import { EDGE, FULL_PLAN, NOW, parseXml } from './fixtures.ts';
import { readIncoming } from './incoming.ts';

const SECRETS: { [N in CarrierName]: SecretsOf<N> } = {
  twilio: { authToken: 't' },
  telnyx: { publicKey: 'eu2zvPjhY6odxV34Z/EsRiERvTodkev4Fq0SlK90Izg=' },
  plivo: { authToken: 't' },
  vonage: { signatureSecret: 's', apiKey: 'k' },
  signalwire: { signingKey: 'k' },
  bandwidth: { username: 'u', password: 'p' },
};

/** Names that carriers read, with values that they do not expect. */
const names = fc.constantFrom(
  'CallSid',
  'CallStatus',
  'ParentCallSid',
  'DialCallStatus',
  'DialCallDuration',
  'RecordingUrl',
  'From',
  'To',
  'Timestamp',
  'CallUUID',
  'DialStatus',
  'DialAction',
  'RecordUrl',
  'uuid',
  'status',
  'recording_url',
  'timestamp',
  'duration',
  'direction',
  'callId',
  'parentCallId',
  'eventType',
  'cause',
  'eventTime',
  'mediaUrl',
  'stirShaken',
  'diversion',
  'data',
  '__proto__',
);
const words = fc.constantFrom(
  'CA1',
  'completed',
  'no-answer',
  'answered',
  'hangup',
  'initiate',
  'transferComplete',
  'transferAnswer',
  'disconnect',
  'recordingAvailable',
  '+12125550199',
  'https://r.example/1',
  '2026-11-24T21:30:00Z',
  '99999999999',
  '-1',
  'constructor',
);
const value = fc.oneof(words, fc.string(), fc.string({ unit: 'binary', maxLength: 20 }));
const telnyxData = fc.record({
  data: fc.record({
    id: fc.oneof(words, fc.jsonValue()),
    event_type: fc.oneof(
      fc.constantFrom('call.initiated', 'call.answered', 'call.hangup', 'call.recording.saved', 'call.speak.ended'),
      fc.jsonValue(),
    ),
    payload: fc.oneof(
      fc.record({
        call_session_id: fc.oneof(words, fc.jsonValue()),
        client_state: fc.oneof(fc.base64String(), fc.jsonValue()),
        recording_urls: fc.jsonValue(),
        direction: fc.oneof(fc.constantFrom('incoming', 'outgoing'), fc.jsonValue()),
      }),
      fc.jsonValue(),
    ),
  }),
});
const body = fc.oneof(
  fc.string(),
  fc.array(fc.tuple(names, value), { maxLength: 12 }).map((pairs) => new URLSearchParams(pairs).toString()),
  fc.dictionary(names, fc.oneof(value, fc.jsonValue()), { maxKeys: 12 }).map((json) => JSON.stringify(json)),
  fc.json(),
  telnyxData.map((json) => JSON.stringify(json)),
);
const header = fc.string().map((text) => text.replace(/[^\x20-\x7e]/g, ''));
const request = fc.record({
  method: fc.constantFrom('GET', 'POST', 'PUT'),
  query: fc.array(
    fc.tuple(fc.oneof(names, fc.constantFrom('step', 'whisper', 'voicemail', 'call', 'parent', 'bodySHA256')), value),
    { maxLength: 4 },
  ),
  endpoint: fc.constantFrom('voice', 'status'),
  type: fc.constantFrom('application/x-www-form-urlencoded', 'application/json', 'text/plain', ''),
  body,
  header,
});

describe.each(Names.options)('%s, whatever comes in,', (name) => {
  const carrier = carrierNamed(name);
  if (!carrier) throw new Error('unknown carrier');

  it('refuses what is not signed, says something well formed to what it can read, and never throws', async () => {
    await fc.assert(
      fc.asyncProperty(request, async ({ method, query, endpoint, type, body: rawBody, header: text }) => {
        const headers = new Headers({ 'content-type': type });
        for (const field of [
          'authorization',
          'x-twilio-signature',
          'x-signalwire-signature',
          'x-plivo-signature-v3',
          'x-plivo-signature-v3-nonce',
          'telnyx-signature-ed25519',
          'telnyx-timestamp',
          'x-forwarded-host',
          'x-forwarded-proto',
        ]) {
          headers.set(field, text);
        }
        const url = `${EDGE}/${name}/${endpoint}?${new URLSearchParams(query)}`;
        const incoming = readIncoming({ method, url, headers, rawBody, receivedAt: NOW });
        expect(await carrier.verify(incoming, SECRETS[name], NOW)).toBe(false);

        const event = carrier.parse(incoming);
        if (!event) return;
        expect(event.callId).toMatch(/^[\x21-\x7e]{1,128}$/);
        expect(event.eventId.length).toBeGreaterThan(0);
        expect(Number.isFinite(event.at)).toBe(true);
        for (const number of [event.from, event.to, event.forwardedFrom])
          expect(number ?? '+10000000').toMatch(/^\+\d{7,15}$/);
        const told = reply(carrier, FULL_PLAN, event, { statusUrl: `${EDGE}/${name}/status`, secrets: SECRETS[name] });
        expect([200, 204]).toContain(told.status);
        if (told.headers['content-type']?.includes('xml')) expect(parseXml(told.body ?? '').name).toBe('Response');
        else if (told.body) expect(Array.isArray(JSON.parse(told.body))).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

it('knows six carriers by name and nothing else', () => {
  expect(Object.keys(CARRIERS).sort()).toEqual([...Names.options].sort());
  for (const name of ['', 'Twilio', 'constructor', '__proto__', 'toString']) expect(carrierNamed(name)).toBeNull();
});
