import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { api, type Call } from '@dialmark/shared';
import { type Client, createClient } from '@dialmark/shared/client';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../tools/browsers/chromium.ts';
import { type Local, startLocal } from '../tools/local.ts';
import { serveBusinessSite } from './business-site.ts';

const persistTo = mkdtempSync(join(tmpdir(), 'dialmark-'));
const options = { persistTo, adminToken: 'end-to-end', workerKey: 'end-to-end' };
const PRINTED = '+14155550100';

let local: Local;
let business: Awaited<ReturnType<typeof serveBusinessSite>>;
let browser: Browser;
let admin: Client;

beforeAll(async () => {
  local = await startLocal({ ...options, port: 0 });
  business = await serveBusinessSite(() => `${local.edge}/s/acme.js`);
  admin = createClient({ edge: local.edge, token: 'end-to-end' });
  await admin.call(api.putSite, {
    site: 'acme',
    body: { name: 'Acme Roofing', origins: [business.origin], targets: [{ id: 'main', number: PRINTED }] },
  });
  await admin.call(api.addNumbers, {
    site: 'acme',
    body: { numbers: ['+14155550132', '+14155550133'].map((number) => ({ number, target: 'main' })) },
  });
  browser = await launchChromium();
});

afterAll(async () => {
  await browser?.close();
  business?.close();
  await local?.stop();
  rmSync(persistTo, { recursive: true, force: true });
});

/** A visitor: a browser profile of their own. */
async function newVisitor(): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  page.on('pageerror', (error) => {
    throw error;
  });
  return page;
}

const shows = (page: Page, text: string) =>
  page.waitForFunction((wanted) => document.getElementById('header')?.textContent === wanted, text, {
    timeout: 10_000,
  });

async function printedOn(page: Page) {
  const text = (id: string) => page.locator(`#${id}`).textContent();
  return {
    header: await text('header'),
    headerLink: await page.locator('#header').getAttribute('href'),
    body: await text('body'),
    bareLink: await page.locator('#bare').getAttribute('href'),
    other: await text('other'),
    footer: await text('footer'),
    data: await page.locator('script[type="application/ld+json"]').textContent(),
  };
}

function report(id: string, to: string): Promise<Call> {
  return admin.call(api.reportCall, {
    site: 'acme',
    body: { id, from: '+12125550199', to, startedAt: new Date().toISOString(), durationSeconds: 60 },
  });
}

describe('from the ad to the attributed call', () => {
  const AD = '/roof?utm_source=google&utm_medium=cpc&utm_campaign=spring&gclid=abc';
  let first: Page;
  let second: Page;

  it('swaps every occurrence and link, each in its own punctuation, and nothing else', async () => {
    first = await newVisitor();
    await first.goto(business.origin + AD, { referer: 'https://www.google.com/' });
    await shows(first, '(415) 555-0132');
    expect(await printedOn(first)).toEqual({
      header: '(415) 555-0132',
      headerLink: 'tel:+14155550132',
      body: 'Ring 415.555.0132 today, or 415-555-0132 tomorrow.',
      bareLink: expect.stringMatching(/^tel:(\+14155550132|415-555-0132)$/),
      other: 'Order 4155550100123, fax (415) 555-0199.',
      footer: 'Acme Roofing, +1 415 555 0132',
      data: '{"@type":"LocalBusiness","telephone":"+1-415-555-0100"}',
    });
  });

  it('gives a second visitor another number', async () => {
    second = await newVisitor();
    await second.goto(business.origin);
    await shows(second, '(415) 555-0133');
  });

  it('shows the number on the second page before any request to the edge has finished', async () => {
    let held = 0;
    await first.route(`${local.edge}/v1/**`, async (route) => {
      held++;
      await new Promise((resolve) => setTimeout(resolve, 3000));
      await route.continue().catch(() => {});
    });
    await first.click('#next');
    await first.waitForURL('**/contact');
    await shows(first, '(415) 555-0132');
    const answered = await first.evaluate(
      () =>
        performance
          .getEntriesByType('resource')
          .filter((entry) => entry.name.includes('/v1/') && (entry as PerformanceResourceTiming).responseEnd > 0)
          .length,
    );
    expect(answered).toBe(0);
    await expect.poll(() => held).toBeGreaterThan(0);
    await first.unroute(`${local.edge}/v1/**`);
    await expect
      .poll(
        async () =>
          (await admin.call(api.attribution, { site: 'acme', query: { number: '+14155550132' } })).session?.pages,
        { timeout: 10_000 },
      )
      .toBe(2);
  });

  it('attributes a call to each number to its own visitor', async () => {
    const call = await report('CA1', '+14155550132');
    expect(call).toMatchObject({
      target: 'main',
      attribution: {
        match: 'active',
        session: {
          landingPage: business.origin + AD,
          referrer: 'https://www.google.com/',
          source: 'google',
          medium: 'cpc',
          campaign: 'spring',
          channel: 'Paid Search',
          clickIds: { gclid: 'abc' },
          pages: 2,
        },
      },
    });
    const other = await report('CA2', '+14155550133');
    expect(other.attribution).toMatchObject({ match: 'active', session: { channel: 'Direct', source: '(direct)' } });
    expect(other.attribution.visitor?.id).not.toBe(call.attribution.visitor?.id);
  });

  it('keeps its own number on the page when the pool is used up, and says so', async () => {
    const third = await newVisitor();
    await third.goto(business.origin);
    const assignment = await third.waitForFunction(() => {
      const { dialmark } = window as unknown as {
        dialmark?: { number(target: string): { kind: string; reason?: string } | null };
      };
      const held = dialmark?.number?.('main');
      return held ? { kind: held.kind, reason: held.reason } : null;
    });
    expect(await assignment.jsonValue()).toEqual({ kind: 'fallback', reason: 'exhausted' });
    expect((await printedOn(third)).header).toBe('(415) 555-0100');
    const pool = await admin.call(api.pool, { site: 'acme' });
    expect(pool).toMatchObject({ total: 2, leased: 2, free: 0, occupancy: 1, exhausted: 1 });
  });

  it('has all of it still after the Worker was stopped and started', async () => {
    const before = await admin.call(api.getCall, { site: 'acme', id: 'CA1' });
    const port = Number(new URL(local.edge).port);
    await local.stop();
    local = await startLocal({ ...options, port });
    expect(await admin.call(api.getCall, { site: 'acme', id: 'CA1' })).toEqual(before);
    await expect
      .poll(
        async () => (await admin.call(api.listCalls, { site: 'acme', query: {} })).items.map(({ id }) => id).sort(),
        { timeout: 10_000 },
      )
      .toEqual(['CA1', 'CA2']);
    const bindings = await admin.call(api.listBindings, { site: 'acme', query: {} });
    expect(bindings.items.map(({ number }) => number).sort()).toEqual([PRINTED, '+14155550132', '+14155550133']);
    // The visitors keep their numbers, and the pool stays used up.
    await second.reload();
    await shows(second, '(415) 555-0133');
    expect((await admin.call(api.pool, { site: 'acme' })).leased).toBe(2);
  });
});

describe('a page is never harmed', () => {
  it.each([
    ['the network is down', (page: Page) => page.route('**/v1/**', (route) => route.abort())],
    [
      'the edge answers 500',
      (page: Page) => page.route('**/v1/**', (route) => route.fulfill({ status: 500, body: 'oops' })),
    ],
    [
      'the edge answers nonsense',
      (page: Page) => page.route('**/v1/**', (route) => route.fulfill({ status: 200, body: '{"numbers":{"main":7}}' })),
    ],
    ['the script is blocked', (page: Page) => page.route('**/s/acme.js', (route) => route.abort())],
    [
      'cookies are off',
      (page: Page) =>
        page.addInitScript(() => Object.defineProperty(Document.prototype, 'cookie', { get: () => '', set: () => {} })),
    ],
    [
      'storage throws',
      (page: Page) =>
        page.addInitScript(() => {
          const refuse = () => {
            throw new DOMException('denied', 'SecurityError');
          };
          Object.defineProperty(window, 'localStorage', { get: refuse });
          Object.defineProperty(window, 'sessionStorage', { get: refuse });
          Object.defineProperty(Document.prototype, 'cookie', { get: refuse, set: refuse });
        }),
    ],
  ])('when %s: a number stands there and nothing throws', async (_, spoil) => {
    const page = await (await browser.newContext()).newPage();
    const errors: Error[] = [];
    page.on('pageerror', (error) => errors.push(error));
    await spoil(page);
    await page.goto(business.origin);
    await page.waitForLoadState('networkidle');
    expect(errors).toEqual([]);
    expect((await printedOn(page)).header).toMatch(/^\(415\) 555-01(00|32|33)$/);
    await page.context().close();
  });
});
