/** The AMP caches' subdomains, as the AMP project's own library computes them. */
import { createRequire } from 'node:module';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ampSubdomain } from '../packages/edge/src/http/amp-origin.ts';

// The package's module form is for browsers alone.
const { createCurlsSubdomain } = createRequire(import.meta.url)('@ampproject/toolbox-cache-url') as {
  createCurlsSubdomain(url: string): Promise<string>;
};

const hostOf = (name: string) => new URL(`https://${name}`).hostname;
const long = (length: number) => `${'a'.repeat(Math.min(length - 8, 63))}.example`;

describe('the subdomain of an AMP cache', () => {
  it.each([
    'acme.example',
    'www.my-roof.example',
    'a-b--c.example',
    'en-us.example',
    'de-at.acme.example',
    'ab--cd.example',
    'a-.example.co.uk',
    'xn--bcher-kva.example',
    'en-bücher.example',
    'www.bücher-laden.example',
    '例え.テスト',
    '例え.com',
    'кто-то.рф',
    'קום.קום',
    'مثال.إختبار',
    'مثال.com',
    'en.שלום.example',
    long(55),
    long(63),
    `${long(54)}.co.uk`,
    `${'a-'.repeat(25)}a.example`,
    `${'a'.repeat(60)}.${'b'.repeat(60)}.example`,
    `${'ü'.repeat(40)}.example`,
    'localhost',
  ])('of %s is what the AMP project computes', async (name) => {
    const host = hostOf(name);
    expect(await ampSubdomain(host)).toBe(await createCurlsSubdomain(`https://${host}/`));
  });

  it('is one label of DNS for every host, and another for each', async () => {
    const letters = fc.constantFrom(...'aeixn09--üßж例ש');
    const label = fc.string({ unit: letters, minLength: 1, maxLength: 40 }).filter((text) => !/^-|-$/.test(text));
    const host = fc
      .tuple(label, fc.constantFrom('example', 'co.uk', 'xn--p1ai'))
      .map((parts) => parts.join('.'))
      .filter((name) => URL.canParse(`https://${name}`))
      .map(hostOf);
    await fc.assert(
      fc.asyncProperty(host, host, async (one, other) => {
        const subdomain = await ampSubdomain(one);
        expect(subdomain).toMatch(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/);
        if (one !== other) expect(subdomain).not.toBe(await ampSubdomain(other));
        const theirs = await createCurlsSubdomain(`https://${one}/`);
        // The library forgets that `0-…-0` may make the label too long.
        if (theirs.length <= 63) expect(subdomain).toBe(theirs);
      }),
      { numRuns: 300 },
    );
  });
});
