import { type E164, type EpochMs, HOUR, MINUTE } from '@dialmark/shared';
import { type Activity, Allocator } from '../../packages/edge/src/pool/leases/allocator.ts';

/** The lease settings of all policies, as of a site that configures none. */
export const LEASE = { ttlMs: 30 * MINUTE, cooldownMs: HOUR, onExhausted: 'fallback' } as const;

/** One way to give numbers to visits. All keep a number as long, and give a visitor's own number back if it is free. */
export interface Policy {
  /** Gives a visit that holds none a number; null if all are taken. */
  claim(claim: Claim): { number: E164; early: boolean } | null;
  /** False where the visit holds the number no longer. */
  renew(number: E164, visit: string, activity: Activity, now: number): boolean;
  /** The visit that holds the number, or held it last: who gets the call. */
  visitOf(number: E164, now: number): string | null;
}

export interface Claim {
  visit: string;
  visitor: string;
  previous: E164 | null;
  now: number;
}

/** Returns when a hold ends after an activity, as the allocator has it. */
export function extended(expiresAt: number, activity: Activity, now: number): number {
  if (activity === 'leave') return now + LEASE.ttlMs / 2;
  return Math.max(expiresAt, now + LEASE.ttlMs * (activity === 'tel_click' ? 2 : 1));
}

export function poolNumbers(size: number): E164[] {
  return Array.from({ length: size }, (_, index) => `+1415555${String(index).padStart(4, '0')}` as E164);
}

/** Dialmark's own: the allocator that the Durable Object runs, driven by simulated time. */
export function leastRecentlyReleased(size: number): Policy {
  const allocator = new Allocator(LEASE);
  for (const number of poolNumbers(size)) allocator.add(number, 'main', 'active', [], 0 as EpochMs);
  return {
    claim({ visit, visitor, previous, now }) {
      const claim = { target: 'main', seq: Number(visit), session: visit, visitor, previous, now: now as EpochMs };
      const choice = allocator.claim(claim);
      return choice.kind === 'pool' ? { number: choice.number.number, early: choice.early } : null;
    },
    renew: (number, visit, activity, now) => allocator.renew(number, Number(visit), activity, now as EpochMs) !== null,
    visitOf(number, now) {
      allocator.expireDue(now as EpochMs);
      const entry = allocator.get(number);
      return (entry?.bindings[0] ?? entry?.last)?.session ?? null;
    },
  };
}
