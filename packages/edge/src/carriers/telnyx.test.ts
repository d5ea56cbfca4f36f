import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import Telnyx from 'telnyx';
import { describe, expect, it } from 'vitest';
import {
  CALLER,
  DESTINATION,
  documentOf,
  EDGE,
  FULL_PLAN,
  formText,
  NOW,
  OVERFLOW,
  type Parsed,
  PLAIN_PLAN,
  sent,
  TRACKING,
} from '../../test/carriers/fixtures.ts';
import { answer, reply } from './carrier.ts';
import { telnyx } from './telnyx.ts';
import { telnyxCallControl } from './telnyx-call-control.ts';

const keys = generateKeyPairSync('ed25519');
const other = generateKeyPairSync('ed25519');
/** As Mission Control shows it: the 32 raw bytes, which end the DER form, in base64. */
const shown = (key: KeyObject) => key.export({ format: 'der', type: 'spki' }).subarray(-32).toString('base64');
const publicKey = shown(keys.publicKey);

const voice = `${EDGE}/telnyx/voice`;
const statusUrl = `${EDGE}/telnyx/status`;
const context = { statusUrl, secrets: { publicKey } };
const seconds = (at: number) => String(Math.floor(at / 1000));

const call = {
  AccountSid: 'a-1',
  CallSid: 'v3:texml-call-1',
  CallStatus: 'ringing',
  From: CALLER as string,
  To: TRACKING as string,
  ShakenStirAttestation: 'B',
  ShakenStirValidated: 'true',
};
const initiated = {
  data: {
    event_type: 'call.initiated',
    id: '0ccc7b54-4df3-4bca-a65a-3da1ecc777f0',
    occurred_at: '2026-11-24T21:30:00.123456Z',
    record_type: 'event',
    payload: {
      call_control_id: 'v3:control-a',
      call_leg_id: 'leg-a',
      call_session_id: 'session-1',
      connection_id: '7267xxxxxxxxxxxxxx',
      direction: 'incoming',
      from: CALLER,
      to: TRACKING,
      state: 'parked',
      start_time: '2026-11-24T21:29:59.000000Z',
      shaken_stir_attestation: 'A',
      shaken_stir_validated: true,
    },
  },
};

function signed(
  url: string,
  body: { rawBody: string; type: string },
  {
    timestamp = seconds(NOW),
    key = keys.privateKey,
    message,
  }: { timestamp?: string; key?: KeyObject; message?: string } = {},
) {
  const headers = {
    'content-type': body.type,
    'telnyx-timestamp': timestamp,
    'telnyx-signature-ed25519': sign(null, Buffer.from(message ?? `${timestamp}|${body.rawBody}`), key).toString(
      'base64',
    ),
  };
  return sent({ url, rawBody: body.rawBody, headers });
}
const asForm = (form: Record<string, string>) => ({
  rawBody: formText(form),
  type: 'application/x-www-form-urlencoded',
});
const asJson = (json: unknown) => ({ rawBody: JSON.stringify(json), type: 'application/json' });
const verifies = (incoming: ReturnType<typeof sent>, key: string | string[] = publicKey, now: number = NOW) =>
  telnyx.verify(incoming, { publicKey: key }, now as typeof NOW);

describe('a request of Telnyx', () => {
  it.each([
    ['TeXML', asForm(call)],
    ['Call Control', asJson(initiated)],
  ])('of a %s application verifies, by the official library as by ours', async (_, body) => {
    const now = Date.now();
    const incoming = signed(voice, body, { timestamp: seconds(now) });
    const client = new Telnyx({ apiKey: 'k', publicKey });
    const headers = Object.fromEntries(incoming.headers);
    if (body.type === 'application/json') {
      await expect(client.webhooks.unwrap(body.rawBody, { headers })).resolves.toEqual(initiated);
    } else {
      // The library reads JSON only; it gets past the signature and stumbles over the form.
      await expect(client.webhooks.unwrap(body.rawBody, { headers })).rejects.toThrow(SyntaxError);
    }
    expect(await verifies(incoming, publicKey, now)).toBe(true);
  });

  it('verifies up to five minutes from the signed time, either way, and no further', async () => {
    const incoming = signed(voice, asForm(call));
    for (const [offset, fresh] of [
      [-300, true],
      [-301, false],
      [300, true],
      [301, false],
    ] as const) {
      expect(await verifies(incoming, publicKey, NOW + offset * 1000)).toBe(fresh);
    }
  });

  it('verifies with either key while one replaces the other', async () => {
    const incoming = signed(voice, asForm(call));
    expect(await verifies(incoming, [shown(other.publicKey), publicKey])).toBe(true);
    expect(await verifies(incoming, [shown(other.publicKey)])).toBe(false);
  });

  const good = signed(voice, asForm(call));
  const header = (name: string) => good.headers.get(name) ?? '';
  const tampered = (change: { rawBody?: string; headers?: Record<string, string>; method?: string }) =>
    sent({
      url: voice,
      rawBody: change.rawBody ?? good.rawBody,
      ...(change.method ? { method: change.method } : {}),
      headers: { ...Object.fromEntries(good.headers), ...change.headers },
    });
  it.each([
    ['no signature', sent({ url: voice, form: call, headers: { 'telnyx-timestamp': seconds(NOW) } })],
    [
      'no timestamp',
      sent({ url: voice, form: call, headers: { 'telnyx-signature-ed25519': header('telnyx-signature-ed25519') } }),
    ],
    ['another account’s key', signed(voice, asForm(call), { key: other.privateKey })],
    ['a body changed by one space', tampered({ rawBody: `${good.rawBody} ` })],
    ['a later timestamp put in', tampered({ headers: { 'telnyx-timestamp': seconds(NOW + 1000) } })],
    ['a timestamp that is no number', signed(voice, asForm(call), { timestamp: '1e9' })],
    ['a timestamp with a sign', signed(voice, asForm(call), { timestamp: `+${seconds(NOW)}` })],
    [
      'a signature cut short',
      tampered({ headers: { 'telnyx-signature-ed25519': header('telnyx-signature-ed25519').slice(0, 40) } }),
    ],
    ['a signature that is no base64', tampered({ headers: { 'telnyx-signature-ed25519': '*' } })],
    ['the body alone signed', signed(voice, asForm(call), { message: formText(call) })],
    ['its fields in the address, which is not signed', tampered({ method: 'GET' })],
    ['a body neither form nor JSON', tampered({ headers: { 'content-type': 'text/plain' } })],
  ])('is refused with %s', async (_, incoming) => {
    expect(await verifies(incoming)).toBe(false);
  });

  it.each(['', 'abc', 'AAAA', publicKey.slice(1)])('is refused by a key that is none: %j', async (key) => {
    expect(await verifies(good, key)).toBe(false);
  });
});

describe('what Telnyx reports', () => {
  const control = (event_type: string, payload: Record<string, unknown>, id = `id-${event_type}`) =>
    telnyxCallControl.parse(
      sent({
        url: statusUrl,
        json: {
          data: {
            event_type,
            id,
            occurred_at: '2026-11-24T21:31:00Z',
            payload: { call_session_id: 'session-1', ...payload },
          },
        },
      }),
    );

  it('is an incoming call of a TeXML application', () => {
    expect(telnyx.parse(sent({ url: voice, form: call }))).toMatchObject({
      carrier: 'telnyx',
      kind: 'incoming',
      callId: call.CallSid,
      from: CALLER,
      to: TRACKING,
      attestation: 'B',
    });
    const failed = { ...call, ShakenStirValidated: 'false' };
    expect(telnyx.parse(sent({ url: voice, form: failed }))?.attestation).toBe('failed');
  });

  // https://developers.telnyx.com/api-reference/callbacks/texml-call-completed: `DialCallStatus` stands there as well.
  it('is the end of one leg and not of the dial where the dialled leg reports, whatever it says of the dial', () => {
    const leg = { ...call, CallSid: 'v3:dialled', ParentCallSid: call.CallSid, CallStatus: 'no-answer' };
    const form = { ...leg, DialCallStatus: 'no-answer', DialCallSid: 'v3:dialled', DialCallDuration: '0' };
    const url = `${statusUrl}?parent=${encodeURIComponent(call.CallSid)}`;
    expect(telnyx.parse(sent({ url, form }))).toMatchObject({
      ...{ kind: 'status', callId: call.CallSid, leg: 'dial', status: 'missed' },
    });
  });

  it('is an incoming call of a Call Control application, known by its session', () => {
    expect(telnyxCallControl.parse(sent({ url: voice, json: initiated }))).toMatchObject({
      kind: 'incoming',
      callId: 'session-1',
      eventId: initiated.data.id,
      from: CALLER,
      to: TRACKING,
      status: 'ringing',
      startedAt: Date.parse('2026-11-24T21:29:59Z'),
      at: Date.parse('2026-11-24T21:30:00.123Z'),
      attestation: 'A',
    });
  });

  it.each([
    ['normal_clearing', 'completed'],
    ['originator_cancel', 'missed'],
    ['timeout', 'missed'],
    ['no_answer', 'missed'],
    ['call_rejected', 'missed'],
    ['user_busy', 'busy'],
    ['not_found', 'failed'],
    ['unspecified', 'failed'],
    ['toString', 'failed'],
  ])('is a leg that hung up for %s', (hangup_cause, status) => {
    expect(control('call.hangup', { hangup_cause, direction: 'outgoing', call_control_id: 'b' })).toMatchObject({
      kind: 'dial_result',
      leg: 'dial',
      status,
    });
    expect(
      control('call.hangup', { hangup_cause, start_time: '2026-11-24T21:30:00Z', call_control_id: 'a' }),
    ).toMatchObject({
      kind: 'status',
      leg: 'parent',
      status,
      talkSeconds: 60,
    });
  });

  it('is a recording, at its lasting address where there is one', () => {
    const urls = { recording_urls: { mp3: 'https://s3.example/short.mp3' } };
    expect(control('call.recording.saved', urls)).toMatchObject({
      kind: 'recording',
      recordingUrl: 'https://s3.example/short.mp3',
    });
    const lasting = { ...urls, public_recording_urls: { mp3: null, wav: 'https://s3.example/lasting.wav' } };
    expect(control('call.recording.saved', lasting)).toMatchObject({ recordingUrl: 'https://s3.example/lasting.wav' });
    expect(control('call.recording.saved', { recording_urls: null })).toBeNull();
  });

  it.each([
    ['no session', { data: { event_type: 'call.initiated', id: 'x', payload: {} } }],
    ['no payload', { data: { event_type: 'call.initiated', id: 'x' } }],
    ['null', { data: null }],
    ['a list', [initiated]],
    ['a message, which is no call', { data: { ...initiated.data, event_type: 'message.received' } }],
    ['a note that is not ours and a payload of wrong types', { data: { id: 1, event_type: {}, payload: [] } }],
  ])('is nothing where it says %s', (_, json) => {
    expect(telnyxCallControl.parse(sent({ url: voice, json }))).toBeNull();
  });

  it('reads a client state that is not ours as none', () => {
    for (const client_state of ['', '%%%', btoa('null'), btoa('[]'), btoa('{"leg":7,"step":-1,"parent":{}}'), 7]) {
      const hangup = { client_state, call_control_id: 'a', hangup_cause: 'timeout' };
      expect(control('call.hangup', { ...hangup, direction: 'incoming' })).toMatchObject({ leg: 'parent' });
      expect(control('call.hangup', { ...hangup, direction: 'outgoing' })).toMatchObject({
        leg: 'dial',
        nextStep: null,
      });
    }
  });
});

// https://developers.telnyx.com/docs/voice/programmable-voice/texml-verbs: each verb's attributes and what goes inside.
const DOCUMENTED: Record<string, { attributes: string[]; inside: string[] }> = {
  Response: { attributes: [], inside: ['Say', 'Dial', 'Record', 'Hangup'] },
  Say: { attributes: ['voice', 'language', 'loop'], inside: ['#text'] },
  Dial: {
    attributes: [
      'action',
      'method',
      'callerId',
      'fromDisplayName',
      'hangupOnStar',
      'timeout',
      'timeLimit',
      'record',
      'recordingChannels',
      'recordMaxLength',
      'recordingStatusCallback',
      'recordingStatusCallbackMethod',
      'recordingStatusCallbackEvent',
      'ringTone',
    ],
    inside: ['Number', 'Sip', 'Queue', 'Conference', '#text'],
  },
  Number: {
    attributes: ['url', 'method', 'statusCallback', 'statusCallbackEvent', 'statusCallbackMethod', 'sendDigits'],
    inside: ['#text'],
  },
  Record: {
    attributes: [
      'action',
      'method',
      'finishOnKey',
      'timeout',
      'maxLength',
      'playBeep',
      'trim',
      'channels',
      'recordingStatusCallback',
      'recordingStatusCallbackMethod',
      'recordingStatusCallbackEvent',
    ],
    inside: [],
  },
  Hangup: { attributes: [], inside: [] },
};

function undocumented(node: Parsed): string[] {
  const verb = DOCUMENTED[node.name];
  if (!verb) return [node.name];
  const inside = node.children.map((child) => (typeof child === 'string' ? '#text' : child.name));
  return [
    ...Object.keys(node.attributes).filter((name) => !verb.attributes.includes(name)),
    ...inside.filter((name) => !verb.inside.includes(name)),
    ...node.children.flatMap((child) => (typeof child === 'string' ? [] : undocumented(child))),
  ];
}

describe('what Telnyx is told', () => {
  const incoming = telnyx.parse(sent({ url: voice, form: call }));
  if (!incoming) throw new Error('no event');

  it.each([0, 1, 2])('uses documented TeXML only, in step %d', (step) => {
    const document = documentOf(telnyx.answer(FULL_PLAN, incoming, context, step));
    expect(undocumented(document)).toEqual([]);
  });

  it('spells out the caller’s number, and the tracking number for a withheld one', () => {
    const dial = (event: typeof incoming) => documentOf(answer(telnyx, PLAIN_PLAN, event, context)).children[0];
    expect(dial(incoming)).toMatchObject({
      name: 'Dial',
      attributes: { callerId: CALLER, timeout: '30', action: statusUrl },
      children: [{ name: 'Number', children: [DESTINATION] }],
    });
    expect(dial({ ...incoming, from: null })).toMatchObject({ attributes: { callerId: TRACKING } });
  });

  it('goes on to the overflow destination', () => {
    const url = `${statusUrl}?step=1`;
    const form = { ...call, CallStatus: 'in-progress', DialCallStatus: 'no-answer' };
    const event = telnyx.parse(sent({ url, form }));
    if (!event) throw new Error('no event');
    expect(JSON.stringify(documentOf(reply(telnyx, FULL_PLAN, event, context)))).toContain(OVERFLOW);
  });

  it('is nothing but 200 in answer to Call Control, which is told by commands', () => {
    const event = telnyxCallControl.parse(sent({ url: voice, json: initiated }));
    if (!event) throw new Error('no event');
    expect(reply(telnyxCallControl, FULL_PLAN, event, context)).toEqual({ status: 200, headers: {}, body: '' });
  });
});
