import { describe, expect, it } from 'vitest';
import { POOL } from '../../tools/edge-double.ts';
import { stage } from './browser.ts';

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
    await at.settled();
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
    await at.pass(2100);
    await at.page.reload();
    await at.page.waitForFunction(() => document.body.textContent.includes('0133'));
    expect(at.edge.leases()).toHaveLength(2);
  });

  it('asks again when the stored number has expired', async () => {
    const { assignment, leased } = await import('../../tools/edge-double.ts');
    at.edge.onLease = (lease) => leased(lease, assignment(at.edge.leases().length, 1));
    await at.open(BODY);
    await at.page.waitForFunction(
      (national) => document.body.textContent.includes(national),
      POOL[1]?.national as string,
    );
    await at.pass(1100);
    await at.page.reload();
    await at.page.waitForFunction(
      (national) => document.body.textContent.includes(national),
      POOL[2]?.national as string,
    );
    expect(at.edge.leases()[1]?.session).toBe(at.edge.leases()[0]?.session);
  });

  const touches = () => at.edge.leases().map(({ touch }) => touch?.url.replace(at.edge.origin, ''));
  /** Does something to the address before the script, which is loaded late, has come. */
  const late = (script: string) =>
    `<script>${script}; setTimeout(() => { const tag = document.createElement('script'); tag.src = '/s/acme.js?'; document.head.append(tag) }, 50)</script>${BODY}`;

  it.each([
    ['strips its query', '/?gclid=abc', "history.replaceState(0, '', '/')", '/?gclid=abc'],
    ['strips a query that has no tags', '/roof?promo=may', "history.replaceState(0, '', '/roof')", '/roof?promo=may'],
    [
      'strips a part of it',
      '/?utm_source=x&gclid=abc',
      "history.replaceState(0, '', '/?utm_source=x')",
      '/?utm_source=x&gclid=abc',
    ],
    [
      'goes on to a route',
      '/?gclid=abc&msclkid=d',
      "history.pushState(0, '', '/home?step=1')",
      '/?gclid=abc&msclkid=d',
    ],
    ['has a hash', '/?gclid=abc#top', "history.replaceState(0, '', '/#top')", '/?gclid=abc'],
    ['keeps its address', '/?gclid=abc#top', '', '/?gclid=abc#top'],
    [
      'goes on to a route with tags of its own',
      '/?gclid=abc',
      "history.pushState(0, '', '/b?utm_source=mail')",
      '/b?utm_source=mail',
    ],
    ['goes on to a route and had no tags', '/search?q=1', "history.pushState(0, '', '/home?q=2')", '/home?q=2'],
    [
      'has hidden how it was opened',
      '/?gclid=abc',
      "history.replaceState(0, '', '/'); window.performance.getEntriesByType = undefined",
      '/',
    ],
  ])('begins where the page was opened, when it %s before the script comes', async (_, path, script, expected) => {
    await at.open(late(script), path);
    await expect.poll(touches).toEqual([expected]);
    expect(at.errors).toEqual([]);
  });

  it('takes no name and password of an address along', async () => {
    at.serve(late("history.replaceState(0, '', '/')"), '/');
    await at.page.goto(`${at.edge.origin.replace('//', '//name:secret@')}/?gclid=abc`);
    await expect.poll(touches).toEqual(['/?gclid=abc']);
  });

  it('takes how a page was opened once: neither reloads nor sessions that follow begin by it', async () => {
    at.edge.config.session = { timeoutSeconds: 1 };
    await at.open(late("history.replaceState(0, '', '/')"), '/?gclid=abc');
    await expect.poll(touches).toEqual(['/?gclid=abc']);
    await at.pass(2100);
    await at.page.mouse.click(5, 5);
    await expect.poll(touches).toEqual(['/?gclid=abc', '/']);
    await at.pass(2100);
    await at.page.reload();
    await expect.poll(touches).toEqual(['/?gclid=abc', '/', '/']);
  });

  it('takes the address of the page that has written one into an empty frame', async () => {
    await at.open(
      `<!-- no /s/acme --><iframe></iframe><script>
       const inside = document.querySelector('iframe').contentDocument; inside.open();
       inside.write('<p>415-555-0100</p><script src="/s/acme.js"></' + 'script>'); inside.close();
     </script>`,
      '/opener?gclid=abc',
    );
    await expect.poll(touches).toEqual(['/opener?gclid=abc']);
  });

  it('begins where the page was opened, when it is agreed to later', async () => {
    at.edge.config.consent = 'required';
    await at.open(BODY, '/?gclid=abc');
    await at.settled();
    await at.page.evaluate("history.pushState(0, '', '/second'); dialmark.consent(true)");
    await expect.poll(touches).toEqual(['/?gclid=abc']);
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
    await at.settled();
    expect(await text('dots')).toBe('Or 415.555.0100, day and night.');
    expect(at.errors.filter((error) => !error.startsWith('Failed to load resource'))).toEqual([]);
  });
});

describe('a copy that a page has kept of itself', () => {
  const at = stage();
  const shows = (text: string) => at.page.waitForFunction((text) => document.body.textContent?.includes(text), text);
  const COPYING = `<main>Call <a href="tel:+14155550100">415-555-0100</a></main>
    <script>function copy() { localStorage.copy = document.querySelector('main').innerHTML }
    function paste() { document.querySelector('main').innerHTML = localStorage.copy }</script>`;
  const main = () => at.page.innerHTML('main');

  it('shows this visit’s number in place of an earlier visit’s', async () => {
    at.edge.config.session = { timeoutSeconds: 1 };
    await at.open(COPYING);
    await shows('415-555-0132');
    await at.page.evaluate('copy()');
    for (const number of ['0133', '0134']) {
      await at.pass(2100);
      await at.page.reload();
      await shows(number);
      await at.page.evaluate('paste()');
      await expect.poll(main).toBe(`Call <a href="tel:+14155550${number.slice(1)}">415-555-${number}</a>`);
    }
    expect(at.errors).toEqual([]);
  });

  it('shows the printed number where this visit has none', async () => {
    at.edge.config.session = { timeoutSeconds: 1 };
    await at.open(COPYING);
    await shows('415-555-0132');
    await at.page.evaluate('copy()');
    at.edge.onLease = () => 403;
    await at.pass(2100);
    await at.page.reload();
    await at.page.evaluate('paste()');
    await expect.poll(main).toBe('Call <a href="tel:+14155550100">415-555-0100</a>');
  });

  it('leaves alone numbers that were never lent here, a fallback, and those of long ago', async () => {
    const strangers = '<p id="strangers">415-555-0134, 415-555-0135, 415-555-0140</p>';
    await at.open(COPYING + strangers);
    await shows('415-555-0132');
    await at.page.evaluate(() => {
      const kept = JSON.parse(localStorage.dialmark_acme);
      const days = (count: number) => new Date(Date.now() - count * 86_400_000).toISOString();
      const [lent] = kept.lent;
      const other = (last: string, ago: number) => ({
        ...lent,
        number: `+1415555${last}`,
        national: `(415) 555-${last}`,
        international: `+1 415-555-${last}`,
        expiresAt: days(ago),
      });
      kept.lent = [other('0135', 46), other('0140', 44), lent];
      localStorage.dialmark_acme = JSON.stringify(kept);
    });
    await at.page.reload();
    await shows('415-555-0132');
    expect(await at.page.textContent('#strangers')).toBe('415-555-0134, 415-555-0135, 415-555-0132');
  });

  it('keeps few numbers, and forgets them when consent is withdrawn', async () => {
    const { assignment, leased } = await import('../../tools/edge-double.ts');
    let count = 0;
    at.edge.onLease = (lease) => {
      const number = `+1415555${1000 + count++}`;
      return leased(lease, {
        ...assignment(0, 0),
        number,
        national: number,
        international: `+1 ${number.slice(2)}`,
      } as never);
    };
    await at.open(COPYING);
    for (let page = 1; page < 14; page++) {
      await expect.poll(() => at.edge.leases()).toHaveLength(page);
      await at.page.waitForFunction((last) => localStorage.dialmark_acme?.includes(last), `${999 + page}`);
      await at.page.reload();
    }
    const kept = await at.page.evaluate(() => JSON.parse(localStorage.dialmark_acme).lent.length);
    expect(kept).toBe(10);
    await at.page.evaluate('dialmark.consent(false)');
    expect(await at.page.evaluate(() => Object.keys(localStorage))).toEqual([]);
  });
});
