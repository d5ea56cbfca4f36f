import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { stage } from './browser.ts';

interface Api {
  ready: Promise<Record<string, { number: string }>>;
  numbers: Record<string, { number: string }>;
  number(target: string): { number: string; national: string } | null;
  tag(data: object): void;
  on(event: string, listener: (detail: { target: string; assignment: { number: string } }) => void): () => void;
  push(call: unknown): void;
}
declare const dialmark: Api;

const BODY = '<p>415-555-0100</p>';

describe('the global API', () => {
  const at = stage();
  const shows = (text: string) => at.page.waitForFunction((text) => document.body.textContent?.includes(text), text);

  it('tells the number, as an object and as text', async () => {
    await at.open(BODY);
    await shows('0132');
    const told = await at.page.evaluate(async () => {
      const ready = await dialmark.ready;
      return [
        ready.main?.number,
        dialmark.number('main')?.number,
        String(dialmark.number('main')),
        dialmark.number('x'),
      ];
    });
    expect(told).toEqual(['+14155550132', '+14155550132', '(415) 555-0132', null]);
  });

  it('is ready with nothing when no number can be had, and says so', async () => {
    at.edge.onLease = () => 403;
    await at.open(
      `<script>document.addEventListener('dialmark:error', (event) => { window.reason = event.detail.reason })</script>${BODY}`,
    );
    expect(await at.page.evaluate(async () => Object.keys(await dialmark.ready))).toEqual([]);
    expect(await at.page.evaluate('window.reason')).toBe('no answer');
  });

  it('tells of numbers and swaps by events that stay on the document, until nobody listens any more', async () => {
    await at.open(`<script>
      window.heard = [];
      window.addEventListener('dialmark:number', () => heard.push('window'));
      document.addEventListener('dialmark:number', ({ detail }) => heard.push(['number', detail.target, detail.assignment.number]));
      document.addEventListener('dialmark:swap', ({ detail }) => heard.push(['swap', detail.from, detail.to]));
      (window.dialmark ||= []).push((api) => { window.stopHearing = api.on('number', () => heard.push('on')); });
    </script>${BODY}`);
    await shows('0132');
    expect(await at.page.evaluate('heard')).toEqual([
      ['number', 'main', '+14155550132'],
      'on',
      ['swap', '415-555-0100', '415-555-0132'],
    ]);
  });

  it('attaches data to the session', async () => {
    await at.open(BODY);
    await shows('0132');
    await at.page.evaluate(() => dialmark.tag({ plan: 'pro' }));
    await expect.poll(() => at.edge.events('tag')).toMatchObject([{ data: { plan: 'pro' } }]);
  });

  it('attaches what was told before the script came, once the edge knows the visit', async () => {
    await at.open(`<script>(window.dialmark ||= []).push(['tag', { plan: 'pro' }])</script>${BODY}`);
    await expect.poll(() => at.edge.requests.map(({ path }) => path.split('/').at(-1))).toEqual(['lease', 'events']);
    expect(at.edge.events('tag')).toMatchObject([{ data: { plan: 'pro' } }]);
  });

  it('hears nothing of data that is no JSON', async () => {
    await at.open(BODY);
    await shows('0132');
    await at.page.evaluate(() => {
      const circle = {};
      dialmark.tag(Object.assign(circle, { circle }));
      dialmark.tag({ plan: 'pro' });
    });
    await expect.poll(() => at.edge.events('tag').length).toBe(1);
    expect(at.errors).toEqual([]);
  });

  it('tells the tag manager, and GA4 where it is there', async () => {
    await at.open(`<script>window.dataLayer = []</script>${BODY}`);
    await shows('0132');
    expect(await at.page.evaluate('dataLayer')).toEqual([
      { event: 'dialmark_number', dialmark_target: 'main', dialmark_number: '+14155550132', dialmark_kind: 'pool' },
    ]);
    at.serve(`<script>window.told = []; window.gtag = (...args) => told.push(args)</script>${BODY}`, '/ga4');
    await at.page.goto(`${at.edge.origin}/ga4`);
    await shows('0132');
    expect(await at.page.evaluate('told')).toMatchObject([['event', 'dialmark_number', { dialmark_target: 'main' }]]);
  });

  it('takes calls made at any time', async () => {
    await at.open(BODY);
    await shows('0132');
    const got = await at.page.evaluate(() => {
      let number: string | undefined;
      dialmark.push((api: Api) => {
        number = api.number('main')?.national;
      });
      return number;
    });
    expect(got).toBe('(415) 555-0132');
  });
});

describe('debugging', () => {
  const at = stage();
  /** The overlay stands in a closed shadow root: it is read as a screen reader would. */
  const overlay = async () => {
    const session = await at.context.newCDPSession(at.page);
    const { root } = await session.send('DOM.getDocument', { depth: -1, pierce: true });
    const texts: string[] = [];
    const read = (node: typeof root): void => {
      if (node.nodeType === 3) texts.push(node.nodeValue);
      for (const child of [...(node.children ?? []), ...(node.shadowRoots ?? [])]) read(child);
    };
    const find = (node: typeof root): typeof root | undefined =>
      node.localName === 'dialmark-debug'
        ? node
        : [...(node.children ?? [])].map(find).find((found) => found !== undefined);
    const host = find(root);
    if (host) read(host);
    return texts.join(' ');
  };

  /** Presses Close where it is drawn: the overlay's shadow root is closed to scripts. */
  const pressClose = async () => {
    const session = await at.context.newCDPSession(at.page);
    const { nodes } = await session.send('Accessibility.getFullAXTree');
    const close = nodes.find(({ role, name }) => role?.value === 'button' && name?.value === 'Close');
    const { model } = await session.send('DOM.getBoxModel', { backendNodeId: close?.backendDOMNodeId as number });
    const [left = 0, top = 0] = model.content;
    await at.page.mouse.click(left + 2, top + 2);
  };

  it('explains the visit, the numbers, every place and why others were left alone', async () => {
    await at.open(
      `<p>415-555-0100</p><p>Order 94155550100</p><p>415.555.0100 / 0101</p><div data-dialmark-ignore>(415) 555-0100</div><i data-dialmark="nope">x</i>`,
      '/?dialmark=debug&gclid=abc',
      { referer: 'https://www.google.com/' },
    );
    await at.page.waitForFunction(() => document.body.textContent?.includes('0132'));
    await expect.poll(overlay).toContain('415-555-0132');
    const text = await overlay();
    for (const part of [
      'https://www.google.com/',
      'gclid=abc',
      '(415) 555-0132',
      'pool',
      'part of a longer word or number',
      'a second number follows in short form and would become somebody else’s number',
      'scripts, form fields and ignored elements are never changed',
      'data-dialmark="nope" names an unknown target. Targets: main.',
    ])
      expect(text).toContain(part);
    expect(text).toMatch(/v_\w+/);
    expect(at.errors).toEqual([]);
  });

  it('warns of Google’s own number swapping', async () => {
    await at.open(`<script>window._googWcmGet = () => {}</script>${BODY}`, '/?dialmark=debug');
    await expect.poll(overlay).toContain('Google’s own number swapping');
  });

  it.each(['+14155550133', '%2B14155550133', '14155550133'])(
    'previews %s, a number of the site, neither leases nor stores, and undoes it on Close',
    async (number) => {
      await at.open('<p>(415) 555-0100</p><a href="tel:+14155550100">x</a>', `/?dialmark=preview:${number}`);
      await at.page.waitForFunction(() => document.querySelector('p')?.textContent === '(415) 555-0133');
      expect(await at.page.getAttribute('a', 'href')).toBe('tel:+14155550133');
      await expect.poll(overlay).toContain('Preview of +14155550133');
      await pressClose();
      expect(await at.page.textContent('p')).toBe('(415) 555-0100');
      expect(await at.page.getAttribute('a', 'href')).toBe('tel:+14155550100');
      expect(at.edge.requests).toEqual([]);
      expect(await at.context.cookies()).toEqual([]);
      expect(at.errors).toEqual([]);
    },
  );

  it('previews a source number that the script has with it', async () => {
    const SOURCE = { number: '+14155550177', national: '(415) 555-0177', international: '+1 415-555-0177' };
    at.edge.config.sources = [{ ...SOURCE, target: 'main', match: { landingPage: '/never' } }];
    await at.open('<p>(415) 555-0100</p>', `/?dialmark=preview:${SOURCE.number}`);
    await at.page.waitForFunction(() => document.querySelector('p')?.textContent === '(415) 555-0177');
  });

  it.each(['+19005550199', '900', '+4420794609581234567', 'javascript:alert(1)'])(
    'shows nothing of %s, which is no number of the site',
    async (number) => {
      await at.open(
        '<p>(415) 555-0100</p><a href="tel:+14155550100">x</a><b data-dialmark="main">x</b>',
        `/?dialmark=preview:${number}`,
      );
      await expect.poll(overlay).toMatch(/not a number of this site|Dialmark · acme/);
      expect(await at.page.textContent('p')).toBe('(415) 555-0100');
      expect(await at.page.textContent('b')).toBe('x');
      expect(await at.page.getAttribute('a', 'href')).toBe('tel:+14155550100');
      expect(at.edge.requests).toEqual([]);
    },
  );

  it.each([
    ['has nothing to look with', 'dialmark.internals = { visit() {}, show() {} }'],
    ['has other things to look with', 'dialmark.internals.matcher = [0]'],
    ['has no part for the overlay', 'delete dialmark.internals'],
  ])('says that the versions differ where a pinned script %s', async (_, older) => {
    at.edge.config.version = '0123456789ab';
    await at.open(BODY);
    await at.page.waitForFunction('dialmark.internals');
    await at.page.evaluate(
      `${older}; document.head.append(Object.assign(document.createElement('script'), { src: '/s/acme/debug.js' }))`,
    );
    await expect.poll(overlay).toContain('(version 0123456789ab) does not match this overlay');
    expect(at.errors).toEqual([]);
  });

  it('works under a strict policy', async () => {
    at.edge.pageHeaders['content-security-policy'] =
      `default-src 'none'; script-src ${at.edge.origin}; connect-src ${at.edge.origin}; img-src data:`;
    await at.open(BODY, '/?dialmark=debug');
    await expect.poll(overlay).toContain('415-555-0132');
    expect(at.errors).toEqual([]);
  });

  it('costs the page nothing while nobody debugs', async () => {
    let asked = 0;
    await at.page.route('**/debug.js', (route) => {
      asked++;
      return route.abort();
    });
    await at.open(BODY);
    await at.page.waitForFunction(() => document.body.textContent?.includes('0132'));
    expect(asked).toBe(0);
  });
});

describe('the npm module', () => {
  const at = stage();
  const bundled = async (code: string) => {
    const { outputFiles } = await build({
      stdin: { contents: code, resolveDir: import.meta.dirname, loader: 'ts' },
      bundle: true,
      write: false,
      format: 'iife',
      define: {
        'process.env.NODE_ENV': '"production"',
        __VUE_OPTIONS_API__: 'true',
        __VUE_PROD_DEVTOOLS__: 'false',
        __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false',
      },
      conditions: ['browser', 'production'],
    });
    return (outputFiles[0] as { text: string }).text;
  };
  const run = async (code: string, body: string) => {
    at.edge.pages.set('/app.js', await bundled(code));
    await at.open(
      `${body}<!-- no /s/acme --><script>window.config = ${JSON.stringify(at.edge.config)}</script><script src="/app.js"></script>`,
    );
  };

  it('does nothing when it is imported', async () => {
    const { outputFiles } = await build({
      stdin: { contents: `import '@dialmark/snippet'`, resolveDir: import.meta.dirname },
      bundle: true,
      write: false,
      format: 'esm',
    });
    expect((outputFiles[0] as { text: string }).text.trim()).toBe('');
  });

  it('gives numbers without touching the page', async () => {
    await run(
      `import { createDialmark } from '@dialmark/snippet';
       const dialmark = createDialmark({ ...config, autoSwap: false });
       dialmark.ready.then(() => { document.title = String(dialmark.number('main')) });`,
      BODY,
    );
    await at.page.waitForFunction(() => document.title === '(415) 555-0132');
    expect(await at.page.textContent('p')).toBe('415-555-0100');
  });

  it('locates and swaps by itself, once, and restores', async () => {
    await run(
      `import { locate, swap } from '@dialmark/snippet';
       Object.assign(window, { locate, swap });`,
      '<p>415-<b>555</b>-0100</p><a href="tel:4155550100" title="Call 415.555.0100">x</a>',
    );
    const result = await at.page.evaluate(() => {
      const { locate, swap, config } = window as unknown as {
        locate(root: Node, targets: unknown): { kind: string; text: string; nodes: Node[] }[];
        swap(root: Node, targets: unknown, numbers: object): { count: number; restore(): void };
        config: { targets: unknown };
      };
      const places = locate(document, config.targets).map(({ kind, text, nodes }) => [kind, text, nodes.length]);
      const before = document.body.innerHTML;
      const number = { number: '+14155550132', national: '(415) 555-0132', international: '+1 415-555-0132' };
      const { count, restore } = swap(document, config.targets, { main: number });
      const texts = [document.querySelector('p')?.innerHTML, document.querySelector('a')?.outerHTML];
      restore();
      return { places, count, texts, same: document.body.innerHTML === before };
    });
    expect(result).toEqual({
      places: [
        ['text', '415-555-0100', 3],
        ['link', 'tel:4155550100', 1],
        ['label', '415.555.0100', 1],
      ],
      count: 3,
      texts: ['415-<b>555</b>-0132', '<a href="tel:4155550132" title="Call 415.555.0132">x</a>'],
      same: true,
    });
  });

  it('has a hook for React', async () => {
    await run(
      `import { createElement } from 'react';
       import { createRoot } from 'react-dom/client';
       import { createDialmark } from '@dialmark/snippet';
       import { useDialmark } from '@dialmark/snippet/react';
       const dialmark = createDialmark({ ...config, autoSwap: false });
       const Phone = () => createElement('b', null, useDialmark(dialmark, 'main')?.national ?? 'printed');
       createRoot(document.querySelector('main')).render(createElement(Phone));`,
      '<main></main>',
    );
    await at.page.waitForFunction(() => document.querySelector('b')?.textContent === '(415) 555-0132');
    expect(at.errors).toEqual([]);
  });

  it('has a composable for Vue', async () => {
    await run(
      `import { createApp, h } from 'vue';
       import { createDialmark } from '@dialmark/snippet';
       import { useDialmark } from '@dialmark/snippet/vue';
       const dialmark = createDialmark({ ...config, autoSwap: false });
       createApp({ setup() { const number = useDialmark(dialmark, 'main'); return () => h('b', number.value?.national ?? 'printed'); } }).mount('main');`,
      '<main></main>',
    );
    await at.page.waitForFunction(() => document.querySelector('b')?.textContent === '(415) 555-0132');
    expect(at.errors).toEqual([]);
  });

  it('follows Google Consent Mode, said before and after', async () => {
    at.edge.config.consent = 'required';
    await run(
      `import { createDialmark } from '@dialmark/snippet';
       import { followConsentMode } from '@dialmark/snippet/consent-google';
       window.dataLayer = []; window.gtag = function () { dataLayer.push(arguments) };
       gtag('consent', 'default', { analytics_storage: 'denied', ad_storage: 'denied' });
       followConsentMode(createDialmark(config));`,
      BODY,
    );
    await at.settled();
    expect(at.edge.requests).toEqual([]);
    await at.page.evaluate(`gtag('consent', 'update', { analytics_storage: 'granted' })`);
    await at.page.waitForFunction(() => document.querySelector('p')?.textContent === '415-555-0132');
    await at.page.evaluate(`gtag('consent', 'update', { analytics_storage: 'denied' })`);
    expect(await at.page.textContent('p')).toBe('415-555-0100');
    expect(await at.context.cookies()).toEqual([]);
  });

  it('tells the ids of Analytics and Meta that it is asked to', async () => {
    await run(
      `import { createDialmark } from '@dialmark/snippet';
       import { tellAdIds } from '@dialmark/snippet/ad-ids';
       document.cookie = 'own_ga=GA1.1.444.555'; document.cookie = '_fbp=fb.1.1764000000000.1';
       tellAdIds(createDialmark(config), ['own_ga']);`,
      BODY,
    );
    await expect.poll(() => at.edge.events('tag').map(({ data }) => data)).toEqual([{ own_ga: 'GA1.1.444.555' }]);
  });

  it('follows a TCF consent manager', async () => {
    at.edge.config.consent = 'required';
    await run(
      `import { createDialmark } from '@dialmark/snippet';
       import { followTcf } from '@dialmark/snippet/consent-tcf';
       window.__tcfapi = (command, version, heard) => { window.say = (eventStatus, consents) => heard({ eventStatus, gdprApplies: true, purpose: { consents } }, true) };
       followTcf(createDialmark(config));`,
      BODY,
    );
    await at.page.evaluate(`say('cmpuishown', { 1: true, 8: true }); say('useractioncomplete', { 1: true, 8: false })`);
    await at.settled();
    expect(at.edge.requests).toEqual([]);
    await at.page.evaluate(`say('useractioncomplete', { 1: true, 8: true })`);
    await at.page.waitForFunction(() => document.querySelector('p')?.textContent === '415-555-0132');
  });
});
