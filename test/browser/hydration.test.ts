import { describe, expect, it } from 'vitest';
import { stage } from './browser.ts';
import { serverRendered } from './frameworks/server-rendered.ts';

/** When a page's framework takes over. */
const MOMENTS = {
  'at the end of the body': (run: string) => `<script src="/app.js"></script><script>${run}</script>`,
  'by a module': (run: string) => `<script src="/app.js"></script><script type="module">${run}</script>`,
  'after a second': (run: string) =>
    `<script src="/app.js" defer></script><script>setTimeout(() => { ${run} }, 1000)</script>`,
};

/** A container that says what it is; and one that might be any part of a page, known by its scripts alone. */
const PAGES = (
  await Promise.all(
    ['root', 'page'].map(async (id) => (await serverRendered(id)).map((rendered) => ({ id, ...rendered }))),
  )
).flat();

describe.each(PAGES)('a page of $name in #$id', ({ id, html, script }) => {
  const at = stage();
  const texts = () =>
    at.page.evaluate(() =>
      Object.fromEntries(
        ['pieces', 'whole', 'plain', 'link', 'raw', 'suspense', 'section'].map((id) => [
          id,
          document.getElementById(id)?.textContent,
        ]),
      ),
    );
  const items = () => at.page.evaluate(() => [...document.querySelectorAll('li')].map((li) => li.textContent));

  it.each(Object.entries(MOMENTS).slice(0, id === 'root' ? 3 : 2))(
    'that hydrates %s is swapped, and nothing is rebuilt',
    async (_, moment) => {
      const page = `<!doctype html><html><head><meta charset="utf-8"><link rel="icon" href="data:,"><script src="/s/acme.js"></script></head><body><div id="${id}">${html}</div>${moment('app.hydrate(); window.hydrated = true')}</body></html>`;
      at.edge.pages.set('/app.js', script);
      at.edge.pages.set(
        '/first',
        '<!doctype html><link rel="icon" href="data:,"><script src="/s/acme.js"></script><p>415-555-0100</p>',
      );
      await at.page.goto(`${at.edge.origin}/first`);
      await at.page.waitForFunction(() => document.body.textContent?.includes('415-555-0132'));

      // The second page knows its number before its first text is parsed: the hardest case.
      at.edge.pages.set('/', page);
      await at.page.goto(at.edge.origin, { waitUntil: 'commit' });
      await at.page.waitForSelector('#typed');
      await at.page.evaluate(() => {
        Object.assign(document.querySelector('main') as Element, { kept: true });
        (document.getElementById('typed') as HTMLInputElement).value = 'typed';
      });
      await at.page.waitForFunction('window.hydrated');
      await at.page.waitForFunction(() => document.getElementById('suspense')?.textContent?.includes('0132'));
      await expect.poll(texts).toEqual({
        pieces: 'Call 415-555-0132 now (0)',
        whole: 'Call 415-555-0132, 0 times',
        plain: '(415) 555-0132',
        link: '+1 415 555 0132',
        raw: '415.555.0132',
        suspense: '415 555 0132',
        section: '415-555-0132',
      });
      expect(await at.page.getAttribute('#link', 'href')).toBe('tel:+14155550132');
      expect(
        await at.page.evaluate(() => [
          (document.querySelector('main') as unknown as { kept: boolean }).kept,
          (document.getElementById('typed') as HTMLInputElement).value,
        ]),
      ).toEqual([true, 'typed']);

      await at.page.click('#count');
      await expect.poll(texts).toMatchObject({
        pieces: 'Call 415-555-0132 now (1)',
        whole: 'Call 415-555-0132, 1 times',
      });
      await at.page.click('#turn');
      await expect.poll(items).toEqual(['c: 415-555-0132', 'b: 415-555-0132', 'a: 415-555-0132']);
      await at.page.click('#toggle');
      await at.page.waitForSelector('#section', { state: 'detached' });
      await at.page.click('#toggle');
      await expect.poll(() => at.page.textContent('#section')).toBe('415-555-0132');
      expect(at.errors).toEqual([]);
    },
  );
});
