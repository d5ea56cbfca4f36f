import { createHash, createHmac, generateKeyPairSync } from 'node:crypto';
import { createRequire } from 'node:module';
import { verifySignature } from '@vonage/jwt';
import { Connect, NCCOBuilder, Record as RecordAction, Talk } from '@vonage/voice';
import { describe, expect, it } from 'vitest';
import {
  CALLER,
  CLOSED_PLAN,
  DESTINATION,
  EDGE,
  FULL_PLAN,
  formText,
  NOW,
  OVERFLOW,
  PLAIN_PLAN,
  sent,
  TRACKING,
} from '../../test/carriers/fixtures.ts';
import { answer, reply } from './carrier.ts';
import { vonage } from './vonage.ts';

// The library that Vonage's own signs and verifies with.
const jsonwebtoken = createRequire(createRequire(import.meta.url).resolve('@vonage/jwt'))('jsonwebtoken');

const secret = 'a signature secret of the account, quite long';
const secrets = { signatureSecret: secret, apiKey: 'abcd1234' };
const voice = `${EDGE}/vonage/voice`;
const statusUrl = `${EDGE}/vonage/status`;
const context = { statusUrl, secrets };
const uuid = 'aaaaaaaa-bbbb-cccc-dddd-0123456789ab';
const call = { from: CALLER.slice(1), to: TRACKING.slice(1), uuid, conversation_uuid: `CON-${uuid}` };

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const claimsFor = (body: string, now: number = NOW) => ({
  iss: 'Vonage',
  iat: Math.floor(now / 1000),
  jti: 'c5ba8f24-1a14-4c10-bfdf-3fbe8ce511b5',
  api_key: secrets.apiKey,
  application_id: 'aaaaaaaa-bbbb-cccc-dddd-0123456789ab',
  ...(body === '' ? {} : { payload_hash: sha256(body) }),
});
/** A token made by hand, so that it can be wrong in every way. */
function token(
  claims: unknown,
  { header = { alg: 'HS256', typ: 'JWT' } as unknown, key = secret, hash = 'sha256' } = {},
) {
  const text = `${part(header)}.${part(claims)}`;
  return `${text}.${createHmac(hash, key).update(text).digest('base64url')}`;
}
const body = JSON.stringify(call);
const post = (jwt: string, rawBody = body) =>
  sent({ url: voice, rawBody, headers: { 'content-type': 'application/json', authorization: `Bearer ${jwt}` } });
const verifies = (
  incoming: ReturnType<typeof sent>,
  other: Partial<{ signatureSecret: string | string[]; apiKey: string | string[] }> = {},
  now: number = NOW,
) => vonage.verify(incoming, { ...secrets, ...other }, now as typeof NOW);

describe('a request of Vonage', () => {
  it('verifies as the official library signs and verifies it', async () => {
    const now = Date.now();
    const jwt: string = jsonwebtoken.sign(claimsFor(body, now), secret, { algorithm: 'HS256' });
    expect(verifySignature(jwt, secret)).toBe(true);
    expect(await verifies(post(jwt), {}, now)).toBe(true);
    expect(verifySignature(token(claimsFor(body, now)), secret)).toBe(true);
  });

  it('verifies a GET, which has no body and so no hash', async () => {
    const authorization = `Bearer ${token(claimsFor(''))}`;
    expect(await verifies(sent({ method: 'GET', url: `${voice}?${formText(call)}`, headers: { authorization } }))).toBe(
      true,
    );
  });

  it('verifies with either secret and either key while one replaces the other', async () => {
    const incoming = post(token(claimsFor(body)));
    expect(await verifies(incoming, { signatureSecret: ['new', secret], apiKey: ['other', secrets.apiKey] })).toBe(
      true,
    );
    expect(await verifies(incoming, { signatureSecret: ['new', 'old'] })).toBe(false);
    expect(await verifies(incoming, { apiKey: ['other'] })).toBe(false);
  });

  it('verifies up to five minutes from its issue, either way, and no further', async () => {
    const incoming = post(token(claimsFor(body)));
    for (const [offset, fresh] of [
      [-300, true],
      [-301, false],
      [300, true],
      [301, false],
    ] as const) {
      expect(await verifies(incoming, {}, NOW + offset * 1000)).toBe(fresh);
    }
  });

  it('is refused with an RS256 token that the official library accepts, also when the key is public', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const pem = publicKey.export({ format: 'pem', type: 'spki' }).toString();
    const jwt: string = jsonwebtoken.sign(claimsFor(body), privateKey, { algorithm: 'RS256' });
    expect(verifySignature(jwt, pem)).toBe(true);
    expect(await verifies(post(jwt), { signatureSecret: pem })).toBe(false);
  });

  const claims = claimsFor(body);
  const seconds = Math.floor(NOW / 1000);
  it.each([
    ['no token', sent({ url: voice, json: call })],
    ['another scheme', sent({ url: voice, json: call, headers: { authorization: `Basic ${token(claims)}` } })],
    ['a token of two parts', post(token(claims).split('.').slice(0, 2).join('.'))],
    ['algorithm none', post(`${part({ alg: 'none' })}.${part(claims)}.`)],
    ['algorithm none, signed all the same', post(token(claims, { header: { alg: 'none' } }))],
    ['algorithm HS512', post(token(claims, { header: { alg: 'HS512' }, hash: 'sha512' }))],
    ['an algorithm in lower case', post(token(claims, { header: { alg: 'hs256' } }))],
    ['a header that is no object', post(token(claims, { header: 'HS256' }))],
    ['another secret', post(token(claims, { key: 'another secret' }))],
    ['claims that are no object', post(token(null))],
    ['another account’s key', post(token({ ...claims, api_key: 'zzzz9999' }))],
    ['no key', post(token({ ...claims, api_key: undefined }))],
    ['no time of issue', post(token({ ...claims, iat: undefined }))],
    ['a time of issue as text', post(token({ ...claims, iat: String(seconds) }))],
    ['an expired token', post(token({ ...claims, exp: seconds }))],
    ['a token for later', post(token({ ...claims, nbf: seconds + 60 }))],
    ['another body', post(token(claims), JSON.stringify({ ...call, from: '15550000000' }))],
    ['a body and no hash of it', post(token({ ...claims, payload_hash: undefined }))],
    ['a hash of a wrong type', post(token({ ...claims, payload_hash: 1 }))],
    [
      'a body’s token on a GET',
      sent({ method: 'GET', url: voice, headers: { authorization: `Bearer ${token(claims)}` } }),
    ],
  ])('is refused with %s', async (_, incoming) => {
    expect(await verifies(incoming)).toBe(false);
  });
});

describe('what Vonage reports', () => {
  const status = (json: Record<string, unknown>, notes = '') =>
    vonage.parse(sent({ url: statusUrl + notes, json: { ...call, timestamp: '2026-11-24T21:30:05.123Z', ...json } }));

  it('is an incoming call, asked by GET or POST, its numbers with their plus', () => {
    const expected = { kind: 'incoming', callId: uuid, from: CALLER, to: TRACKING, status: 'ringing' };
    expect(vonage.parse(sent({ method: 'GET', url: `${voice}?${formText(call)}` }))).toMatchObject(expected);
    expect(vonage.parse(sent({ url: voice, json: call }))).toMatchObject(expected);
    expect(vonage.parse(sent({ url: voice, json: { ...call, from: 'Anonymous' } }))?.from).toBeNull();
  });

  it('is the caller’s own leg', () => {
    expect(status({ status: 'ringing', direction: 'inbound' })).toMatchObject({ leg: 'parent', status: 'ringing' });
    const ended = { status: 'completed', direction: 'inbound', duration: '70', start_time: '2026-11-24T21:30:00.000Z' };
    expect(status(ended)).toMatchObject({ leg: 'parent', status: 'completed', talkSeconds: 70, startedAt: NOW });
  });

  it.each([
    ['completed', 'completed'],
    ['busy', 'busy'],
    ['failed', 'failed'],
    ['rejected', 'failed'],
    ['timeout', 'missed'],
    ['unanswered', 'missed'],
    ['cancelled', 'missed'],
  ])('is a dial that ended %s', (word, expected) => {
    const leg = { status: word, direction: 'outbound', uuid: 'b-leg', duration: '40' };
    expect(status(leg, `?call=${uuid}&step=1`)).toMatchObject({
      kind: 'dial_result',
      callId: uuid,
      leg: 'dial',
      status: expected,
      talkSeconds: word === 'completed' ? 40 : null,
      from: null,
      nextStep: 1,
    });
  });

  it('is no call of ours where some other leg of the application reports', () => {
    expect(status({ status: 'completed', direction: 'outbound' })).toBeNull();
  });

  it('is a recording or a message of the call that asked for it', () => {
    const json = {
      recording_url: 'https://api.nexmo.com/v1/files/f',
      recording_uuid: 'r',
      start_time: '2026-11-24T21:30:00Z',
      end_time: '2026-11-24T21:30:09Z',
      uuid: undefined,
    };
    expect(status(json, `?call=${uuid}`)).toMatchObject({ kind: 'recording', callId: uuid, talkSeconds: 9 });
    expect(status(json, `?voicemail=1&call=${uuid}`)).toMatchObject({ kind: 'voicemail' });
    expect(status(json)).toBeNull();
  });

  it.each([{ uuid: 7 }, { status: 'constructor' }, { status: ['completed'] }, { uuid: 'a b' }])(
    'is nothing where it says %j',
    (json) => {
      expect(status({ status: 'completed', ...json })).toBeNull();
    },
  );
});

describe('what Vonage is told', () => {
  const incoming = vonage.parse(sent({ url: voice, json: call }));
  if (!incoming) throw new Error('no event');
  const ncco = (told: { body: string | null }) => JSON.parse(told.body ?? 'null');
  const noted = (notes: Record<string, string>) => `${statusUrl}?${new URLSearchParams({ ...notes, call: uuid })}`;
  /** As Vonage's own builder writes the actions. */
  const built = (...actions: Parameters<NCCOBuilder['addAction']>[0][]) =>
    JSON.parse(
      JSON.stringify(actions.reduce((builder, action) => builder.addAction(action), new NCCOBuilder()).build()),
    );

  it('announces, records, whispers and connects, exactly as the official library writes it', () => {
    const connect = new Connect(
      {
        type: 'phone',
        number: DESTINATION.slice(1),
        onAnswer: { url: noted({ whisper: 'Call from "Tom & Jerry\'s" <ads>' }) },
      } as never,
      TRACKING.slice(1),
      undefined,
      'synchronous' as never,
      25,
      undefined,
      undefined,
      noted({ step: '1' }),
      'POST',
    );
    const record = new RecordAction(
      'mp3' as never,
      'conversation',
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
      noted({}),
      'POST',
    );
    const talk = new Talk('This call may be recorded.', undefined, undefined, undefined, 'en-US');
    const told = answer(vonage, FULL_PLAN, incoming, context);
    expect(told.headers['content-type']).toBe('application/json');
    expect(ncco(told)).toEqual(built(talk, record as never, connect));
  });

  it('rings with a number of the account, the only ones that Vonage shows', () => {
    expect(ncco(answer(vonage, PLAIN_PLAN, incoming, context))).toMatchObject([
      { action: 'connect', from: TRACKING.slice(1), endpoint: [{ type: 'phone', number: DESTINATION.slice(1) }] },
    ]);
  });

  const ended = (word: string, step: number) => {
    const json = { ...call, uuid: 'b-leg', status: word, direction: 'outbound' };
    const event = vonage.parse(sent({ url: noted({ step: String(step) }), json }));
    if (!event) throw new Error('no event');
    return reply(vonage, FULL_PLAN, event, context);
  };

  it('rings the overflow destination, then takes a message', () => {
    expect(ncco(ended('timeout', 1))).toMatchObject([{ action: 'connect', endpoint: [{ number: OVERFLOW.slice(1) }] }]);
    const record = new RecordAction(
      'mp3' as never,
      undefined,
      undefined,
      5,
      '#',
      90,
      true,
      noted({ voicemail: '1' }),
      'POST',
    );
    const talk = new Talk('Please leave a message & your number.', undefined, undefined, undefined, 'en-US');
    expect(ncco(ended('busy', 2))).toEqual(built(talk, record as never));
  });

  it.each(['completed', 'answered', 'ringing'])(
    'says nothing when the dial is %s, so that the call goes its way',
    (word) => {
      expect(ended(word, 1)).toEqual({ status: 204, headers: {}, body: null });
    },
  );

  it('says what looks like SSML as plain text, so that a link cannot make the phone play what it likes', () => {
    const told = vonage.whisper('<speak><audio src="https://evil.example/a.mp3"/></speak>', 'en-US');
    expect(told.body).not.toMatch(/[<>]/);
  });

  it('whispers, and reads the message outside opening hours', () => {
    const event = vonage.parse(sent({ method: 'GET', url: noted({ whisper: 'From Google Ads' }) }));
    expect(event).toMatchObject({ kind: 'whisper', callId: uuid });
    if (!event) return;
    expect(ncco(reply(vonage, FULL_PLAN, event, context))).toEqual([
      { action: 'talk', text: 'From Google Ads', language: 'en-US' },
    ]);
    expect(ncco(answer(vonage, CLOSED_PLAN, incoming, context))).toEqual([
      { action: 'talk', text: 'We are closed today.', language: 'en-US' },
    ]);
  });
});
