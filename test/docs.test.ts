import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeDocs } from '../scripts/docs.ts';
import { openapi } from '../scripts/openapi.ts';
import { launchChromium } from './browser/chromium.ts';

const root = join(import.meta.dirname, '..');
const assets = mkdtempSync(join(tmpdir(), 'dialmark-docs-'));

beforeAll(() => writeDocs(root, assets, openapi('0.0.0')));
afterAll(() => rmSync(assets, { recursive: true }));

/** Pages by their address, as they are served. */
const pages = () =>
  new Map(
    (readdirSync(assets, { recursive: true }) as string[])
      .filter((file) => file.endsWith('.html'))
      .map((file) => [`/${file.replace(/\.html$/, '')}`, readFileSync(join(assets, file), 'utf8')]),
  );

describe('the docs', () => {
  it('have no link, anchor or picture that leads nowhere', () => {
    const all = pages();
    const anchors = new Map([...all].map(([page, html]) => [page, new Set(html.match(/(?<= id=")[^"]+/g))]));
    const lost = [...all].flatMap(([page, html]) =>
      [...html.matchAll(/(?:href|src)="([^"]+)"/g)].flatMap(([, address = '']) => {
        if (/^[a-z]+:/.test(address)) return [];
        const { pathname, hash } = new URL(address, `https://docs.example${page}`);
        const found = all.has(pathname)
          ? hash === '' || anchors.get(pathname)?.has(hash.slice(1))
          : existsSync(join(assets, pathname));
        return found ? [] : [`${page}: ${address}`];
      }),
    );
    expect(lost).toEqual([]);
  });

  it('are all reached from their front page', () => {
    const front = pages().get('/docs') ?? '';
    expect([...pages().keys()].filter((page) => page !== '/docs' && !front.includes(`href="${page}"`))).toEqual([]);
  });

  it('read well on a code host: what Markdown links to is there', () => {
    const files = [
      'README.md',
      ...(readdirSync(join(root, 'docs'), { recursive: true }) as string[]).map((f) => `docs/${f}`),
    ];
    const lost = files
      .filter((file) => file.endsWith('.md'))
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
    const page = await browser.newPage({ viewport: { width, height: 844 }, colorScheme });
    await page.route('**/*', async (route) => {
      const { pathname } = new URL(route.request().url());
      const file = [pathname, `${pathname}.html`].map((name) => join(assets, name)).find(isFile);
      await (file ? route.fulfill({ path: file }) : route.fulfill({ status: 404 }));
    });
    await page.goto(`https://docs.example${address}`);
    return page;
  }
  const isFile = (file: string) => statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
  const isInView = (page: Page, name: string) => page.getByRole('heading', { name, level: 1 }).isVisible();

  it('begins with its text on a narrow screen; the menu opens by its button', async () => {
    const page = await open('/docs/install', 390);
    expect(await isInView(page, 'Install')).toBe(true);
    const link = page.getByRole('navigation', { name: 'Docs' }).getByRole('link', { name: 'Privacy' });
    expect(await link.isVisible()).toBe(false);
    await page.getByRole('button', { name: 'Menu' }).click();
    await link.click();
    expect(new URL(page.url()).pathname).toBe('/docs/privacy');
    expect(await isInView(page, 'Privacy')).toBe(true);
    await page.close();
  });

  it.each([390, 768, 1280])('lists what is on it, and is no wider than a screen of %i', async (width) => {
    const page = await open('/docs/integrations', width);
    const summary = page.getByText('On this page');
    const link = page.locator('.contents').getByRole('link', { name: 'What is promised' });
    if (!(await link.isVisible())) await summary.click();
    await link.click();
    expect(new URL(page.url()).hash).toBe('#what-is-promised');
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0);
    await page.close();
  });

  it.each([
    ['/docs', 390, 'light'],
    ['/docs/reference', 390, 'dark'],
    ['/docs/attribution-explained', 1280, 'dark'],
    ['/docs/compare', 390, 'light'],
  ] as const)('has no barriers: %s at %i, %s', async (address, width, colorScheme) => {
    const page = await open(address, width, colorScheme);
    await page.evaluate(axe.source);
    const { violations } = await page.evaluate(() => (window as unknown as { axe: typeof axe }).axe.run());
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
    await page.close();
  });
});

describe('the API reference', () => {
  const reference = () => pages().get('/docs/reference') ?? '';

  it('leads to each operation, those of visits and calls first and the carriers’ webhooks last', () => {
    const index = /<nav aria-label="Operations"[\s\S]*?<\/nav>/.exec(reference())?.[0] ?? '';
    const operations = Object.values(openapi('0.0.0').paths as Record<string, Record<string, { operationId: string }>>)
      .flatMap((methods) => Object.values(methods).map(({ operationId }) => operationId))
      .filter((id) => !id.endsWith('ByGet'));
    const listed = [...index.matchAll(/<li><a href="#([^"]+)"/g)].map(([, id]) => id);
    expect(listed.toSorted()).toEqual(operations.map((id) => id.toLowerCase()).sort());
    expect(listed.slice(0, 4)).toEqual(['lease', 'event', 'amp', 'attribution']);
    expect(listed.at(-1)).toBe('bandwidthstatus');
  });

  it('gives no two things one id', () => {
    const ids = [...reference().matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  });
});
