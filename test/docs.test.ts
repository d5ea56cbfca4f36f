import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import axe from 'axe-core';
import { transform } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { referencePages } from '../docs/.vitepress/reference/pages.ts';
import { launchChromium } from '../tools/browsers/chromium.ts';
import { openapi } from '../tools/openapi/openapi.ts';

const root = join(import.meta.dirname, '..');
/** As `npm run build` leaves them, and as they are served. */
const assets = join(root, 'packages/edge/dist/assets');

/** Every page of the docs, by its address. */
const pages = new Map(
  (readdirSync(join(assets, 'docs'), { recursive: true }) as string[])
    .filter((file) => file.endsWith('.html') && file !== '404.html')
    .map((file) => [`/docs/${file.replace(/(index)?\.html$/, '')}`, readFileSync(join(assets, 'docs', file), 'utf8')]),
);

function isFile(address: string): boolean {
  return [address, `${address}.html`, `${address}index.html`].some(
    (name) => statSync(join(assets, name), { throwIfNoEntry: false })?.isFile() ?? false,
  );
}

describe('the docs', () => {
  it('have no link, anchor or picture that leads nowhere', () => {
    const anchors = new Map([...pages].map(([page, html]) => [page, new Set(html.match(/(?<= id=")[^"]+/g))]));
    const lost = [...pages].flatMap(([page, html]) =>
      [...html.matchAll(/(?:href|src)="([^"]+)"/g)].flatMap(([, address = '']) => {
        if (/^[a-z]+:/.test(address)) return [];
        const { pathname, hash } = new URL(address, `https://docs.example${page}`);
        const found = pages.has(pathname)
          ? hash === '' || anchors.get(pathname)?.has(decodeURIComponent(hash.slice(1)))
          : isFile(pathname);
        return found ? [] : [`${page}: ${address}`];
      }),
    );
    expect([...new Set(lost)]).toEqual([]);
  });

  it('are all reached from the menu', () => {
    const front = pages.get('/docs/') ?? '';
    expect([...pages.keys()].filter((page) => !front.includes(`href="${page}"`))).toEqual([]);
  });

  it('read well on a code host: what Markdown links to is there', () => {
    const files = [
      'README.md',
      ...(readdirSync(join(root, 'docs'), { recursive: true }) as string[]).map((file) => `docs/${file}`),
    ];
    const lost = files
      .filter((file) => file.endsWith('.md') && !file.includes('['))
      .flatMap((file) =>
        [...readFileSync(join(root, file), 'utf8').matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, address = '']) => {
          const path = address.split('#')[0] as string;
          if (path === '' || /^[a-z]+:/.test(path)) return [];
          return existsSync(join(root, dirname(file), path)) ? [] : [`${file}: ${address}`];
        }),
      );
    expect(lost).toEqual([]);
  });
});

describe('a page of the docs', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());

  async function open(address: string, width: number, colorScheme: 'light' | 'dark' = 'light'): Promise<Page> {
    const context = await browser.newContext({ viewport: { width, height: 844 }, colorScheme });
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    const page = await context.newPage();
    await page.route('https://docs.example/**', async (route) => {
      const { pathname } = new URL(route.request().url());
      const file = [pathname, `${pathname}.html`, `${pathname}index.html`].find((name) => isFileAt(name));
      await (file ? route.fulfill({ path: join(assets, file) }) : route.fulfill({ status: 404 }));
    });
    await page.goto(`https://docs.example${address}`, { waitUntil: 'networkidle' });
    return page;
  }
  const isFileAt = (name: string) => statSync(join(assets, name), { throwIfNoEntry: false })?.isFile() ?? false;

  it('is served without a slash too', async () => {
    const page = await open('/docs', 1280);
    expect(new URL(page.url()).pathname).toBe('/docs/');
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toContain('Dialmark docs');
    await page.context().close();
  });

  it('opens its menu on a narrow screen', async () => {
    const page = await open('/docs/install', 390);
    await page.getByRole('button', { name: 'Menu', exact: true }).click();
    await page.getByRole('complementary').getByRole('link', { name: 'Privacy' }).click();
    await page.getByRole('heading', { level: 1, name: 'Privacy' }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/docs/privacy');
    await page.context().close();
  });

  it('is found by search', async () => {
    const page = await open('/docs/', 1280);
    await page.getByRole('button', { name: 'Search' }).click();
    await page.getByRole('searchbox').fill('time decay');
    await page.getByRole('option').first().click();
    await page.waitForURL(/attribution/);
    await page.context().close();
  });

  it('has samples to copy', async () => {
    const page = await open('/docs/reference/calls', 1280);
    await page.locator('.language-sh').first().hover();
    await page.locator('.language-sh button.copy').first().click();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(/^curl "https:/);
    await page.context().close();
  });

  it.each([390, 768, 1280])('is no wider than a screen of %i', async (width) => {
    for (const address of ['/docs/integrations', '/docs/reference/', '/docs/reference/calls']) {
      const page = await open(address, width);
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
      await page.context().close();
    }
  });

  it.each([
    ['/docs/', 390, 'light'],
    ['/docs/reference/calls', 390, 'dark'],
    ['/docs/attribution-explained', 1280, 'dark'],
    ['/docs/compare', 390, 'light'],
  ] as const)('has no accessibility violations: %s at %i, %s', async (address, width, colorScheme) => {
    const page = await open(address, width, colorScheme);
    await page.evaluate(axe.source);
    const { violations } = await page.evaluate(() => (window as unknown as { axe: typeof axe }).axe.run());
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
    await page.context().close();
  });
});

describe('the API reference', () => {
  const written = referencePages();
  const operations = Object.values(openapi('0.0.0').paths as Record<string, Record<string, { operationId: string }>>)
    .flatMap((methods) => Object.values(methods).map(({ operationId }) => operationId))
    .filter((id) => !id.endsWith('ByGet'));

  it('leads to each operation, those of visits and calls first and the carriers’ webhooks last', () => {
    const index = written.find(({ name }) => name === 'index')?.content ?? '';
    const listed = [...index.matchAll(/\(\.\/[\w-]+#([\w-]+)\)/g)].map(([, id]) => id);
    expect(listed.toSorted()).toEqual(operations.map((id) => id.toLowerCase()).sort());
    expect(listed.slice(0, 4)).toEqual(['lease', 'event', 'amp', 'attribution']);
    expect(listed.at(-1)).toBe('bandwidthstatus');
  });

  it('shows every operation in curl and in TypeScript that parses', async () => {
    const samples = written.flatMap(({ content }) => [...content.matchAll(/```ts \[TypeScript\]\n([\s\S]*?)\n```/g)]);
    expect(samples).toHaveLength(operations.length);
    for (const [, code = ''] of samples) await transform(code, { loader: 'ts', format: 'esm' });
    expect(written.flatMap(({ content }) => content.match(/```sh \[curl\]/g) ?? [])).toHaveLength(operations.length);
  });

  it('gives no two things on a page one id', () => {
    for (const [address, html] of pages) {
      const ids = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
      expect(
        ids.filter((id, index) => ids.indexOf(id) !== index && !/^(VP|local)/.test(id ?? '')),
        address,
      ).toEqual([]);
    }
  });
});
