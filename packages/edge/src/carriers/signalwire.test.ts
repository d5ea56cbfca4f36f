import { createHmac } from 'node:crypto';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import {
  CALLER,
  DESTINATION,
  documentOf,
  EDGE,
  FULL_PLAN,
  formText,
  NOW,
  parseXml,
  sent,
  TRACKING,
} from '../../test/carriers/fixtures.ts';
import { answer } from './carrier.ts';
import { signalwire } from './signalwire.ts';

// The package hides its own type declarations from ESM.
const { RestClient } = createRequire(import.meta.url)('@signalwire/compatibility-api');

const signingKey = 'PSK_0123456789abcdef';
const voice = `${EDGE}/signalwire/voice`;
const statusUrl = `${EDGE}/signalwire/status`;
const call = { CallSid: 'b2f7d1c0-1', CallStatus: 'ringing', From: CALLER as string, To: TRACKING as string };

// The SDK verifies and does not sign; what our own signature of the documented text says, it must accept too.
const sign = (text: string, encoding: 'base64' | 'hex', key = signingKey) =>
  createHmac('sha1', key).update(text).digest(encoding);
const concat = (form: Record<string, string | string[]>) =>
  Object.keys(form)
    .sort()
    .map((name) =>
      [form[name] ?? []]
        .flat()
        .map((value) => name + value)
        .join(''),
    )
    .join('');
const verifies = (incoming: ReturnType<typeof sent>, key: string | string[] = signingKey) =>
  signalwire.verify(incoming, { signingKey: key }, NOW);
const form = (fields: Record<string, string | string[]>, signature: string, url = voice) =>
  sent({ url, form: fields, headers: { 'x-signalwire-signature': signature } });

describe('a request of SignalWire', () => {
  it.each([
    ['a plain call', call],
    ['repeated fields in the order they came', { ...call, A: ['2', '1', '2'] }],
    ['text beyond ASCII', { ...call, CallerName: 'Zoë ☎' }],
  ])('verifies where the official library does: %s', async (_, fields: Record<string, string | string[]>) => {
    const signature = sign(voice + concat(fields), 'base64');
    expect(RestClient.validateRequest(signingKey, signature, voice, fields)).toBe(true);
    expect(await verifies(form(fields, signature))).toBe(true);
    const port = voice.replace('.example/', '.example:443/');
    const withPort = sign(port + concat(fields), 'base64');
    expect(RestClient.validateRequest(signingKey, withPort, voice, fields)).toBe(true);
    expect(await verifies(form(fields, withPort))).toBe(true);
  });

  it('verifies under the name of the header that Twilio uses', async () => {
    const headers = { 'x-twilio-signature': sign(voice + concat(call), 'base64') };
    expect(await verifies(sent({ url: voice, form: call, headers }))).toBe(true);
  });

  it('verifies a JSON body by address and body in hexadecimal', async () => {
    const json = { call_id: '1' };
    const headers = { 'x-signalwire-signature': sign(voice + JSON.stringify(json), 'hex') };
    expect(await verifies(sent({ url: voice, json, headers }))).toBe(true);
    expect(await verifies(sent({ url: voice, json: { call_id: '2' }, headers }))).toBe(false);
  });

  it('verifies with either key while one replaces the other', async () => {
    const incoming = form(call, sign(voice + concat(call), 'base64'));
    expect(await verifies(incoming, ['new', signingKey])).toBe(true);
    expect(await verifies(incoming, ['new', 'old'])).toBe(false);
  });

  const good = sign(voice + concat(call), 'base64');
  it.each([
    ['no signature', sent({ url: voice, form: call })],
    ['another project’s key', form(call, sign(voice + concat(call), 'base64', 'another'))],
    ['a field changed', form({ ...call, To: '+1' }, good)],
    ['another site’s address', form(call, sign(voice.replace('acme', 'other') + concat(call), 'base64'))],
    ['the other scheme: a form signed as a body', form(call, sign(voice + formText(call), 'hex'))],
    ['the other encoding: a form’s signature in hexadecimal', form(call, sign(voice + concat(call), 'hex'))],
    [
      'the other scheme: a body signed as a form',
      sent({ url: voice, json: {}, headers: { 'x-signalwire-signature': sign(voice, 'base64') } }),
    ],
    [
      'a body of a type that is not signed',
      sent({
        url: voice,
        rawBody: formText(call),
        headers: { 'x-signalwire-signature': sign(voice, 'base64'), 'content-type': 'text/plain' },
      }),
    ],
  ])('is refused with %s', async (_, incoming) => {
    expect(await verifies(incoming)).toBe(false);
  });
});

it('is told what to do in the words of its own library', () => {
  const event = signalwire.parse(sent({ url: voice, form: call }));
  if (!event) throw new Error('no event');
  expect(event).toMatchObject({
    carrier: 'signalwire',
    kind: 'incoming',
    callId: call.CallSid,
    from: CALLER,
    to: TRACKING,
  });
  const { VoiceResponse } = RestClient.LaML as unknown as {
    VoiceResponse: new () => import('twilio').twiml.VoiceResponse;
  };
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
  const told = answer(signalwire, FULL_PLAN, event, { statusUrl, secrets: { signingKey } });
  expect(documentOf(told)).toEqual(parseXml(expected.toString()));
});
