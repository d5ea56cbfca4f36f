import {
  DAY,
  type EpochMs,
  HOUR,
  numbersNeeded,
  type PoolCounts,
  type PoolSizing,
  type PoolState,
  SECOND,
} from '@dialmark/shared';
import { firstSeq } from '../leases/binding-id.ts';
import type { Leasing } from '../leases/leasing.ts';

type Watching = Pick<Leasing, 'site' | 'store' | 'allocator'>;

/** Sizing looks at the last week, and at no more leases than these: a second of a very busy site is not worth more. */
const LEASES_WEIGHED = 200_000;
const WINDOW = 7 * DAY;

/** Returns how full the pool is now, and the signs of the last 24 hours that it is too small. */
export function poolState(pool: Watching, now: EpochMs): PoolState {
  const pressure = pool.store.pressure.since(Math.floor(now / HOUR) - 23);
  const counts = (target?: string): PoolCounts => {
    const { total, free, leased, cooling, draining } = pool.allocator.occupancy(now, target);
    const signs = pressure.filter((row) => target === undefined || row.target === target);
    return {
      total,
      free,
      leased,
      cooling,
      draining,
      occupancy: total === 0 ? 0 : leased / total,
      exhausted: sum(signs.map((row) => row.exhausted)),
      earlyReissues: sum(signs.map((row) => row.early)),
    };
  };
  return { ...counts(), targets: Object.fromEntries(pool.site.targets.map(({ id }) => [id, counts(id)])) };
}

/** Signs of a pool too small, by whole hours since the epoch, and the numbers it has. */
export interface Pressure {
  hours: { hour: number; exhausted: number; early: number }[];
  numbers: number;
}

/** Returns the signs of pressure of all shards. */
export function addPressure(shards: readonly Pressure[]): Pressure {
  return {
    hours: shards.flatMap(({ hours }) => hours),
    numbers: sum(shards.map(({ numbers }) => numbers)),
  };
}

export function pressureOf(pool: Watching, sinceHour: number, now: EpochMs, target?: string): Pressure {
  return {
    hours: pool.store.pressure.since(sinceHour).filter((row) => target === undefined || row.target === target),
    numbers: pool.allocator.occupancy(now, target).total,
  };
}

/** The input of pool sizing. Results of several shards can be added up. */
export interface Demand {
  /** New visits that wanted a number, by hours before now; those turned away included. */
  arrivals: { age: number; visits: number }[];
  leases: number;
  heldMs: number;
  turnedAway: number;
  early: number;
  numbers: number;
}

/** Returns the last week of the log, summed up. */
export function demandOf(pool: Watching, now: EpochMs, target?: string): Demand {
  const ofTarget = (row: { target: string }) => target === undefined || row.target === target;
  const since = (now - WINDOW) as EpochMs;
  const hours = pool.store.bindings.leasesByHour(firstSeq(since), now, LEASES_WEIGHED).filter(ofTarget);
  const pressure = pool.store.pressure.since(Math.floor(since / HOUR)).filter(ofTarget);
  return {
    arrivals: [
      ...hours.map(({ age, leases }) => ({ age, visits: leases })),
      ...pressure.map(({ hour, exhausted, shared }) => ({
        age: Math.floor(now / HOUR) - hour,
        // A visit that shares a number has a lease, which is counted above.
        visits: exhausted - shared,
      })),
    ],
    leases: sum(hours.map((row) => row.leases)),
    heldMs: sum(hours.map((row) => row.heldMs)),
    turnedAway: sum(pressure.map((row) => row.exhausted)),
    early: sum(pressure.map((row) => row.early)),
    numbers: sum(
      pool.site.targets
        .filter(({ id }) => target === undefined || id === target)
        .map(({ id }) => pool.allocator.size(id)),
    ),
  };
}

/** Returns how many numbers a demand needs: by its busiest hour, since averages hide the queue. */
export function poolSizing(demands: readonly Demand[], blocking?: number): PoolSizing {
  const byAge = new Map<number, number>();
  for (const { age, visits } of demands.flatMap(({ arrivals }) => arrivals))
    byAge.set(age, (byAge.get(age) ?? 0) + visits);
  const total = (field: Exclude<keyof Demand, 'arrivals'>) => sum(demands.map((demand) => demand[field]));
  const arrivals = sum([...byAge.values()]);
  const arrivalsPerHour = Math.max(0, ...byAge.values());
  const leases = total('leases');
  const turnedAway = total('turnedAway');
  const meanHoldSeconds = leases === 0 ? 0 : total('heldMs') / leases / SECOND;
  const offeredErlangs = (arrivalsPerHour * meanHoldSeconds) / 3600;
  const sizing = {
    arrivalsPerHour,
    meanHoldSeconds,
    offeredErlangs,
    numbersFor1Percent: numbersNeeded(offeredErlangs, 0.01),
    numbersFor5Percent: numbersNeeded(offeredErlangs, 0.05),
    observedBlocking: arrivals === 0 ? 0 : turnedAway / arrivals,
    earlyReissueRate: leases === 0 ? 0 : total('early') / leases,
    numbers: total('numbers'),
    numbersForTarget: blocking === undefined ? null : numbersNeeded(offeredErlangs, blocking),
  };
  return { ...sizing, advice: advise(sizing) };
}

/** Returns the state of a site's shards together. */
export function addStates(states: readonly PoolState[]): PoolState {
  const [first] = states as [PoolState, ...PoolState[]];
  if (states.length === 1) return first;
  const targets = Object.keys(first.targets).map((id) => [
    id,
    addCounts(states.flatMap((state) => state.targets[id] ?? [])),
  ]);
  return { ...addCounts(states), targets: Object.fromEntries(targets) };
}

function addCounts(counts: readonly PoolCounts[]): PoolCounts {
  const total = (field: keyof PoolCounts) => sum(counts.map((each) => each[field]));
  const numbers = total('total');
  return {
    total: numbers,
    free: total('free'),
    leased: total('leased'),
    cooling: total('cooling'),
    draining: total('draining'),
    occupancy: numbers === 0 ? 0 : total('leased') / numbers,
    exhausted: total('exhausted'),
    earlyReissues: total('earlyReissues'),
  };
}

function advise(sizing: Omit<PoolSizing, 'advice'>): string {
  const { arrivalsPerHour, numbers, numbersFor1Percent, numbersFor5Percent, observedBlocking, earlyReissueRate } =
    sizing;
  if (arrivalsPerHour === 0) return 'No visits yet. The recommendation needs at least one busy hour.';
  const busiest = `Your busiest hour brought ${arrivalsPerHour} ${arrivalsPerHour === 1 ? 'visit' : 'visits'}`;
  const more = (needed: number) => `${needed - numbers} more ${needed - numbers === 1 ? 'number' : 'numbers'}`;
  const missed =
    observedBlocking > 0 ? ` In the last week, ${percent(observedBlocking)} of visits found no free number.` : '';
  if (numbers < numbersFor5Percent) {
    return `${busiest}; ${numbers} numbers are too few. Add ${more(numbersFor5Percent)} to turn away at most 1 visit in 20, or ${more(numbersFor1Percent)} for 1 in 100.${missed}`;
  }
  if (numbers < numbersFor1Percent) {
    return `${busiest}; with ${numbers} numbers, at most 1 visit in 20 gets none. Add ${more(numbersFor1Percent)} for 1 in 100.${missed}`;
  }
  if (earlyReissueRate > 0.05) {
    return `${busiest}; ${numbers} numbers are enough, but ${percent(earlyReissueRate)} were reused too soon. With more numbers, late calls are matched more reliably.`;
  }
  return `${busiest}; ${numbers} numbers are enough: fewer than 1 visit in 100 gets none.${missed}`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`;
}

function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
