import { createHmac } from 'node:crypto';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import {
  CALLER,
  CLOSED_PLAN,
  DESTINATION,
  documentOf,
  EDGE,
  FULL_PLAN,
  find,
  formText,
  NOW,
  OVERFLOW,
  PLAIN_PLAN,
  parseXml,
  sent,
  TRACKING,
  typedAddresses,
  typedGet,
} from '../../test/carriers/fixtures.ts';
import { answer, answerDialResult, reply } from './carrier.ts';
import { plivo } from './plivo.ts';

const sdk = createRequire(import.meta.url)('plivo');
const validate: (
  method: string,
  uri: string,
  nonce: string,
  token: string,
  signature: string,
  params?: Record<string, string | string[]>,
) => boolean = sdk.validateV3Signature;

const token = 'MAMAMAMAMAMAMAMAMAMA-token';
const nonce = '05429567804466091622';
const voice = `${EDGE}/plivo/voice`;
const statusUrl = `${EDGE}/plivo/status`;
const context = { statusUrl, secrets: { authToken: token } };
const call = {
  CallUUID: '3b1c9b1e-0001',
  CallStatus: 'ringing',
  Direction: 'inbound',
  Event: 'StartApp',
  From: CALLER.slice(1),
  To: TRACKING.slice(1),
  STIRVerification: 'Verified',
  STIRAttestation: 'A',
};

const hmac = (text: string, key = token) => createHmac('sha256', key).update(`${text}.${nonce}`).digest('base64');
const concat = (form: Record<string, string | string[]>) =>
  Object.keys(form)
    .sort()
    .map((name) =>
      [form[name] ?? []]
        .flat()
        .sort()
        .map((value) => name + value)
        .join(''),
    )
    .join('');
const headers = (signature: string) => ({ 'x-plivo-signature-v3': signature, 'x-plivo-signature-v3-nonce': nonce });
const post = (url: string, form: Record<string, string | string[]>, signature: string) =>
  sent({ url, form, headers: headers(signature) });
const verifies = (incoming: ReturnType<typeof sent>, authToken: string | string[] = token) =>
  plivo.verify(incoming, { authToken }, NOW);

describe('a request of Plivo', () => {
  it.each([
    ['without a query', voice, '?', call],
    ['with a query', `${voice}?b=2&a=1&a=0`, '?a=0&a=1&b=2.', call],
    ['with repeated fields', voice, '?', { ...call, X: ['2', '1'] }],
    ['with text beyond ASCII', voice, '?', { ...call, CallerName: 'Zoe & Son' }],
  ])(
    'verifies where the official library does: POST %s',
    async (_, url, query, form: Record<string, string | string[]>) => {
      const signature = hmac(voice + query + concat(form));
      expect(validate('POST', url, nonce, token, signature, structuredClone(form))).toBe(true);
      expect(await verifies(post(url, form, signature))).toBe(true);
    },
  );

  it('verifies where the official library does: GET', async () => {
    const url = `${voice}?${formText({ To: '1', From: '2' })}`;
    const signature = hmac(`${voice}?From=2&To=1`);
    expect(validate('GET', url, nonce, token, signature)).toBe(true);
    expect(await verifies(sent({ method: 'GET', url, headers: headers(signature) }))).toBe(true);
  });

  it.each(typedAddresses(voice, formText({ To: '1', From: '2' })))(
    'verifies where the official library does: GET of an address with %s',
    async (_, typed) => {
      // It signs an address without its credentials, and a query as it reads; bare, its library does not find the host.
      const [base = '', query = ''] = typed.replace(/\/\/[^/?@]*@/, '//').split('?');
      const asked = [...new URLSearchParams(query)].sort().map(([name, value]) => `${name}=${value}`);
      const signature = hmac(`${base}?${asked.join('&')}`);
      const arrived = typedGet(typed, headers(signature));
      expect(await verifies(sent(arrived))).toBe(true);
      expect(await verifies(sent({ ...arrived, url: arrived.url.replace('To=1', 'To=3') }))).toBe(false);
      const escaped = typed.replace(/(?<=\?.*)[@:]/g, encodeURIComponent);
      expect(validate('GET', escaped, nonce, token, signature)).toBe(true);
    },
  );

  it('verifies where the official library does: POST without a body', async () => {
    const signature = hmac(voice);
    expect(validate('POST', voice, nonce, token, signature, {})).toBe(true);
    expect(await verifies(sent({ url: voice, headers: headers(signature) }))).toBe(true);
  });

  const good = hmac(`${voice}?${concat(call)}`);
  it('verifies by any of several signatures, and by the main account’s', async () => {
    expect(await verifies(post(voice, call, `${hmac('x')},${good}`))).toBe(true);
    const main = { 'x-plivo-signature-ma-v3': good, 'x-plivo-signature-v3-nonce': nonce };
    expect(await verifies(sent({ url: voice, form: call, headers: main }))).toBe(true);
  });

  it('verifies with either token while one replaces the other', async () => {
    expect(await verifies(post(voice, call, good), ['new', token])).toBe(true);
    expect(await verifies(post(voice, call, good), ['new', 'old'])).toBe(false);
  });

  it.each([
    ['no signature', sent({ url: voice, form: call, headers: { 'x-plivo-signature-v3-nonce': nonce } })],
    ['no nonce', sent({ url: voice, form: call, headers: { 'x-plivo-signature-v3': good } })],
    [
      'another nonce',
      sent({ url: voice, form: call, headers: { ...headers(good), 'x-plivo-signature-v3-nonce': '1' } }),
    ],
    ['another token', post(voice, call, hmac(`${voice}?${concat(call)}`, 'another'))],
    ['a field changed', post(voice, { ...call, From: '15550000000' }, good)],
    ['a query added', post(`${voice}?step=1`, call, good)],
    ['another site’s address', post(voice, call, hmac(`${voice.replace('acme', 'other')}?${concat(call)}`))],
    [
      'only an older signature',
      sent({ url: voice, form: call, headers: { 'x-plivo-signature-v2': good, 'x-plivo-signature-v2-nonce': nonce } }),
    ],
    ['a method that is not signed', sent({ method: 'PUT', url: voice, form: call, headers: headers(good) })],
    [
      'a body that is not signed',
      sent({ url: voice, rawBody: formText(call), headers: { ...headers(hmac(voice)), 'content-type': 'text/plain' } }),
    ],
    [
      'a hundred guesses, of which the last is right',
      post(voice, call, [...Array(100).fill(hmac('x')), good].join(',')),
    ],
  ])('is refused with %s', async (_, incoming) => {
    expect(await verifies(incoming)).toBe(false);
  });
});

describe('what Plivo reports', () => {
  const parse = (url: string, form: Record<string, string>) => plivo.parse(sent({ url, form }));

  it('is an incoming call, its numbers with their plus', () => {
    expect(parse(voice, call)).toMatchObject({
      kind: 'incoming',
      callId: call.CallUUID,
      from: CALLER,
      to: TRACKING,
      status: 'ringing',
      attestation: 'A',
    });
    expect(parse(voice, { ...call, From: 'Anonymous' })?.from).toBeNull();
  });

  it.each([
    ['Verified', 'B', 'B'],
    ['Not Verified', '', 'failed'],
    ['Not Applicable', '', 'none'],
    ['', '', null],
  ])('attests %s %s as %s', (STIRVerification, STIRAttestation, attestation) => {
    expect(parse(voice, { ...call, STIRVerification, STIRAttestation })?.attestation).toBe(attestation);
  });

  it.each([
    ['completed', 'completed'],
    ['busy', 'busy'],
    ['failed', 'failed'],
    ['timeout', 'missed'],
    ['no-answer', 'missed'],
    ['cancel', 'missed'],
  ])('is a dial that ended %s', (DialStatus, status) => {
    const form = { ...call, CallStatus: 'in-progress', DialStatus, DialALegUUID: call.CallUUID, DialBLegUUID: 'b' };
    expect(parse(`${statusUrl}?step=2`, form)).toMatchObject({
      kind: 'dial_result',
      status,
      nextStep: 2,
      callId: call.CallUUID,
    });
    expect(parse(`${statusUrl}?step=2`, { ...form, CallStatus: 'completed' })).toMatchObject({ nextStep: null });
  });

  it('is the talk of the dialled leg, from the live events of the dial', () => {
    const form = { CallUUID: 'b-leg', DialALegUUID: call.CallUUID, DialBLegUUID: 'b-leg' };
    expect(parse(statusUrl, { ...form, DialAction: 'answer' })).toMatchObject({
      leg: 'dial',
      status: 'answered',
      callId: call.CallUUID,
    });
    expect(parse(statusUrl, { ...form, DialAction: 'hangup', DialBLegDuration: '47' })).toMatchObject({
      status: 'completed',
      talkSeconds: 47,
    });
    expect(parse(statusUrl, { ...form, DialAction: 'hangup', DialBLegDuration: '0' })).toMatchObject({
      status: 'missed',
    });
    expect(parse(statusUrl, { ...form, DialAction: 'digits' })).toBeNull();
  });

  it('is the end of the call, with the times that Plivo states in UTC', () => {
    const form = {
      ...call,
      Event: 'Hangup',
      CallStatus: 'completed',
      Duration: '70',
      SessionStart: '2026-11-24 21:30:00.123456',
      EndTime: '2026-11-24 21:31:10',
    };
    expect(parse(statusUrl, form)).toMatchObject({
      leg: 'parent',
      status: 'completed',
      talkSeconds: 70,
      startedAt: Date.parse('2026-11-24T21:30:00.123Z'),
      at: Date.parse('2026-11-24T21:31:10Z'),
    });
  });

  it('is a recording or a message, of unknown length while it is being made', () => {
    const form = {
      CallUUID: call.CallUUID,
      RecordUrl: 'https://media.plivo.com/r.mp3',
      RecordingID: 'r',
      RecordingDuration: '-1',
    };
    expect(parse(`${statusUrl}?call=${call.CallUUID}`, form)).toMatchObject({ kind: 'recording', talkSeconds: null });
    expect(parse(`${statusUrl}?voicemail=1`, { ...form, RecordingDuration: '9' })).toMatchObject({
      kind: 'voicemail',
      talkSeconds: 9,
    });
  });

  it.each([{}, { CallUUID: '' }, { ...call, CallStatus: 'hovering' }, { ...call, DialStatus: '__proto__' }])(
    'is nothing where it says %j',
    (form) => {
      expect(parse(statusUrl, form as Record<string, string>)).toBeNull();
    },
  );
});

describe('what Plivo is told', () => {
  const incoming = plivo.parse(sent({ url: voice, form: call }));
  if (!incoming) throw new Error('no event');
  const noted = (notes: Record<string, string>) =>
    `${statusUrl}?${new URLSearchParams({ ...notes, call: call.CallUUID })}`;

  it('announces, records, whispers and dials, exactly as the official library writes it', () => {
    const expected = sdk.Response();
    expected.addSpeak('This call may be recorded.', { language: 'en-US' });
    expected.addRecord({
      recordSession: true,
      startOnDialAnswer: true,
      redirect: false,
      maxLength: 14400,
      callbackUrl: noted({}),
      callbackMethod: 'POST',
    });
    expected
      .addDial({
        action: `${statusUrl}?step=1`,
        method: 'POST',
        timeout: 25,
        callerId: TRACKING,
        confirmSound: noted({ whisper: 'Call from "Tom & Jerry\'s" <ads>' }),
        callbackUrl: noted({}),
        callbackMethod: 'POST',
      })
      .addNumber(DESTINATION);
    expect(documentOf(answer(plivo, FULL_PLAN, incoming, context))).toEqual(parseXml(expected.toXML()));
  });

  it('shows the caller’s own number by leaving the caller id out', () => {
    const dial = find(documentOf(answer(plivo, PLAIN_PLAN, incoming, context)), 'Dial');
    expect(dial?.attributes).toEqual({
      action: statusUrl,
      method: 'POST',
      timeout: '30',
      callbackUrl: noted({}),
      callbackMethod: 'POST',
    });
  });

  const ended = (DialStatus: string, step: number) => {
    const event = plivo.parse(
      sent({ url: `${statusUrl}?step=${step}`, form: { ...call, CallStatus: 'in-progress', DialStatus } }),
    );
    if (event?.kind !== 'dial_result') throw new Error('no result');
    return documentOf(answerDialResult(plivo, FULL_PLAN, event, context));
  };

  it('rings the overflow destination, then takes a message', () => {
    expect(find(ended('no-answer', 1), 'Number')?.children).toEqual([OVERFLOW]);
    const expected = sdk.Response();
    expected.addSpeak('Please leave a message & your number.', { language: 'en-US' });
    expected.addRecord({
      action: noted({ voicemail: '1' }),
      method: 'POST',
      maxLength: 90,
      finishOnKey: '#',
      playBeep: true,
      fileFormat: 'mp3',
      callbackUrl: noted({ voicemail: '1' }),
      callbackMethod: 'POST',
    });
    expected.addHangup();
    expect(ended('busy', 2)).toEqual(parseXml(expected.toXML()));
  });

  it('hangs up after an answered call', () => {
    expect(ended('completed', 1)).toEqual(parseXml('<Response><Hangup/></Response>'));
  });

  it('whispers, and reads the message outside opening hours', () => {
    const event = plivo.parse(sent({ url: noted({ whisper: 'From <ads>' }), form: { CallUUID: 'b-leg' } }));
    expect(event).toMatchObject({ kind: 'whisper', callId: call.CallUUID });
    if (!event) return;
    const whisper = sdk.Response();
    whisper.addSpeak('From <ads>', { language: 'en-US' });
    expect(documentOf(reply(plivo, FULL_PLAN, event, context))).toEqual(parseXml(whisper.toXML()));
    const closed = sdk.Response();
    closed.addSpeak('We are closed <today>.', { language: 'en-US' });
    closed.addHangup();
    expect(documentOf(answer(plivo, CLOSED_PLAN, incoming, context))).toEqual(parseXml(closed.toXML()));
  });
});
