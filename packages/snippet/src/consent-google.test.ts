import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultFor } from './consent-google.ts';

const DENIED_IN_GERMANY: [string, boolean][] = [
  ['DE', false],
  ['', true],
];
const STATES: [string, boolean][] = [
  ['US-CA', false],
  ['US', true],
];
const ONLY_US: [string, boolean][] = [
  ['US', true],
  ['', false],
];

describe('regional defaults of consent', () => {
  it.each([
    [DENIED_IN_GERMANY, 'DE', 'DE-BY', false],
    [DENIED_IN_GERMANY, 'DE', null, false],
    [DENIED_IN_GERMANY, 'US', 'US-CA', true],
    [DENIED_IN_GERMANY, null, null, false],
    [STATES, 'US', 'US-CA', false],
    [STATES, 'US', 'US-NY', true],
    // It may be California.
    [STATES, 'US', null, false],
    [STATES, 'CA', 'CA-ON', undefined],
    [STATES, 'CA', null, undefined],
    [ONLY_US, 'US', 'US-TX', true],
    [ONLY_US, 'DE', 'DE-BY', false],
    // It may be elsewhere.
    [ONLY_US, null, null, false],
    [[['DE', true]] as [string, boolean][], null, null, undefined],
    [[['', true]] as [string, boolean][], null, null, true],
    [[], 'DE', 'DE-BY', undefined],
  ])('%j in %s, %s: %s', (stated, country, region, expected) => {
    for (const order of [stated, [...stated].reverse()])
      expect(defaultFor(new Map(order), { country, region })).toBe(expected);
  });

  it('never depend on their order, and deny a visitor of unknown place whatever is denied to anybody who may be there', () => {
    const name = fc.constantFrom('', 'DE', 'DE-BY', 'US', 'US-CA', 'US-NY', 'FR');
    const stated = fc.uniqueArray(fc.tuple(name, fc.boolean()), { selector: ([region]) => region });
    fc.assert(
      fc.property(stated, fc.constantFrom('DE-BY', 'US-CA', 'US-TX', 'FR-75', 'GB-ENG'), (stated, region) => {
        const country = region.slice(0, 2);
        const known = defaultFor(new Map(stated), { country, region });
        expect(defaultFor(new Map([...stated].reverse()), { country, region })).toBe(known);
        if (known !== false) return;
        expect(defaultFor(new Map(stated), {})).toBe(false);
      }),
    );
  });
});
