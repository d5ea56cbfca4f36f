import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY, type EpochMs, HOUR, MINUTE, SECOND } from '../time.ts';
import { type BindingEvidence, type CallModel, PRIOR } from './call-model.ts';
import {
  type CallHabits,
  type Exposure,
  learn,
  lessonOf,
  NO_HABITS,
  withLesson,
  withLessonAgain,
  withoutLesson,
} from './learn.ts';

const NOW = Date.UTC(2026, 10, 24, 15) as EpochMs;
const NOTHING: Exposure = { visits: 0, visitMs: 0, taps: 0, numberMs: 0 };
/** The activity of a small site between two calls. */
const USUAL: Exposure = { visits: 30, visitMs: 90 * MINUTE, taps: 1, numberMs: 10 * DAY };

function holdActive(delay: number, tapped = false): BindingEvidence {
  const lastActiveAt = (NOW - delay) as EpochMs;
  return {
    kind: 'pool',
    session: `s${delay}`,
    visitor: null,
    startedAt: lastActiveAt,
    lastActiveAt,
    expiresAt: (lastActiveAt + HOUR) as EpochMs,
    telClickAt: tapped ? lastActiveAt : null,
  };
}

function withCall(
  habits: CallHabits,
  bindings: readonly BindingEvidence[],
  at: EpochMs,
  seen: Exposure,
  model: CallModel,
) {
  return withLesson(habits, lessonOf(habits, bindings, at, model), seen);
}

/** Calls of one kind, one after the other, each judged by what was learned before. */
function afterCalls(count: number, bindings: readonly BindingEvidence[], seen = USUAL, at = NOW): CallHabits {
  let habits = NO_HABITS;
  for (let call = 0; call < count; call++) habits = withCall(habits, bindings, at, seen, learn(PRIOR, habits));
  return habits;
}

const lateShare = (model: CallModel) =>
  model.delays.reduce((sum, { meanMs, share }) => sum + (meanMs > HOUR ? share : 0), 0);

describe('learn', () => {
  it('is the prior where nothing is known', () => {
    const model = learn(PRIOR, NO_HABITS);
    expect({ ...model, delays: [] }).toEqual({ ...PRIOR, delays: [] });
    for (const [scale, { share }] of model.delays.entries())
      expect(share).toBeCloseTo(PRIOR.delays[scale]?.share ?? 0, 12);
  });

  it('moves little by few calls and far by many', () => {
    const late = [holdActive(20 * HOUR)];
    const shares = [0, 3, 300].map((count) => lateShare(learn(PRIOR, afterCalls(count, late))));
    expect((shares[1] as number) - (shares[0] as number)).toBeLessThan(0.1);
    expect(shares[2]).toBeGreaterThan(0.8);
  });

  it('learns that calls come from the page', () => {
    expect(lateShare(learn(PRIOR, afterCalls(300, [holdActive(30 * SECOND)])))).toBeLessThan(0.1);
  });

  it('learns the rate of calls from the visits there were', () => {
    const busy = learn(PRIOR, afterCalls(1000, [holdActive(MINUTE)], { ...USUAL, visits: 10 }));
    const quiet = learn(PRIOR, afterCalls(1000, [holdActive(MINUTE)], { ...USUAL, visits: 200 }));
    expect(busy.callsPerVisit).toBeCloseTo(0.1, 1);
    expect(quiet.callsPerVisit).toBeCloseTo(0.005, 2);
  });

  it('learns stray calls from numbers nobody held', () => {
    const habits = afterCalls(400, [], { ...NOTHING, numberMs: 30 * DAY });
    const perMonth = learn(PRIOR, habits).strayRate * ((30 * DAY) / SECOND);
    expect(perMonth).toBeGreaterThan(0.8);
    expect(perMonth).toBeLessThanOrEqual(1);
  });

  it('learns how soon a tap becomes a call, and how often', () => {
    const model = learn(PRIOR, afterCalls(400, [holdActive(12 * SECOND, true)], { ...USUAL, taps: 1 }));
    expect(model.tap.meanMs).toBeLessThan(14 * SECOND);
    expect(model.tap.callProbability).toBeGreaterThan(0.9);
    const idle = learn(PRIOR, afterCalls(400, [holdActive(12 * SECOND, true)], { ...USUAL, taps: 4 }));
    expect(idle.tap.callProbability).toBeLessThan(0.35);
  });

  it('learns the hours of late calls, and not from calls off the page', () => {
    const late = learn(PRIOR, afterCalls(300, [holdActive(20 * HOUR)]));
    expect(late.hours[15]).toBeGreaterThan(10);
    expect(late.hours[3]).toBeLessThan(0.25);
    expect(late.hours.reduce((sum, factor) => sum + factor, 0)).toBeCloseTo(24, 9);
    const prompt = learn(PRIOR, afterCalls(300, [holdActive(30 * SECOND)]));
    expect(prompt.hours[15]).toBeLessThan(2);
  });

  it('forgets old habits under new ones', () => {
    const before = afterCalls(2000, [holdActive(30 * SECOND)]);
    let habits = before;
    for (let call = 0; call < 3000; call++)
      habits = withCall(habits, [holdActive(20 * HOUR)], NOW, USUAL, learn(PRIOR, habits));
    expect(lateShare(learn(PRIOR, before))).toBeLessThan(0.1);
    expect(lateShare(learn(PRIOR, habits))).toBeGreaterThan(0.8);
  });
});

describe('a lesson', () => {
  it('adds one call in all, in parts', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 60 * DAY }), fc.boolean()), { maxLength: 60 }),
        (delays) => {
          const bindings = delays.map(([delay, tapped], index) => ({
            ...holdActive(delay, tapped),
            session: `s${index}`,
          }));
          const { delays: byDelay, tapCalls, strays, calls } = withCall(NO_HABITS, bindings, NOW, NOTHING, PRIOR);
          expect(byDelay.reduce((sum, count) => sum + count, 0) + tapCalls + strays).toBeCloseTo(1, 9);
          expect(calls).toBe(1);
        },
      ),
    );
  });

  it('keeps as much after a million calls as after one', () => {
    const size = (habits: CallHabits) => habits.delays.length + habits.hours.length + Object.keys(habits.seen).length;
    expect(size(afterCalls(1000, [holdActive(MINUTE)]))).toBe(size(NO_HABITS));
  });

  it('survives being stored as JSON', () => {
    const habits = afterCalls(5, [holdActive(MINUTE, true)]);
    expect(JSON.parse(JSON.stringify(habits))).toEqual(habits);
  });

  it('can be taken out again as if the call had not taught, and put back', () => {
    const delay = fc.integer({ min: 0, max: 60 * DAY });
    fc.assert(
      fc.property(
        fc.array(delay, { maxLength: 40 }),
        delay,
        fc.array(delay, { maxLength: 40 }),
        (before, spam, after) => {
          const teach = (habits: CallHabits, calls: number[]) =>
            calls.reduce(
              (taught, call) => withCall(taught, [holdActive(call, call % 2 === 0)], NOW, USUAL, PRIOR),
              habits,
            );
          const known = teach(NO_HABITS, before);
          const lesson = lessonOf(known, [holdActive(spam)], NOW, PRIOR);
          const all = teach(withLesson(known, lesson, USUAL), after);
          const without = withoutLesson(all, lesson);
          // A call that teaches nothing of itself in its place: what there was to call from was there all the same.
          const nothing = {
            ...lesson,
            delays: lesson.delays.map(() => 0),
            late: 0,
            tapCalls: 0,
            tapDelayMs: 0,
            strays: 0,
          };
          expectClose(without, teach(withLesson(known, nothing, USUAL), after));
          expectClose(withLessonAgain(without, lesson), all);
        },
      ),
    );
  });
});

function expectClose(habits: CallHabits, expected: CallHabits): void {
  const flat = ({ delays, hours, seen, ...sums }: CallHabits) => [
    ...delays,
    ...hours,
    ...Object.values({ ...sums, ...seen }),
  ];
  const wanted = flat(expected);
  for (const [index, sum] of flat(habits).entries()) {
    const size = Math.max(1, Math.abs(wanted[index] as number));
    expect(sum / size).toBeCloseTo((wanted[index] as number) / size, 9);
  }
}
