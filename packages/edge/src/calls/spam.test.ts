import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type SpamFacts, spamScore } from './spam.ts';

const clean: SpamFacts = {
  attestation: 'A',
  numbersInTenMinutes: 1,
  hangUpsInADay: 0,
  talkSeconds: null,
};
const score = (facts: Partial<SpamFacts>) => spamScore({ ...clean, ...facts });

describe('a spam score', () => {
  it('is 0 without evidence', () => {
    expect(score({})).toEqual({ score: 0, spam: false, evidence: [] });
    expect(score({ attestation: null, talkSeconds: 300 })).toEqual({ score: 0, spam: false, evidence: [] });
  });

  it.each([
    ['a failed attestation', { attestation: 'failed' }],
    ['a gateway attestation', { attestation: 'C' }],
    ['calling back after hanging up', { hangUpsInADay: 2 }],
    ['four numbers of one business', { numbersInTenMinutes: 4 }],
  ] as const)('does not flag %s alone', (_, facts) => {
    expect(score(facts).spam).toBe(false);
  });

  it.each([
    ['half the pool dialled through', { numbersInTenMinutes: 5 }],
    ['a failed attestation and hang-ups', { attestation: 'failed', hangUpsInADay: 3 }],
    ['hang-ups all day', { hangUpsInADay: 8 }],
  ] as const)('flags %s', (_, facts) => {
    expect(score(facts).spam).toBe(true);
  });

  it('shows its evidence with what it weighs', () => {
    expect(score({ attestation: 'failed', numbersInTenMinutes: 4 })).toEqual({
      score: 0.64,
      spam: true,
      evidence: [
        { kind: 'attestation_failed', weight: 0.4, detail: 'caller ID failed verification (STIR/SHAKEN)' },
        { kind: 'many_numbers', weight: 0.4, detail: "dialed 4 of the site's numbers in ten minutes" },
      ],
    });
  });

  it('lets a conversation speak against it', () => {
    const suspect = { attestation: 'failed', numbersInTenMinutes: 4 } as const;
    expect(score({ ...suspect, talkSeconds: 61 })).toMatchObject({ score: 0.16, spam: false });
    expect(score({ ...suspect, talkSeconds: 61 }).evidence.at(-1)?.kind).toBe('conversation');
  });

  it('stays between 0 and 1 and never falls with more of the same', () => {
    const count = fc.nat(50);
    fc.assert(
      fc.property(
        fc.constantFrom('A', 'B', 'C', 'failed', 'none', null),
        count,
        count,
        (attestation, numbers, ends) => {
          const facts = { attestation, numbersInTenMinutes: numbers, hangUpsInADay: ends } as const;
          const now = score(facts).score;
          expect(now).toBeGreaterThanOrEqual(0);
          expect(now).toBeLessThanOrEqual(1);
          expect(score({ ...facts, numbersInTenMinutes: numbers + 1 }).score).toBeGreaterThanOrEqual(now);
          expect(score({ ...facts, hangUpsInADay: ends + 1 }).score).toBeGreaterThanOrEqual(now);
        },
      ),
    );
  });
});
