import { describe, expect, it } from 'vitest';
import { CLICK_IDS, clickIdsOf } from './click-ids.ts';
import { isPaidOrTagged } from './paid-or-tagged.ts';
import { UTM_TAGS } from './tags.ts';

describe('isPaidOrTagged', () => {
  it.each([...CLICK_IDS, ...UTM_TAGS])('sees %s, first or later, in any case', (name) => {
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
    '/gclid=a',
    '/utm_source=a',
    '/#?gclid=a',
    '/?a=b#&gclid=a',
    '/?next=%3Fgclid%3Da',
  ])('sees nothing in %s', (url) => {
    expect(isPaidOrTagged({ url })).toBe(false);
  });
});

describe('clickIdsOf', () => {
  it('gives the click ids by the spelling of their platform, the first of each', () => {
    expect(clickIdsOf('/?sccid=1&GCLID=a&gclid=b&fbclid=')).toEqual({ gclid: 'a', ScCid: '1' });
    expect(clickIdsOf('nonsense')).toEqual({});
  });
});
