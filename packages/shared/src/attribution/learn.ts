import { type EpochMs, SECOND } from '../time.ts';
import {
  type BindingEvidence,
  bindingsAt,
  type CallModel,
  hourOf,
  intensitiesAt,
  isLate,
  PRIOR,
} from './call-model.ts';

/**
 * The lessons of a site's calls and visits: sums only, so that it fits in one row and a call adds to it in constant
 * time. Calls are counted in parts, as sure as they are: a call that was a stray with probability 0.2 adds 0.2 strays.
 */
export interface CallHabits {
  /** Calls learned from, whole ones. */
  calls: number;
  /** Calls by the scale of their delay, in the order of the model's. */
  delays: readonly number[];
  /** Late calls by the hour of the day (UTC). */
  hours: readonly number[];
  tapCalls: number;
  /** Summed delay from tap to call. */
  tapDelayMs: number;
  strays: number;
  /** The activity behind the calls. */
  seen: Exposure;
}

/** Activity in a stretch of time that could have led to calls. */
export interface Exposure {
  /** Visits that were given a number, and their summed time from first to last activity. */
  visits: number;
  visitMs: number;
  /** Visits that tapped the number. */
  taps: number;
  /** Numbers × time: one number for a day, or two for half a day, is a day. */
  numberMs: number;
}

/** A site of which no call is known. */
export const NO_HABITS: CallHabits = {
  calls: 0,
  delays: PRIOR.delays.map(() => 0),
  hours: PRIOR.hours.map(() => 0),
  tapCalls: 0,
  tapDelayMs: 0,
  strays: 0,
  seen: { visits: 0, visitMs: 0, taps: 0, numberMs: 0 },
};

/** The weight of the prior: the number of the site's own visits that move it halfway. */
const PRIOR_VISITS = 1000;
const PRIOR_CALLS = 30;
const PRIOR_LATE_CALLS = 24;
const PRIOR_TAPS = 20;
const PRIOR_STRAYS = 1;

/**
 * So many calls are remembered: each fades as others come. Fewer at first, when calls were judged by a model that did
 * not know the site yet; never more than so many, since habits change.
 */
function memory(calls: number): number {
  return Math.min(PRIOR_CALLS + calls / 3, 1000);
}

/**
 * The lesson of one call, in parts that make one call in all: with it the call can be taken out of the habits again.
 */
export interface Lesson {
  /** The number of calls learned from before this one. */
  after: number;
  delays: readonly number[];
  /** The late ones of the delays; they count for this hour (UTC). */
  late: number;
  hour: number;
  tapCalls: number;
  tapDelayMs: number;
  strays: number;
}

/**
 * Returns what a call teaches: the expectation step of online EM (O. Cappé and E. Moulines, "On-line expectation–maximization
 * algorithm for latent data models", 2009), with the probabilities that the model gives.
 *
 * Only for calls of unknown callers, whatever their match: a known caller was not found by rates, and teaches none.
 *
 * @param bindings every binding of the dialled number that began at or before the call; none for a number nobody held
 * @param model by which to weigh the bindings: `learn` of these habits
 */
export function lessonOf(
  habits: CallHabits,
  bindings: readonly BindingEvidence[],
  at: EpochMs,
  model: CallModel,
): Lesson {
  const weighed = bindingsAt(bindings, at);
  const expected = intensitiesAt(at, model);
  const before = expected.before(weighed);
  const intensities = weighed.map((binding) => ({ by: expected.of(binding), tappedAt: binding.telClickAt ?? at }));
  if (before) intensities.push({ by: before, tappedAt: at });
  const all = intensities.reduce((sum, { by }) => sum + by.total, model.strayRate);

  const delays = model.delays.map(() => 0);
  let late = 0;
  let tapCalls = 0;
  let tapDelayMs = 0;
  for (const { by, tappedAt } of intensities) {
    tapCalls += by.tap / all;
    if (by.tap > 0) tapDelayMs += (by.tap / all) * (at - tappedAt);
    model.delays.forEach((scale, index) => {
      const call = (by.delays[index] ?? 0) / all;
      delays[index] = (delays[index] ?? 0) + call;
      if (isLate(scale)) late += call;
    });
  }
  return { after: habits.calls, delays, late, hour: hourOf(at), tapCalls, tapDelayMs, strays: model.strayRate / all };
}

/**
 * Returns the site's habits after one more call.
 *
 * @param seen what there was since the last call that was learned from
 */
export function withLesson(habits: CallHabits, lesson: Lesson, seen: Exposure): CallHabits {
  const kept = 1 - 1 / memory(habits.calls);
  const faded: CallHabits = {
    calls: habits.calls + 1,
    delays: habits.delays.map((calls) => kept * calls),
    hours: habits.hours.map((calls) => kept * calls),
    tapCalls: kept * habits.tapCalls,
    tapDelayMs: kept * habits.tapDelayMs,
    strays: kept * habits.strays,
    seen: {
      visits: kept * habits.seen.visits + seen.visits,
      visitMs: kept * habits.seen.visitMs + seen.visitMs,
      taps: kept * habits.seen.taps + seen.taps,
      numberMs: kept * habits.seen.numberMs + seen.numberMs,
    },
  };
  return added(faded, lesson, 1);
}

/** Returns the habits as if a call had not taught (a call that turned out to be spam), as far as its lesson has not faded. */
export function withoutLesson(habits: CallHabits, lesson: Lesson): CallHabits {
  return added(habits, lesson, -left(habits, lesson));
}

/** Returns the habits with a lesson that was taken out put back, faded by what has come since. */
export function withLessonAgain(habits: CallHabits, lesson: Lesson): CallHabits {
  return added(habits, lesson, left(habits, lesson));
}

/** Returns what is left of a lesson after the calls that came since. */
function left(habits: CallHabits, lesson: Lesson): number {
  let part = 1;
  for (let calls = lesson.after + 1; calls < habits.calls && part > 1e-9; calls++) part *= 1 - 1 / memory(calls);
  return part;
}

function added(habits: CallHabits, lesson: Lesson, times: number): CallHabits {
  // Sums are restored only up to rounding.
  const plus = (sum: number, part: number) => Math.max(0, sum + times * part);
  return {
    ...habits,
    delays: habits.delays.map((calls, scale) => plus(calls, lesson.delays[scale] ?? 0)),
    hours: habits.hours.map((calls, hour) => (hour === lesson.hour ? plus(calls, lesson.late) : calls)),
    tapCalls: plus(habits.tapCalls, lesson.tapCalls),
    tapDelayMs: plus(habits.tapDelayMs, lesson.tapDelayMs),
    strays: plus(habits.strays, lesson.strays),
  };
}

/**
 * Returns the model that the habits speak for: the maximisation step, with conjugate priors (gamma for rates and means,
 * Dirichlet for shares, beta for a probability), so that few calls move it little. Without habits it is the prior.
 */
export function learn(prior: CallModel, habits: CallHabits): CallModel {
  const { delays, hours, tapCalls, tapDelayMs, strays, seen } = habits;
  const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);
  const calls = sum(delays);
  const visits = PRIOR_VISITS + seen.visits;
  const priorTapCalls = PRIOR_TAPS * prior.tap.callProbability;
  return {
    callsPerVisit: (PRIOR_VISITS * prior.callsPerVisit + calls) / visits,
    delays: prior.delays.map(({ meanMs, share }, scale) => ({
      meanMs,
      share: (PRIOR_CALLS * share + (delays[scale] ?? 0)) / (PRIOR_CALLS + calls),
    })),
    hours: prior.hours.map(
      (factor, hour) => (PRIOR_LATE_CALLS * factor + 24 * (hours[hour] ?? 0)) / (PRIOR_LATE_CALLS + sum(hours)),
    ),
    visitMs: (PRIOR_VISITS * prior.visitMs + seen.visitMs) / visits,
    tap: {
      callProbability: (priorTapCalls + tapCalls) / (PRIOR_TAPS + Math.max(seen.taps, tapCalls)),
      meanMs: (priorTapCalls * prior.tap.meanMs + tapDelayMs) / (priorTapCalls + tapCalls),
    },
    strayRate: (PRIOR_STRAYS + strays) / (PRIOR_STRAYS / prior.strayRate + seen.numberMs / SECOND),
    callerTrust: prior.callerTrust,
  };
}
