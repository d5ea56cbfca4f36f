import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY, type EpochMs, HOUR, MINUTE, SECOND } from '../time.ts';
import { attribute } from './attribute.ts';
import { BINDINGS_WEIGHED, type BindingEvidence, type CallModel, PRIOR } from './call-model.ts';

const NOW = Date.UTC(2026, 10, 24, 15) as EpochMs;
const TTL = 30 * MINUTE;

/** A binding by how long before the call it was active last; live for half an hour from then. */
function binding(session: string, activeAgo: number, more: Partial<BindingEvidence> = {}): BindingEvidence {
  const lastActiveAt = (NOW - activeAgo) as EpochMs;
  return {
    kind: 'pool',
    session,
    visitor: `v_${session}`,
    startedAt: (lastActiveAt - 5 * MINUTE) as EpochMs,
    lastActiveAt,
    expiresAt: (lastActiveAt + TTL) as EpochMs,
    telClickAt: null,
    ...more,
  };
}

const ago = (delay: number) => (NOW - delay) as EpochMs;

/** The statements about each session, chosen or runner-up; nothing for the very unlikely. */
function confidences(bindings: readonly BindingEvidence[], caller: string | null = null, model?: CallModel) {
  const { chosen, confidence, candidates } = attribute(bindings, NOW, caller, model);
  const said = new Map(candidates.map((other) => [other.binding.session, other.confidence]));
  if (chosen) said.set(chosen.session, confidence);
  return said;
}

describe('the match', () => {
  it('is none where nobody held the number before the call', () => {
    const none = { match: 'none', confidence: 0, chosen: null, candidates: [] };
    expect(attribute([], NOW)).toEqual(none);
    expect(attribute([binding('later', -MINUTE, { startedAt: (NOW + 1) as EpochMs })], NOW)).toEqual(none);
  });

  it('is active for the only live holder', () => {
    const live = binding('live', 2 * MINUTE);
    expect(attribute([binding('gone', 5 * HOUR), live], NOW)).toMatchObject({ match: 'active', chosen: live });
  });

  it('is no longer active at the instant the lease expires', () => {
    expect(attribute([binding('a', TTL - 1)], NOW).match).toBe('active');
    expect(attribute([binding('a', TTL)], NOW).match).toBe('recent');
  });

  it('is recent for the last holder of a number that was not given again', () => {
    const last = binding('last', 3 * HOUR);
    expect(attribute([binding('first', 9 * HOUR), last], NOW)).toMatchObject({ match: 'recent', chosen: last });
  });

  it('is shared among several live bindings, the one active last first', () => {
    const { match, chosen, candidates } = attribute([binding('a', 9 * MINUTE), binding('b', MINUTE)], NOW);
    expect([match, chosen?.session, candidates.map((other) => other.binding.session)]).toEqual(['shared', 'b', ['a']]);
  });

  it('is caller for a known caller, even while another holds the number, who is then a candidate', () => {
    const bindings = [binding('theirs', 2 * DAY), binding('live', MINUTE)];
    const { match, chosen, candidates } = attribute(bindings, NOW, 'v_theirs');
    expect([match, chosen?.session, candidates.map((other) => other.binding.session)]).toEqual([
      'caller',
      'theirs',
      ['live'],
    ]);
  });

  it('stays active where the known caller is the one who holds the number', () => {
    expect(attribute([binding('live', MINUTE)], NOW, 'v_live').match).toBe('active');
  });

  it('does not mind a known caller who never held the number', () => {
    const bindings = [binding('live', MINUTE)];
    expect(attribute(bindings, NOW, 'v_stranger')).toEqual(attribute(bindings, NOW));
  });
});

describe('the confidence', () => {
  it('is high for a call from the page and falls with the time since', () => {
    const said = [0, 5 * MINUTE, HOUR, 5 * HOUR, DAY, 30 * DAY].map((delay) => attribute([binding('a', delay)], NOW));
    const confidence = said.map((posterior) => posterior.confidence);
    expect(confidence[0]).toBeGreaterThan(0.99);
    expect(confidence.at(-1)).toBeLessThan(0.1);
    expect(confidence).toEqual([...confidence].sort((a, b) => b - a));
  });

  it('is never 0 or 1 of somebody, however long ago or sure', () => {
    const ages = [0, 100 * 365 * DAY];
    const said = ages.map((age) => attribute([binding('a', age)], NOW, 'v_a', { ...PRIOR, callerTrust: 1 }).confidence);
    const rated = ages.map((age) => attribute([binding('a', age)], NOW).confidence);
    for (const confidence of [...said, ...rated]) {
      expect(confidence).toBeGreaterThan(0);
      expect(confidence).toBeLessThan(1);
    }
  });

  it('lets a tap on the number decide between two who share it', () => {
    const tapped = binding('tapped', 20 * SECOND, { telClickAt: ago(20 * SECOND) });
    const said = confidences([tapped, binding('reading', 20 * SECOND)]);
    expect(said.get('tapped')).toBeGreaterThan(0.8);
    const stale = binding('tapped', 20 * SECOND, { telClickAt: ago(20 * MINUTE) });
    expect(confidences([stale, binding('reading', 20 * SECOND)]).get('tapped')).toBeCloseTo(0.5, 1);
  });

  it('takes a tap as activity, and no notice of what comes after the call', () => {
    const after = binding('a', 0, { lastActiveAt: (NOW + HOUR) as EpochMs, telClickAt: (NOW + MINUTE) as EpochMs });
    expect(attribute([after], NOW).confidence).toBe(attribute([binding('a', 0)], NOW).confidence);
  });

  it('trusts a known caller as far as it was known', () => {
    const bindings = [binding('theirs', 2 * DAY), binding('live', MINUTE)];
    const sure = attribute(bindings, NOW, { visitor: 'v_theirs', confidence: 0.99 }).confidence;
    const unsure = attribute(bindings, NOW, { visitor: 'v_theirs', confidence: 0.6 }).confidence;
    expect(sure).toBeGreaterThan(0.9);
    expect(unsure).toBeGreaterThan(0.55);
    expect(unsure).toBeLessThan(0.62);
  });

  it('goes to the latest visit of a known caller who had several', () => {
    const bindings = [binding('old', 9 * DAY, { visitor: 'v' }), binding('new', DAY, { visitor: 'v' })];
    expect(attribute(bindings, NOW, 'v').chosen?.session).toBe('new');
  });

  it('weighs a visit once that held the number twice', () => {
    const again = binding('a', MINUTE);
    expect(attribute([binding('a', 2 * HOUR), again], NOW)).toEqual(attribute([again], NOW));
  });

  it('leaves room for the bindings before those that are weighed', () => {
    const every = (gap: number, count: number) =>
      Array.from({ length: count }, (_, index) => binding(`s${index}`, 40 * MINUTE + index * gap));
    const complete = attribute(every(10 * MINUTE, BINDINGS_WEIGHED - 1), NOW).confidence;
    const cut = attribute(every(10 * MINUTE, BINDINGS_WEIGHED), NOW).confidence;
    const all = attribute(every(10 * MINUTE, 5000), NOW).confidence;
    expect(complete - cut).toBeGreaterThan(0.05);
    expect(Math.abs(cut - all)).toBeLessThan(0.02);
  });

  it('is lower at hours in which late calls are rare', () => {
    const night = { ...PRIOR, hours: PRIOR.hours.map((_, hour) => (hour === 15 ? 0.1 : 24 / 23)) };
    const last = [binding('a', 20 * HOUR)];
    expect(attribute(last, NOW, null, night).confidence).toBeLessThan(attribute(last, NOW).confidence / 2);
  });
});

/** Moments in the 40 days before the call, most of them recent. */
const age = fc.oneof(fc.integer({ min: 0, max: HOUR }), fc.integer({ min: 0, max: 40 * DAY }));
const anyBinding = (session: string) =>
  fc.record({ age, tapAge: fc.option(age), ttl: fc.integer({ min: 1, max: 2 * HOUR }) }).map(({ age, tapAge, ttl }) =>
    binding(session, age, {
      expiresAt: (NOW - age + ttl) as EpochMs,
      telClickAt: tapAge === null ? null : ago(tapAge),
    }),
  );
const anyBindings = fc
  .integer({ min: 1, max: 20 })
  .chain((count) => fc.tuple(...Array.from({ length: count }, (_, index) => anyBinding(`s${index}`))));
const anyCaller = fc.option(fc.constantFrom('v_s0', 'v_s1', 'v_other'));

describe('for any bindings', () => {
  it('confidences are probabilities of four decimals that leave something over', () => {
    fc.assert(
      fc.property(anyBindings, anyCaller, (bindings, caller) => {
        const said = [...confidences(bindings, caller).values()];
        for (const confidence of said) {
          expect(confidence).toBeGreaterThan(0);
          expect(Math.abs(confidence * 1e4 - Math.round(confidence * 1e4))).toBeLessThan(1e-6);
        }
        expect(said.reduce((sum, confidence) => sum + Math.round(confidence * 1e4), 0)).toBeLessThan(1e4);
      }),
    );
  });

  it('runners-up stand in order of their confidence', () => {
    fc.assert(
      fc.property(anyBindings, anyCaller, (bindings, caller) => {
        const said = attribute(bindings, NOW, caller).candidates.map((other) => other.confidence);
        expect(said).toEqual([...said].sort((a, b) => b - a));
      }),
    );
  });

  it('the order in which the bindings are given does not matter', () => {
    fc.assert(
      fc.property(anyBindings, anyCaller, fc.infiniteStream(fc.nat()), (bindings, caller, keys) => {
        const keyed = bindings.map((entry) => ({ entry, key: keys.next().value as number }));
        const shuffled = keyed.sort((a, b) => a.key - b.key).map(({ entry }) => entry);
        expect(attribute(shuffled, NOW, caller)).toEqual(attribute(bindings, NOW, caller));
      }),
    );
  });

  it('another holder never raises the confidence of one who was there', () => {
    fc.assert(
      fc.property(anyBindings, anyBinding('another'), (bindings, another) => {
        const alone = confidences(bindings);
        const joined = confidences([...bindings, another]);
        for (const [session, confidence] of joined)
          if (session !== 'another') expect(confidence).toBeLessThanOrEqual(alone.get(session) ?? 0.005);
      }),
    );
  });

  it('later activity never lowers the confidence', () => {
    fc.assert(
      fc.property(anyBindings, age, (bindings, later) => {
        const [first, ...others] = bindings as [BindingEvidence, ...BindingEvidence[]];
        const lastActiveAt = Math.max(first.lastActiveAt, ago(later)) as EpochMs;
        const before = confidences([first, ...others]).get('s0') ?? 0;
        const after = confidences([{ ...first, lastActiveAt }, ...others]).get('s0') ?? 0;
        expect(after).toBeGreaterThanOrEqual(before > 0.005 ? before : 0);
      }),
    );
  });
});
