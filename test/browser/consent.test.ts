import { describe, expect, it } from 'vitest';
import { stage } from './browser.ts';

interface Api {
  consent(granted: boolean): void;
  number(target: string): { kind: string } | null;
}
declare const dialmark: Api;

const BODY = '<p>415-555-0100</p>';
const SOURCE = {
  number: '+14155550177',
  national: '(415) 555-0177',
  international: '+1 415-555-0177',
  target: 'main',
};

describe('consent', () => {
  const at = stage();
  const shows = (text: string) => at.page.waitForFunction((text) => document.body.textContent?.includes(text), text);
  const stored = async () => [
    (await at.context.cookies()).length,
    await at.page.evaluate(() => localStorage.length + sessionStorage.length),
  ];
  const consent = (granted: boolean) => at.page.evaluate((granted) => dialmark.consent(granted), granted);

  it('is needed before anything is stored or sent, where the site says so', async () => {
    at.edge.config.consent = 'required';
    await at.open(BODY);
    await at.settled();
    expect(at.edge.requests).toEqual([]);
    expect(await stored()).toEqual([0, 0]);
    await consent(true);
    await shows('415-555-0132');
    expect(await stored()).toEqual([1, 1]);
    await expect.poll(() => at.edge.events('consent')).toMatchObject([{ data: { granted: true } }]);
  });

  it('is remembered by what it allowed to be stored', async () => {
    at.edge.config.consent = 'required';
    await at.open(BODY);
    await consent(true);
    await shows('415-555-0132');
    await at.page.reload();
    await shows('415-555-0132');
    expect(at.edge.leases()).toHaveLength(1);
  });

  it('may be given before the script has come', async () => {
    at.edge.config.consent = 'required';
    await at.open(`<script>(window.dialmark ||= []).push(['consent', true])</script>${BODY}`);
    await shows('415-555-0132');
  });

  it('may be refused before the script has come', async () => {
    await at.open(`<script>(window.dialmark ||= []).push(['consent', false])</script>${BODY}`);
    await at.settled();
    expect(at.edge.requests).toEqual([]);
    expect(await stored()).toEqual([0, 0]);
  });

  it('refused before the script has come deletes what an earlier visit stored', async () => {
    await at.open(BODY);
    await shows('415-555-0132');
    at.serve(`<script>(window.dialmark ||= []).push(['consent', false])</script>${BODY}`, '/refused');
    await at.page.goto(`${at.edge.origin}/refused`);
    await at.settled();
    expect(await stored()).toEqual([0, 0]);
    expect(await at.page.textContent('p')).toBe('415-555-0100');
    expect(at.edge.leases()).toHaveLength(1);
  });

  it('withdrawn deletes everything and brings the printed number back', async () => {
    await at.open(BODY);
    await shows('415-555-0132');
    await consent(false);
    expect(await at.page.textContent('p')).toBe('415-555-0100');
    expect(await at.page.evaluate(() => dialmark.number('main'))).toBe(null);
    expect(await stored()).toEqual([0, 0]);
    await expect.poll(() => at.edge.events('consent')).toMatchObject([{ data: { granted: false } }]);
    at.edge.requests.length = 0;
    await at.open('<html></html>', '/elsewhere');
    await at.settled();
    expect(at.edge.requests).toEqual([]);
  });

  it('withdrawn while a request is under way lets its answer set no cookie, and does not ask again', async () => {
    let release = () => {};
    at.edge.config.cookie = { firstParty: true };
    at.edge.leaseHeaders['set-cookie'] = 'dialmark_acme=v_1~s_1~1; Path=/; Max-Age=9999';
    at.edge.onLease = () =>
      new Promise((answer) => {
        release = () => answer({ numbers: {}, renewAfterSeconds: 600 });
      });
    await at.page.clock.install();
    await at.open(BODY);
    await expect.poll(() => at.edge.leases()).toHaveLength(1);
    await consent(false);
    await at.settled();
    release();
    await at.page.clock.runFor(60_000);
    await at.settled();
    expect(await stored()).toEqual([0, 0]);
    expect(at.edge.leases()).toHaveLength(1);
  });

  it('is not needed for source numbers that the page address decides', async () => {
    at.edge.config.consent = 'required';
    at.edge.config.sources = [{ ...SOURCE, match: { landingPage: '/roof*' } }];
    await at.open(BODY, '/roofing');
    await shows('415-555-0177');
    await at.settled();
    expect(at.edge.requests).toEqual([]);
    expect(await stored()).toEqual([0, 0]);
  });

  it('is refused by Global Privacy Control until it is given', async () => {
    await at.context.addInitScript(() =>
      Object.defineProperty(Navigator.prototype, 'globalPrivacyControl', { get: () => true }),
    );
    await at.open(BODY);
    await at.settled();
    expect(at.edge.requests).toEqual([]);
    await consent(true);
    await shows('415-555-0132');
  });
});

describe('source numbers', () => {
  const at = stage();
  const shows = (text: string) => at.page.waitForFunction((text) => document.body.textContent?.includes(text), text);

  it('show without waiting, and are still reported', async () => {
    at.edge.config.sources = [{ ...SOURCE, match: { clickId: 'gclid' } }];
    at.edge.onLease = () => new Promise(() => {});
    await at.open(BODY, '/?gclid=abc');
    await shows('415-555-0177');
    await expect.poll(() => at.edge.leases()).toHaveLength(1);
  });

  it('stay for the session that they began', async () => {
    at.edge.config.sources = [{ ...SOURCE, match: { referrer: 'yelp.example' } }];
    at.edge.onLease = () => 503;
    await at.open(BODY, '/', { referer: 'https://www.yelp.example/biz' });
    await shows('415-555-0177');
    at.serve(BODY, '/second');
    await at.page.goto(`${at.edge.origin}/second`, { referer: at.edge.origin });
    await shows('415-555-0177');
  });

  it('are left to the edge where only a classified source could tell', async () => {
    at.edge.config.sources = [
      { ...SOURCE, match: { landingPage: '/', source: 'google' } },
      { ...SOURCE, match: { landingPage: '*' } },
    ];
    await at.open(BODY);
    await shows('415-555-0132');
  });
});

describe('identity', () => {
  const at = stage();
  const cookies = async () => (await at.context.cookies()).map(({ name, domain }) => [name, domain]);

  it.each([
    ['www.acme.test', '.acme.test', 'shop.acme.test'],
    ['a.b.acme.co.uk', '.acme.co.uk', 'www.acme.co.uk'],
  ])('of %s is kept on %s', async (host, domain, other) => {
    at.serve(BODY, '/');
    const port = new URL(at.edge.origin).port;
    await at.page.goto(`http://${host}:${port}/`);
    await at.page.waitForFunction(() => document.body.textContent?.includes('0132'));
    expect(await cookies()).toEqual([['dialmark_acme', domain]]);
    const [{ expires = 0 } = {}] = await at.context.cookies();
    expect(Math.round((expires - Date.now() / 1000) / 86_400)).toBeGreaterThan(390);
    await at.page.goto(`http://${other}:${port}/`);
    await at.page.waitForFunction(() => document.body.textContent?.includes('0132'));
    const [first, second] = at.edge.leases();
    expect([second?.visitor, second?.session]).toEqual([first?.visitor, first?.session]);
  });

  it('is shared by tabs', async () => {
    await at.open(BODY);
    await at.page.waitForFunction(() => document.body.textContent?.includes('0132'));
    const tab = await at.context.newPage();
    await tab.goto(at.edge.origin);
    await tab.waitForFunction(() => document.body.textContent?.includes('0132'));
    expect(at.edge.leases()).toHaveLength(1);
  });
});

describe('a lease', () => {
  const at = stage();
  const shows = (text: string) => at.page.waitForFunction((text) => document.body.textContent?.includes(text), text);

  it('is asked for on every page where the site says so', async () => {
    at.edge.config.lease = 'load';
    await at.open('<p>Our story</p>');
    await expect.poll(() => at.edge.leases()).toHaveLength(1);
  });

  it('waits for the number to be in view where the site says so', async () => {
    at.edge.config.lease = 'visible';
    await at.open('<div style="height: 5000px"></div><p>415-555-0100</p>');
    await at.settled();
    expect(at.edge.leases()).toEqual([]);
    await at.page.evaluate(() => scrollTo(0, 9999));
    await shows('415-555-0132');
  });

  it('is renewed by activity once the time has come', async () => {
    await at.open(BODY);
    await shows('415-555-0132');
    await at.page.mouse.click(5, 5);
    await at.pass(601_000);
    expect(at.edge.events('heartbeat')).toEqual([]);
    await at.page.mouse.click(5, 5);
    await at.page.mouse.click(5, 5);
    await expect.poll(() => at.edge.events('heartbeat')).toHaveLength(1);
  });

  it('that ended while the page lay idle is taken again, in a new session', async () => {
    at.edge.config.session = { timeoutSeconds: 1 };
    await at.open(BODY);
    await shows('415-555-0132');
    await at.pass(2100);
    await at.page.mouse.click(5, 5);
    await shows('415-555-0133');
    expect(at.edge.leases()[1]?.session).not.toBe(at.edge.leases()[0]?.session);
  });

  it('shows the fallback number, and leaves the page alone where there is none', async () => {
    const { leased, POOL } = await import('../../tools/edge-double.ts');
    at.edge.onLease = (lease) => ({
      ...leased(lease, {
        kind: 'none',
        reason: 'exhausted',
        number: null,
        national: null,
        international: null,
        binding: null,
        expiresAt: null,
      }),
    });
    await at.open(BODY);
    await expect.poll(() => at.page.evaluate(() => dialmark.number('main')?.kind)).toBe('none');
    expect(await at.page.textContent('p')).toBe('415-555-0100');
    at.edge.onLease = (lease) =>
      leased(lease, {
        kind: 'fallback',
        reason: 'exhausted',
        ...(POOL[3] as (typeof POOL)[3]),
        binding: 'b_1',
        expiresAt: new Date(Date.now() + 9e5).toISOString(),
      });
    await at.context.clearCookies();
    await at.page.reload();
    await shows('415-555-0135');
  });

  it('that fails is asked for once more, then no more', async () => {
    at.edge.onLease = () => 503;
    await at.page.clock.install();
    await at.open(BODY);
    await expect.poll(() => at.edge.leases()).toHaveLength(1);
    await at.settled();
    await at.page.clock.runFor(60_000);
    await expect.poll(() => at.edge.leases()).toHaveLength(2);
    await at.settled();
    await at.page.clock.runFor(60_000);
    await at.settled();
    expect(at.edge.leases()).toHaveLength(2);
    expect(await at.page.textContent('p')).toBe('415-555-0100');
  });

  it('is sent across origins without a preflight', async () => {
    at.edge.config.edge = at.edge.origin.replace('127.0.0.1', 'calls.edge.test');
    await at.open(BODY);
    await shows('415-555-0132');
    await at.page.goto('about:blank');
    await expect.poll(() => at.edge.events('leave')).toHaveLength(1);
  });
});
