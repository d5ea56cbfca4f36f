import { DAY, type EpochMs, HOUR, MINUTE, SECOND } from '../time.ts';
import type { Match } from '../wire/call.ts';
import type { BindingKind } from '../wire/session.ts';

/**
 * Which visit a call came from, as a posterior over the visits that held the number (DESIGN section 6).
 *
 * Each holder is a source of calls whose intensity at the moment of the call is
 * `P(a visit calls) × density of the delay since its last activity`; beside them stands a constant trickle of calls
 * that belong to no visit (misdials, copied numbers). The posterior of a holder is its share of the total.
 */

/** A hold of the dialled number that began before the call. */
export interface HoldEvidence {
  kind: BindingKind;
  session: string;
  visitor: string | null;
  startedAt: EpochMs;
  expiresAt: EpochMs;
  lastActiveAt: EpochMs;
  /** When the visitor tapped the number, if they did. */
  telClickAt: EpochMs | null;
}

/** The site's calling habits: a stated prior, replaced by what its own calls teach. Rates are per second. */
export interface CallModel {
  /** Probability that a visit calls at all. */
  callProbability: number;
  /** Share of calls made while still on the page, and their mean delay after the last activity. */
  promptShare: number;
  promptMeanMs: number;
  /** The late calls: a log-normal delay by its median and the deviation of its logarithm. */
  lateMedianMs: number;
  lateSigma: number;
  /** How much likelier a call is within minutes of a tap on the number. */
  telClickFactor: number;
  /** Calls to a number that belong to no visit, per second. */
  strayRate: number;
}

/** The prior: most calls come within minutes of the last page view, a fifth hours to days later. */
export const PRIOR: CallModel = {
  callProbability: 0.03,
  promptShare: 0.8,
  promptMeanMs: 4 * MINUTE,
  lateMedianMs: 5 * HOUR,
  lateSigma: 2,
  telClickFactor: 20,
  strayRate: 1 / ((365 * DAY) / SECOND),
};

export interface Posterior<H extends HoldEvidence> {
  match: Exclude<Match, 'source'>;
  confidence: number;
  chosen: H | null;
  /** The others that could be, most likely first. */
  candidates: { hold: H; confidence: number }[];
}

/** Runners-up below this probability are not worth showing. */
const WORTH_SHOWING = 0.005;

/**
 * Weighs the holders of a number against each other.
 *
 * @param holds every hold of the number that began at or before the call, in any order
 * @param callerVisitor the visitor this caller was tied to by earlier calls, if any
 */
export function attribute<H extends HoldEvidence>(
  holds: readonly H[],
  at: EpochMs,
  callerVisitor: string | null = null,
  model: CallModel = PRIOR,
): Posterior<H> {
  const known = holds.filter((hold) => hold.startedAt <= at);
  if (known.length === 0) return { match: 'none', confidence: 0, chosen: null, candidates: [] };

  const live = (hold: H) => hold.expiresAt > at;
  const ofCaller = (hold: H) => callerVisitor !== null && hold.visitor === callerVisitor;
  // A visitor who calls again is no longer a question of rates: who called before is who calls now, nearly always.
  const CALLER_ODDS = 50;
  const weighed = known
    .map((hold) => ({ hold, weight: intensity(hold, at, model) * (ofCaller(hold) ? CALLER_ODDS : 1) }))
    .sort((a, b) => b.weight - a.weight || b.hold.startedAt - a.hold.startedAt);
  const total = weighed.reduce((sum, { weight }) => sum + weight, model.strayRate);

  const chosen = weighed.find(({ hold }) => ofCaller(hold)) ?? weighed.find(({ hold }) => live(hold)) ?? weighed[0];
  if (!chosen) return { match: 'none', confidence: 0, chosen: null, candidates: [] };

  const holders = known.filter(live);
  const match =
    ofCaller(chosen.hold) && !(live(chosen.hold) && holders.length === 1)
      ? 'caller'
      : holders.length > 1
        ? 'shared'
        : holders.length === 1
          ? 'active'
          : 'recent';
  return {
    match,
    confidence: round(chosen.weight / total),
    chosen: chosen.hold,
    candidates: weighed
      .filter((other) => other !== chosen && other.weight / total >= WORTH_SHOWING)
      .map(({ hold, weight }) => ({ hold, confidence: round(weight / total) })),
  };
}

/** Calls per second to be expected of this holder at this moment. */
function intensity(hold: HoldEvidence, at: EpochMs, model: CallModel): number {
  const { promptShare, promptMeanMs, lateMedianMs, lateSigma } = model;
  const tapped = hold.telClickAt !== null && hold.telClickAt <= at ? hold.telClickAt : null;
  // What is known of activity after the call does not count: it had not happened yet.
  const lastActiveAt = Math.max(Math.min(hold.lastActiveAt, at), tapped ?? 0);
  const delay = Math.max(at - lastActiveAt, SECOND);
  const prompt = (promptShare / promptMeanMs) * Math.exp(-delay / promptMeanMs);
  const z = Math.log(delay / lateMedianMs) / lateSigma;
  const late = ((1 - promptShare) / (delay * lateSigma * Math.sqrt(2 * Math.PI))) * Math.exp((-z * z) / 2);
  const tap = tapped !== null ? 1 + model.telClickFactor * Math.exp(-(at - tapped) / promptMeanMs) : 1;
  return model.callProbability * (prompt + late) * SECOND * tap;
}

function round(probability: number): number {
  return Math.round(probability * 10_000) / 10_000;
}
