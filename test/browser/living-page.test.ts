import { describe, expect, it } from 'vitest';
import { assignment, leased } from '../../tools/edge-double.ts';
import { stage } from './browser.ts';

/** Edits that a page may make after it was swapped; the number shows as 0132 wherever 0100 was printed. */
describe('a living page', () => {
  const at = stage();
  const shows = (text: string) =>
    at.page.waitForFunction((text) => document.documentElement.textContent?.includes(text), text);
  const open = async (body: string) => {
    await at.open(`<p id="first">415-555-0100</p>${body}`);
    await shows('415-555-0132');
  };
  const frame = () => at.page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 20))));

  it('swaps what is added, rewritten or given a new link', async () => {
    await open('<p id="late"></p><a id="link" href="/">x</a>');
    await at.page.evaluate(() => {
      document.body.insertAdjacentHTML('beforeend', '<div><b>Menu (415) 555-0100</b></div>');
      (document.getElementById('late') as Element).textContent = 'late 415.555.0100';
      document.getElementById('link')?.setAttribute('href', 'tel:+14155550100');
    });
    await frame();
    expect(await at.page.textContent('b')).toBe('Menu (415) 555-0132');
    expect(await at.page.textContent('#late')).toBe('late 415.555.0132');
    expect(await at.page.getAttribute('#link', 'href')).toBe('tel:+14155550132');
    await at.page.evaluate(() => {
      (document.querySelector('#late')?.firstChild as Text).data = 'edited 415 555 0100';
    });
    await frame();
    expect(await at.page.textContent('#late')).toBe('edited 415 555 0132');
  });

  it('swaps labels that are set or changed after loading', async () => {
    await open('<button id="b" title="Menu"></button><img id="i" alt="">');
    await at.page.evaluate(() => {
      document.getElementById('b')?.setAttribute('aria-label', 'Call (415) 555-0100');
      document.getElementById('b')?.setAttribute('title', '415.555.0100');
      document.getElementById('i')?.setAttribute('alt', 'Phone 415 555 0100');
    });
    await frame();
    expect(await at.page.getAttribute('#b', 'aria-label')).toBe('Call (415) 555-0132');
    expect(await at.page.getAttribute('#b', 'title')).toBe('415.555.0132');
    expect(await at.page.getAttribute('#i', 'alt')).toBe('Phone 415 555 0132');
  });

  it('swaps links in drawings that are changed after loading, and hears their clicks', async () => {
    await open(
      '<svg width="200" height="40"><a id="old" xlink:href="/" ><text y="20">Call</text></a><a id="new"><text y="40">Ring</text></a></svg>',
    );
    await at.page.evaluate(() => {
      document.addEventListener('click', (event) => event.preventDefault());
      const xlink = 'http://www.w3.org/1999/xlink';
      for (const id of ['old', 'new'])
        document.getElementById(id)?.setAttributeNS(xlink, 'xlink:href', 'tel:+14155550100');
    });
    await frame();
    expect(await at.page.getAttribute('#old', 'xlink:href')).toBe('tel:+14155550132');
    expect(await at.page.getAttribute('#new', 'xlink:href')).toBe('tel:+14155550132');
    await at.page.click('#old text');
    await expect.poll(() => at.edge.events('tel_click')).toHaveLength(1);
  });

  it('swaps before the frame is painted in which a number appears', async () => {
    await open('');
    const seen = await at.page.evaluate(
      () =>
        new Promise<string>((done) => {
          const p = document.body.appendChild(document.createElement('p'));
          p.textContent = '415-555-0100';
          requestAnimationFrame(() => requestAnimationFrame(() => done(p.textContent as string)));
        }),
    );
    expect(seen).toBe('415-555-0132');
  });

  it('judges both halves of a split number again when the page rewrites one', async () => {
    await open('<p id="split"><b>(415)</b> 555-<i>0100</i></p>');
    expect(await at.page.textContent('#split')).toBe('(415) 555-0132');
    await at.page.evaluate(() => {
      (document.querySelector('#split i') as Element).textContent = '7777';
    });
    await frame();
    expect(await at.page.textContent('#split')).toBe('(415) 555-7777');
    await at.page.evaluate(() => document.querySelector('#split i')?.remove());
    await at.page.evaluate(() => {
      (document.querySelector('#split') as Element).append('0100');
    });
    await frame();
    expect(await at.page.textContent('#split')).toBe('(415) 555-0132');
  });

  it('reaches open shadow roots, nested and attached late, and leaves closed ones alone', async () => {
    await open('<div id="host"></div><div id="plain"></div>');
    await at.page.evaluate(() => {
      const root = (document.getElementById('host') as Element).attachShadow({ mode: 'open' });
      root.innerHTML = '<p>415 555 0100</p><div></div>';
      (root.querySelector('div') as Element).attachShadow({ mode: 'open' }).innerHTML =
        '<a href="tel:4155550100">415.555.0100</a>';
      const closed = (document.getElementById('plain') as Element).attachShadow({ mode: 'closed' });
      closed.innerHTML = '<p>415 555 0100</p>';
      Object.assign(window, { shut: closed });
    });
    await frame();
    const texts = await at.page.evaluate(() => {
      const root = document.getElementById('host')?.shadowRoot as ShadowRoot;
      const inner = root.querySelector('div')?.shadowRoot as ShadowRoot;
      return [
        root.querySelector('p')?.textContent,
        inner.querySelector('a')?.textContent,
        inner.querySelector('a')?.getAttribute('href'),
        (window as unknown as { shut: ShadowRoot }).shut.textContent,
      ];
    });
    expect(texts).toEqual(['415 555 0132', '415.555.0132', 'tel:4155550132', '415 555 0100']);
  });

  it('finds shadow roots that were there before it came, declared ones too', async () => {
    await open(
      '<div id="declared"><template shadowrootmode="open"><p>415 555 0100</p></template></div><script>customElements.define("x-phone", class extends HTMLElement { connectedCallback() { this.attachShadow({ mode: "open" }).textContent = "415.555.0100" } })</script><x-phone></x-phone>',
    );
    await expect
      .poll(() =>
        at.page.evaluate(() => [
          document.querySelector('#declared')?.shadowRoot?.textContent,
          document.querySelector('x-phone')?.shadowRoot?.textContent,
        ]),
      )
      .toEqual(['415 555 0132', '415.555.0132']);
  });

  it('watches what changes inside a shadow root', async () => {
    await open('<div id="host"></div>');
    await at.page.evaluate(() => {
      document.getElementById('host')?.attachShadow({ mode: 'open' });
    });
    await frame();
    await at.page.evaluate(() => {
      (document.getElementById('host')?.shadowRoot as ShadowRoot).innerHTML = '<i>415 555 0100</i>';
    });
    await frame();
    expect(await at.page.evaluate(() => document.getElementById('host')?.shadowRoot?.textContent)).toBe('415 555 0132');
  });

  it('reaches frames of the same origin, when they come and when they go elsewhere', async () => {
    at.serve('<p>frame 415-555-0100</p><!-- no /s/acme -->', '/inner');
    at.serve('<p>other 415-555-0100</p><!-- no /s/acme -->', '/other');
    await open('<iframe src="/inner"></iframe>');
    const text = () => at.page.frames()[1]?.textContent('p');
    await expect.poll(text).toBe('frame 415-555-0132');
    await at.page.evaluate(() => {
      (document.querySelector('iframe') as HTMLIFrameElement).src = '/other';
    });
    await expect.poll(text).toBe('other 415-555-0132');
  });

  it('counts a change of route as a page view, and swaps its view', async () => {
    await open('<main></main>');
    await at.page.evaluate(() => {
      history.pushState({}, '', '/contact?x=1');
      (document.querySelector('main') as Element).innerHTML = '<h1>Call 415-555-0100</h1>';
    });
    await shows('Call 415-555-0132');
    await expect
      .poll(() => at.edge.events('pageview').map(({ page }) => page?.url))
      .toEqual([`${at.edge.origin}/contact?x=1`]);
    await at.page.evaluate(() => history.replaceState({}, '', '/contact?x=1#top'));
    await at.page.goBack();
    await expect.poll(() => at.edge.events('pageview').length).toBe(2);
    expect(at.edge.leases()).toHaveLength(1);
  });

  it('says that it is back when the browser brings a page back from its cache', async () => {
    await open('<a href="/away">away</a>');
    at.serve('<p>away</p><!-- no /s/acme -->', '/away');
    await at.page.evaluate(() => Object.assign(window, { kept: true }));
    await at.page.goto(`${at.edge.origin}/away`);
    await at.page.goBack();
    await shows('415-555-0132');
    // A browser that did not keep the page loads it again: a page view either way.
    await expect.poll(() => at.edge.events('pageview').length).toBe(1);
    expect(at.edge.leases()).toHaveLength(1);
  });

  // Played by the page: under automation, Chromium fetches such pages and gives them up.
  it('leases nothing for a page that is prerendered until it is shown', async () => {
    await at.context.addInitScript(() => {
      let prerendering = true;
      Object.defineProperty(Document.prototype, 'prerendering', { get: () => prerendering });
      Object.assign(window, {
        show() {
          prerendering = false;
          document.dispatchEvent(new Event('prerenderingchange'));
        },
      });
    });
    await at.open('<p>415-555-0100</p>');
    await at.settled();
    expect(at.edge.leases()).toEqual([]);
    await at.page.evaluate('show()');
    await shows('415-555-0132');
    expect(at.edge.leases()).toHaveLength(1);
  });

  it('looks at once where it is asked to, and counts the swaps', async () => {
    await open('');
    const counts = await at.page.evaluate(() => {
      const { dialmark } = window as unknown as { dialmark: { rescan(root?: Node): number } };
      document.body.insertAdjacentHTML('beforeend', '<div id="d">415-555-0100 <a href="tel:4155550100">x</a></div>');
      const div = document.getElementById('d') as Element;
      return [dialmark.rescan(div), dialmark.rescan(div), dialmark.rescan(), div.textContent];
    });
    expect(counts).toEqual([2, 0, 0, '415-555-0132 x']);
  });

  it('restores the page byte for byte when it is stopped, and stays away', async () => {
    const html =
      '<p id="first">415-555-0100</p><a href="tel:415-555-0100" title="(415) 555-0100"><b>415</b>-555-0100</a>';
    await at.open(html);
    await shows('415-555-0132');
    await at.page.evaluate(() => {
      (window as unknown as { dialmark: { stop(): void } }).dialmark.stop();
      document.body.insertAdjacentHTML('beforeend', '<i>415-555-0100</i>');
    });
    await frame();
    expect(await at.page.innerHTML('body')).toBe(`${html}<i>415-555-0100</i>`);
    expect(await at.page.evaluate(() => /native code/.test(String(Element.prototype.attachShadow)))).toBe(true);
  });
});

describe('once stopped', () => {
  const at = stage();

  it('does nothing more, whatever it is asked or was still waiting for, and keeps the visitor', async () => {
    let release = () => {};
    at.edge.onLease = (lease) =>
      new Promise((answer) => {
        release = () => answer(leased(lease, assignment(0)));
      });
    await at.open('<p>415-555-0100</p>');
    await expect.poll(() => at.edge.leases()).toHaveLength(1);
    await at.page.evaluate(() => {
      (window as unknown as { dialmark: { stop(): void } }).dialmark.stop();
    });
    release();
    await at.settled();
    const swaps = await at.page.evaluate(() => {
      const { dialmark } = window as unknown as { dialmark: { rescan(): number; tag(data: object): void } };
      dialmark.tag({ plan: 'pro' });
      return dialmark.rescan();
    });
    await at.page.mouse.click(5, 5);
    expect(swaps).toBe(0);
    expect(await at.page.textContent('p')).toBe('415-555-0100');
    expect(await at.context.cookies()).toHaveLength(1);
    expect(at.edge.events()).toEqual([]);
    expect(at.edge.leases()).toHaveLength(1);
  });
});

describe('a hostile page', () => {
  const at = stage();
  const shows = (text: string) => at.page.waitForFunction((text) => document.body.textContent?.includes(text), text);

  it('that rewrites the number back for ever is left in peace', async () => {
    await at.open(`<p>415-555-0100</p><script>
      const node = document.querySelector('p').firstChild;
      window.writes = 0;
      new MutationObserver(() => { if (node.data !== '415-555-0100') { writes++; node.data = '415-555-0100'; } }).observe(document.body, { characterData: true, subtree: true });
    </script>`);
    await expect.poll(() => at.page.evaluate('writes')).toBeGreaterThan(4);
    const counts: unknown[] = [];
    await expect
      .poll(async () => counts.unshift(await at.page.evaluate('writes')) > 1 && counts[0] === counts[1], {
        interval: 300,
      })
      .toBe(true);
    expect(await at.page.textContent('p')).toBe('415-555-0100');
  });

  it('that mutates without end still runs, and is swapped', async () => {
    await at.open(`<p>415-555-0100</p><ul></ul><script>
      let n = 0;
      const again = () => { for (let i = 0; i < 500; i++) document.querySelector('ul').append(document.createElement('li')); if (n++ < 20) setTimeout(again); else document.body.append('done 415.555.0100') };
      again();
    </script>`);
    await shows('done 415.555.0132');
    expect(at.errors).toEqual([]);
  });

  it('of a hundred thousand texts is swapped', async () => {
    await at.open(`<div></div><script>
      document.querySelector('div').innerHTML = Array.from({ length: 100000 }, (_, i) => '<p>Paragraph ' + i + (i % 1000 ? '' : ' 415-555-0100') + '</p>').join('');
    </script>`);
    await at.page.waitForFunction(() => document.body.textContent?.split('415-555-0132').length === 101);
    expect(at.errors).toEqual([]);
  }, 60_000);

  it.each([
    [
      'blocked storage',
      'Object.defineProperty(window, "localStorage", { get() { throw new DOMException("no", "SecurityError") } })',
    ],
    [
      'blocked cookies',
      'Object.defineProperty(document, "cookie", { get() { throw new Error("no") }, set() { throw new Error("no") } })',
    ],
    ['patched prototypes', 'Array.prototype.extra = () => 1; Object.prototype.more = 1; Map.prototype.foo = 1'],
    ['no fetch', 'window.fetch = undefined'],
    ['a broken dataLayer', 'window.dataLayer = { push() { throw new Error("no") } }'],
    [
      'an element called dialmark',
      'document.addEventListener("DOMContentLoaded", () => document.body.insertAdjacentHTML("beforeend", "<i id=dialmark></i>"))',
    ],
  ])('with %s is swapped all the same', async (_, script) => {
    await at.open(`<p>415-555-0100</p>`.replace('<p>', `<script>${script}</script><p>`));
    await shows('415-555-0132');
    expect(at.errors).toEqual([]);
  });

  it.each([
    ['no observer', 'window.MutationObserver = undefined'],
    ['no crypto', 'Object.defineProperty(window, "crypto", { value: undefined })'],
  ])('with %s keeps its number and hears no error', async (_, script) => {
    await at.open(`<script>${script}</script><p>415-555-0100</p>`);
    await at.settled();
    expect(await at.page.textContent('p')).toBe('415-555-0100');
    expect(at.errors).toEqual([]);
  });

  it('with the tag twice asks once', async () => {
    await at.open(
      '<script async src="/s/acme.js"></script><script async src="/s/acme.js"></script><p>415-555-0100</p>',
    );
    await shows('415-555-0132');
    await at.settled();
    expect(at.edge.leases()).toHaveLength(1);
  });

  it('under the strictest policy works, and violates nothing', async () => {
    at.edge.pageHeaders['content-security-policy'] =
      `default-src 'none'; script-src ${at.edge.origin}; connect-src ${at.edge.origin}`;
    await at.open('<p>415-555-0100</p>');
    await shows('415-555-0132');
    expect(at.errors.filter((error) => !error.includes('data:,'))).toEqual([]);
  });
});
