import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type PathCounts, removalEffects } from './markov.ts';

function path(text: string, conversions: number, others = 0): PathCounts {
  return { channels: text.split(' ').filter(Boolean), conversions, others };
}

/** The definition, by brute force: the chain is walked step by step, with and without the channel. */
function walked(paths: readonly PathCounts[], removed: string | null): number {
  const out = new Map<string, Map<string, number>>();
  const add = (from: string, to: string, weight: number) => {
    const row = out.get(from) ?? new Map();
    row.set(to, (row.get(to) ?? 0) + weight);
    out.set(from, row);
  };
  for (const { channels, conversions, others } of paths) {
    const states = ['(start)', ...channels];
    states.slice(1).forEach((to, index) => {
      add(states[index] as string, to, conversions + others);
    });
    add(states.at(-1) as string, '(conversion)', conversions);
    add(states.at(-1) as string, '(nothing)', others);
  }
  let here = new Map([['(start)', 1]]);
  let converted = 0;
  for (let step = 0; step < 20_000 && here.size > 0; step++) {
    const next = new Map<string, number>();
    for (const [from, mass] of here) {
      const row = out.get(from) ?? new Map<string, number>();
      const total = [...row.values()].reduce((a, b) => a + b, 0);
      for (const [to, weight] of row) {
        const moved = (mass * weight) / total;
        if (to === '(conversion)') converted += moved;
        else if (to !== '(nothing)' && to !== removed && moved > 1e-18) next.set(to, (next.get(to) ?? 0) + moved);
      }
    }
    here = next;
  }
  return converted;
}

describe('the removal effect', () => {
  it('of the only channel is everything', () => {
    expect(removalEffects([path('ads', 3, 7)])).toEqual(new Map([['ads', 1]]));
  });

  it('of channels on separate paths is their share of the conversions', () => {
    const effects = removalEffects([path('ads', 3, 1), path('mail', 1, 9)]);
    expect(effects.get('ads')).toBeCloseTo(3 / 4, 12);
    expect(effects.get('mail')).toBeCloseTo(1 / 4, 12);
  });

  it('of channels that are both needed is everything for each', () => {
    const effects = removalEffects([path('ads mail', 2, 5)]);
    expect([...effects.values()]).toEqual([1, 1]);
  });

  // By hand: start → ads 4/5, start → mail 1/5; ads → call 1/2, → mail 1/4, → nothing 1/4; mail → call 1.
  // In all 4/5 · (1/2 + 1/4) + 1/5 = 4/5. Without ads 1/5, lost 3/4. Without mail 4/5 · 1/2 = 2/5, lost 1/2.
  it('of a small journey worked by hand', () => {
    const effects = removalEffects([path('ads', 2, 1), path('mail', 1), path('ads mail', 1)]);
    expect(effects.get('ads')).toBeCloseTo(3 / 4, 12);
    expect(effects.get('mail')).toBeCloseTo(1 / 2, 12);
  });

  it('is the same however often a channel repeats itself', () => {
    const once = removalEffects([path('ads mail', 1, 1), path('mail', 1)]);
    const often = removalEffects([path('ads ads ads mail', 1, 1), path('mail', 1)]);
    for (const [channel, effect] of once) expect(often.get(channel)).toBeCloseTo(effect, 12);
  });

  it('is nothing for a channel that nobody converts through', () => {
    const effects = removalEffects([path('ads', 1), path('banner', 0, 50)]);
    expect(effects.get('banner')).toBe(0);
    expect(effects.get('ads')).toBe(1);
  });

  it('is unknown where nothing converted, or nothing happened', () => {
    expect(removalEffects([]).size).toBe(0);
    expect(removalEffects([path('ads', 0, 5)]).size).toBe(0);
    expect(removalEffects([path('', 5, 5)]).size).toBe(0);
    expect(removalEffects([path('ads', Number.NaN, -1)]).size).toBe(0);
  });

  it('is what walking the chain with and without the channel gives', () => {
    const channels = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { minLength: 1, maxLength: 5 });
    const anyPath = fc.record({ channels, conversions: fc.nat(20), others: fc.nat(20) });
    const lived = anyPath.filter((one) => one.conversions + one.others > 0);
    fc.assert(
      fc.property(fc.array(lived, { minLength: 1, maxLength: 8 }), (paths) => {
        const overall = walked(paths, null);
        for (const [channel, effect] of removalEffects(paths)) {
          expect(effect).toBeCloseTo(1 - walked(paths, channel) / overall, 6);
        }
      }),
    );
  });
});
