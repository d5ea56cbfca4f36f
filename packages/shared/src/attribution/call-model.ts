import { DAY, type EpochMs, HOUR, MINUTE, SECOND } from '../time.ts';
import type { BindingKind } from '../wire/session.ts';

/** A binding of the dialled number that began before the call. */
export interface BindingEvidence {
  kind: BindingKind;
  session: string;
  visitor: string | null;
  startedAt: EpochMs;
  expiresAt: EpochMs;
  lastActiveAt: EpochMs;
  /** When the visitor tapped the number, if they did. */
  telClickAt: EpochMs | null;
}

/** The calls of a visit that come some `meanMs` after its last activity, as a share of all but those after a tap. */
export interface DelayScale {
  meanMs: number;
  share: number;
}

/**
 * The calling habits of a site's visitors: `PRIOR` until the site's own calls teach better (`learn`). Derived in
 * docs/attribution.md.
 */
export interface CallModel {
  /** Calls to be expected of one visit, those after a tap aside. */
  callsPerVisit: number;
  /** The delay from last activity to call: fixed scales, of which only the shares differ between sites. */
  delays: readonly DelayScale[];
  /** Likelihood of a late call in each hour of the day (UTC), relative to the average; 24 factors around 1. */
  hours: readonly number[];
  /** Mean time from the first to the last activity of a visit. */
  visitMs: number;
  /** The probability that a tap on the number becomes a call, and how long that takes on average. */
  tap: { callProbability: number; meanMs: number };
  /** Calls to a number that belong to no visit (misdials, robots, copied numbers), per second. */
  strayRate: number;
  /** The probability that a known caller calls for the visit they called for before, not for another. */
  callerTrust: number;
}

/**
 * The assumption about a site before its calls are known: three visits in a hundred call; of these calls two of three
 * come within the hour, one of six on a later day; half of the taps become calls, within a minute; each number gets a
 * stray call a year. Stated by us, not measured: `learn` says how soon it gives way.
 */
export const PRIOR: CallModel = {
  callsPerVisit: 0.03,
  delays: [
    { meanMs: MINUTE, share: 0.2 },
    { meanMs: 4 * MINUTE, share: 0.2 },
    { meanMs: 15 * MINUTE, share: 0.2 },
    { meanMs: HOUR, share: 0.12 },
    { meanMs: 4 * HOUR, share: 0.1 },
    { meanMs: 16 * HOUR, share: 0.09 },
    { meanMs: 3 * DAY, share: 0.06 },
    { meanMs: 12 * DAY, share: 0.03 },
  ],
  hours: Array.from({ length: 24 }, () => 1),
  visitMs: 3 * MINUTE,
  tap: { callProbability: 0.5, meanMs: 30 * SECOND },
  strayRate: 1 / ((365 * DAY) / SECOND),
  callerTrust: 0.95,
};

/** The calls per second to be expected of somebody, by what makes them come. */
export interface Intensity {
  /** In the order of the model's delays. */
  delays: number[];
  tap: number;
  total: number;
}

/** The bindings of a number that are weighed one by one, the latest; beyond them it is enough to know how many. */
export const BINDINGS_WEIGHED = 12;

/** Returns what calls a model expects at a moment. */
export function intensitiesAt(at: EpochMs, model: CallModel) {
  const heights = model.delays.map((scale) => heightOf(scale, at, model));

  return {
    /** Returns the intensity of a visit. Activity after the moment does not count: it had not happened yet. */
    of,

    /**
     * Returns the intensity of all visits that held the number before the `BINDINGS_WEIGHED` latest, assuming they came as often as these
     * did, less those of them that are given; null if there were no more.
     */
    before(bindings: readonly BindingEvidence[]): Intensity | null {
      if (bindings.length < BINDINGS_WEIGHED) return null;
      const latestFirst = [...bindings].sort(byRecency);
      const oldest = latestFirst[BINDINGS_WEIGHED - 1] as BindingEvidence;
      const given = latestFirst.slice(BINDINGS_WEIGHED).map(of);
      const age = Math.max(at - oldest.startedAt, 1);
      const visitsPerMs = BINDINGS_WEIGHED / age;
      const delays = model.delays.map(({ meanMs }, scale) => {
        const crowd = visitsPerMs * height(scale) * fadingBeyond(age, meanMs);
        return Math.max(0, crowd - sum(given.map((other) => other.delays[scale] ?? 0)));
      });
      return { delays, tap: 0, total: sum(delays) };
    },
  };

  function of(binding: BindingEvidence): Intensity {
    const tappedAt = binding.telClickAt !== null && binding.telClickAt <= at ? binding.telClickAt : null;
    const lastActiveAt = Math.max(Math.min(binding.lastActiveAt, at), tappedAt ?? Number.NEGATIVE_INFINITY);
    const delays = model.delays.map(({ meanMs }, scale) => height(scale) * fading(at - lastActiveAt, meanMs));
    const { callProbability, meanMs } = model.tap;
    const tap = tappedAt === null ? 0 : ((SECOND * callProbability) / meanMs) * Math.exp(-(at - tappedAt) / meanMs);
    return { delays, tap, total: sum(delays) + tap };
  }

  function height(scale: number): number {
    return heights[scale] as number;
  }
}

/** Calls per second of a visit that is active: it is so all the time it lasts, and fades once afterwards. */
function heightOf(scale: DelayScale, at: EpochMs, { callsPerVisit, hours, visitMs }: CallModel): number {
  const hour = isLate(scale) ? (hours[hourOf(at)] ?? 1) : 1;
  return (SECOND * hour * callsPerVisit * scale.share) / (fadingBeyond(0, scale.meanMs) + visitMs);
}

/** Late calls keep hours; who calls from the page, or soon after, is up anyway. */
export function isLate({ meanMs }: DelayScale): boolean {
  return meanMs > HOUR;
}

/** Returns the hour of the day, UTC. */
export function hourOf(at: EpochMs): number {
  return Math.floor((at % DAY) / HOUR);
}

/**
 * Returns how a visit's readiness to call fades: from 1, flat at first, then exponentially (the survival function of an Erlang
 * distribution of three phases), so that delays drawn from it have this mean.
 */
function fading(delay: number, mean: number): number {
  const x = (2 * delay) / mean;
  return Math.exp(-x) * (1 + x + (x * x) / 2);
}

/** Returns the integral of `fading` from a delay on. */
function fadingBeyond(delay: number, mean: number): number {
  const x = (2 * delay) / mean;
  return (mean / 2) * Math.exp(-x) * (3 + 2 * x + (x * x) / 2);
}

function sum(rates: readonly number[]): number {
  let total = 0;
  for (const rate of rates) total += rate;
  return total;
}

/** Returns the bindings begun by a moment, one for each visit: of a visit that held the number twice, the later. */
export function bindingsAt<H extends BindingEvidence>(bindings: readonly H[], at: EpochMs): H[] {
  const bySession = new Map<string, H>();
  for (const binding of bindings) {
    const other = bySession.get(binding.session);
    if (binding.startedAt <= at && (!other || byRecency(binding, other) < 0)) bySession.set(binding.session, binding);
  }
  return [...bySession.values()];
}

/** Orders bindings, latest first, alike in whatever order they come. */
export function byRecency(a: BindingEvidence, b: BindingEvidence): number {
  return (
    b.startedAt - a.startedAt ||
    b.lastActiveAt - a.lastActiveAt ||
    b.expiresAt - a.expiresAt ||
    (b.telClickAt ?? 0) - (a.telClickAt ?? 0) ||
    (a.session < b.session ? -1 : a.session > b.session ? 1 : 0)
  );
}
