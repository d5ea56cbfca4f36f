import type { EpochMs } from '@dialmark/shared';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CALLER, CLOSED_PLAN, NOW, PLAIN_PLAN, TRACKING } from '../../test/carriers/fixtures.ts';
import { callLife, notDialled } from './call-life.ts';
import { type CarrierEvent, carrierEvent, type LegStatus } from './events.ts';

const base = { carrier: 'twilio', callId: 'CA1' } as const;
const after = (seconds: number) => (NOW + seconds * 1000) as EpochMs;

const incoming = carrierEvent({
  ...base,
  kind: 'incoming',
  eventId: 'incoming',
  leg: 'parent',
  status: 'ringing',
  at: NOW,
  startedAt: NOW,
  from: CALLER,
  to: TRACKING,
  attestation: 'A',
});
const parent = (status: LegStatus, at: number, talkSeconds: number | null = null) =>
  carrierEvent({
    ...base,
    kind: 'status',
    eventId: `parent:${status}`,
    leg: 'parent',
    status,
    at: after(at),
    talkSeconds,
  });
const leg = (status: LegStatus, at: number, talkSeconds: number | null = null, id = 'b') =>
  carrierEvent({
    ...base,
    kind: 'status',
    eventId: `dial:${id}:${status}`,
    leg: 'dial',
    status,
    at: after(at),
    talkSeconds,
  });
const result = (status: LegStatus, at: number, talkSeconds: number | null = null, nextStep: number | null = null) =>
  carrierEvent({
    ...base,
    kind: 'dial_result',
    eventId: `dial_result:${nextStep ?? 'last'}`,
    leg: 'dial',
    status,
    at: after(at),
    talkSeconds,
    nextStep,
  });
const recording = (kind: 'recording' | 'voicemail', url: string, talkSeconds: number | null) =>
  carrierEvent({
    ...base,
    kind,
    eventId: `recording:${url}`,
    leg: kind === 'voicemail' ? 'parent' : 'dial',
    at: after(90),
    talkSeconds,
    recordingUrl: url,
  });
const life = (...events: CarrierEvent[]) => callLife(events);

describe('the life of a call', () => {
  it('is nothing before its first event', () => {
    expect(callLife([])).toBeNull();
  });

  it('rings, is answered, and is over, with the talk of the answered leg', () => {
    const story = [
      incoming,
      leg('ringing', 1),
      leg('answered', 9),
      leg('completed', 70, 61),
      result('completed', 70, 61),
      parent('completed', 71, 71),
    ];
    const statuses = story.map((_, i) => life(...story.slice(0, i + 1))?.status);
    expect(statuses).toEqual(['ringing', 'ringing', 'in-progress', 'completed', 'completed', 'completed']);
    expect(life(...story)).toEqual({
      cameIn: true,
      status: 'completed',
      answered: true,
      startedAt: NOW,
      from: CALLER,
      to: TRACKING,
      ringSeconds: 8,
      durationSeconds: 61,
      recordingUrl: null,
      attestation: 'A',
      forwardedFrom: null,
    });
  });

  it.each(['missed', 'busy', 'failed'] as const)(
    'is %s although the caller’s leg reads completed, in either order',
    (status) => {
      const ends = [result(status, 30, 0), parent('completed', 31, 31)];
      expect(life(incoming, ...ends)).toMatchObject({ status, durationSeconds: 0, ringSeconds: 30 });
      expect(life(incoming, ...ends.reverse())).toMatchObject({ status, durationSeconds: 0 });
    },
  );

  it('is believed of the caller’s leg while nothing better is known, and corrected when it is', () => {
    expect(life(incoming, parent('completed', 31, 31))).toMatchObject({ status: 'completed', durationSeconds: 31 });
    expect(life(incoming, parent('completed', 31, 31), result('completed', 30, 12))).toMatchObject({
      durationSeconds: 12,
    });
    expect(life(incoming, parent('missed', 20))).toMatchObject({ status: 'missed', durationSeconds: 0 });
  });

  it('is not over while the plan has another step', () => {
    const first = result('missed', 30, 0, 1);
    expect(life(incoming, first)?.status).toBe('ringing');
    expect(life(incoming, first, result('completed', 95, 40))).toMatchObject({
      status: 'completed',
      durationSeconds: 40,
    });
    expect(life(incoming, first, result('busy', 50, 0))?.status).toBe('busy');
    // The caller gave up while the second phone rang.
    expect(life(incoming, first, parent('completed', 40, 40))).toMatchObject({ status: 'missed', durationSeconds: 0 });
  });

  it('is voicemail where a message was left, and missed where the caller hung up at the beep', () => {
    const unanswered = [incoming, result('missed', 30, 0, 1)];
    expect(life(...unanswered, recording('voicemail', 'https://r/1', 12), parent('completed', 50, 50))).toMatchObject({
      status: 'voicemail',
      recordingUrl: 'https://r/1',
      durationSeconds: 0,
    });
    expect(life(...unanswered, recording('voicemail', 'https://r/1', 0))?.status).toBe('missed');
    expect(life(incoming, recording('voicemail', 'https://r/1', 0))?.status).toBe('missed');
  });

  it('keeps the recording of the conversation where there was one, else the message', () => {
    const both = [recording('voicemail', 'https://r/message', 3), recording('recording', 'https://r/whole', 60)];
    expect(life(incoming, ...both)?.recordingUrl).toBe('https://r/message');
    expect(life(incoming, result('completed', 70, 61), ...both)?.recordingUrl).toBe('https://r/whole');
  });

  it('is missed where no phone was rung, once the caller has heard that it is closed', () => {
    const closed = notDialled(incoming, CLOSED_PLAN);
    if (!closed) throw new Error('a closed plan dials nobody');
    expect(life(incoming, closed)?.status).toBe('ringing');
    expect(life(incoming, closed, parent('completed', 8, 8))).toMatchObject({ status: 'missed', durationSeconds: 0 });
    expect(notDialled(incoming, PLAIN_PLAN)).toBeNull();
  });

  it('takes the talk from the times of a leg whose carrier states no duration', () => {
    expect(life(incoming, leg('answered', 10), result('completed', 75))).toMatchObject({
      durationSeconds: 65,
      ringSeconds: 10,
    });
  });

  it('counts the earlier of two deliveries of one fact', () => {
    const late = { ...incoming, at: after(600), startedAt: after(600) };
    expect(life(late, incoming)?.startedAt).toBe(NOW);
    expect(life(incoming, late)?.startedAt).toBe(NOW);
  });
});

const statuses = fc.constantFrom<LegStatus>('ringing', 'answered', 'completed', 'missed', 'busy', 'failed');
const seconds = fc.integer({ min: 0, max: 600 });
const anyEvent: fc.Arbitrary<CarrierEvent> = fc.oneof(
  seconds.map((at) => ({ ...incoming, at: after(at), startedAt: after(at) })),
  fc.tuple(statuses, seconds, fc.option(seconds)).map((args) => parent(...args)),
  fc.tuple(statuses, seconds, fc.option(seconds), fc.constantFrom('b', 'c')).map((args) => leg(...args)),
  fc
    .tuple(
      fc.constantFrom<LegStatus>('completed', 'missed', 'busy', 'failed'),
      seconds,
      fc.option(seconds),
      fc.option(fc.nat(2)),
    )
    .map((args) => result(...args)),
  fc
    .tuple(
      fc.constantFrom('recording' as const, 'voicemail' as const),
      fc.constantFrom('https://r/1', 'https://r/2'),
      fc.option(seconds),
    )
    .map((args) => recording(...args)),
);

describe('the order of delivery', () => {
  it('makes no difference, nor does repetition', () => {
    const deliveries = fc.array(anyEvent, { minLength: 1, maxLength: 12 }).chain((events) =>
      fc.record({
        events: fc.constant(events),
        shuffled: fc.shuffledSubarray([...events, ...events], { minLength: events.length * 2 }),
      }),
    );
    fc.assert(
      fc.property(deliveries, ({ events, shuffled }) => {
        expect(callLife(shuffled)).toEqual(callLife(events));
      }),
      { numRuns: 1000 },
    );
  });

  it('moves a call forwards only: ringing, in progress, over', () => {
    const rank = (events: CarrierEvent[]) => {
      const status = callLife(events)?.status;
      return status === 'ringing' ? 0 : status === 'in-progress' ? 1 : 2;
    };
    // One telling of each fact: a carrier that repeats itself repeats the same.
    const facts = fc.uniqueArray(anyEvent, { minLength: 1, maxLength: 12, selector: (event) => event.eventId });
    fc.assert(
      fc.property(facts, (events) => {
        const ranks = events.map((_, i) => rank(events.slice(0, i + 1)));
        expect(ranks).toEqual([...ranks].sort());
      }),
      { numRuns: 1000 },
    );
  });
});
