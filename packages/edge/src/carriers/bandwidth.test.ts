import { Bxml } from 'bandwidth-sdk';
import { describe, expect, it } from 'vitest';
import {
  CALLER,
  CLOSED_PLAN,
  DESTINATION,
  documentOf,
  EDGE,
  FULL_PLAN,
  find,
  NOW,
  OVERFLOW,
  PLAIN_PLAN,
  parseXml,
  sent,
  TRACKING,
} from '../../test/carriers/fixtures.ts';
import { bandwidth } from './bandwidth.ts';
import { answer, reply } from './carrier.ts';

const secrets = { username: 'dialmark', password: 'pass:wörd' };
const voice = `${EDGE}/bandwidth/voice`;
const statusUrl = `${EDGE}/bandwidth/status`;
const context = { statusUrl, secrets };
const initiate = {
  eventType: 'initiate',
  eventTime: '2026-11-24T21:30:00.500Z',
  accountId: '920012',
  applicationId: '7fc9698a',
  from: CALLER,
  to: TRACKING,
  direction: 'inbound',
  callId: 'c-95ac8d6e-1a31c52e-b38f-4198-93c1-51633ec68f8d',
  callUrl: 'https://voice.bandwidth.com/api/v2/accounts/920012/calls/c-95ac8d6e',
  startTime: '2026-11-24T21:30:00.000Z',
  stirShaken: { verstat: 'TN-Validation-Passed', attestationIndicator: 'A', originatingId: 'abc' },
};
const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` });
const verifies = (headers: Record<string, string>, given: Parameters<typeof bandwidth.verify>[1] = secrets) =>
  bandwidth.verify(sent({ url: voice, json: initiate, headers }), given, NOW);

describe('a request of Bandwidth', () => {
  it('verifies by its name and password, whatever characters they have', async () => {
    expect(await verifies(basic('dialmark:pass:wörd'))).toBe(true);
  });

  it('verifies with either pair while one replaces the other, and never with a mix of the two', async () => {
    const pairs = { username: ['new', 'dialmark'], password: ['fresh', 'pass:wörd'] };
    expect(await verifies(basic('dialmark:pass:wörd'), pairs)).toBe(true);
    expect(await verifies(basic('new:fresh'), pairs)).toBe(true);
    expect(await verifies(basic('new:pass:wörd'), pairs)).toBe(false);
    expect(await verifies(basic('same:old'), { username: 'same', password: ['new', 'old'] })).toBe(true);
  });

  it.each([
    ['nothing', {}],
    ['an empty proof', basic('')],
    ['the name alone', basic('dialmark')],
    ['no password', basic('dialmark:')],
    ['another password', basic('dialmark:password')],
    ['another name', basic('dialmar:pass:wörd')],
    ['the pair in other letters', basic('DIALMARK:PASS:WÖRD')],
    ['a bearer token', { authorization: `Bearer ${basic('dialmark:pass:wörd').authorization.slice(6)}` }],
    ['the pair in the clear', { authorization: 'Basic dialmark:pass' }],
    ['base64 that is none', { authorization: 'Basic ====' }],
  ])('is refused with %s', async (_, headers: Record<string, string>) => {
    expect(await verifies(headers)).toBe(false);
  });

  it('is refused where nothing is configured', async () => {
    expect(await verifies(basic(':'), { username: '', password: '' })).toBe(false);
    expect(await verifies(basic('dialmark:'), { username: 'dialmark', password: [] })).toBe(false);
  });
});

describe('what Bandwidth reports', () => {
  const parse = (json: Record<string, unknown>, notes = '') =>
    bandwidth.parse(sent({ url: statusUrl + notes, json: { ...initiate, ...json } }));

  it('is an incoming call with caller, start, attestation and diversion', () => {
    expect(parse({ diversion: { origTo: '+14155550199', reason: 'unavailable' } })).toMatchObject({
      kind: 'incoming',
      callId: initiate.callId,
      from: CALLER,
      to: TRACKING,
      startedAt: NOW,
      attestation: 'A',
      forwardedFrom: '+14155550199',
    });
    expect(parse({ from: 'Restricted', stirShaken: { verstat: 'TN-Validation-Failed' } })).toMatchObject({
      from: null,
      attestation: 'failed',
    });
    expect(parse({ stirShaken: null })?.attestation).toBeNull();
  });

  it.each([
    ['hangup', 'completed'],
    ['busy', 'busy'],
    ['timeout', 'missed'],
    ['cancel', 'missed'],
    ['rejected', 'missed'],
    ['invalid-bxml', 'failed'],
    ['something new', 'failed'],
  ])('is a leg that ended for %s', (cause, status) => {
    expect(parse({ eventType: 'transferComplete', cause }, '?step=1')).toMatchObject({
      kind: 'dial_result',
      status,
      nextStep: 1,
      callId: initiate.callId,
    });
    expect(parse({ eventType: 'disconnect', cause })).toMatchObject({ kind: 'status', leg: 'parent', status });
  });

  const dialled = { callId: 'c-b-leg', parentCallId: initiate.callId, direction: 'outbound' };
  it('is the talk of the dialled leg, from its own times', () => {
    expect(parse({ ...dialled, eventType: 'transferAnswer' }, '?whisper=Hi')).toMatchObject({
      kind: 'whisper',
      leg: 'dial',
      status: 'answered',
      callId: initiate.callId,
      text: 'Hi',
    });
    const times = { answerTime: '2026-11-24T21:30:10.000Z', endTime: '2026-11-24T21:31:13.400Z' };
    expect(parse({ ...dialled, ...times, eventType: 'transferDisconnect', cause: 'hangup' })).toMatchObject({
      status: 'completed',
      talkSeconds: 63,
      from: null,
    });
    expect(parse({ ...dialled, eventType: 'transferDisconnect', cause: 'timeout', answerTime: null })).toMatchObject({
      status: 'missed',
      talkSeconds: null,
    });
    expect(parse({ ...dialled, eventType: 'transferDisconnect', cause: 'hangup', answerTime: null })).toMatchObject({
      status: 'missed',
    });
  });

  it('is a recording or a message, its length read from ISO 8601', () => {
    const json = {
      eventType: 'recordingAvailable',
      recordingId: 'r-1',
      mediaUrl: 'https://voice.bandwidth.com/r-1/media',
      duration: 'PT1M13.67S',
    };
    expect(parse(json)).toMatchObject({ kind: 'recording', talkSeconds: 74, recordingUrl: json.mediaUrl });
    expect(parse(json, '?voicemail=1')).toMatchObject({ kind: 'voicemail' });
    expect(parse({ ...json, duration: 'long' })).toMatchObject({ talkSeconds: null });
    expect(parse({ ...json, mediaUrl: null })).toBeNull();
  });

  it.each([
    { callId: null },
    { callId: 'a b' },
    { eventType: 'dtmf' },
    { eventType: ['initiate'] },
    { direction: 'outbound' },
  ])('is nothing where it says %j', (json) => {
    expect(parse(json)).toBeNull();
  });
});

describe('what Bandwidth is told', () => {
  const incoming = bandwidth.parse(sent({ url: voice, json: initiate }));
  if (!incoming) throw new Error('no event');
  const noted = (notes: Record<string, string>) =>
    `${statusUrl}?${new URLSearchParams({ ...notes, call: initiate.callId })}`;
  const proof = { username: secrets.username, password: secrets.password };

  it('announces, records, whispers and transfers, exactly as the official library writes it', () => {
    const expected = new Bxml.Response([
      new Bxml.SpeakSentence('This call may be recorded.', { locale: 'en_US' }),
      new Bxml.StartRecording({
        recordingAvailableUrl: noted({}),
        recordingAvailableMethod: 'POST',
        ...proof,
        fileFormat: 'mp3',
        multiChannel: true,
      }),
      new Bxml.Transfer(
        {
          transferCallerId: TRACKING,
          callTimeout: 25,
          transferCompleteUrl: `${statusUrl}?step=1`,
          transferCompleteMethod: 'POST',
          ...proof,
        },
        [
          new Bxml.PhoneNumber(DESTINATION, {
            transferAnswerUrl: noted({ whisper: 'Call from "Tom & Jerry\'s" <ads>' }),
            transferAnswerMethod: 'POST',
            transferDisconnectUrl: noted({}),
            transferDisconnectMethod: 'POST',
            ...proof,
          }),
        ],
      ),
    ]);
    expect(documentOf(answer(bandwidth, FULL_PLAN, incoming, context))).toEqual(parseXml(expected.toBxml()));
  });

  it('shows the caller’s own number by leaving the caller id out, and proves later requests by the newer pair', () => {
    const rotating = { ...context, secrets: { username: ['new', 'old'], password: ['fresh', 'stale'] } };
    const transfer = find(documentOf(answer(bandwidth, PLAIN_PLAN, incoming, rotating)), 'Transfer');
    expect(transfer?.attributes).toEqual({
      callTimeout: '30',
      transferCompleteUrl: statusUrl,
      transferCompleteMethod: 'POST',
      username: 'new',
      password: 'fresh',
    });
  });

  const ended = (cause: string, step: number) => {
    const json = { ...initiate, eventType: 'transferComplete', cause };
    const event = bandwidth.parse(sent({ url: `${statusUrl}?step=${step}`, json }));
    if (!event) throw new Error('no event');
    return documentOf(reply(bandwidth, FULL_PLAN, event, context));
  };

  it('rings the overflow destination, then takes a message', () => {
    expect(find(ended('timeout', 1), 'PhoneNumber')?.children).toEqual([OVERFLOW]);
    const expected = new Bxml.Response([
      new Bxml.StopRecording(),
      new Bxml.SpeakSentence('Please leave a message & your number.', { locale: 'en_US' }),
      new Bxml.SendDtmf('1', { toneDuration: 500 }),
      new Bxml.Record({
        recordingAvailableUrl: noted({ voicemail: '1' }),
        recordingAvailableMethod: 'POST',
        ...proof,
        maxDuration: 90,
        silenceTimeout: 5,
        terminatingDigits: '#',
        fileFormat: 'mp3',
      }),
      new Bxml.Hangup(),
    ]);
    expect(ended('busy', 2)).toEqual(parseXml(expected.toBxml()));
  });

  it('hangs up after an answered call', () => {
    expect(ended('hangup', 1)).toEqual(parseXml(new Bxml.Response([new Bxml.Hangup()]).toBxml()));
  });

  it('whispers, or puts through at once, and reads the message outside opening hours', () => {
    const whisper = (text: string) => documentOf(bandwidth.whisper(text, 'de-DE'));
    expect(whisper('Anruf')).toEqual(
      parseXml(new Bxml.Response([new Bxml.SpeakSentence('Anruf', { locale: 'de_DE' })]).toBxml()),
    );
    expect(whisper('')).toEqual(parseXml('<Response/>'));
    // Spelt out, since the library lets what looks like SSML through unescaped.
    expect(documentOf(answer(bandwidth, CLOSED_PLAN, incoming, context))).toEqual(
      parseXml(
        '<Response><SpeakSentence locale="en_US">We are closed &lt;today&gt;.</SpeakSentence><Hangup/></Response>',
      ),
    );
  });
});
