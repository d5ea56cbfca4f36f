import { DAY, HOUR } from '@dialmark/shared';
import { Random } from '../../packages/demo/src/random.ts';
import { ExpiryQueue } from '../../packages/edge/src/platform/expiry-queue.ts';
import { type Business, busyness, CLOSES, OPENS, PEAK } from './business.ts';

export const PAGE = 0;
export const LEAVE = 1;
export const TAP = 2;
export const CALL = 3;
export const REDIAL = 4;
export type EventKind = typeof PAGE | typeof LEAVE | typeof TAP | typeof CALL | typeof REDIAL;

/** Everything that visitors do, in order of time; the same for every policy and pool that it is played to. */
export interface Trace {
  visits: number;
  calls: number;
  days: number;
  /** Milliseconds since the start, by event. */
  at: Float64Array;
  kind: Uint8Array;
  /** The visit that acts, by event. */
  visit: Uint32Array;
  /** The visitor, by visit. */
  visitor: Uint32Array;
}

interface Pending {
  kind: EventKind | 'arrival';
  visit: number;
}

/** Draws visits until there are so many, and what they do. */
export function drawTrace(business: Business, visits: number, seed: number): Trace {
  const random = new Random(seed);
  const pending = new ExpiryQueue<Pending>();
  const at: number[] = [];
  const kind: number[] = [];
  const visit: number[] = [];
  const visitor = new Uint32Array(visits);
  let begun = 0;
  let visitors = 0;
  let calls = 0;

  function begin(now: number, who: number): void {
    if (begun === visits) return;
    const id = begun++;
    visitor[id] = who;
    visitor[id] = who;
    const later = (moment: number, kind: EventKind) => pending.push(moment, { kind, visit: id });
    const { pages, pageMs, taps, returns } = business;

    let end = now;
    do {
      later(end, PAGE);
      end += random.exponential(pageMs);
    } while (random.chance(1 - 1 / pages));
    if (random.chance(business.leaveArrives)) later(end, LEAVE);

    const called = drawCall(now, end);
    const tapped = random.chance(taps.share) ? now + random.uniform() * (end - now) : null;
    if (tapped !== null) later(tapped, TAP);
    const dialled =
      tapped !== null && random.chance(taps.calls) ? tapped + 4000 + random.exponential(taps.dialMs) : called;
    if (dialled !== null) {
      later(dialled, CALL);
      if (random.chance(business.redials.probability)) {
        const { medianMs, sigma } = business.redials;
        later(dialled + random.logNormal(medianMs, sigma), REDIAL);
      }
    }
    if (random.chance(returns.probability)) {
      const back = end + HOUR / 2 + random.logNormal(returns.medianMs, returns.sigma);
      pending.push(back, { kind: 'arrival', visit: id });
    }
  }

  function drawCall(start: number, end: number): number | null {
    if (!random.chance(business.calls)) return null;
    const { onPage, soon, late } = business;
    const way = random.uniform();
    if (way < onPage) return start + random.uniform() * (end - start);
    if (way < onPage + soon.share) return end + random.logNormal(soon.medianMs, soon.sigma);
    const moment = end + random.logNormal(late.medianMs, late.sigma);
    const hour = moment % DAY;
    if ((hour >= OPENS && hour < CLOSES) || !random.chance(business.waitForMorning)) return moment;
    const opening = moment - hour + OPENS + (hour >= CLOSES ? DAY : 0);
    return opening + random.exponential(HOUR);
  }

  // New visitors come at random at the busiest hour's rate, thinned to the day's curve; the rest are returns.
  const newPerDay = business.visitsPerDay * (1 - business.returns.probability);
  const meanGap = DAY / (newPerDay * PEAK);
  let now = 0;
  let arrival = random.exponential(meanGap);
  for (;;) {
    const due = pending.peek();
    if (begun < visits && (due === null || arrival <= due.at)) {
      now = arrival;
      arrival += random.exponential(meanGap);
      if (random.chance(busyness(now))) begin(now, visitors++);
      continue;
    }
    if (due === null) break;
    pending.pop();
    now = due.at;
    if (due.item.kind === 'arrival') {
      begin(now, visitor[due.item.visit] as number);
      continue;
    }
    if (due.item.kind === CALL) calls++;
    at.push(Math.round(now));
    kind.push(due.item.kind);
    visit.push(due.item.visit);
  }
  return {
    visits,
    calls,
    days: arrival / DAY,
    at: Float64Array.from(at),
    kind: Uint8Array.from(kind),
    visit: Uint32Array.from(visit),
    visitor,
  };
}
