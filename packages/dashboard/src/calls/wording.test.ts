import { type Call, type E164, NumberPreset } from '@dialmark/shared';
import { describe, expect, it } from 'vitest';
import { PLACES } from '../numbers/places.ts';
import { originOf, partOf, reasonOf, seenWhere, sureness } from './wording.ts';

const SESSION = { id: 's_1' };
const call = (attribution: Partial<Call['attribution']>, more: Partial<Call> = {}) =>
  ({
    spam: false,
    hint: null,
    attribution: { match: 'active', confidence: 0.9, session: SESSION, candidates: [], ...attribution },
    ...more,
  }) as unknown as Call;
const others = (count: number) => Array.from({ length: count }, () => ({ confidence: 0.1 })) as never;

describe('what is said of an attribution', () => {
  it('does not claim that nobody else was shown the number where others could have called', () => {
    const unsure = call({ match: 'recent', confidence: 0.3, candidates: others(8) });
    expect(reasonOf(unsure)).toBe(
      'No visit was showing the number anymore. This is the most likely of those that had; 8 other visits could have called too.',
    );
    expect(reasonOf(call({ match: 'recent' }))).toContain('no other visit is known');
  });

  it('names a visit of a source number only where one is known', () => {
    const known = call({ match: 'source', confidence: 0.999 });
    expect([reasonOf(known).includes('visit is unknown'), sureness(known.attribution)]).toEqual([
      false,
      'over 99% sure',
    ]);
    const unknown = call({ match: 'source', confidence: 1, session: null });
    expect([reasonOf(unknown).includes('visit is unknown'), sureness(unknown.attribution)]).toEqual([
      true,
      'visit unknown',
    ]);
  });

  it('names the source of a number that nobody saw on the site, and where they saw it', () => {
    const countsAs = { source: 'direct_mail', medium: 'offline', campaign: 'Spring', term: null, content: null };
    const touch = { ...countsAs, channel: 'Offline', number: '+14155550177' as E164, numberName: 'Spring' };
    expect(originOf(call({ match: 'source', session: null, touch }))).toEqual({ channel: 'Offline', detail: 'Spring' });
    expect(seenWhere(touch, 'direct_mail')).toBe('on the flyer, Spring');
    expect(seenWhere({ ...touch, numberName: 'Google business profile' }, 'google_business_profile')).toBe(
      'in the Google Business Profile',
    );
    expect(seenWhere({ ...touch, numberName: null }, 'radio')).toBe('in the radio spot');
    expect(seenWhere(touch, null)).toBe('of Spring');
    expect(seenWhere({ ...touch, number: null, numberName: null }, null)).toBe(null);
    expect(originOf({ to: '+14155550199', attribution: { touch: null } })).toEqual({ channel: 'Unknown', detail: '' });
    for (const [, places] of PLACES) {
      for (const [preset, name] of places) expect(seenWhere(touch, preset), name).toMatch(/^(in|on|at|from) /);
    }
    expect(PLACES.flatMap(([, places]) => places.map(([preset]) => preset)).sort()).toEqual(
      [...NumberPreset.options].sort(),
    );
  });

  it('says of a caller without a visit what is known of them', () => {
    const known = call({ match: 'caller', confidence: 0.7, session: null });
    expect(reasonOf(known)).toContain('known from an earlier call');
    expect(reasonOf(call({ match: 'caller' }))).toContain('has called before');
  });

  it('tells a printed number from one that nobody was shown', () => {
    const none = { match: 'none', confidence: 0, session: null } as const;
    expect(reasonOf(call(none, { hint: { kind: 'printed', detail: '' } }))).toContain('didn’t dial a tracking number');
    expect(reasonOf(call(none, { hint: { kind: 'stray', detail: '' } }))).toContain('No visit was shown');
  });

  it.each([
    [0.95, false, 'led to this call'],
    [0.6, false, 'likely led to this call'],
    [0.3, false, 'may have led to this call'],
    [0.95, true, 'was showing the dialed number'],
  ])('says of a visit at %f (spam: %s) that it %s', (confidence, spam, text) => {
    expect(partOf(call({ confidence }, { spam })).text).toBe(text);
  });
});
