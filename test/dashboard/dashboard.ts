import { mkdtempSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { api, type SiteConfigInput } from '@dialmark/shared';
import { createClient } from '@dialmark/shared/client';
import type { AxeResults } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { launchChromium } from '../../tools/browsers/chromium.ts';
import { SITE, TOKEN } from './seed.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const WIDTHS = [390, 1280, 1920] as const;

/** Folder for screenshots. */
export const pictures = process.env.DASHBOARD_PICTURES ?? mkdtempSync(join(tmpdir(), 'dialmark-dashboard-'));
export const edge = inject('edge');
export const admin = createClient({ edge, token: TOKEN });

let browser: Browser;
let errors: string[] = [];

beforeAll(async () => {
  browser = await launchChromium();
});

afterEach(async () => {
  await Promise.all(browser.contexts().map((context) => context.close()));
  const logged = errors;
  errors = [];
  expect(logged, 'errors in the console').toEqual([]);
});

afterAll(() => browser?.close());

interface Opened {
  width?: number;
  /** Another Worker than the one that all pages share. */
  at?: string;
  /** A page that was opened before. */
  page?: Page;
  token?: string;
}

/** Opens an empty page in a browser of its own. */
export async function open({ width = 1280 }: Opened = {}): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width, height: width < 500 ? 844 : 900 },
    colorScheme: 'light',
    timezoneId: 'America/New_York',
    locale: 'en-US',
  });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => {
    // The browser logs an error for every request that a test makes fail on purpose.
    if (message.type() === 'error' && !/status of (40[0134]|503)/.test(message.text())) errors.push(message.text());
  });
  return page;
}

/** Opens a page of the dashboard and logs in. */
export async function logIn(route = '', { at = edge, token = TOKEN, ...opened }: Opened = {}): Promise<Page> {
  const page = opened.page ?? (await open(opened));
  await page.goto(`${at}/app/${route}`);
  await page.getByLabel('Token').fill(token);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('heading', { level: 1, name: 'Log in' }).waitFor({ state: 'detached' });
  return page;
}

let sites = 0;

/** Creates a site that one test may change. */
export async function newSite(config: Partial<SiteConfigInput> = {}, numbers = 3): Promise<string> {
  const site = `own-${++sites}-${crypto.randomUUID().slice(0, 8)}`;
  await admin.call(api.putSite, { site, body: { ...SITE, ...config } });
  const rows = Array.from({ length: numbers }, (_, i) => ({ number: `+1415555${1000 + i}`, target: 'main' }));
  if (numbers > 0) await admin.call(api.addNumbers, { site, body: { numbers: rows } });
  return site;
}

/** Returns what axe finds wrong with a page. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const { violations: found } = await page.evaluate(() =>
    (globalThis as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run(),
  );
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
}

/** Tests that a page fits and is accessible at every width, in light and dark. */
export function testLayout(name: string, route: string, ready: (page: Page) => Promise<void>): void {
  describe('its layout', () => {
    it.each(WIDTHS)('is accessible and fits at %i pixels, in light and dark', async (width) => {
      const page = await logIn(route, { width });
      await ready(page);
      await page.screenshot({ path: join(pictures, `${name}-${width}.png`), fullPage: true });
      expect(await violations(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
      await page.emulateMedia({ colorScheme: 'dark' });
      await page.waitForFunction(() => document.documentElement.dataset.theme === 'dark');
      expect(await violations(page)).toEqual([]);
      await page.screenshot({ path: join(pictures, `${name}-${width}-dark.png`), fullPage: true });
    });
  });
}
