import type { E164 } from '@dialmark/shared';
import type { Random } from '../../packages/demo/src/random.ts';
import { extended, LEASE, type Policy, poolNumbers } from './policy.ts';

/** Other products' ways of choosing among free numbers; what is documented of whom is in docs/simulation.md. */
export type Choose = (numbers: readonly RivalNumber[], now: number) => RivalNumber | undefined;

export interface RivalNumber {
  number: E164;
  index: number;
  visit: string | null;
  visitor: string | null;
  expiresAt: number;
}

const isFree = (entry: RivalNumber, now: number) => entry.expiresAt <= now;

export const firstFree: Choose = (numbers, now) => numbers.find((entry) => isFree(entry, now));

export function roundRobin(): Choose {
  let next = 0;
  return (numbers, now) => {
    for (let tried = 0; tried < numbers.length; tried++) {
      const entry = numbers[(next + tried) % numbers.length] as RivalNumber;
      if (!isFree(entry, now)) continue;
      next = entry.index + 1;
      return entry;
    }
    return undefined;
  };
}

export function atRandom(random: Random): Choose {
  return (numbers, now) => {
    for (let tried = 0; tried < 16; tried++) {
      const entry = numbers[random.below(numbers.length)] as RivalNumber;
      if (isFree(entry, now)) return entry;
    }
    const free = numbers.filter((entry) => isFree(entry, now));
    return free[random.below(free.length)];
  };
}

/** Returns a pool in all else like Dialmark's: same renewals, same sticky return, same hold. */
export function rival(size: number, choose: Choose): Policy {
  const numbers: RivalNumber[] = poolNumbers(size).map((number, index) => ({
    number,
    index,
    visit: null,
    visitor: null,
    expiresAt: 0,
  }));
  const byNumber = new Map(numbers.map((entry) => [entry.number, entry]));
  return {
    claim({ visit, visitor, previous, now }) {
      const sticky = previous === null ? undefined : byNumber.get(previous);
      const entry = sticky && isFree(sticky, now) ? sticky : choose(numbers, now);
      if (!entry) return null;
      const early = entry.visit !== null && entry.visitor !== visitor && now - entry.expiresAt < LEASE.cooldownMs;
      Object.assign(entry, { visit, visitor, expiresAt: now + LEASE.ttlMs });
      return { number: entry.number, early };
    },
    renew(number, visit, activity, now) {
      const entry = byNumber.get(number);
      if (entry?.visit !== visit || isFree(entry, now)) return false;
      entry.expiresAt = extended(entry.expiresAt, activity, now);
      return true;
    },
    visitOf: (number) => byNumber.get(number)?.visit ?? null,
  };
}
