/** `npm run pictures`: the pictures of the README and the docs, taken of the real thing with its demo data. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { api } from '@dialmark/shared';
import { createClient } from '@dialmark/shared/client';
import type { Page } from 'playwright-core';
import { seedDemo } from '../packages/demo/src/seed.ts';
import { animatedPng } from '../tools/animated-png.ts';
import { launchChromium } from '../tools/browsers/chromium.ts';
import { startLocal } from '../tools/local.ts';
import { draw } from './drawings.ts';

const SITE = 'demo';
const TOKEN = 'pictures';
const folder = join(import.meta.dirname, '../docs/pictures');
await mkdir(folder, { recursive: true });
await draw(folder);

// Kept to the port that `npm start` prints, so that the addresses in the pictures are those a reader will see.
const local = await startLocal({
  port: 8787,
  entry: 'packages/demo/src/worker.ts',
  adminToken: TOKEN,
  workerKey: TOKEN,
});
const admin = createClient({ edge: local.edge, token: TOKEN });
const browser = await launchChromium();
try {
  await seedDemo(local.edge, TOKEN, { past: true });
  await swap();
  await demo();
  await dashboard();
} finally {
  await browser.close();
  await local.stop();
}

/** Photographs the page as printed, and as a visitor from an ad sees it. */
async function swap(): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 960, height: 480 } });
  const label = (address: string, words: string) =>
    page.evaluate(
      ([bar, caption]) => {
        document.querySelector('#label')?.remove();
        document.querySelector('#panel')?.remove();
        const label = document.createElement('div');
        label.id = 'label';
        label.setAttribute('data-dialmark-ignore', '');
        label.style.cssText =
          'display:flex;justify-content:space-between;gap:16px;padding:9px 14px;background:#e7ebe9;color:#33403d;font:14px system-ui,sans-serif;border-bottom:1px solid #cfd8d4';
        label.innerHTML = `<span style="background:#fff;border-radius:14px;padding:3px 14px;flex:1"></span><b style="padding:3px 4px;white-space:nowrap"></b>`;
        (label.firstChild as HTMLElement).textContent = bar as string;
        (label.lastChild as HTMLElement).textContent = caption as string;
        document.body.prepend(label);
      },
      [address, words],
    );
  await page.route('**/s/demo.js', (route) => route.abort());
  await page.goto(`${local.edge}/demo/`);
  await label('hollisroofing.example', 'The page as it is printed');
  const printed = await page.screenshot();
  await page.unroute('**/s/demo.js');
  await arrive(page, 'google-ads');
  await label('hollisroofing.example/?utm_source=google&utm_campaign=…', 'The same page, for a visitor from an ad');
  const swapped = await page.screenshot();
  const frames = [
    { png: printed, ms: 2200 },
    { png: swapped, ms: 3200 },
  ];
  await writeFile(join(folder, 'swap.png'), animatedPng(frames));
  await page.close();
}

async function arrive(page: Page, from: string): Promise<string> {
  await page.goto(`${local.edge}/demo/?arrive=${from}`);
  await page.waitForFunction(() => document.querySelector('.phone')?.textContent !== '(415) 555-0100');
  return (await page.locator('.phone').getAttribute('href')) ?? '';
}

/** Photographs a test call on the demo page. */
async function demo(): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  await arrive(page, 'google-ads');
  await page.getByRole('button', { name: 'Place a test call' }).click();
  await page.getByText('Paid Search').waitFor();
  await page.screenshot({ path: join(folder, 'demo.png') });
  await page.context().close();
}

async function dashboard(): Promise<void> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 820 },
    timezoneId: 'America/Los_Angeles',
    locale: 'en-US',
    colorScheme: 'light',
  });
  const page = await context.newPage();
  await page.goto(`${local.edge}/app/#/${SITE}/overview`);
  await page.getByLabel('Token').fill(TOKEN);
  await page.getByRole('button', { name: 'Log in' }).click();
  const shoot = async (name: string, route: string, ready: () => Promise<unknown>) => {
    await page.goto(`${local.edge}/app/#/${SITE}/${route}`);
    await ready();
    // Wait for animations to end.
    await page.waitForTimeout(400);
    await page.screenshot({ path: join(folder, `${name}.png`) });
  };
  const overview = () => page.getByRole('link', { name: 'Paid Search' }).first().waitFor();
  await shoot('overview', 'overview', overview);
  await page.emulateMedia({ colorScheme: 'dark' });
  await shoot('overview-dark', 'overview', overview);
  await page.emulateMedia({ colorScheme: 'light' });

  const visitor = await browser.newPage();
  const dialled = (await arrive(visitor, 'google-ads')).replace('tel:', '');
  const ringing = { id: 'ringing', from: '+15105550142', to: dialled, startedAt: new Date().toISOString() };
  await admin.call(api.reportCall, { site: SITE, body: { ...ringing, status: 'ringing' } as never });
  await shoot('calls', 'calls', () => page.getByRole('link', { name: '(510) 555-0142' }).first().waitFor());
  await admin.call(api.reportCall, { site: SITE, body: { ...ringing, durationSeconds: 185 } as never });

  await shoot('journey', `calls/${await exampleCall()}`, () => page.getByText('led to this call').waitFor());
  await shoot('numbers', 'numbers', () => page.getByText('a number from the pool').waitFor());
  await shoot('reports', 'reports?dimension=campaign', () => page.getByRole('checkbox').nth(4).waitFor());
  await context.close();
}

/** Returns the call whose journey says most: several visits, a tap, and a campaign. */
async function exampleCall(): Promise<string> {
  const { items } = await admin.call(api.listCalls, { site: SITE, query: { limit: '500' } });
  const candidates = items
    .filter(({ status, attribution }) => status === 'completed' && attribution.session?.campaign)
    .filter(({ attribution: { visitor } }) => visitor !== null && visitor.sessions >= 2 && visitor.sessions <= 4)
    .slice(0, 60);
  let best = { id: candidates[0]?.id ?? items[0]?.id ?? '', said: -1 };
  for (const { id, attribution } of candidates) {
    const { sessions, calls } = await admin.call(api.getVisitor, {
      site: SITE,
      id: attribution.visitor?.id as string,
    });
    const moments = sessions.reduce((sum, { pageViews }) => sum + pageViews.length, sessions.length) + calls.length;
    const taps = sessions.reduce((sum, { telClicks }) => sum + telClicks.length, 0);
    const said = moments > 11 ? 0 : moments + 6 * Math.min(taps, 1);
    if (said > best.said) best = { id, said };
  }
  return best.id;
}
