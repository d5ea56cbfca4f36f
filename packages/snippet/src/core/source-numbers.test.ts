import { ruleFits } from '@dialmark/shared/source-rule';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { US_TRACKING } from './sample-numbers.ts';
import { sourceNumbers } from './source-numbers.ts';

const decide = (match: object, url: string, referrer = '') =>
  sourceNumbers([{ ...US_TRACKING, target: 'main', match }], { url, referrer }).main;

describe('source numbers decided in the page', () => {
  it('are decided as the edge decides them', () => {
    const path = fc.constantFrom('/', '/roof', '/roof/', '/roofing/new', '/a.b', '/axb');
    const pattern = fc.constantFrom('/', '/roof', '/roof*', '*', '/*/new', '/a.b', '/?gclid=*', '/roof?*');
    const query = fc.constantFrom('', '?gclid=abc', '?GCLID=abc', '?utm_source=x&fbclid=1', '?gclid');
    const referrer = fc.constantFrom(
      '',
      'https://www.google.com/',
      'https://notgoogle.com/',
      'android-app://x',
      'no address',
    );
    const match = fc.record(
      {
        landingPage: pattern,
        clickId: fc.constantFrom('gclid', 'fbclid', 'GcLid'),
        referrer: fc.constantFrom('google.com', '.google.com', 'www.google.com', 'GOOGLE.com'),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(match, path, query, referrer, (match, path, query, referrer) => {
        const url = `https://acme.example${path}${query}`;
        const clickIds = Object.fromEntries(new URL(url).searchParams);
        const touch = { source: '', medium: '', campaign: '', channel: '', clickIds };
        expect(decide(match, url, referrer) !== undefined).toBe(ruleFits(match, { url, referrer, touch }));
      }),
      { numRuns: 1000 },
    );
  });

  it('keep the order of their rules, target by target', () => {
    const rule = (number: string, match: object, target = 'main') => ({ ...US_TRACKING, number, target, match });
    const decided = sourceNumbers(
      [
        rule('+1', { landingPage: '/roof' }),
        rule('+2', { landingPage: '/*' }),
        rule('+3', { landingPage: '*' }),
        rule('+4', { landingPage: '/*' }, 'sales'),
      ],
      { url: 'https://acme.example/gutters', referrer: '' },
    );
    expect(decided.main?.number).toBe('+2');
    expect(decided.sales?.number).toBe('+4');
  });

  it('are left to the edge where a rule needs a classified source, and so is all that comes after', () => {
    const source = { ...US_TRACKING, target: 'main' };
    const decided = sourceNumbers(
      [
        { ...source, match: { landingPage: '/', source: 'google' } },
        { ...source, match: { landingPage: '*' } },
      ],
      { url: 'https://acme.example/', referrer: '' },
    );
    expect(decided.main).toBe(null);
  });

  it.each(['', 'about:blank', 'not an address', 'data:text/html,x'])('take no harm from the address %o', (url) => {
    expect(decide({ landingPage: '/', clickId: 'gclid', referrer: 'x' }, url)).toBe(undefined);
  });

  it('are decided in no time, whatever the pattern and the address', () => {
    const begun = performance.now();
    for (const pattern of ['/*a*a*b', `/${'*a'.repeat(200)}*b`, `${'*'.repeat(2000)}b`])
      expect(decide({ landingPage: pattern }, `https://acme.example/${'a'.repeat(4000)}`)).toBeUndefined();
    expect(performance.now() - begun).toBeLessThan(100);
  });

  it.each([
    ['/*a*a*b', '/xaab', true],
    ['/*a*a*b', '/xab', false],
    ['/a*a', '/a', false],
    ['/**', '/', true],
    ['/a.c', '/abc', false],
    ['/(x)*', '/(x)y', true],
  ])('fit %s to %s: %s', (landingPage, path, fits) => {
    expect(decide({ landingPage }, `https://acme.example${path}`) !== undefined).toBe(fits);
  });
});
