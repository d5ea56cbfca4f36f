import { describe, expect, it } from 'vitest';
import { stage } from './browser.ts';
import { POOL } from './edge-double.ts';

const BODY = `<header>Call <a id="link" href="tel:+14155550100">(415) 555-0100</a></header>
<p id="dots">Or 415.555.0100, day and night.</p><footer id="foot">+1 415 555 0100</footer>`;

describe('a visit', () => {
  const at = stage();
  const text = (id: string) => at.page.textContent(`#${id}`);
  const swapped = () => at.page.waitForFunction(() => document.body.textContent.includes('0132'));

  it('asks once and swaps text and links, keeping their punctuation', async () => {
    await at.open(BODY, '/?utm_source=google&gclid=abc', { referer: 'https://www.google.com/' });
    await swapped();
    expect(await text('link')).toBe('(415) 555-0132');
    expect(await at.page.getAttribute('#link', 'href')).toBe('tel:+14155550132');
    expect(await text('dots')).toBe('Or 415.555.0132, day and night.');
    expect(await text('foot')).toBe('+1 415 555 0132');
    const [lease, ...more] = at.edge.leases();
    expect(more).toEqual([]);
    expect(lease).toMatchObject({
      visitor: expect.stringMatching(/^v_/),
      session: expect.stringMatching(/^s_/),
      targets: ['main'],
      page: {
        url: `${at.edge.origin}/?utm_source=google&gclid=abc`,
        referrer: 'https://www.google.com/',
        title: 'Acme',
      },
      touch: { url: `${at.edge.origin}/?utm_source=google&gclid=abc`, referrer: 'https://www.google.com/' },
    });
    expect(at.errors).toEqual([]);
  });

  it('shows the number of the first page on the second before any request has finished, and asks no more', async () => {
    await at.open(BODY, '/?gclid=abc', { referer: 'https://www.google.com/' });
    await swapped();
    at.edge.onLease = () => new Promise(() => {});
    at.serve(BODY, '/second');
    await at.page.goto(`${at.edge.origin}/second`);
    await swapped();
    expect(await text('foot')).toBe('+1 415 555 0132');
    expect(at.edge.leases()).toHaveLength(1);
    await expect.poll(() => at.edge.events('pageview')).toHaveLength(1);
    expect(at.edge.events('pageview')[0]).toMatchObject({ session: at.edge.leases()[0]?.session });
  });

  it('asks nothing on a page without the number', async () => {
    await at.open('<p>Our story since 1985</p>');
    await at.page.waitForTimeout(300);
    expect(at.edge.requests).toEqual([]);
  });

  it('asks when the number appears later', async () => {
    await at.open('<p>Our story since 1985</p>');
    await at.page.evaluate(() => {
      document.body.insertAdjacentHTML('beforeend', '<p>Call 415-555-0100</p>');
    });
    await at.page.waitForFunction(() => document.body.textContent.includes('415-555-0132'));
    expect(at.edge.leases()).toHaveLength(1);
  });

  it('reports a click on the number and the end of the page', async () => {
    await at.open(BODY);
    await swapped();
    await at.page.evaluate(() => {
      document.addEventListener('click', (event) => event.preventDefault());
    });
    await at.page.click('#link');
    await expect.poll(() => at.edge.events('tel_click')).toHaveLength(1);
    expect(at.edge.events('tel_click')[0]?.target).toBe('main');
    await at.page.goto('about:blank');
    await expect.poll(() => at.edge.events('leave')).toHaveLength(1);
  });

  it('begins a new session when new tags arrive, not when the same page is loaded again', async () => {
    await at.open(BODY, '/?gclid=abc');
    await swapped();
    await at.page.reload();
    await swapped();
    expect(at.edge.leases()).toHaveLength(1);
    await at.page.goto(`${at.edge.origin}/?gclid=def`);
    await at.page.waitForFunction(() => document.body.textContent.includes('0133'));
    const [first, second] = at.edge.leases();
    expect(second?.visitor).toBe(first?.visitor);
    expect(second?.session).not.toBe(first?.session);
    expect(second?.touch?.url).toBe(`${at.edge.origin}/?gclid=def`);
  });

  it('begins a new session after the timeout', async () => {
    at.edge.config.session = { timeoutSeconds: 1 };
    await at.open(BODY);
    await swapped();
    await at.page.waitForTimeout(2100);
    await at.page.reload();
    await at.page.waitForFunction(() => document.body.textContent.includes('0133'));
    expect(at.edge.leases()).toHaveLength(2);
  });

  it('asks again when the stored number has expired', async () => {
    const { assignment, leased } = await import('./edge-double.ts');
    at.edge.onLease = (lease) => leased(lease, assignment(at.edge.leases().length, 1));
    await at.open(BODY);
    await at.page.waitForFunction(
      (national) => document.body.textContent.includes(national),
      POOL[1]?.national as string,
    );
    await at.page.waitForTimeout(1100);
    await at.page.reload();
    await at.page.waitForFunction(
      (national) => document.body.textContent.includes(national),
      POOL[2]?.national as string,
    );
    expect(at.edge.leases()[1]?.session).toBe(at.edge.leases()[0]?.session);
  });

  it.each([
    ['an error', 500],
    ['a refusal', 403],
    ['garbage', '<html>captive portal</html>'],
    ['an answer without numbers', {}],
    ['a number that is none', { numbers: { main: { number: 'javascript:alert(1)' } } }],
  ])('keeps the printed number on %s', async (_, answer) => {
    at.edge.onLease = () => answer;
    await at.open(BODY);
    await expect.poll(() => at.edge.leases().length).toBeGreaterThan(0);
    await at.page.waitForTimeout(200);
    expect(await text('dots')).toBe('Or 415.555.0100, day and night.');
    expect(at.errors.filter((error) => !error.startsWith('Failed to load resource'))).toEqual([]);
  });
});
