import { describe, expect, it } from 'vitest';
import { CASES } from './cases.ts';
import { classify } from './classify.ts';
import { CLICK_IDS, clickIdsOf } from './click-ids.ts';
import { isPaidOrTagged } from './paid-or-tagged.ts';

const TAGS = ['utm_source', 'utm_medium', 'utm_campaign', 'utm_term', 'utm_content', 'utm_id'];

describe('isPaidOrTagged', () => {
  it.each([...CLICK_IDS, ...TAGS])('sees %s, first or later, in any case', (name) => {
    expect(isPaidOrTagged({ url: `https://acme.example/?${name}=a` })).toBe(true);
    expect(isPaidOrTagged({ url: `/?a=b&${name.toUpperCase()}=a&c=d` })).toBe(true);
  });

  it.each([
    'https://acme.example/',
    '',
    '/?gclid=',
    '/?gclid=&a=b',
    '/?gclid',
    '/?notgclid=a',
    '/?gclid2=a',
    '/?utm_nooverride=1',
    '/?utm_source_platform=a',
    '/gclid=a',
    '/utm_source=a',
    '/#?gclid=a',
    '/?a=b#&gclid=a',
    '/?next=%3Fgclid%3Da',
  ])('sees nothing in %s', (url) => {
    expect(isPaidOrTagged({ url })).toBe(false);
  });
});

describe('isPaidOrTagged and classify', () => {
  it('agree on what a landing page says', () => {
    for (const { landing, referrer } of Object.values(CASES).flat()) {
      const { rule } = classify({ url: landing, referrer });
      expect({ landing, marked: isPaidOrTagged({ url: landing }) }).toEqual({
        landing,
        marked: /^(utm tags|click id)/.test(rule),
      });
    }
  });
});

describe('clickIdsOf', () => {
  it('gives the click ids by the spelling of their platform, the first of each', () => {
    expect(clickIdsOf('/?sccid=1&GCLID=a&gclid=b&fbclid=')).toEqual({ gclid: 'a', ScCid: '1' });
    expect(clickIdsOf('nonsense')).toEqual({});
  });
});
