import type { E164, EpochMs, NumberStatus } from '@dialmark/shared';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Activity, type AllocationPolicy, Allocator, type LiveBinding } from './allocator.ts';

const TTL = 1000;
const COOLDOWN = 3000;
const policy = (onExhausted: AllocationPolicy['onExhausted'] = 'fallback'): AllocationPolicy => ({
  ttlMs: TTL,
  cooldownMs: COOLDOWN,
  onExhausted,
});
const number = (index: number) => `+1415555${1000 + index}` as E164;
const at = (ms: number) => ms as EpochMs;
/** Each session holds one number at a time here, so that its name serves as the binding's. */
const bindingOf = (session: string) => Number.parseInt(session, 36);

function poolOf(count: number, onExhausted?: AllocationPolicy['onExhausted']): Allocator {
  const allocator = new Allocator(policy(onExhausted));
  for (let i = 0; i < count; i++) allocator.add(number(i), 'main', 'active', [], at(0));
  return allocator;
}

function claim(
  allocator: Allocator,
  session: string,
  now: number,
  previous: E164 | null = null,
  visitor: string | null = null,
) {
  return allocator.claim({ target: 'main', seq: bindingOf(session), session, visitor, now: at(now), previous });
}

describe('Allocator', () => {
  it('gives the number that has been idle longest', () => {
    const allocator = poolOf(2);
    claim(allocator, 'a', 0);
    claim(allocator, 'b', 100);
    expect(claim(allocator, 'c', 1100)).toMatchObject({ kind: 'pool', number: { number: number(0) } });
  });

  it('frees a number at the instant its lease expires, not before', () => {
    const allocator = poolOf(1);
    claim(allocator, 'a', 0);
    expect(claim(allocator, 'b', TTL - 1)).toEqual({ kind: 'exhausted' });
    expect(claim(allocator, 'b', TTL)).toMatchObject({ kind: 'pool' });
  });

  it('counts a number given again before its cooldown is over, unless to the same visit or visitor', () => {
    const allocator = poolOf(1);
    claim(allocator, 'a', -TTL);
    expect(claim(allocator, 'a', 0, number(0), 'v')).toMatchObject({ early: false });
    expect(claim(allocator, 'b', TTL, number(0), 'v')).toMatchObject({ early: false });
    expect(claim(allocator, 'c', 2 * TTL, null, 'w')).toMatchObject({ early: true });
    expect(claim(allocator, 'd', 3 * TTL + COOLDOWN, null, 'x')).toMatchObject({ early: false });
  });

  it('takes a number still cooling only when no other is free', () => {
    const allocator = poolOf(2);
    claim(allocator, 'a', 0);
    expect(claim(allocator, 'b', TTL + 1)).toMatchObject({ number: { number: number(1) }, early: false });
    expect(claim(allocator, 'c', TTL + 2)).toMatchObject({ number: { number: number(0) }, early: true });
  });

  it('shortens by leave, lengthens by tel_click, and never shortens by activity', () => {
    const allocator = poolOf(1);
    claim(allocator, 'a', 0);
    expect(allocator.renew(number(0), bindingOf('a'), 'tel_click', at(100))?.expiresAt).toBe(100 + 2 * TTL);
    expect(allocator.renew(number(0), bindingOf('a'), 'active', at(200))?.expiresAt).toBe(100 + 2 * TTL);
    expect(allocator.renew(number(0), bindingOf('a'), 'leave', at(300))?.expiresAt).toBe(300 + TTL / 2);
    expect(allocator.renew(number(0), bindingOf('a'), 'active', at(300 + TTL / 2))).toBeNull();
  });

  it('shares the number whose visit was active longest ago', () => {
    const allocator = poolOf(2, 'share');
    claim(allocator, 'a', 0);
    claim(allocator, 'b', 10);
    allocator.renew(number(0), bindingOf('a'), 'active', at(20));
    const shared = claim(allocator, 'c', 30);
    expect(shared).toMatchObject({ kind: 'shared', number: { number: number(1) }, newlyShared: [{ session: 'b' }] });
  });

  it('keeps its queue of expiries short under a flood of leaves', () => {
    const allocator = poolOf(1);
    claim(allocator, 'a', 0);
    for (let i = 0; i < 10_000; i++) allocator.renew(number(0), bindingOf('a'), 'leave', at(i % 400));
    expect(allocator.pendingExpiries).toBeLessThan(5);
  });
});

/** The policy once more, as one would first write it: a list, scanned. */
class Reference {
  numbers: { number: E164; status: NumberStatus; bindings: LiveBinding[]; last: LiveBinding | null; order: number }[] =
    [];
  readonly policy: AllocationPolicy;

  constructor(policy: AllocationPolicy) {
    this.policy = policy;
  }

  live(now: number) {
    for (const entry of this.numbers) {
      for (const binding of entry.bindings.filter((each) => each.expiresAt <= now)) {
        if (!entry.last || entry.last.expiresAt <= binding.expiresAt) entry.last = binding;
      }
      entry.bindings = entry.bindings.filter((binding) => binding.expiresAt > now);
    }
    return this.numbers.filter((entry) => entry.status === 'active');
  }

  /** Every number that the policy could justly choose. */
  choices(now: number, previous: E164 | null): E164[] {
    const active = this.live(now);
    const free = active.filter((entry) => entry.bindings.length === 0);
    const sticky = free.find((entry) => entry.number === previous);
    if (sticky) return [sticky.number];
    if (free.length > 0) {
      const idleSince = (entry: (typeof free)[number]) => entry.last?.expiresAt ?? -1;
      const longest = Math.min(...free.map(idleSince));
      return free.filter((entry) => idleSince(entry) === longest).map((entry) => entry.number);
    }
    if (this.policy.onExhausted !== 'share') return [];
    const activity = (entry: (typeof active)[number]) =>
      Math.max(...entry.bindings.map((binding) => binding.lastActiveAt));
    const oldest = Math.min(...active.map(activity));
    return active.filter((entry) => activity(entry) === oldest).map((entry) => entry.number);
  }
}

const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('claim' as const), session: fc.nat(8), visitor: fc.option(fc.nat(4)) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('renew' as const),
      session: fc.nat(8),
      activity: fc.constantFrom<Activity>('active', 'leave', 'tel_click'),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      ms: fc.oneof(fc.nat(50), fc.nat(2500), fc.constant(TTL)),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('add' as const), number: fc.nat(5) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('status' as const),
      number: fc.nat(5),
      status: fc.constantFrom<NumberStatus>('active', 'draining', 'retired'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const) }) },
);

describe('Allocator against a naive reference', () => {
  it.each(['fallback', 'share'] as const)('chooses as the reference does, policy %s', (onExhausted) => {
    fc.assert(
      fc.property(fc.nat(4), fc.array(step, { minLength: 5, maxLength: 80 }), (size, steps) => {
        let allocator = new Allocator(policy(onExhausted));
        const reference = new Reference(policy(onExhausted));
        const add = (index: number, now: number) => {
          if (reference.numbers.some((entry) => entry.number === number(index))) return;
          reference.numbers.push({ number: number(index), status: 'active', bindings: [], last: null, order: index });
          allocator.add(number(index), 'main', 'active', [], at(now));
        };
        for (let i = 0; i < size; i++) add(i, 0);
        let now = 0;
        const had = new Map<number, E164>();
        const every: { number: E164; binding: LiveBinding; shared: boolean }[] = [];

        for (const each of steps) {
          if (each.do === 'wait') now += each.ms;
          if (each.do === 'add') add(each.number, now);
          if (each.do === 'status') {
            reference.live(now);
            allocator.expireDue(at(now));
            const entry = reference.numbers.find((other) => other.number === number(each.number));
            if (entry) entry.status = each.status;
            allocator.setStatus(number(each.number), each.status);
          }
          if (each.do === 'renew') {
            reference.live(now);
            const entry = reference.numbers.find((other) =>
              other.bindings.some((binding) => binding.session === `s${each.session}`),
            );
            const binding = entry?.bindings.find((other) => other.session === `s${each.session}`);
            const renewed =
              entry && allocator.renew(entry.number, bindingOf(`s${each.session}`), each.activity, at(now));
            if (!entry || !binding) continue;
            if (entry.status === 'retired') {
              expect(renewed).toBeNull();
              continue;
            }
            binding.expiresAt = at(
              each.activity === 'leave'
                ? now + TTL / 2
                : Math.max(binding.expiresAt, now + (each.activity === 'tel_click' ? 2 : 1) * TTL),
            );
            binding.lastActiveAt = at(now);
            expect(renewed?.expiresAt).toBe(binding.expiresAt);
          }
          if (each.do === 'claim') {
            reference.live(now);
            const session = `s${each.session}`;
            // A visit with a number renews it; only a visit without one gets a new one.
            if (reference.numbers.some((entry) => entry.bindings.some((binding) => binding.session === session)))
              continue;
            const previous = each.visitor === null ? null : (had.get(each.visitor) ?? null);
            const justChoices = reference.choices(now, previous);
            const choice = allocator.claim({
              target: 'main',
              seq: bindingOf(session),
              session,
              visitor: each.visitor?.toString() ?? null,
              now: at(now),
              previous,
            });
            if (choice.kind === 'exhausted') {
              expect(justChoices).toEqual([]);
              continue;
            }
            expect(justChoices).toContain(choice.number.number);
            const entry = reference.numbers.find((other) => other.number === choice.number.number);
            expect(entry?.status).toBe('active');
            if (choice.kind === 'pool') expect(entry?.bindings).toEqual([]);
            const binding = { ...choice.binding };
            entry?.bindings.push(binding);
            every.push({ number: choice.number.number, binding, shared: choice.kind === 'shared' });
            if (each.visitor !== null) had.set(each.visitor, choice.number.number);
          }
          if (each.do === 'restart') {
            reference.live(now);
            const rows = [...reference.numbers].sort((a, b) => (a.last?.expiresAt ?? 0) - (b.last?.expiresAt ?? 0));
            allocator = new Allocator(policy(onExhausted));
            for (const row of rows) {
              const bindings = [...row.bindings, ...(row.last ? [row.last] : [])].map((binding) => ({ ...binding }));
              allocator.add(row.number, 'main', row.status, bindings, at(now));
            }
          }
        }

        // Bindings of one number never overlap, unless the newcomer knows that it shares.
        for (const a of every) {
          for (const b of every) {
            if (a === b || a.number !== b.number || a.binding.startedAt > b.binding.startedAt || b.shared) continue;
            if (every.indexOf(a) > every.indexOf(b)) continue;
            expect(a.binding.expiresAt).toBeLessThanOrEqual(b.binding.startedAt);
          }
        }
      }),
      { numRuns: 2000 },
    );
  });
});
