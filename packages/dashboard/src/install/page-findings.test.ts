// @vitest-environment happy-dom
import type { Site } from '@dialmark/shared';
import { describe, expect, it } from 'vitest';
import { pageFindings, sourceNumbersIn, type Tracking } from './page-findings.ts';

const EDGE = 'https://edge.example';
const site = { id: 'acme', targets: [{ id: 'main', number: '+14155550100' }] } as unknown as Site;
const TRACKING = [
  { number: '+14155550171', kind: 'source', name: 'Spring flyer' },
  { number: '+14155550132', kind: 'pool', name: null },
  { number: '+14155550133', kind: 'pool', name: null },
] as Tracking[];
const TAG = `<script async src="${EDGE}/s/acme.js"></script>`;
const findings = (html: string, contentSecurityPolicy: string | null = null, head = TAG) =>
  pageFindings(
    {
      url: 'https://acme.example/',
      status: 200,
      error: null,
      contentSecurityPolicy,
      html: `<!doctype html><html><head>${head}</head><body>${html}</body></html>`,
    },
    site,
    TRACKING,
    EDGE,
  );

describe('pageFindings', () => {
  it('says of each number what a visitor would be shown, in the page’s own punctuation', () => {
    const { numbers, tags, warnings } = findings(
      '<p>Call 415.555.0100 today, or from abroad +1 (415) <b>555</b>-0100.</p>',
    );
    expect(tags).toBe(1);
    expect(warnings).toEqual([]);
    expect(numbers.map(({ kind, text, swapped }) => [kind, text, swapped])).toEqual([
      ['text', '415.555.0100', '415.555.0132'],
      ['text', '+1 (415) 555-0100', '+1 (415) 555-0132'],
    ]);
  });

  it('says why the right digits are left alone', () => {
    expect(
      findings('<p>Order A4155550100 and <code data-dialmark-ignore>(415) 555-0100</code></p>').numbers,
    ).toMatchObject([
      { swapped: null, why: 'part of a longer word or number' },
      { swapped: null, why: 'scripts, form fields and ignored elements are never changed' },
    ]);
  });

  it('finds a tracking number that was copied into the page', () => {
    const { warnings } = findings('<footer>(415) 555-0133</footer>');
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain('(415) 555-0133 is a tracking number');
  });

  it('finds a source number that the page prints, and says what its calls count for', () => {
    const html = '<footer>Call 415.555.0171 or <a href="tel:+14155550132">(415) 555-0132</a></footer>';
    expect(findings(html).warnings).toEqual([
      '(415) 555-0171 is a source number (Spring flyer), but the page itself contains it. Calls from the page count for that source, not for the visit. Use the business’s own number instead.',
      expect.stringContaining('(415) 555-0132 is a tracking number'),
    ]);
    expect(sourceNumbersIn(html, TRACKING).map(({ number }) => number)).toEqual(['+14155550171']);
    expect(sourceNumbersIn('<p>(415) 555-0100, order 94155550171</p>', TRACKING)).toEqual([]);
  });

  it('finds no tag, one of another deployment, one too many, one in the body', () => {
    expect(findings('', null, '')).toMatchObject({ tags: 0, tagManager: false });
    expect(findings('', null, '<script src="https://other.example/s/acme@0123.js"></script>').warnings).toEqual([
      'The script comes from https://other.example, not from this deployment.',
    ]);
    expect(findings(TAG).warnings).toEqual(['The script is on the page 2 times. Once is enough.']);
    expect(findings(TAG, null, '').warnings[0]).toContain('is in the body');
    expect(findings('', null, `<script src="${EDGE}/s/another.js"></script>`).tags).toBe(0);
  });

  it('sees that a tag manager may bring the tag', () => {
    const snippet = `<script>(function(w,d){j.src='https://www.googletagmanager.com/gtm.js?id='})()</script>`;
    expect(findings('', null, snippet)).toMatchObject({ tags: 0, tagManager: true });
  });

  it.each([
    ["script-src 'self'", ['script-src']],
    [`script-src 'self' ${EDGE}; connect-src 'self'`, ['connect-src']],
    [`default-src 'self'`, ['script-src', 'connect-src']],
    [`default-src 'self' edge.example`, []],
    [`script-src 'nonce-abc' 'strict-dynamic'; connect-src *.example`, []],
    [`img-src 'none'`, []],
    ['default-src https:', []],
  ])('reads the policy %s', (policy, forbidden) => {
    expect(findings('', policy).warnings.map((text) => /to (\S+-src)\.$/.exec(text)?.[1])).toEqual(forbidden);
  });
});
