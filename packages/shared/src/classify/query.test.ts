import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isPaidOrTagged } from './paid-or-tagged.ts';
import { queryOf } from './query.ts';

const piece = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 6 }),
  fc.constantFrom('%', '%2', '%41', '%e2%82%ac', '%ff', '+', '=', '&', '?', 'utm_sauce', '\ud800', '€', ' '),
);

test('any query without miswritten tags is decoded as the platform decodes it', () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const query = pieces.join('').replaceAll('#', '');
      const expected = new Map<string, string>();
      for (const [name, value] of new URLSearchParams(`&${query}`)) {
        if (!expected.get(name.toLowerCase())) expected.set(name.toLowerCase(), value.trim());
      }
      expect(queryOf(`/page?${query}#fragment`)).toEqual(expected);
    }),
    { numRuns: 2000 },
  );
});

test('an address without a query has no parameters', () => {
  expect(queryOf('/roof#a?b=c').size).toBe(0);
  expect(queryOf('/roof#38&gclid=abc').size).toBe(0);
  expect(queryOf('/roof?a=b#x&#39;gclid=abc').size).toBe(1);
  expect(queryOf('').size).toBe(0);
});

test.each([
  // `&` escaped for HTML, once or twice, and escaped again for an address.
  ['?utm_source=google&amp;utm_medium=cpc&amp;gclid=abc', { utm_source: 'google', utm_medium: 'cpc', gclid: 'abc' }],
  ['?utm_source=google&amp;amp;gclid=abc', { utm_source: 'google', gclid: 'abc' }],
  ['?utm_source=google&AMP;gclid=abc', { utm_source: 'google', gclid: 'abc' }],
  ['?utm_source=google&amp%3Bgclid=abc', { utm_source: 'google', gclid: 'abc' }],
  ['?utm_source=google%26amp%3bgclid=abc', { utm_source: 'google', gclid: 'abc' }],
  ['?utm_source=google%26gclid=abc', { utm_source: 'google', gclid: 'abc' }],
  ['?a=1&amp;q=roof', { a: '1', q: 'roof' }],
  ['?utm_source=google&#38;gclid=abc', { utm_source: 'google', gclid: 'abc' }],
  ['?utm_source=google&#038;utm_medium=cpc&#038;gclid=abc#top', { utm_medium: 'cpc', gclid: 'abc' }],
  ['?utm_source=google&#x26;gclid=abc', { utm_source: 'google', gclid: 'abc' }],
  ['?utm_source=google%2526gclid=abc', { utm_source: 'google', gclid: 'abc' }],
  // Space after the mark.
  ['?utm_source=google&%20utm_medium=cpc&+gclid=abc', { utm_source: 'google', utm_medium: 'cpc', gclid: 'abc' }],
  // A second question mark, or none.
  ['?lang=de?utm_source=google&gclid=abc', { lang: 'de', utm_source: 'google', gclid: 'abc' }],
  ['?utm_source=google?GCLID=abc', { utm_source: 'google', gclid: 'abc' }],
  ['??gclid=abc', { gclid: 'abc' }],
  ['?utm_campaign=ready?&gclid=abc', { utm_campaign: 'ready?', gclid: 'abc' }],
  ['&gclid=abc', { gclid: 'abc' }],
  ['&amp;gclid=abc?lang=de', { gclid: 'abc', lang: 'de' }],
  // Semicolons in place of `&`.
  ['?utm_source=google;utm_medium=cpc;gclid=abc', { utm_source: 'google', utm_medium: 'cpc', gclid: 'abc' }],
  // Said twice, or said empty first.
  ['?gclid=a&amp;gclid=b', { gclid: 'a' }],
  ['?gclid=&gclid=b', { gclid: 'b' }],
])('%s is read with the tags that were meant', (query, expected) => {
  expect(Object.fromEntries(queryOf(`https://acme.example/roof${query}`))).toMatchObject(expected);
});

test.each([
  ['?utm_campaign=Roofs%3F+Ask+us&utm_content=R%26amp%3BD', { utm_campaign: 'Roofs? Ask us', utm_content: 'R&amp;D' }],
  ['?utm_term=a?b=c&x=1', { utm_term: 'a?b=c', x: '1' }],
  ['?utm_term=roof;repair', { utm_term: 'roof;repair' }],
  ['?next=%3Fgclid%3Dabc%26utm_source%3Dgoogle', { next: '?gclid=abc&utm_source=google' }],
  ['?my_gclid=abc', { my_gclid: 'abc' }],
  ['?q=gclid;notgclid=1', { q: 'gclid;notgclid=1' }],
])('%s keeps its values whole', (query, expected) => {
  expect(Object.fromEntries(queryOf(`https://acme.example/roof${query}`))).toEqual(expected);
});

test('a path that only looks like a query has no parameters', () => {
  expect(queryOf('https://acme.example/utm_source=google/gclid=abc').size).toBe(0);
  expect(queryOf('https://acme.example/a&b=c').size).toBe(0);
});

test('a click id is found however the links before it were put together', () => {
  const separator = fc.constantFrom(
    '&',
    '?',
    ';',
    '&amp;',
    '&amp;amp;',
    '%26',
    '%26amp%3B',
    '&amp%3B',
    '&&',
    '?&',
    '&#38;',
    '&#038;',
    '%2526',
    '&%20',
  );
  const other = fc.constantFrom('utm_source=google', 'utm_campaign=a?b', 'lang=de', 'flag', 'x=1;2', 'y=%26amp%3B', '');
  fc.assert(
    fc.property(fc.array(fc.tuple(separator, other), { maxLength: 6 }), separator, (before, last) => {
      const query = `${before.flat().join('')}${last}gclid=AbC-1`;
      expect(queryOf(`https://acme.example/?${query}`).get('gclid')).toBe('AbC-1');
      expect(isPaidOrTagged({ url: `https://acme.example/?${query}` })).toBe(true);
    }),
  );
});

test('reads a hundred thousand miswritten separators in a moment', () => {
  for (const piece of ['&amp;', '%26amp%3b', '?', ';', '&amp;gclid=', 'amp;']) {
    expect(queryOf(`/?${piece.repeat(100_000)}`).size).toBeLessThan(5);
  }
});
