import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import puppeteer, { type Page } from 'puppeteer-core';
import { startEdgeDouble } from './edge-double.ts';

/**
 * The core of the snippet in Firefox, over WebDriver BiDi. Not part of `npm test`, which needs one browser only.
 * Usage: node test/browser/firefox.ts (`FIREFOX_PATH` names another Firefox)
 */
const executablePath = [process.env.FIREFOX_PATH, '/usr/bin/firefox-esr', '/usr/bin/firefox'].find(
  (path) => path && existsSync(path),
);
if (!executablePath) throw new Error('No Firefox found: install firefox-esr, or name one in FIREFOX_PATH.');

const edge = await startEdgeDouble();
const browser = await puppeteer.launch({ browser: 'firefox', executablePath, headless: true });
const HEAD =
  '<!doctype html><html><head><meta charset="utf-8"><link rel="icon" href="data:,"><script async src="/s/acme.js"></script></head>';

const CASES: Record<string, { html: string; run?: string; shows: string; query?: string }> = {
  'text and links': {
    html: '<p>Call <a href="tel:+14155550100">(415) 555-0100</a></p>',
    shows: '<p>Call <a href="tel:+14155550132">(415) 555-0132</a></p>',
  },
  'split numbers': { html: '<p><b>415</b>-555-<i>0100</i></p>', shows: '<p><b>415</b>-555-<i>0132</i></p>' },
  labels: {
    html: '<i title="415.555.0100"></i><p>415 555 0100</p>',
    shows: '<i title="415.555.0132"></i><p>415 555 0132</p>',
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
  'what is left alone': {
    html: '<p>415 555 0100</p><textarea>415 555 0100</textarea><p>94155550100</p>',
    shows: '<p>415 555 0132</p><textarea>415 555 0100</textarea><p>94155550100</p>',
  },
  stopping: { html: '<p>415 555 0100</p>', run: 'dialmark.stop()', shows: '<p>415 555 0100</p>' },
};

async function becomes(page: Page, html: string): Promise<void> {
  await page.waitForFunction((html) => document.body.innerHTML.trim() === html, { timeout: 10_000 }, html);
}

try {
  for (const [name, { html, run, shows }] of Object.entries(CASES)) {
    edge.reset();
    edge.pages.set('/', `${HEAD}<body>${html}</body></html>`);
    const context = await browser.createBrowserContext();
    const page = await context.newPage();
    await page.goto(edge.origin);
    await page.waitForFunction(() => document.body.textContent?.includes('0132'));
    if (run) await page.evaluate(run);
    await becomes(page, shows);
    assert.equal(edge.leases().length, 1);
    assert.deepEqual(edge.faults, []);
    if (name === 'text and links') {
      await page.reload();
      await becomes(page, shows);
      assert.equal(edge.leases().length, 1, 'the later page asks no more');
    }
    await context.close();
    console.log(`ok  ${name}`);
  }
} finally {
  await browser.close();
  await edge.close();
}
