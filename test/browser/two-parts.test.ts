import { describe, expect, it } from 'vitest';
import { servedScript } from '../../tools/edge-double.ts';
import { stage, TAG } from './browser.ts';

const BODY = `<p>Call <a href="tel:+14155550100">(415) 555-0100</a></p><p id="split"><b>415</b>-555-0100</p>
<p id="judged">Since 1985: 415-555-0100</p><p><a id="written" href="https://wa.me/14155550100">415.555.0100</a></p>`;

describe('while the rest of the script has not come', () => {
  const at = stage();
  const shows = (text: string) => at.page.waitForFunction((text) => document.body.textContent?.includes(text), text);
  // A page has loaded only with the rest.
  const early = { waitUntil: 'commit' } as const;
  const held: (() => void)[] = [];
  /** Holds the rest back until it is let go. */
  const hold = () =>
    at.page.route('**/rest@*.js', (route) => new Promise<void>((done) => held.push(() => done(route.continue()))));
  const letGo = () => {
    for (const go of held.splice(0)) go();
  };
  const clear = async () => [
    await at.page.textContent('a'),
    await at.page.getAttribute('a', 'href'),
    await at.page.textContent('#judged'),
    await at.page.textContent('#split'),
  ];

  it('numbers in clear places are swapped with their links, on the first page and on later ones', async () => {
    await hold();
    await at.open(BODY, '/?gclid=abc', early);
    await shows('(415) 555-0132');
    expect(await clear()).toEqual(['(415) 555-0132', 'tel:+14155550132', 'Since 1985: 415-555-0100', '415-555-0100']);
    letGo();
    await shows('Since 1985: 415-555-0132');
    expect(await at.page.textContent('#split')).toBe('415-555-0132');
    at.serve(BODY, '/second');
    await at.page.goto(`${at.edge.origin}/second`, early);
    await shows('(415) 555-0132');
    expect(await clear()).toEqual(['(415) 555-0132', 'tel:+14155550132', 'Since 1985: 415-555-0100', '415-555-0100']);
    letGo();
    await shows('Since 1985: 415-555-0132');
    expect(at.edge.leases()).toHaveLength(1);
    await expect.poll(() => at.edge.events('pageview')).toHaveLength(1);
    expect(at.errors).toEqual([]);
  });

  it('a text waits with its link where that is not simple', async () => {
    await hold();
    await at.open(BODY, '/', early);
    await shows('(415) 555-0132');
    expect(await at.page.textContent('#written')).toBe('415.555.0100');
    letGo();
    await at.page.waitForFunction(() => document.getElementById('written')?.textContent === '415.555.0132');
    expect(await at.page.getAttribute('#written', 'href')).toBe('https://wa.me/14155550132');
  });

  it('numbers that the page adds are swapped', async () => {
    await hold();
    await at.open('<p>415-555-0100</p>', '/', early);
    await shows('415-555-0132');
    await at.page.evaluate("document.body.insertAdjacentHTML('beforeend', '<div>Menu 415.555.0100</div>')");
    await shows('Menu 415.555.0132');
    letGo();
  });

  it('a refusal holds requests back, and data waits', async () => {
    await hold();
    await at.open(
      `<script>(window.dialmark ||= []).push(['tag', { plan: 'pro' }], ['consent', false])</script>${BODY}`,
      '/',
      early,
    );
    await at.page.waitForFunction("document.readyState === 'interactive' && window.dialmark.number");
    letGo();
    await at.page.waitForFunction('dialmark.internals');
    expect(at.edge.requests).toEqual([]);
    expect(await at.context.cookies()).toEqual([]);
    await at.page.evaluate('dialmark.consent(true)');
    await shows('(415) 555-0132');
    await expect.poll(() => at.edge.events('tag')).toMatchObject([{ data: { plan: 'pro' } }]);
    // Nothing was under way before.
    expect(at.edge.events('consent')).toMatchObject([{ data: { granted: true } }]);
    expect(at.edge.leases()).toHaveLength(1);
  });

  it('what it will tell is told once it has come', async () => {
    await hold();
    await at.open(`<script>window.dataLayer = []</script>${BODY}`, '/', early);
    await shows('(415) 555-0132');
    letGo();
    await expect.poll(() => at.page.evaluate('dataLayer')).toMatchObject([{ event: 'dialmark_number' }]);
    await expect.poll(async () => (await at.context.cookies()).map(({ name }) => name)).toEqual(['dialmark_acme']);
  });
});

describe('where the rest of the script cannot be had', () => {
  const at = stage();
  const shows = (text: string) => at.page.waitForFunction((text) => document.body.textContent?.includes(text), text);
  const thrown = () =>
    at.errors.filter((error) => !/Failed to load resource|integrity|Content.Security.Policy/i.test(error));

  it('numbers in clear places are swapped all the same', async () => {
    await at.page.route('**/rest@*.js', (route) => route.abort());
    await at.open(`<script>(window.dialmark ||= []).push(['tag', { plan: 'pro' }])</script>${BODY}`);
    await shows('(415) 555-0132');
    expect(await at.page.getAttribute('a', 'href')).toBe('tel:+14155550132');
    expect(thrown()).toEqual([]);
  });

  it('a page that a framework might have hydrated is swapped some time after it has loaded', async () => {
    await at.page.route('**/rest@*.js', (route) => route.abort());
    await at.open('<div id="root"><p>415-555-0100</p></div>');
    await shows('415-555-0132');
    expect(thrown()).toEqual([]);
  });

  it('one that is not what was pinned never runs', async () => {
    await at.page.route('**/rest@*.js', async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, body: `window.theirs = true; ${await response.text()}` });
    });
    await at.open(BODY);
    await shows('(415) 555-0132');
    await expect.poll(() => at.errors.some((error) => /integrity/.test(error))).toBe(true);
    expect(await at.page.evaluate('window.theirs')).toBe(undefined);
    expect(thrown()).toEqual([]);
  });
});

describe('a strict policy', () => {
  const at = stage();

  it.each([
    ['a nonce', "script-src 'nonce-n0'", TAG.replace('<script', '<script nonce="n0"')],
    [
      'a nonce and strict-dynamic',
      "script-src 'nonce-n0' 'strict-dynamic'",
      TAG.replace('<script', '<script nonce="n0"'),
    ],
    ['a list of hosts', 'script-src EDGE', TAG],
  ])('by %s lets both parts in', async (_, policy, tag) => {
    at.edge.config.edge = at.edge.origin.replace('127.0.0.1', 'calls.edge.test');
    const edge = at.edge.config.edge;
    at.edge.pageHeaders['content-security-policy'] =
      `default-src 'none'; ${policy.replace('EDGE', edge)}; connect-src ${edge}; img-src data:`;
    await at.open(
      `<html><head><link rel="icon" href="data:,">${tag.replace('/s/', `${edge}/s/`)}</head><body>${BODY}</body></html>`,
    );
    await at.page.waitForFunction(() => document.getElementById('judged')?.textContent?.includes('0132'));
    expect(at.errors).toEqual([]);
  });

  it('of Trusted Types keeps the rest out unless the page lets it in; a refusal made early holds all the same', async () => {
    // Such a page evaluates no strings, which waitForFunction would ask of it.
    at.edge.pageHeaders['content-security-policy'] = "require-trusted-types-for 'script'";
    await at.open(`<script>(window.dialmark ||= []).push(['consent', false])</script>${BODY}`);
    // By the time the second page has asked, the first, which is older, would have.
    at.serve(BODY, '/second');
    const second = await at.context.newPage();
    await second.goto(`${at.edge.origin}/second`);
    await expect.poll(() => second.textContent('a'), { timeout: 10_000 }).toBe('(415) 555-0132');
    expect(at.edge.leases().map(({ page }) => page?.url)).toEqual([`${at.edge.origin}/second`]);
    expect(await at.page.textContent('a')).toBe('(415) 555-0100');
    await at.open(
      `<script>trustedTypes.createPolicy('default', { createScriptURL: (address) => address })</script>${BODY}`,
      '/third',
    );
    await expect.poll(() => at.page.textContent('#judged')).toMatch(/013\d$/);
    expect(at.errors.filter((error) => !/Trusted|policy/i.test(error))).toEqual([]);
  });
});

describe('the edge that is asked', () => {
  const at = stage();
  const OTHER = 'calls.edge.test';
  const hosts = () =>
    new Set(at.edge.requests.filter(({ path }) => path.startsWith('/v1')).map(({ headers }) => headers.host));
  const open = async (tag: string) => {
    await at.open(`<html><head><link rel="icon" href="data:,"></head><body>${BODY}${tag}</body></html>`);
    await at.page.waitForFunction(() => document.getElementById('judged')?.textContent?.includes('0132'));
  };
  /** A copy of the script that the page serves itself, which was told this edge. */
  const copy = () => at.serve(servedScript(at.edge.config), '/copied.js');

  it.each([
    ['a script tag', '<script async src="/s/acme.js"></script>'],
    ['a pinned one, with a query', '<script src="/s/acme.js?pinned"></script>'],
    ['a module', '<script type="module" src="/s/acme.js"></script>'],
    [
      'a tag that is gone when it runs',
      "<script>{ const tag = document.createElement('script'); tag.src = '/s/acme.js'; document.head.append(tag); tag.remove() }</script>",
    ],
  ])('is where %s came from', async (_, tag) => {
    await open(tag);
    expect(hosts()).toEqual(new Set([new URL(at.edge.origin).host]));
  });

  it('is no address that an image of the page has', async () => {
    await at.open(`${BODY}<img name="currentScript" src="/pixel.gif">`);
    await expect.poll(hosts).toEqual(new Set([new URL(at.edge.origin).host]));
  });

  it('is the one that a copy of the script was told', async () => {
    at.edge.config.edge = at.edge.origin.replace('127.0.0.1', OTHER);
    copy();
    await open('<script src="/copied.js"></script>');
    expect(hosts()).toEqual(new Set([new URL(at.edge.config.edge).host]));
  });
});
