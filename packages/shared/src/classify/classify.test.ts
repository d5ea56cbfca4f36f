import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import page from '../../../../docs/attribution.md?raw';
import { CASES } from './cases.ts';
import { classify } from './classify.ts';

const ownHosts = ['acme.example', 'acme-roofing.example'];
const SITE = 'https://acme.example';

function read(landing: string, referrer = '') {
  const url = /^\w+:/.test(landing) ? landing : SITE + landing;
  return classify({ url, referrer }, { ownHosts });
}

describe.each(Object.entries(CASES))('%s', (_chapter, cases) => {
  it.each(cases)('$landing from "$referrer" is $reads, $channel', (expected) => {
    const touch = read(expected.landing, expected.referrer);
    expect(`${touch.source} / ${touch.medium}`).toBe(expected.reads);
    expect(touch.channel).toBe(expected.channel);
    const { campaign, term, content, clickIds } = expected;
    const told = Object.entries({ campaign, term, content, clickIds }).filter(([, value]) => value !== undefined);
    expect(touch).toMatchObject(Object.fromEntries(told));
    if (clickIds) expect(touch.clickIds).toEqual(clickIds);
  });
});

describe('classify', () => {
  it('scores as docs/attribution.md says', () => {
    const told = page.split('\n').flatMap((line) => {
      const [, chapter = '', cases, right] = line.split('|').map((cell) => cell.trim());
      return chapter in CASES ? [[chapter, Number(cases), Number(right)]] : [];
    });
    const isRight = ({ landing, referrer, reads, channel }: (typeof CASES)[string][number]) => {
      const touch = read(landing, referrer);
      return `${touch.source} / ${touch.medium}` === reads && touch.channel === channel;
    };
    const score = Object.entries(CASES).map(([chapter, cases]) => [
      chapter,
      cases.length,
      cases.filter(isRight).length,
    ]);
    expect(told).toEqual(score);
  });

  it('is held to at least 150 cases', () => {
    expect(Object.values(CASES).flat().length).toBeGreaterThanOrEqual(150);
  });

  it('names the rule that decided', () => {
    expect(read('/?utm_source=google&utm_medium=cpc').rule).toBe('utm tags: Paid Search');
    expect(read('/?gclid=abc').rule).toBe('click id gclid: Paid Search');
    expect(read('/', 'https://www.google.com/').rule).toBe('referrer google.com: Organic Search');
    expect(read('/', SITE).rule).toBe('own site');
    expect(read('/', 'https://www.paypal.com/').rule).toBe('ignored referrer paypal.com');
    expect(read('/').rule).toBe('direct');
  });

  it('keeps all nine tags as they stood', () => {
    const query =
      'utm_source=A&utm_medium=B&utm_campaign=C&utm_term=D&utm_content=E&utm_id=F&utm_source_platform=G&utm_creative_format=H&utm_marketing_tactic=I';
    expect(Object.values(read(`/?${query}`).tags).join('')).toBe('ABCDEFGHI');
  });

  it("ignores a site's own booking service on request, with its subdomains", () => {
    const arrival = { url: `${SITE}/`, referrer: 'https://acme.booking.example/' };
    expect(classify(arrival).channel).toBe('Referral');
    expect(classify(arrival, { ignoredHosts: ['booking.example'] }).rule).toBe('ignored referrer acme.booking.example');
    expect(
      classify({ ...arrival, referrer: 'https://mybooking.example/' }, { ignoredHosts: ['booking.example'] }).channel,
    ).toBe('Referral');
  });

  it('knows the own site by the landing page where no hosts are given', () => {
    expect(classify({ url: `${SITE}/`, referrer: 'https://shop.acme.example/' }).rule).toBe('own site');
    expect(classify({ url: '/roof', referrer: 'https://acme.example/' }).channel).toBe('Referral');
  });

  it('takes own hosts written with a star, www, a port or capitals', () => {
    for (const own of ['*.acme.example', 'www.acme.example', 'acme.example:8080', 'ACME.example']) {
      expect(classify({ url: 'https://other.example/', referrer: SITE }, { ownHosts: [own] }).rule).toBe('own site');
    }
  });

  it('reads a relative, empty or malformed landing page as far as it goes', () => {
    expect(classify({ url: '/roof?gclid=abc', referrer: null }).clickIds).toEqual({ gclid: 'abc' });
    expect(classify({ url: 'https://[::bad/?utm_source=google&utm_medium=cpc', referrer: null }).channel).toBe(
      'Paid Search',
    );
    expect(classify({ url: '', referrer: null }).channel).toBe('Direct');
  });

  it('reads a touch written out as tags as what it was', () => {
    for (const { landing, referrer } of Object.values(CASES).flat()) {
      const { source, medium, campaign, channel } = read(landing, referrer);
      const tags = new URLSearchParams({ utm_source: source, utm_medium: medium, utm_campaign: campaign ?? '' });
      expect(read(`/?${tags}`)).toMatchObject({ source, medium, campaign, channel });
    }
  });

  it('answers whatever is sent', () => {
    const address = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.webUrl({ withQueryParameters: true, withFragments: true }),
      fc
        .string({ unit: 'binary' })
        .map((text) => `https://acme.example/?utm_source=${text}&utm_medium=${text}&gclid=${text}`),
      fc.constantFrom('android-app://', 'https://%', '?', '#', '?#', '__proto__', '/?__proto__=1&constructor=2'),
    );
    fc.assert(
      fc.property(address, address, (url, referrer) => {
        const touch = classify({ url, referrer }, { ownHosts: [referrer] });
        expect(touch.source).not.toBe('');
        expect(touch.medium).not.toBe('');
        expect(touch.channel).not.toBe('');
      }),
    );
  });

  it('answers for an address of a megabyte', () => {
    const long = 'a.cp-shop'.repeat(120_000);
    const touch = read(`/?utm_source=${long}&utm_medium=${long}&utm_campaign=${long}`, `https://${long}/?q=${long}`);
    expect(touch.channel).toBe('Paid Shopping');
  });
});
