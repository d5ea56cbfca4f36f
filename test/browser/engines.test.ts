/** @module-tag slow */

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Engine, EnginePage } from '../../tools/browsers/engine.ts';
import { enginesHere } from '../../tools/browsers/engines.ts';
import { type EdgeDouble, startEdgeDouble } from '../../tools/edge-double.ts';
import { serverRendered } from './frameworks/server-rendered.ts';

/** Errors of the page are kept for the test to read, before anything else runs. */
const ERRORS = `<script>window.errors = [];
  addEventListener('error', (event) => errors.push(String(event.message)));
  addEventListener('unhandledrejection', (event) => errors.push(String(event.reason)));
  console.error = (...said) => errors.push(said.join(' '));</script>`;
const HEAD = `<meta charset="utf-8"><link rel="icon" href="data:,">${ERRORS}<script async src="/s/acme.js"></script>`;

const CASES: Record<string, { html: string; run?: string; shows: string }> = {
  'text and links': {
    html: '<p>Call <a href="tel:+14155550100">(415) 555-0100</a></p><a href="https://wa.me/14155550100">x</a>',
    shows: '<p>Call <a href="tel:+14155550132">(415) 555-0132</a></p><a href="https://wa.me/14155550132">x</a>',
  },
  'split numbers': { html: '<p><b>415</b>-555-<i>0100</i></p>', shows: '<p><b>415</b>-555-<i>0132</i></p>' },
  labels: {
    html: '<i title="415.555.0100" aria-label="Call 415 555 0100"></i><p>415 555 0100</p>',
    shows: '<i title="415.555.0132" aria-label="Call 415 555 0132"></i><p>415 555 0132</p>',
  },
  'named places': {
    html: '<p data-dialmark="main">Call us</p>',
    shows: '<p data-dialmark="main">(415) 555-0132</p>',
  },
  'spaces and dashes of every kind': {
    html: '<p>415\u00a0555\u20110100</p><p>\uff14\uff11\uff15 555 0100</p>',
    shows: '<p>415&nbsp;555\u20110132</p><p>\uff14\uff11\uff15 555 0132</p>',
  },
  'late content': {
    html: '<p>415 555 0100</p>',
    run: `document.body.insertAdjacentHTML('beforeend', '<div>Menu 415.555.0100</div>')`,
    shows: '<p>415 555 0132</p><div>Menu 415.555.0132</div>',
  },
  'rewritten text': {
    html: '<p>415 555 0100</p>',
    run: `document.querySelector('p').firstChild.data = 'now 415 555 0100'`,
    shows: '<p>now 415 555 0132</p>',
  },
  'half of a split number rewritten': {
    html: '<p><b>(415)</b> 555-<i>0100</i></p>',
    run: `document.querySelector('i').textContent = '7777'`,
    shows: '<p><b>(415)</b> 555-<i>7777</i></p>',
  },
  'what is left alone': {
    html: '<p>415 555 0100</p><textarea>415 555 0100</textarea><p>94155550100</p>',
    shows: '<p>415 555 0132</p><textarea>415 555 0100</textarea><p>94155550100</p>',
  },
  stopping: {
    html: '<p><b>415</b> 555 0100</p><a href="tel:415-555-0100" title="415.555.0100">x</a>',
    run: 'dialmark.stop()',
    shows: '<p><b>415</b> 555 0100</p><a href="tel:415-555-0100" title="415.555.0100">x</a>',
  },
};

const FRAMEWORKS = await serverRendered('root');

describe.each(enginesHere())('$name', ({ launch }) => {
  let edge: EdgeDouble;
  let engine: Engine;
  let page: EnginePage;

  beforeAll(async () => {
    engine = await launch();
  });
  afterAll(() => engine?.close());
  beforeEach(async () => {
    // One for each: what a page sends when it is left may arrive when the next is open.
    edge = await startEdgeDouble();
    page = await engine.newVisitor();
  });
  afterEach(async () => {
    await page.close();
    await edge.close();
    expect(edge.faults).toEqual([]);
  });

  const serve = (html: string, path = '/') =>
    edge.pages.set(
      path,
      html.includes('<html') ? html : `<!doctype html><html><head>${HEAD}</head><body>${html}</body></html>`,
    );
  const open = async (html: string) => {
    serve(html);
    await page.open(edge.origin);
  };
  const becomes = (expression: string, value: unknown) =>
    expect.poll(() => page.read(expression), { timeout: 10_000 }).toEqual(value);
  const shows = (html: string) => becomes('document.body.innerHTML', html);
  const swapped = () => becomes(`document.documentElement.textContent.includes('0132')`, true);
  const errors = () => page.read('window.errors');

  it.each(Object.entries(CASES))('is right on %s', async (_, { html, run, shows: shown }) => {
    await open(html);
    await swapped();
    if (run) await page.read(run);
    await shows(shown);
    expect(edge.leases()).toHaveLength(1);
    expect(await errors()).toEqual([]);
  });

  it('asks no more on later pages', async () => {
    await open('<p>415-555-0100</p>');
    await swapped();
    await page.open(`${edge.origin}/?second`);
    await swapped();
    await expect.poll(() => edge.events('pageview')).toHaveLength(1);
    expect(edge.leases()).toHaveLength(1);
  });

  it('reaches shadow roots and frames, found late too', async () => {
    serve('<html><body><p>415 555 0100</p></body></html>', '/inner');
    await open('<p>415-555-0100</p><div></div><iframe src="/inner"></iframe>');
    await swapped();
    await page.read(`document.querySelector('div').attachShadow({ mode: 'open' }).innerHTML = '<i>415.555.0100</i>'`);
    await becomes(`document.querySelector('div').shadowRoot.textContent`, '415.555.0132');
    await becomes(`document.querySelector('iframe').contentDocument.body.textContent`, '415 555 0132');
  });

  it('counts changes of route as page views', async () => {
    await open('<p>415-555-0100</p><main></main>');
    await swapped();
    await page.read(`history.pushState({}, '', '/contact')`);
    await page.read(`document.querySelector('main').innerHTML = '<h1>Call 415-555-0100</h1>'`);
    await becomes(`document.querySelector('main').textContent`, 'Call 415-555-0132');
    await expect
      .poll(() => edge.events('pageview').map((event) => event.page?.url))
      .toEqual([`${edge.origin}/contact`]);
    expect(edge.leases()).toHaveLength(1);
  });

  it('knows the visitor on every host of the site', async () => {
    serve('<p>415-555-0100</p>');
    const port = new URL(edge.origin).port;
    for (const host of ['www.acme.localhost', 'shop.acme.localhost']) {
      await page.open(`http://${host}:${port}/`);
      await swapped();
    }
    const [first, second] = edge.leases();
    expect([second?.visitor, second?.session]).toEqual([first?.visitor, first?.session]);
    await becomes(`/dialmark_acme=/.test(document.cookie)`, true);
  });

  it('goes on when the browser brings a page back', async () => {
    serve('<p>away</p>', '/away');
    await open('<p>415-555-0100</p>');
    await swapped();
    await page.open(`${edge.origin}/away`);
    await page.read('void history.back()');
    await swapped();
    // Kept by the browser or loaded again: a page view either way.
    await expect.poll(() => edge.events('pageview').filter((event) => event.page?.url.endsWith('/'))).toHaveLength(1);
    expect(edge.leases()).toHaveLength(1);
  });

  it('reports a tap on the number and the end of the page', async () => {
    await open('<a href="tel:4155550100">415-555-0100</a>');
    await swapped();
    await page.read(`document.addEventListener('click', (event) => event.preventDefault())`);
    await page.read(`document.querySelector('a').click()`);
    await expect.poll(() => edge.events('tel_click')).toMatchObject([{ target: 'main' }]);
    await page.open('about:blank');
    await expect.poll(() => edge.events('leave')).toHaveLength(1);
  });

  it('stores nothing before consent, and keeps nothing after it', async () => {
    const stored = '[document.cookie, localStorage.length]';
    edge.config.consent = 'required';
    await open('<p>415-555-0100</p>');
    await becomes('typeof dialmark.consent', 'function');
    expect(await page.read(stored)).toEqual(['', 0]);
    expect(edge.requests).toEqual([]);
    await page.read('dialmark.consent(true)');
    await shows('<p>415-555-0132</p>');
    await page.read('dialmark.consent(false)');
    await shows('<p>415-555-0100</p>');
    expect(await page.read(stored)).toEqual(['', 0]);
  });

  it('works under the strictest policy, and violates nothing', async () => {
    edge.pageHeaders['content-security-policy'] =
      `default-src 'none'; script-src ${edge.origin}; connect-src ${edge.origin}; img-src data:`;
    edge.pages.set(
      '/listen.js',
      `window.violated = [];
      document.addEventListener('securitypolicyviolation', (event) => violated.push(event.violatedDirective));`,
    );
    await open(
      '<html><head><link rel="icon" href="data:,"><script src="/listen.js"></script><script async src="/s/acme.js"></script></head><body><p>415-555-0100</p></body></html>',
    );
    await shows('<p>415-555-0132</p>');
    expect(await page.read('window.violated')).toEqual([]);
  });

  it.each(FRAMEWORKS)('leaves a page of $name to hydrate, then swaps it', async ({ html, script }) => {
    edge.pages.set('/app.js', script);
    serve('<p>415-555-0100</p>', '/first');
    await page.open(`${edge.origin}/first`);
    await swapped();
    await open(
      `<html><head>${HEAD}</head><body><div id="root">${html}</div><script src="/app.js"></script><script type="module">app.hydrate()</script></body></html>`,
    );
    await becomes(`document.getElementById('whole').textContent`, 'Call 415-555-0132, 0 times');
    await becomes(`document.getElementById('suspense').textContent.includes('0132')`, true);
    expect(await errors()).toEqual([]);
  });
});
