import Telnyx from 'telnyx';
import type { Calls } from 'telnyx/resources/calls/calls';
import { describe, expect, expectTypeOf, it } from 'vitest';
import {
  CALLER,
  CLOSED_PLAN,
  DESTINATION,
  EDGE,
  FULL_PLAN,
  OVERFLOW,
  PLAIN_PLAN,
  sent,
  TRACKING,
} from '../../test/carriers/fixtures.ts';
import type { CallPlan } from '../calls/call-plan.ts';
import type { CarrierCommand } from './carrier.ts';
import { telnyxCallControl } from './telnyx-call-control.ts';
import type { Commands, SpokenLanguage } from './telnyx-commands.ts';

const statusUrl = `${EDGE}/telnyx/status`;
const apiKey = 'KEY0123';

/** A Call Control webhook, and the commands it calls for. */
function commands(plan: CallPlan, event_type: string, payload: Record<string, unknown>): CarrierCommand[] {
  const data = {
    event_type,
    id: `id-${event_type}`,
    payload: { call_session_id: 's', call_control_id: 'v3:a/b', ...payload },
  };
  const incoming = sent({ url: statusUrl, json: { data } });
  const event = telnyxCallControl.parse(incoming);
  const context = { statusUrl, secrets: { publicKey: '', apiKey } };
  return (event && telnyxCallControl.commands?.(incoming, event, plan, context)) ?? [];
}
const read = (command: CarrierCommand | undefined) =>
  command && { action: command.url.split('/').at(-1), ...JSON.parse(command.body) };
/** The actions that the official library accepts. */
type Body<A extends 'answer' | 'speak' | 'transfer' | 'startRecording'> = NonNullable<
  Parameters<Calls['actions'][A]>[1]
>;
/** JSON leaves out undefined fields. */
type Optional<T> = { [K in keyof T]: T[K] | undefined };
const ringing = { direction: 'incoming', from: CALLER, to: TRACKING };
/** The dialled leg's first event carries the note that the transfer put on it. */
const noteOf = (command: CarrierCommand | undefined, field: string) => read(command)?.[field];

describe('a Call Control call', () => {
  it('is answered first, and then transferred', () => {
    const [answer] = commands(PLAIN_PLAN, 'call.initiated', ringing);
    expect(read(answer)).toMatchObject({
      action: 'answer',
      command_id: 'id-call.initiated:answer',
      webhook_url: statusUrl,
    });
    const transfers = commands(PLAIN_PLAN, 'call.answered', ringing);
    expect(transfers).toHaveLength(1);
    expect(read(transfers[0])).toMatchObject({
      action: 'transfer',
      to: DESTINATION,
      from: CALLER,
      diversion: TRACKING,
      timeout_secs: 30,
    });
  });

  it('is transferred by the very request that the official library makes', async () => {
    const [transfer] = commands(PLAIN_PLAN, 'call.answered', ringing);
    let seen: { url: string; method: string | undefined; authorization: string | null; body: unknown } | undefined;
    const client = new Telnyx({
      apiKey,
      fetch: async (url: string | URL | Request, init?: RequestInit) => {
        const authorization = new Headers(init?.headers).get('authorization');
        seen = {
          url: String(url),
          method: init?.method?.toUpperCase(),
          authorization,
          body: JSON.parse(String(init?.body)),
        };
        return new Response('{"data":{"result":"ok"}}', { headers: { 'content-type': 'application/json' } });
      },
    });
    const { action: _, ...body } = read(transfer);
    await client.calls.actions.transfer('v3:a/b', body);
    expect(seen).toEqual({
      url: transfer?.url,
      method: transfer?.method,
      authorization: transfer?.headers.authorization,
      body,
    });
  });

  it('is told nothing that the official library has no field for', () => {
    // Checked by the compiler, against the types that Telnyx makes from its API's description.
    expectTypeOf<Commands['answer']>().toExtend<Body<'answer'>>();
    expectTypeOf<Commands['speak']>().toExtend<Body<'speak'>>();
    expectTypeOf<Commands['transfer']>().toExtend<Optional<Body<'transfer'>>>();
    expectTypeOf<Commands['record_start']>().toExtend<Body<'startRecording'>>();
    expectTypeOf<keyof Commands['answer']>().toExtend<keyof Body<'answer'>>();
    expectTypeOf<keyof Commands['speak']>().toExtend<keyof Body<'speak'>>();
    expectTypeOf<keyof Commands['transfer']>().toExtend<keyof Body<'transfer'>>();
    expectTypeOf<keyof Commands['record_start']>().toExtend<keyof Body<'startRecording'>>();
    expectTypeOf<SpokenLanguage>().toEqualTypeOf<NonNullable<Body<'speak'>['language']>>();
  });

  it('is spoken to in a language that Telnyx has', () => {
    const language = (wanted: string) =>
      read(commands({ ...CLOSED_PLAN, language: wanted }, 'call.answered', ringing)[0])?.language;
    expect(['de-DE', 'de-AT', 'fi-FI', 'en-US'].map(language)).toEqual(['de-DE', 'de-DE', 'en-US', 'en-US']);
  });

  it('hears the announcement before it is transferred and recorded', () => {
    const [speak] = commands(FULL_PLAN, 'call.answered', ringing);
    expect(read(speak)).toMatchObject({ action: 'speak', payload: 'This call may be recorded.', language: 'en-US' });
    const [transfer] = commands(FULL_PLAN, 'call.speak.ended', { client_state: noteOf(speak, 'client_state') });
    expect(read(transfer)).toMatchObject({ action: 'transfer', from: TRACKING, record: 'record-from-answer' });
  });

  it('goes on to overflow and voicemail while nobody answers, by commands to the caller’s leg', () => {
    const [speak] = commands(FULL_PLAN, 'call.answered', ringing);
    const [first] = commands(FULL_PLAN, 'call.speak.ended', { client_state: noteOf(speak, 'client_state') });
    const dialled = (transfer: CarrierCommand | undefined, hangup_cause: string) =>
      commands(FULL_PLAN, 'call.hangup', {
        call_control_id: 'v3:dialled',
        hangup_cause,
        client_state: noteOf(transfer, 'target_leg_client_state'),
      });
    const [second] = dialled(first, 'timeout');
    expect(read(second)).toMatchObject({ action: 'transfer', to: OVERFLOW, from: TRACKING });
    expect(second?.url).toBe('https://api.telnyx.com/v2/calls/v3:a%2Fb/actions/transfer');
    const [greeting] = dialled(second, 'user_busy');
    expect(read(greeting)).toMatchObject({ action: 'speak', payload: 'Please leave a message & your number.' });
    const [record] = commands(FULL_PLAN, 'call.speak.ended', { client_state: noteOf(greeting, 'client_state') });
    expect(read(record)).toMatchObject({ action: 'record_start', max_length: 90, play_beep: true });
    const saved = { client_state: noteOf(record, 'client_state'), recording_urls: { mp3: 'https://s3.example/m.mp3' } };
    expect(commands(FULL_PLAN, 'call.recording.saved', saved).map(read)).toMatchObject([{ action: 'hangup' }]);
    expect(dialled(first, 'normal_clearing').map(read)).toMatchObject([{ action: 'hangup' }]);
  });

  it('ends when nobody answers and nothing is left to try', () => {
    const [transfer] = commands(PLAIN_PLAN, 'call.answered', ringing);
    const client_state = noteOf(transfer, 'target_leg_client_state');
    const ended = commands(PLAIN_PLAN, 'call.hangup', { client_state, hangup_cause: 'timeout' });
    expect(ended.map(read)).toMatchObject([{ action: 'hangup' }]);
  });

  it('hears the message and ends outside opening hours', () => {
    const [speak] = commands(CLOSED_PLAN, 'call.answered', ringing);
    expect(read(speak)).toMatchObject({ action: 'speak', payload: 'We are closed <today>.' });
    const ended = commands(CLOSED_PLAN, 'call.speak.ended', { client_state: noteOf(speak, 'client_state') });
    expect(ended.map(read)).toMatchObject([{ action: 'hangup' }]);
  });

  it('needs no command for what only tells how it goes', () => {
    expect(commands(FULL_PLAN, 'call.bridged', {})).toEqual([]);
    expect(commands(FULL_PLAN, 'call.initiated', { direction: 'outgoing' })).toEqual([]);
    expect(commands(FULL_PLAN, 'call.hangup', { hangup_cause: 'normal_clearing' })).toEqual([]);
    expect(commands(FULL_PLAN, 'call.answered', { direction: 'outgoing' })).toEqual([]);
  });
});
