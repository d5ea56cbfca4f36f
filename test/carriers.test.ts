import { createHash, createHmac } from 'node:crypto';
import { createRequire } from 'node:module';
import { api, type Call, type LeaseRequestInput } from '@dialmark/shared';
import { type Client, createClient } from '@dialmark/shared/client';
import twilio from 'twilio';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseXml } from '../packages/edge/test/carriers/fixtures.ts';
import { type Local, startLocal } from '../tools/local.ts';

const require = createRequire(import.meta.url);
const plivo = require('plivo');
/** The library that Vonage's own signs with. */
const jsonwebtoken = createRequire(require.resolve('@vonage/jwt'))('jsonwebtoken');

const TOKEN = 'the secret of the account';
const ORIGIN = 'https://acme.example';
const CALLER = '+12125550199';
const DESTINATION = '+14155550100';

let local: Local;
let admin: Client;

beforeAll(async () => {
  local = await startLocal({ port: 0, adminToken: 'carriers', workerKey: 'carriers' });
  admin = createClient({ edge: local.edge, token: 'carriers' });
  await admin.call(api.putSite, {
    site: 'acme',
    body: {
      origins: [ORIGIN],
      targets: [{ id: 'main', number: DESTINATION, forwarding: { whisper: 'Call from {source}', timeoutSeconds: 25 } }],
      carriers: {
        twilio: { authToken: TOKEN },
        plivo: { authToken: TOKEN },
        vonage: { signatureSecret: TOKEN, apiKey: 'abcd1234' },
      },
    },
  });
  const numbers = ['+14155550132', '+14155550133', '+14155550134'].map((number) => ({ number, target: 'main' }));
  await admin.call(api.addNumbers, { site: 'acme', body: { numbers } });
});

afterAll(() => local?.stop());

const address = (carrier: string, endpoint: string) => `${local.edge}/v1/sites/acme/carriers/${carrier}/${endpoint}`;
const callOf = (id: string): Promise<Call> => admin.call(api.getCall, { site: 'acme', id });

async function visit(session: string): Promise<string> {
  const body: LeaseRequestInput = {
    session,
    visitor: `v_${session}`,
    page: { url: `${ORIGIN}/?utm_source=google&utm_medium=cpc&utm_campaign=spring&gclid=abc` },
  };
  const headers = { Origin: ORIGIN, 'User-Agent': 'Mozilla/5.0 (Macintosh) AppleWebKit/605 Safari/605' };
  const { numbers } = await admin.call(api.lease, { site: 'acme', body, headers });
  return numbers.main?.number as string;
}

async function post(url: string, body: Record<string, string>, headers: Record<string, string>): Promise<string> {
  const response = await fetch(url, { method: 'POST', headers, body: new URLSearchParams(body) });
  expect([url, response.status]).toEqual([url, 200]);
  return response.text();
}

const unescaped = (text: string | undefined) => (text ?? '').replaceAll('&amp;', '&');
const attribute = (xml: string, name: string) => unescaped(new RegExp(` ${name}="([^"]+)"`).exec(xml)?.[1]);

const expected = (carrier: string, session: string) => ({
  ...{ carrier, from: CALLER, status: 'completed', durationSeconds: 60 },
  attribution: { match: 'active', session: { id: session, source: 'google', channel: 'Paid Search' } },
});

describe('calls over HTTP, with the carriers’ own libraries on the other side', () => {
  it('Twilio: its SDK signs, and would have written the same answer', async () => {
    const To = await visit('s_twilio');
    const send = (url: string, form: Record<string, string>) =>
      post(url, form, { 'X-Twilio-Signature': twilio.getExpectedTwilioSignature(TOKEN, url, form) });
    const call = { CallSid: 'CA1', From: CALLER, To };
    const answer = await send(address('twilio', 'voice'), { ...call, CallStatus: 'ringing' });

    const status = `${address('twilio', 'status')}?number=${encodeURIComponent(To)}`;
    const response = new twilio.twiml.VoiceResponse();
    response.dial({ action: status, method: 'POST', timeout: 25, answerOnBridge: true }).number(
      {
        url: `${status}&whisper=Call+from+Google+Ads&parent=CA1`,
        method: 'POST',
        statusCallback: `${status}&parent=CA1`,
        statusCallbackEvent: ['ringing', 'answered', 'completed'],
        statusCallbackMethod: 'POST',
      },
      DESTINATION,
    );
    expect(parseXml(answer)).toEqual(parseXml(response.toString()));

    const whisper = await send(attribute(answer, 'url'), { CallSid: 'CA1b', CallStatus: 'in-progress' });
    expect(whisper).toContain('Call from Google Ads');
    await send(attribute(answer, 'action'), { ...call, DialCallStatus: 'completed', DialCallDuration: '60' });
    await send(address('twilio', 'status'), { ...call, CallStatus: 'completed', CallDuration: '71' });
    expect(await callOf('CA1')).toMatchObject(expected('twilio', 's_twilio'));
  });

  it('Plivo: its SDK takes the signatures, and would have written the same answer', async () => {
    const to = await visit('s_plivo');
    const nonce = '05429567804466091622';
    const send = (url: string, form: Record<string, string>) => {
      const [base, query = ''] = url.split('?');
      const asked = [...new URLSearchParams(query)]
        .sort()
        .map((pair) => pair.join('='))
        .join('&');
      const fields = Object.keys(form)
        .sort()
        .map((name) => name + form[name])
        .join('');
      const text = `${base}?${asked}${asked && '.'}${fields}.${nonce}`;
      const signature = createHmac('sha256', TOKEN).update(text).digest('base64');
      expect(plivo.validateV3Signature('POST', url, nonce, TOKEN, signature, { ...form })).toBe(true);
      return post(url, form, { 'X-Plivo-Signature-V3': signature, 'X-Plivo-Signature-V3-Nonce': nonce });
    };
    const call = { CallUUID: 'plivo-1', From: CALLER.slice(1), To: to.slice(1) };
    const answer = await send(address('plivo', 'voice'), { ...call, CallStatus: 'ringing' });

    const status = `${address('plivo', 'status')}?number=${encodeURIComponent(to)}`;
    const response = plivo.Response();
    response
      .addDial({
        action: status,
        method: 'POST',
        timeout: 25,
        confirmSound: `${status}&whisper=Call+from+Google+Ads&call=plivo-1`,
        callbackUrl: `${status}&call=plivo-1`,
        callbackMethod: 'POST',
      })
      .addNumber(DESTINATION);
    expect(parseXml(answer)).toEqual(parseXml(response.toXML()));

    const leg = { CallUUID: 'plivo-1', DialALegUUID: 'plivo-1', DialBLegUUID: 'b' };
    await send(attribute(answer, 'callbackUrl'), { ...leg, DialAction: 'hangup', DialBLegDuration: '60' });
    await send(attribute(answer, 'action'), { ...call, ...leg, CallStatus: 'in-progress', DialStatus: 'completed' });
    expect(await callOf('plivo-1')).toMatchObject(expected('plivo', 's_plivo'));
  });

  it('Vonage: the library of its SDK signs', async () => {
    const to = await visit('s_vonage');
    const send = async (url: string, body: object) => {
      const text = JSON.stringify(body);
      const payload_hash = createHash('sha256').update(text).digest('hex');
      const jwt = jsonwebtoken.sign({ iss: 'Vonage', api_key: 'abcd1234', payload_hash }, TOKEN, {
        algorithm: 'HS256',
      });
      const headers = { 'Content-Type': 'application/json', Authorization: `Bearer ${jwt}` };
      const response = await fetch(url, { method: 'POST', headers, body: text });
      expect([200, 204]).toContain(response.status);
      return response.text();
    };
    const call = { uuid: 'vonage-1', from: CALLER.slice(1), to: to.slice(1), direction: 'inbound' };
    const [connect] = JSON.parse(await send(address('vonage', 'voice'), call));
    expect(connect).toMatchObject({
      action: 'connect',
      from: to.slice(1),
      endpoint: [{ type: 'phone', number: DESTINATION.slice(1) }],
    });
    const leg = { uuid: 'b', from: to.slice(1), to: DESTINATION.slice(1), direction: 'outbound' };
    const timestamp = new Date().toISOString();
    await send(connect.eventUrl[0], { ...leg, status: 'completed', duration: '60', timestamp });
    await send(address('vonage', 'status'), { ...call, status: 'completed', duration: '71', timestamp });
    expect(await callOf('vonage-1')).toMatchObject(expected('vonage', 's_vonage'));
  });

  it('a request that nobody signed is refused', async () => {
    const body = new URLSearchParams({ CallSid: 'CA9', From: CALLER, To: '+14155550132', CallStatus: 'ringing' });
    expect((await fetch(address('twilio', 'voice'), { method: 'POST', body })).status).toBe(403);
    expect((await admin.send(api.getCall, { site: 'acme', id: 'CA9' })).status).toBe(404);
  });
});
