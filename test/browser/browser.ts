import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { launchChromium } from '../../tools/browsers/chromium.ts';
import { type EdgeDouble, startEdgeDouble } from '../../tools/edge-double.ts';

/** The fixture of every browser test: a fresh visitor, the edge, and the page it opens. */
export interface Stage {
  edge: EdgeDouble;
  context: BrowserContext;
  page: Page;
  /** Errors thrown into pages so far, console errors included. */
  errors: string[];
  /** Serves a body (or a whole document) at a path and opens it. */
  open(html: string, path?: string, options?: { referer?: string; waitUntil?: 'commit' }): Promise<void>;
  /** Serves a page without opening it. */
  serve(html: string, path: string): void;
  /** Resolves once what the page has begun is done: its scripts have run, and what they sent has arrived. */
  settled(): Promise<void>;
  /** Lets `Date.now` advance on this page and those that follow. No timer fires by it: `page.clock` has those. */
  pass(ms: number): Promise<void>;
}

/** The script tag as the README gives it. */
export const TAG = '<script async src="/s/acme.js"></script>';

export function stage(): Stage {
  const own = { errors: [] as string[] } as Stage;
  let browser: Browser;

  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser?.close());
  beforeEach(async () => {
    // One for each: what a page sends when it is left may arrive when the next is open.
    own.edge = await startEdgeDouble();
    own.errors.length = 0;
    own.context = await browser.newContext();
    own.context.on('page', (page) => {
      page.on('pageerror', (error) => own.errors.push(String(error)));
      page.on('console', (message) => {
        if (message.type() === 'error') own.errors.push(message.text());
      });
    });
    own.page = await own.context.newPage();
  });
  afterEach(async () => {
    await own.context.close();
    await own.edge.close();
    expect(own.edge.faults).toEqual([]);
  });

  const tag = () => TAG.replace('/s/', `${own.edge.config.edge === own.edge.origin ? '' : own.edge.config.edge}/s/`);
  own.serve = (html, path) => {
    own.edge.pages.set(
      path,
      html.includes('<html') || path.endsWith('.js')
        ? html
        : `<!doctype html><html><head><meta charset="utf-8"><title>Acme</title><link rel="icon" href="data:,">${html.includes('/s/acme') ? '' : tag()}</head><body>${html}</body></html>`,
    );
  };
  own.open = async (html, path = '/', options = {}) => {
    own.serve(html, path.replace(/[?#].*/, ''));
    await own.page.goto(own.edge.origin + path, options);
  };
  own.settled = async () => {
    await own.page.waitForLoadState();
    await own.page.evaluate(async (origin) => {
      const turn = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
      await turn();
      await turn();
      await fetch(`${origin}/settled`, { mode: 'no-cors' });
    }, own.edge.origin);
  };
  own.pass = async (ms) => {
    const shift = (ms: number) => {
      const { now } = Date;
      Date.now = () => now() + ms;
    };
    await own.context.addInitScript(shift, ms);
    await own.page.evaluate(shift, ms);
  };
  return own;
}
