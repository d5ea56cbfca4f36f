import twilioSdk from 'twilio';
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
import { twilio } from './twilio.ts';

const token = '12345678901234567890123456789012';
const voice = `${EDGE}/twilio/voice`;
const statusUrl = `${EDGE}/twilio/status`;
const context = { statusUrl, secrets: { authToken: token } };
const { getExpectedTwilioSignature, getExpectedBodyHash } = twilioSdk as unknown as {
  getExpectedTwilioSignature(token: string, url: string, params: Record<string, unknown>): string;
  getExpectedBodyHash(body: string): string;
};

const call = {
  AccountSid: 'AC1',
  ApiVersion: '2010-04-01',
  CallSid: 'CA0123456789abcdef0123456789abcdef',
  CallStatus: 'ringing',
  Direction: 'inbound',
  From: CALLER as string,
  To: TRACKING as string,
  StirVerstat: 'TN-Validation-Passed-A',
};

/** As Twilio sends it: signed by Twilio's own library. */
function signed(url: string, form: Record<string, string | string[]>, { secret = token, signedUrl = url } = {}) {
  const signature = getExpectedTwilioSignature(secret, signedUrl, form);
  return sent({ url, form, headers: { 'x-twilio-signature': signature } });
}
const verifies = (incoming: ReturnType<typeof sent>, authToken: string | string[] = token) =>
  twilio.verify(incoming, { authToken }, NOW);

describe('a request of Twilio', () => {
  it.each([
    [
      'https://mycompany.com/myapp.php?foo=1&bar=2',
      '12345',
      {
        CallSid: 'CA1234567890ABCDE',
        From: '+12349013030',
        To: '+18005551212',
        Caller: '+12349013030',
        Digits: '1234',
      },
      '0/KCTR6DLpKmkAf8muzZqo1nDgQ=',
    ],
    [
      'https://api.acme.com/twilio/voice',
      'token',
      { CallSid: 'CA1', From: '+5511987654321', StirVerstat: 'TN-Validation-Passed-A' },
      'A8xudRcvIv+pFEwk/mgVzWhDutw=',
    ],
  ])('verifies by the published vector of %s', async (url, secret, form, signature) => {
    const headers = { 'x-twilio-signature': signature };
    expect(await verifies(sent({ url, form, headers }), secret)).toBe(true);
    expect(await verifies(sent({ url, form: { ...form, From: '+15550000000' }, headers }), secret)).toBe(false);
  });

  it('verifies as the official library signs it, with repeated, empty and non-ASCII fields', async () => {
    for (const form of [call, { ...call, CallerName: 'Zoë & Søn ☎' }, { ...call, Empty: '', A: ['2', '1', '2'] }]) {
      expect(await verifies(signed(voice, form))).toBe(true);
    }
    expect(await verifies(signed(`${voice}?a=1&b=x%20y`, call))).toBe(true);
  });

  it('verifies where the library verifies: the port signed or not, the query escaped or not', async () => {
    const port = voice.replace('.example/', '.example:443/');
    expect(await verifies(signed(voice, call, { signedUrl: port }))).toBe(true);
    expect(await verifies(signed(port, call, { signedUrl: voice }))).toBe(true);
    expect(await verifies(signed(`${voice}?n=O%27Neil`, call, { signedUrl: `${voice}?n=O'Neil` }))).toBe(true);
  });

  it('verifies behind a proxy that passes on what it was asked for', async () => {
    const signature = getExpectedTwilioSignature(token, 'https://calls.acme.example/v1/x/voice', call);
    const headers = {
      'x-twilio-signature': signature,
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'calls.acme.example',
    };
    expect(await verifies(sent({ url: 'http://10.1.2.3:8787/v1/x/voice', form: call, headers }))).toBe(true);
    const plain = { 'x-twilio-signature': signature };
    expect(await verifies(sent({ url: 'http://10.1.2.3:8787/v1/x/voice', form: call, headers: plain }))).toBe(false);
    const publicBaseUrl = 'https://calls.acme.example';
    const url = 'http://10.1.2.3:8787/v1/x/voice';
    expect(await verifies(sent({ url, form: call, headers: plain, publicBaseUrl }))).toBe(true);
  });

  it('verifies a GET by its address', async () => {
    const url = `${voice}?${formText(call)}`;
    const headers = { 'x-twilio-signature': getExpectedTwilioSignature(token, url, {}) };
    expect(await verifies(sent({ method: 'GET', url, headers }))).toBe(true);
    expect(await verifies(sent({ method: 'GET', url: url.replace('inbound', 'outbound'), headers }))).toBe(false);
  });

  it.each(typedAddresses(voice, formText(call)))('verifies a GET signed by an address with %s', async (_, typed) => {
    const headers = { 'x-twilio-signature': getExpectedTwilioSignature(token, typed, {}) };
    const arrived = typedGet(typed, headers);
    expect(await verifies(sent(arrived))).toBe(true);
    const escaped = arrived.url.replace(/(?<=\?.*)[@:]/g, encodeURIComponent);
    expect(await verifies(sent({ ...arrived, url: escaped }))).toBe(true);
    expect(await verifies(sent({ ...arrived, url: arrived.url.replace('inbound', 'outbound') }))).toBe(false);
    expect(await verifies(sent(arrived), 'another token')).toBe(false);
  });

  it('does not verify a GET whose credentials are not those that were signed', async () => {
    const typed = `${voice.replace('://', '://acme:s3cret@')}?${formText(call)}`;
    const headers = { 'x-twilio-signature': getExpectedTwilioSignature(token, typed, {}) };
    const authorization = `Basic ${btoa('acme:guess')}`;
    expect(await verifies(sent({ ...typedGet(typed, headers), headers: { ...headers, authorization } }))).toBe(false);
    expect(await verifies(sent({ ...typedGet(typed, headers), headers }))).toBe(false);
  });

  it('verifies a JSON body by the hash in its address, and no body without', async () => {
    const body = '{"CallSid":"CA1"}';
    const url = `${voice}?bodySHA256=${getExpectedBodyHash(body)}`;
    const headers = {
      'x-twilio-signature': getExpectedTwilioSignature(token, url, {}),
      'content-type': 'application/json',
    };
    expect(await verifies(sent({ url, rawBody: body, headers }))).toBe(true);
    expect(await verifies(sent({ url, rawBody: `${body} `, headers }))).toBe(false);
    const bare = { ...headers, 'x-twilio-signature': getExpectedTwilioSignature(token, voice, {}) };
    expect(await verifies(sent({ url: voice, rawBody: body, headers: bare }))).toBe(false);
  });

  it('verifies with either of two tokens while one replaces the other', async () => {
    expect(await verifies(signed(voice, call), ['new', token])).toBe(true);
    expect(await verifies(signed(voice, call), [token, 'old'])).toBe(true);
    expect(await verifies(signed(voice, call), ['new', 'old'])).toBe(false);
  });

  const good = signed(voice, call);
  const header = good.headers.get('x-twilio-signature') ?? '';
  it.each([
    ['no signature', sent({ url: voice, form: call })],
    ['an empty signature', sent({ url: voice, form: call, headers: { 'x-twilio-signature': '' } })],
    ['a signature that is no base64', sent({ url: voice, form: call, headers: { 'x-twilio-signature': '£££' } })],
    ['half a signature', sent({ url: voice, form: call, headers: { 'x-twilio-signature': header.slice(0, 12) } })],
    ['another account’s token', signed(voice, call, { secret: 'another token' })],
    ['another site’s address', signed(voice, call, { signedUrl: voice.replace('/acme/', '/other/') })],
    ['another endpoint’s address', signed(voice, call, { signedUrl: statusUrl })],
    ['a field changed', sent({ url: voice, form: { ...call, From: '+1' }, headers: { 'x-twilio-signature': header } })],
    ['a field added', sent({ url: voice, form: { ...call, X: '' }, headers: { 'x-twilio-signature': header } })],
    ['a query added', sent({ url: `${voice}?step=1`, form: call, headers: { 'x-twilio-signature': header } })],
    [
      'the body passed off as text, so that no field is signed',
      sent({
        url: voice,
        rawBody: formText(call),
        headers: { 'x-twilio-signature': getExpectedTwilioSignature(token, voice, {}), 'content-type': 'text/plain' },
      }),
    ],
    [
      'the SHA-256 of Webhooks Rules, which no shared key is configured for',
      sent({
        url: voice,
        form: call,
        headers: {
          'x-twilio-signature': header,
          'x-twilio-webhooks-signature-settings': 'key=k,algorithm=HMAC_SHA256',
        },
      }),
    ],
  ])('is refused with %s', async (_, incoming) => {
    expect(await verifies(incoming)).toBe(false);
  });

  it('is refused by an empty token, even when signed with it', async () => {
    expect(await verifies(signed(voice, call, { secret: '' }), '')).toBe(false);
  });
});

describe('what Twilio reports', () => {
  const parse = (url: string, form: Record<string, string>) => twilio.parse(sent({ url, form }));

  it('is an incoming call with caller, tracking number and attestation', () => {
    expect(parse(voice, { ...call, ForwardedFrom: '+14155550199' })).toMatchObject({
      carrier: 'twilio',
      kind: 'incoming',
      callId: call.CallSid,
      leg: 'parent',
      from: CALLER,
      to: TRACKING,
      status: 'ringing',
      at: NOW,
      attestation: 'A',
      forwardedFrom: '+14155550199',
    });
  });

  it.each([
    ['TN-Validation-Passed-B', 'B'],
    ['TN-Validation-Passed-C-Diverted', 'C'],
    ['TN-Validation-Failed-A', 'failed'],
    ['TN-Validation-Failed', 'failed'],
    ['No-TN-Validation', 'none'],
    ['anything', null],
  ])('attests %s as %s', (StirVerstat, attestation) => {
    expect(parse(voice, { ...call, StirVerstat })?.attestation).toBe(attestation);
  });

  it.each(['anonymous', '+266696687', 'Restricted', '', 'client:jenny', 'sip:jo@acme.example'])(
    'has no caller where From is %j',
    (From) => {
      expect(parse(voice, { ...call, From })).toMatchObject({ kind: 'incoming', from: null, to: TRACKING });
    },
  );

  it.each([
    ['completed', 'completed'],
    ['answered', 'completed'],
    ['busy', 'busy'],
    ['failed', 'failed'],
    ['no-answer', 'missed'],
    ['canceled', 'missed'],
  ])('is a dial that ended %s', (DialCallStatus, status) => {
    const form = { ...call, CallStatus: 'in-progress', DialCallStatus, DialCallSid: 'CAchild', DialCallDuration: '42' };
    expect(parse(`${statusUrl}?step=1`, form)).toMatchObject({
      kind: 'dial_result',
      leg: 'dial',
      callId: call.CallSid,
      status,
      talkSeconds: 42,
      nextStep: 1,
    });
  });

  it('has nothing left to do where the caller hung up while it rang', () => {
    const form = { ...call, CallStatus: 'no-answer', DialCallStatus: 'canceled' };
    expect(parse(`${statusUrl}?step=1`, form)).toMatchObject({ status: 'missed', nextStep: null });
  });

  it('belongs to the caller’s call where the dialled leg reports', () => {
    const form = {
      CallSid: 'CAchild',
      ParentCallSid: call.CallSid,
      CallStatus: 'completed',
      CallDuration: '61',
      From: TRACKING,
      To: DESTINATION,
      Timestamp: 'Tue, 24 Nov 2026 21:31:30 +0000',
    };
    expect(parse(statusUrl, form)).toMatchObject({
      kind: 'status',
      leg: 'dial',
      callId: call.CallSid,
      from: null,
      to: null,
      status: 'completed',
      talkSeconds: 61,
      at: Date.parse('2026-11-24T21:31:30Z'),
    });
  });

  it('is the end of the caller’s leg', () => {
    expect(parse(statusUrl, { ...call, CallStatus: 'completed', CallDuration: '70' })).toMatchObject({
      kind: 'status',
      leg: 'parent',
      status: 'completed',
      talkSeconds: 70,
    });
  });

  it('is a recording, or a voicemail where the answer asked for one', () => {
    const form = {
      CallSid: call.CallSid,
      RecordingSid: 'RE1',
      RecordingUrl: 'https://api.twilio.com/2010-04-01/Accounts/AC1/Recordings/RE1',
      RecordingStatus: 'completed',
      RecordingDuration: '12',
    };
    const recording = parse(statusUrl, form);
    expect(recording).toMatchObject({ kind: 'recording', recordingUrl: form.RecordingUrl, talkSeconds: 12 });
    const voicemail = parse(`${statusUrl}?voicemail=1`, form);
    expect(voicemail).toMatchObject({ kind: 'voicemail', leg: 'parent' });
    // The action of <Record> leaves the id out; it is the same message.
    const { RecordingSid: _, ...action } = { ...call, ...form };
    expect(parse(`${statusUrl}?voicemail=1`, action)?.eventId).toBe(voicemail?.eventId);
    expect(parse(statusUrl, { ...form, RecordingUrl: 'javascript:alert(1)' })).toBeNull();
  });

  it('has the same id each time it is told, and another for another fact', () => {
    const again = parse(voice, { ...call, ApiVersion: '2026-01-01' });
    expect(again?.eventId).toBe(parse(voice, call)?.eventId);
    const ids = ['in-progress', 'completed', 'busy'].map(
      (CallStatus) => parse(statusUrl, { ...call, CallStatus })?.eventId,
    );
    expect(new Set(ids).size).toBe(3);
  });

  it.each([
    ['nothing', {}],
    ['no call', { From: CALLER }],
    ['a call id with spaces', { ...call, CallSid: 'CA 1' }],
    ['an endless call id', { ...call, CallSid: 'C'.repeat(500) }],
    ['a status nobody knows', { ...call, CallStatus: 'levitating' }],
    ['a dial status nobody knows', { ...call, DialCallStatus: 'levitating' }],
    ['a status called like a method of objects', { ...call, CallStatus: 'constructor' }],
  ])('is nothing where it says %s', (_, form) => {
    expect(parse(statusUrl, form)).toBeNull();
  });
});

describe('what Twilio is told', () => {
  const { VoiceResponse } = twilioSdk.twiml;
  const incoming = twilio.parse(sent({ url: voice, form: call }));
  if (!incoming) throw new Error('no event');

  it('rings the destination with the caller’s own number, exactly as the official library writes it', () => {
    const expected = new VoiceResponse();
    expected.dial({ action: statusUrl, method: 'POST', timeout: 30, answerOnBridge: true }).number(
      {
        statusCallback: `${statusUrl}?parent=${call.CallSid}`,
        statusCallbackEvent: ['ringing', 'answered', 'completed'],
        statusCallbackMethod: 'POST',
      },
      DESTINATION,
    );
    expect(documentOf(answer(twilio, PLAIN_PLAN, incoming, context))).toEqual(parseXml(expected.toString()));
  });

  it('announces, records, whispers, and asks for the next step', () => {
    const expected = new VoiceResponse();
    expected.say({ language: 'en-US' }, 'This call may be recorded.');
    const whisper = new URLSearchParams({ whisper: 'Call from "Tom & Jerry\'s" <ads>', parent: call.CallSid });
    expected
      .dial({
        action: `${statusUrl}?step=1`,
        method: 'POST',
        timeout: 25,
        callerId: TRACKING,
        answerOnBridge: true,
        record: 'record-from-answer-dual',
        recordingStatusCallback: statusUrl,
        recordingStatusCallbackMethod: 'POST',
      })
      .number(
        {
          url: `${statusUrl}?${whisper}`,
          method: 'POST',
          statusCallback: `${statusUrl}?parent=${call.CallSid}`,
          statusCallbackEvent: ['ringing', 'answered', 'completed'],
          statusCallbackMethod: 'POST',
        },
        DESTINATION,
      );
    expect(documentOf(answer(twilio, FULL_PLAN, incoming, context))).toEqual(parseXml(expected.toString()));
  });

  it('whispers what the answer noted, once the called party has picked up', () => {
    const number = find(documentOf(answer(twilio, FULL_PLAN, incoming, context)), 'Number');
    const url = number?.attributes.url?.replaceAll('&amp;', '&') ?? '';
    const event = twilio.parse(sent({ url, form: { CallSid: 'CAchild', CallStatus: 'in-progress' } }));
    expect(event).toMatchObject({ kind: 'whisper', callId: call.CallSid, leg: 'dial', status: 'answered' });
    if (!event) return;
    const expected = new VoiceResponse();
    expected.say({ language: 'en-US' }, 'Call from "Tom & Jerry\'s" <ads>');
    expect(documentOf(reply(twilio, FULL_PLAN, event, context))).toEqual(parseXml(expected.toString()));
  });

  const ended = (DialCallStatus: string, step: number | null) => {
    const url = step === null ? statusUrl : `${statusUrl}?step=${step}`;
    const event = twilio.parse(sent({ url, form: { ...call, CallStatus: 'in-progress', DialCallStatus } }));
    if (event?.kind !== 'dial_result') throw new Error('no result');
    return documentOf(answerDialResult(twilio, FULL_PLAN, event, context));
  };

  it('rings the overflow destination after no answer, without announcing again', () => {
    const document = ended('no-answer', 1);
    expect(find(document, 'Number')?.children).toEqual([OVERFLOW]);
    expect(find(document, 'Dial')?.attributes).toMatchObject({ action: `${statusUrl}?step=2`, timeout: '20' });
    expect(find(document, 'Say')).toBeUndefined();
  });

  it('takes a message after that', () => {
    const expected = new VoiceResponse();
    expected.say({ language: 'en-US' }, 'Please leave a message & your number.');
    expected.record({
      action: `${statusUrl}?voicemail=1`,
      method: 'POST',
      maxLength: 90,
      playBeep: true,
      finishOnKey: '#',
      recordingStatusCallback: `${statusUrl}?voicemail=1`,
      recordingStatusCallbackMethod: 'POST',
    });
    expected.hangup();
    expect(ended('busy', 2)).toEqual(parseXml(expected.toString()));
  });

  it.each([
    ['an answered call', 'completed', 1],
    ['the last step', 'no-answer', null],
    ['a step the plan no longer has', 'no-answer', 9],
  ])('hangs up after %s', (_, status, step) => {
    const expected = new VoiceResponse();
    expected.hangup();
    expect(ended(status, step)).toEqual(parseXml(expected.toString()));
  });

  it('reads the message to a caller outside opening hours', () => {
    const expected = new VoiceResponse();
    expected.say({ language: 'en-US' }, 'We are closed <today>.');
    expected.hangup();
    expect(documentOf(answer(twilio, CLOSED_PLAN, incoming, context))).toEqual(parseXml(expected.toString()));
  });

  it('shows no caller id of its own making for a withheld number', () => {
    const withheld = { ...incoming, from: null };
    expect(
      find(documentOf(answer(twilio, PLAIN_PLAN, withheld, context)), 'Dial')?.attributes.callerId,
    ).toBeUndefined();
  });
});
