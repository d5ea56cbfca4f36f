import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY, type EpochMs, epochMs } from '../time.ts';
import { Model } from '../wire/site.ts';
import { removalEffects } from './markov.ts';
import { type CreditTouch, credits } from './models.ts';

const CALL = epochMs(Date.UTC(2026, 10, 24, 12));

function touch(daysBefore: number, channel = 'Paid Search'): CreditTouch {
  return { at: epochMs(CALL - daysBefore * DAY), direct: channel === 'Direct', channel };
}

// An ad, three weeks later a search, a week later straight to the page, and the call.
const JOURNEY = [touch(28, 'Paid Search'), touch(7, 'Organic Search'), touch(0, 'Direct')];

describe('a journey of ad, search and direct visit', () => {
  const expected: [Model, number[]][] = [
    ['first', [1, 0, 0]],
    ['last', [0, 0, 1]],
    ['last_non_direct', [0, 1, 0]],
    ['linear', [1 / 3, 1 / 3, 1 / 3]],
    // 2^-4, 2^-1 and 1: sixteenths 1, 8 and 16, in all 25.
    ['time_decay', [1 / 25, 8 / 25, 16 / 25]],
    ['position_based', [0.4, 0.2, 0.4]],
    // Weights 3, 1, 0 below.
    ['data_driven', [3 / 4, 1 / 4, 0]],
  ];
  const weights = new Map([
    ['Paid Search', 0.6],
    ['Organic Search', 0.2],
    ['Direct', 0],
  ]);

  it.each(expected)('by %s is shared %j', (model, shares) => {
    credits(model, JOURNEY, CALL, weights).forEach((credit, index) => {
      expect(credit).toBeCloseTo(shares[index] as number, 12);
    });
  });

  it('is told for every model there is', () => {
    expect(expected.map(([model]) => model).sort()).toEqual([...Model.options].sort());
  });
});

describe('credits', () => {
  it('go to the last touch where all are direct', () => {
    expect(credits('last_non_direct', [touch(2, 'Direct'), touch(1, 'Direct')], CALL)).toEqual([0, 1]);
  });

  it('are shared evenly by two touches, by position', () => {
    expect(credits('position_based', [touch(2), touch(1)], CALL)).toEqual([0.5, 0.5]);
  });

  it('share the middle by position', () => {
    const shared = credits('position_based', [touch(4), touch(3), touch(2), touch(1)], CALL);
    expect(shared).toEqual([0.4, 0.1, 0.1, 0.4]);
  });

  it('of data are linear where the channels are unknown', () => {
    expect(credits('data_driven', [touch(2), touch(1)], CALL)).toEqual([0.5, 0.5]);
    expect(credits('data_driven', [touch(2), touch(1)], CALL, new Map([['Paid Search', 0]]))).toEqual([0.5, 0.5]);
  });

  it('of data follow the removal effects', () => {
    const effects = removalEffects([
      { channels: ['ads'], conversions: 2, others: 1 },
      { channels: ['mail'], conversions: 1, others: 0 },
      { channels: ['ads', 'mail'], conversions: 1, others: 0 },
    ]);
    // Effects 3/4 and 1/2, worked out in markov.test.ts.
    const [ads, mail] = credits('data_driven', [touch(2, 'ads'), touch(1, 'mail')], CALL, effects);
    expect(ads).toBeCloseTo(3 / 5, 12);
    expect(mail).toBeCloseTo(2 / 5, 12);
  });

  it('halve in seven days', () => {
    const [older, newer] = credits('time_decay', [touch(17), touch(10)], CALL) as [number, number];
    expect(newer / older).toBeCloseTo(2, 12);
  });

  it('do not vanish with age', () => {
    const [older, newer] = credits('time_decay', [touch(20_007), touch(20_000)], CALL) as [number, number];
    expect(newer / older).toBeCloseTo(2, 12);
  });

  it('add up to 1 by every model, none below 0', () => {
    const anyTouch = fc
      .tuple(fc.integer({ min: 0, max: 400 * DAY }), fc.constantFrom('Direct', 'Email', 'Paid Search', 'Referral'))
      .map(([before, channel]) => ({ ...touch(0, channel), at: (CALL - before) as EpochMs }));
    const journey = fc.array(anyTouch, { minLength: 1, maxLength: 60 }).map((all) => all.sort((a, b) => a.at - b.at));
    const weight = fc.double({ min: 0, max: 1, noNaN: true });
    const weights = fc.record({ Direct: weight, Email: weight, Referral: weight });
    fc.assert(
      fc.property(fc.constantFrom(...Model.options), journey, weights, (model, touches, known) => {
        const shared = credits(model, touches, CALL, new Map(Object.entries(known)));
        expect(shared).toHaveLength(touches.length);
        expect(Math.abs(shared.reduce((sum, credit) => sum + credit, 0) - 1)).toBeLessThanOrEqual(1e-9);
        expect(Math.min(...shared)).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('of no touches are none', () => {
    for (const model of Model.options) expect(credits(model, [], CALL)).toEqual([]);
  });
});
