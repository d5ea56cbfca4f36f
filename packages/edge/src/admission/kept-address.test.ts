import { CLICK_IDS, UTM_TAGS } from '@dialmark/shared';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keptAddress } from './kept-address.ts';

const name = fc.oneof(fc.constantFrom(...CLICK_IDS, ...UTM_TAGS), fc.string({ maxLength: 20 }));
const value = fc.oneof(
  fc.string({ maxLength: 60 }),
  fc.integer({ min: 300, max: 900 }).map((length) => 'v📞%41'.repeat(length / 6)),
);
const pair = fc.tuple(name, value).map(([key, text]) => `${key}=${text}`.replace(/[&#?]/g, '_'));
const address = fc
  .tuple(
    fc.integer({ min: 0, max: 800 }).map((length) => 'pé'.repeat(length / 2)),
    fc.array(pair, { maxLength: 12 }),
    fc.string({ maxLength: 50 }),
  )
  .map(([path, pairs, end]) => `https://acme.example/${path.replace(/[?#]/g, '_')}?${pairs.join('&')}#${end}`);
const pairsOf = (url: string) => (url.split('#')[0]?.split('?').slice(1).join('?') ?? '').split('&').filter(Boolean);

describe('keptAddress', () => {
  it('keeps at most one and a half kilobytes, well formed, and keeps no more of it the second time', {
    timeout: 60_000,
  }, () => {
    fc.assert(
      fc.property(fc.oneof(address, fc.string({ maxLength: 5000, unit: 'binary' })), (url) => {
        const kept = keptAddress(url);
        expect(kept.length).toBeLessThanOrEqual(1536);
        if (url.length > 1024) expect(kept.isWellFormed()).toBe(true);
        expect(keptAddress(kept)).toBe(kept);
      }),
    );
  });

  it('leaves a short one as it came', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 1024, unit: 'binary' }), (url) => {
        expect(keptAddress(url)).toBe(url);
      }),
    );
  });

  it('keeps parameters whole or as their beginning, in the order they came in', () => {
    fc.assert(
      fc.property(address, (url) => {
        const given = pairsOf(url);
        let from = 0;
        for (const kept of pairsOf(keptAddress(url))) {
          const found = given.findIndex((each, i) => i >= from && each.startsWith(kept.replaceAll('\uFFFD', '')));
          expect(found, kept).toBeGreaterThanOrEqual(0);
          from = found + 1;
        }
      }),
    );
  });

  it.each([...CLICK_IDS])('never loses %s to whatever else is there', (id) => {
    const noise = Array.from({ length: 40 }, (_, i) => `x${i}=${'y'.repeat(100)}`).join('&');
    const tags = UTM_TAGS.map((tag) => `${tag}=${'t'.repeat(400)}`).join('&');
    const kept = keptAddress(`https://acme.example/${'p'.repeat(3000)}?${noise}&${tags}&${id}=the-click&${noise}`);
    expect(kept).toContain(`${id}=the-click`);
  });

  it('keeps no half of a click id and no half of an escape', () => {
    const long = `gclid=${'g'.repeat(600)}`;
    expect(keptAddress(`https://acme.example/?${long}&gbraid=whole&${'z'.repeat(600)}`)).toBe(
      'https://acme.example/?gbraid=whole',
    );
    for (const shift of [0, 1, 2]) {
      const kept = keptAddress(`https://acme.example/${'a'.repeat(shift)}${'%C3%A9'.repeat(400)}`);
      expect(kept).not.toMatch(/%[0-9A-F]?$/);
    }
  });
});
