import type { EpochMs } from '../time.ts';
import type { Match } from '../wire/call.ts';
import { type BindingEvidence, bindingsAt, byRecency, type CallModel, intensitiesAt, PRIOR } from './call-model.ts';

/** The earlier calls of a caller: the visitor they belonged to, and how sure that was (0 to 1). */
export interface CallerTie {
  visitor: string;
  confidence: number;
}

export interface Posterior<H extends BindingEvidence> {
  match: Exclude<Match, 'source'>;
  /** The probability that `chosen` called. Never 1; 0 only where nobody held the number. */
  confidence: number;
  chosen: H | null;
  /** The others that could be, most likely first. */
  candidates: { binding: H; confidence: number }[];
}

/** Runners-up below this probability are not worth showing, unless they hold the number. */
const WORTH_SHOWING = 0.005;

/** The least that four decimals can say without saying never. */
const LEAST = 0.0001;

/** Cases outside the model (a borrowed phone, a number read out to a friend) get the rest. */
const SUREST = 0.999;

/**
 * Returns which visit a call came from: weighs the visits that held the number against each other and against stray calls
 * (derived in docs/attribution.md). Each visit makes calls at a rate that fades from its last activity on; the
 * probability that it made this one is its share of the rates of all at that moment.
 *
 * @param bindings every binding of the number that began at or before the call, in any order
 * @param caller the visitor this caller was tied to by earlier calls, if any; without a confidence the tie is taken
 *   as sure
 */
export function attribute<H extends BindingEvidence>(
  bindings: readonly H[],
  at: EpochMs,
  caller: string | CallerTie | null = null,
  model: CallModel = PRIOR,
): Posterior<H> {
  const tie = typeof caller === 'string' ? { visitor: caller, confidence: 1 } : caller;
  const weighed = weigh(bindingsAt(bindings, at), at, tie, model);
  const live = (binding: H) => binding.expiresAt > at;
  const liveCount = weighed.filter(({ binding }) => live(binding)).length;

  const ofCaller = weighed.find(({ binding }) => tie !== null && binding.visitor === tie.visitor);
  const chosen = ofCaller ?? weighed.find(({ binding }) => live(binding)) ?? weighed[0];
  if (!chosen) return { match: 'none', confidence: 0, chosen: null, candidates: [] };

  const held = liveCount > 1 ? 'shared' : liveCount === 1 ? 'active' : 'recent';
  const byBinding = live(chosen.binding) && liveCount === 1;
  return {
    match: ofCaller && !byBinding ? 'caller' : held,
    confidence: Math.max(fourDecimals(chosen.probability), LEAST),
    chosen: chosen.binding,
    candidates: weighed
      .filter((other) => other !== chosen && other.probability >= (live(other.binding) ? LEAST : WORTH_SHOWING))
      .map(({ binding, probability }) => ({ binding, confidence: fourDecimals(probability) })),
  };
}

interface Weighed<H> {
  binding: H;
  probability: number;
}

/** Returns the bindings with their probabilities, most likely first. */
function weigh<H extends BindingEvidence>(
  bindings: readonly H[],
  at: EpochMs,
  tie: CallerTie | null,
  model: CallModel,
): Weighed<H>[] {
  const intensities = intensitiesAt(at, model);
  const rated = bindings
    .map((binding) => ({ binding, rate: Math.max(intensities.of(binding).total, Number.MIN_VALUE) }))
    .sort((a, b) => b.rate - a.rate || byRecency(a.binding, b.binding));
  const sum = (some: typeof rated) => some.reduce((total, { rate }) => total + rate, 0);
  const all = sum(rated) + (intensities.before(bindings)?.total ?? 0) + model.strayRate;

  // A known caller calls for the visit they called for before, whichever that was, or else as anybody.
  const known = rated.filter(({ binding }) => binding.visitor === tie?.visitor);
  const ofKnown = sum(known);
  const trust = tie !== null && known.length > 0 ? model.callerTrust : 0;
  return rated
    .map(({ binding, rate }) => {
      const asBefore = tie !== null && binding.visitor === tie.visitor ? (tie.confidence * rate) / ofKnown : 0;
      return { binding, probability: SUREST * (trust * asBefore + (1 - trust) * (rate / all)) };
    })
    .sort((a, b) => b.probability - a.probability);
}

/** Returns a probability with four decimals, rounded down: the confidences of a call never add up to more than they are. */
export function fourDecimals(probability: number): number {
  return Math.floor(probability * 10_000) / 10_000;
}
