import fc from 'fast-check';
import { expect, test } from 'vitest';
import { queryOf } from './query.ts';

const piece = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 6 }),
  fc.constantFrom('%', '%2', '%41', '%e2%82%ac', '%ff', '+', '=', '&', '?', 'utm_source', '\ud800', '€', ' '),
);

test('any query is decoded as the platform decodes it', () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const query = pieces.join('').replaceAll('#', '');
      const expected = new Map<string, string>();
      for (const [name, value] of new URLSearchParams(`&${query}`)) {
        if (!expected.has(name.toLowerCase())) expected.set(name.toLowerCase(), value.trim());
      }
      expect(queryOf(`/page?${query}#fragment`)).toEqual(expected);
    }),
    { numRuns: 2000 },
  );
});

test('an address without a query has no parameters', () => {
  expect(queryOf('/roof#a?b=c').size).toBe(0);
  expect(queryOf('').size).toBe(0);
});
