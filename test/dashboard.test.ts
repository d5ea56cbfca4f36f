import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { api, dayOf, type EpochMs, type LeaseResponse } from '@dialmark/shared';
import { type Client, createClient } from '@dialmark/shared/client';
import type { AxeResults } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import twilio from 'twilio';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../tools/browsers/chromium.ts';
import { type Local, startLocal } from '../tools/local.ts';
import { serveBusinessSite } from './business-site.ts';
import { receiveWebhooks } from './webhook-receiver.ts';

const TOKEN = 'dashboard-test-token';
const ORIGIN = 'https://acme.example';
const BROWSER =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36';
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** Where the pictures go, to be looked at. */
const pictures = process.env.DASHBOARD_PICTURES ?? mkdtempSync(join(tmpdir(), 'dialmark-dashboard-'));
const WIDTHS = [390, 1280, 1920] as const;

let local: Local;
let browser: Browser;
let admin: Client;
let visitors: Client;
const errors: string[] = [];

beforeAll(async () => {
  local = await startLocal({
    port: 0,
    adminToken: TOKEN,
    workerKey: 'dashboard-test-key',
    variables: { DELIVERY_RETRY_SECONDS: '0' },
  });
  admin = createClient({ edge: local.edge, token: TOKEN });
  visitors = createClient({ edge: local.edge });
  browser = await launchChromium();
});

afterAll(async () => {
  await browser?.close();
  await local?.stop();
});

async function newPage(width = 1280, dark = false): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width, height: width < 500 ? 844 : 900 },
    colorScheme: dark ? 'dark' : 'light',
    timezoneId: 'America/New_York',
    locale: 'en-US',
  });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => {
    // What a test does wrong on purpose, or lets fail, is answered so, which the browser notes.
    if (message.type() === 'error' && !/status of (40[014]|503)/.test(message.text())) errors.push(message.text());
  });
  return page;
}

async function logIn(page: Page, to = ''): Promise<void> {
  await page.goto(`${local.edge}/app/${to}`);
  await page.getByLabel('Token').fill(TOKEN);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('heading', { level: 1, name: 'Log in' }).waitFor({ state: 'detached' });
}

/** `Call from (212) 555-2004`. */
const heading = (from: string | null | undefined) =>
  `Call from ${from?.replace(/^\+1(\d{3})(\d{3})(\d{4})$/, '($1) $2-$3')}`;

const violations = async (page: Page) => {
  await page.evaluate(AXE);
  const { violations: found } = await page.evaluate(() =>
    (globalThis as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run(),
  );
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
};

function visit(site: string, i: number, url: string, referrer: string | null): Promise<LeaseResponse> {
  return visitors.call(api.lease, {
    site,
    body: {
      session: `s_${i}`,
      visitor: `v_${i}`,
      page: { url: ORIGIN + url, referrer },
      touch: { url: ORIGIN + url, referrer },
    },
    headers: { Origin: ORIGIN, 'User-Agent': BROWSER },
  });
}

const SITE = {
  name: 'Acme Roofing',
  origins: [ORIGIN],
  country: 'US',
  timeZone: 'America/New_York',
  currency: 'USD',
  targets: [{ id: 'main', number: '+14155550100' }],
  limits: { newLeasesPerAddressPerHour: 100_000 },
};

const ARRIVALS: [url: string, referrer: string | null][] = [
  [
    '/roof?utm_source=google&utm_medium=cpc&utm_campaign=Spring+Roofs&utm_term=roof+repair&gclid=abc',
    'https://www.google.com/',
  ],
  ['/', 'https://www.google.com/'],
  [
    '/storm?utm_source=bing&utm_medium=cpc&utm_campaign=Storm+Damage&utm_term=leaking+roof&msclkid=def',
    'https://www.bing.com/',
  ],
  ['/', null],
  ['/estimate?fbclid=xyz', 'https://www.facebook.com/'],
  ['/roof?utm_source=news&utm_medium=email&utm_campaign=October', null],
];

/** Visits and calls of today, and what the ads cost. */
async function seed(site: string): Promise<void> {
  await admin.call(api.putSite, { site, body: SITE });
  const pool = Array.from({ length: 30 }, (_, i) => ({ number: `+1415555${1000 + i}`, target: 'main' }));
  const source = {
    number: '+14155551077',
    target: 'main',
    kind: 'source',
    name: 'Google Ads brand',
    match: { source: 'google', medium: 'cpc', campaign: 'brand' },
  };
  await admin.call(api.addNumbers, { site, body: { numbers: [...pool, source] } });
  const now = Date.now();
  const spent = dayOf(now as EpochMs, SITE.timeZone);
  await admin.call(api.addCosts, {
    site,
    body: {
      rows: [
        { date: spent, source: 'google', medium: 'cpc', campaign: 'Spring Roofs', term: 'roof repair', cost: 120.5 },
        { date: spent, source: 'bing', medium: 'cpc', campaign: 'Storm Damage', term: 'leaking roof', cost: 40 },
      ],
    },
  });
  for (let i = 0; i < 24; i++) {
    const [url, referrer] = ARRIVALS[(i * 7 + (i >> 2)) % ARRIVALS.length] as [string, string | null];
    const { numbers } = await visit(site, i, url, referrer);
    await visitors.call(api.event, {
      site,
      body: { type: 'pageview', session: `s_${i}`, visitor: `v_${i}`, page: { url: `${ORIGIN}/contact` } },
      headers: { Origin: ORIGIN, 'User-Agent': BROWSER },
    });
    if (i % 2 === 1) continue;
    await admin.call(api.reportCall, {
      site,
      body: {
        id: `call-${i}`,
        from: `+1212555${2000 + i}`,
        to: numbers.main?.number as string,
        startedAt: new Date().toISOString(),
        status:
          (['completed', 'completed', 'missed', 'completed', 'voicemail', 'completed'] as const)[(i / 2) % 6] ??
          'completed',
        durationSeconds: (i / 2) % 6 === 2 ? null : 95 + 11 * i,
        value: i % 8 === 0 ? 250 : null,
      },
    });
  }
  // Nobody held a number then: calls of the weeks before, so that the days have something to show.
  for (let i = 0; i < 16; i++) {
    await admin.call(api.reportCall, {
      site,
      body: {
        id: `past-${i}`,
        from: `+1212555${3000 + i}`,
        to: `+1415555${1000 + (i % 30)}`,
        startedAt: new Date(now - (2 + ((i * 7) % 50)) * 86_400_000).toISOString(),
        durationSeconds: 60 + i,
        status: i % 5 === 0 ? 'missed' : 'completed',
      },
    });
  }
  const listed = async () => (await admin.call(api.listCalls, { site, query: { limit: '200' } })).items.length;
  while ((await listed()) < 28) await new Promise((resolve) => setTimeout(resolve, 200));
}

describe('the dashboard', () => {
  it('loads at most 250 kB of compressed JavaScript', () => {
    const folder = join(import.meta.dirname, '../packages/edge/dist/assets/app/assets');
    const scripts = readdirSync(folder).filter((file) => file.endsWith('.js'));
    const bytes = scripts.reduce((sum, file) => sum + gzipSync(readFileSync(join(folder, file))).length, 0);
    expect(scripts.length).toBeGreaterThan(0);
    expect(bytes).toBeLessThanOrEqual(250_000);
  });

  it('opens its door to a good token only, keeps no token where scripts can read, and closes it again', async () => {
    const page = await newPage();
    await page.goto(local.edge);
    expect(page.url()).toBe(`${local.edge}/app/`);
    await page.getByText('ADMIN_TOKEN').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.screenshot({ path: join(pictures, 'login-1280.png') });
    await page.getByLabel('Token').fill('wrong');
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByText('Token is invalid or was revoked.').waitFor();
    await page.getByLabel('Token').fill(TOKEN);
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByRole('heading', { name: 'Welcome. Make the first site' }).waitFor();
    expect(
      await page.evaluate(() => document.cookie + JSON.stringify({ ...localStorage, ...sessionStorage })),
    ).not.toContain(TOKEN);
    await page.reload();
    await page.getByRole('heading', { name: 'Welcome. Make the first site' }).waitFor();
    await page.context().close();
  });

  it('takes an owner from nothing to an attributed call and the conversion sent for it', async () => {
    let tag = '';
    const business = await serveBusinessSite(() => tag);
    const crm = await receiveWebhooks();
    const page = await newPage();
    await logIn(page);
    await page.getByLabel('Name of the business').fill('First Roofing');
    await page.getByLabel('Address of the website').fill(business.origin);
    await page.getByLabel('Phone number printed on the site').fill('(415) 555-0100');
    expect(await violations(page)).toEqual([]);
    await page.screenshot({ path: join(pictures, 'new-site-1280.png') });
    await page.getByRole('button', { name: 'Make the site' }).click();

    await page.getByRole('link', { name: 'Add numbers' }).waitFor();
    expect(await violations(page)).toEqual([]);
    await page.screenshot({ path: join(pictures, 'first-steps-1280.png'), fullPage: true });
    await page.getByRole('link', { name: 'Add numbers' }).click();
    await page.getByRole('button', { name: 'Add numbers' }).click();
    await page.getByLabel('Numbers', { exact: true }).fill('(415) 555-0132\n(415) 555-0133\nnot a number');
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Add 3 numbers' }).click();
    await page.getByText('2 numbers added.').waitFor();
    await page.getByText(/Row 3 \(not a number\)/).waitFor();
    await page.screenshot({ path: join(pictures, 'add-numbers-1280.png') });
    await page.getByRole('button', { name: 'Done' }).click();

    // The tag, before and after it is pasted.
    await page.getByRole('link', { name: 'Install', exact: true }).click();
    expect(await page.getByLabel('Page of the site').inputValue()).toBe(business.origin);
    await page.getByRole('button', { name: 'Check it' }).click();
    await page.getByText('The tag is not on the page').waitFor();
    tag =
      /src="([^"]+)"/.exec((await page.locator('pre', { hasText: '<script async' }).textContent()) ?? '')?.[1] ?? '';
    await page.getByRole('button', { name: 'Check it' }).click();
    await page.getByText('The tag is on the page.').waitFor();
    const places = page.getByRole('region', { name: 'Numbers on the page' });
    const rows = await places.locator('tbody tr').allInnerTexts();
    expect(rows.map((row) => row.split('\t').map((cell) => cell.trim()))).toEqual([
      ['Text', '(415) 555-0100', '(415) 555-0132'],
      ['Text', '415.555.0100', '415.555.0132'],
      ['Text', '415-555-0100', '415-555-0132'],
      ['Text', '+1 415 555 0100', '+1 415 555 0132'],
      ['Link', 'tel:+14155550100', 'tel:+14155550132'],
      ['Link', 'tel:415-555-0100', 'tel:415-555-0132'],
      ['Text', '+1-415-555-0100', 'the same: scripts, fields and what is marked so are left alone'],
      ['Text', '4155550100', 'the same: it is part of a longer word or number'],
    ]);
    expect(await violations(page)).toEqual([]);
    await page.screenshot({ path: join(pictures, 'check-1280.png'), fullPage: true });

    await page.getByRole('button', { name: 'Add a destination' }).click();
    await page.getByLabel('Name').fill('CRM');
    await page.getByLabel('Address').fill('nowhere');
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Add it' }).click();
    await page.getByText('It must be a URL such as').waitFor();
    expect(await page.getByLabel('Address').evaluate((field) => field === document.activeElement)).toBe(true);
    await page.getByLabel('Address').fill(crm.url);
    await page.getByRole('button', { name: 'Add it' }).click();
    crm.signingSecret = (await page.getByText(/^whsec_/).textContent()) ?? '';
    await page.getByRole('button', { name: 'Close' }).click();
    await page.getByText(crm.url).waitFor();

    // A visitor comes from an ad, sees a number of their own, and taps it.
    const visitor = await newPage(390);
    await visitor.goto(`${business.origin}/?utm_source=google&utm_medium=cpc&utm_campaign=Spring+Roofs&gclid=abc`);
    await visitor.waitForFunction(() => document.getElementById('header')?.textContent !== '(415) 555-0100');
    const shown = (await visitor.locator('#header').textContent()) ?? '';
    expect(['(415) 555-0132', '(415) 555-0133']).toContain(shown);
    const told = visitor.waitForResponse((response) => response.url().endsWith('/events'));
    await visitor.locator('#header').click();
    await told;
    await visitor.context().close();

    await page.getByRole('link', { name: 'Calls', exact: true }).click();
    await page.getByText('No calls yet').waitFor();
    const call = {
      id: 'first-call',
      from: '+12125550199',
      to: `+1${shown.replace(/\D/g, '')}`,
      startedAt: new Date().toISOString(),
    };
    await admin.call(api.reportCall, { site: 'first-roofing', body: { ...call, status: 'ringing' } });
    // By itself, and with its context while it rings.
    const ringing = page.getByRole('status', { name: 'Calls under way' });
    await ringing.getByText('(212) 555-0199').waitFor();
    expect(await ringing.textContent()).toContain('Paid Search · google · Spring Roofs');
    expect(await ringing.textContent()).toContain('Landed on /');
    expect(await violations(page)).toEqual([]);
    await page.screenshot({ path: join(pictures, 'ringing-1280.png') });
    await page
      .getByRole('region', { name: 'Calls, latest first' })
      .getByRole('link', { name: '(212) 555-0199' })
      .click();

    await page.getByRole('heading', { level: 1, name: 'Call from (212) 555-0199' }).waitFor();
    await page.getByText('This visit held the number at the moment of the call.').waitFor();
    await page.getByText('led to this call').waitFor();
    await page.getByText(`Tapped ${shown} to call`).waitFor();
    await admin.call(api.reportCall, { site: 'first-roofing', body: { ...call, durationSeconds: 125 } });
    await page.getByText('2:05 min', { exact: true }).waitFor();
    await page.getByLabel('Value in USD').fill('480');
    await page.getByRole('button', { name: 'Save the value' }).click();
    await page.getByText('Saved', { exact: true }).waitFor();
    await page.getByLabel('Tag', { exact: true }).fill('outcome');
    await page.getByLabel('Its value').fill('booked');
    await page.getByRole('button', { name: 'Add the tag' }).click();
    await page.getByRole('button', { name: 'Remove the tag outcome' }).waitFor();
    expect(await admin.call(api.getCall, { site: 'first-roofing', id: 'first-call' })).toMatchObject({
      value: 480,
      tags: { outcome: 'booked' },
    });

    // What was sent for it, and once more.
    await page.getByRole('link', { name: 'Install', exact: true }).click();
    const sent = page.getByRole('region', { name: 'Deliveries, latest first' });
    const completed = sent.getByRole('row').filter({ hasText: 'CRM' }).filter({ hasText: 'call.completed' });
    await completed.filter({ hasText: 'Delivered' }).first().waitFor();
    const toldOf = () => crm.accepted.filter(({ event }) => event.type === 'call.completed');
    await expect.poll(() => toldOf().length).toBeGreaterThan(0);
    const [first] = toldOf();
    const before = toldOf().filter(({ id }) => id === first?.id).length;
    await completed.last().getByRole('button', { name: 'Send again' }).click();
    await expect.poll(() => toldOf().filter(({ id }) => id === first?.id).length, { timeout: 15_000 }).toBe(before + 1);
    expect(await violations(page)).toEqual([]);
    await page.context().close();
    business.close();
    crm.close();
  }, 90_000);

  describe('of a site with calls', () => {
    beforeAll(() => seed('acme'), 60_000);

    const PAGES: [name: string, route: string, ready: (page: Page) => Promise<void>][] = [
      ['overview', '#/acme/overview', (page) => page.getByRole('link', { name: 'Paid Search' }).first().waitFor()],
      ['calls', '#/acme/calls', (page) => page.getByRole('link', { name: '(212) 555-2000' }).waitFor()],
      ['journey', '#/acme/calls/call-0', (page) => page.getByText('led to this call').waitFor()],
      ['reports', '#/acme/reports', (page) => page.getByRole('checkbox', { name: 'Compare Paid Search' }).waitFor()],
      ['numbers', '#/acme/numbers', (page) => page.getByText('a number of the pool').waitFor()],
      ['install', '#/acme/install', (page) => page.getByText('<script async').first().waitFor()],
      ['settings', '#/acme/settings', (page) => page.getByRole('button', { name: 'Make a token' }).waitFor()],
    ];

    describe.each(PAGES)('the page %s', (name, route, ready) => {
      it.each(WIDTHS)('is accessible and fits at %i pixels, in light and dark', async (width) => {
        const page = await newPage(width);
        await logIn(page, route);
        await ready(page);
        await page.screenshot({ path: join(pictures, `${name}-${width}.png`), fullPage: true });
        expect(await violations(page)).toEqual([]);
        expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
        await page.emulateMedia({ colorScheme: 'dark' });
        await page.waitForFunction(() => document.documentElement.dataset.theme === 'dark');
        expect(await violations(page)).toEqual([]);
        await page.screenshot({ path: join(pictures, `${name}-${width}-dark.png`), fullPage: true });
        await page.context().close();
      });
    });

    it('says what happened and what to do where the server fails, and goes on when it is back', async () => {
      const page = await newPage();
      let away = true;
      await page.route('**/v1/sites/acme/reports/**', (route) =>
        away
          ? route.fulfill({
              status: 503,
              contentType: 'application/problem+json',
              json: { type: 'about:blank', title: 'Unavailable', status: 503, detail: 'The ledger does not answer.' },
            })
          : route.fallback(),
      );
      await logIn(page, '#/acme/reports');
      await page.getByText('The ledger does not answer.').waitFor();
      expect(await violations(page)).toEqual([]);
      away = false;
      await page.getByRole('button', { name: 'Try again' }).click();
      await page.getByRole('checkbox', { name: 'Compare Paid Search' }).waitFor();
      await page.context().close();
    });

    it('plays the recording of a call, which stays at the carrier', async () => {
      const page = await newPage();
      const recordingUrl = 'https://recordings.example/RE1.mp3';
      await page.route(recordingUrl, (route) => route.fulfill({ contentType: 'audio/mpeg', body: '' }));
      await page.route('**/v1/sites/acme/calls/call-0', async (route) => {
        const call = await (await route.fetch()).json();
        await route.fulfill({ json: { ...call, recordingUrl, carrier: 'twilio' } });
      });
      await logIn(page, '#/acme/calls/call-0');
      const player = page.getByLabel('Recording');
      await player.waitFor();
      expect([await player.getAttribute('src'), await player.getAttribute('preload')]).toEqual([recordingUrl, 'none']);
      expect(await page.getByRole('link', { name: 'The recording at Twilio' }).getAttribute('href')).toBe(recordingUrl);
      expect(await violations(page)).toEqual([]);
      await page.context().close();
    });

    it('keeps what narrows the calls in the address, and gives them as CSV', async () => {
      const page = await newPage();
      await logIn(page, '#/acme/calls');
      await page.getByLabel('Result').selectOption('missed');
      await page.locator('.badge', { hasText: 'Missed' }).first().waitFor();
      expect(page.url()).toContain('status=missed');
      await page.locator('.badge', { hasText: 'Answered' }).waitFor({ state: 'detached' });
      const downloaded = page.waitForEvent('download');
      await page.getByRole('button', { name: 'CSV' }).click();
      const csv = readFileSync((await (await downloaded).path()) as string, 'utf8')
        .trim()
        .split('\r\n');
      const listed = await admin.call(api.listCalls, { site: 'acme', query: { status: 'missed', limit: '200' } });
      expect(csv[0]).toMatch(/^id,carrier,from,to/);
      expect(csv).toHaveLength(listed.items.length + 1);
      await page.reload();
      expect(await page.getByLabel('Result').inputValue()).toBe('missed');
      await page.getByLabel('Search').fill('212-555-2004');
      await page.getByText('(212) 555-2004').waitFor();
      await page.context().close();
    });

    it('draws only the rows in sight of ten thousand calls, and gets to the last', async () => {
      const page = await newPage();
      const [model] = (await admin.call(api.listCalls, { site: 'acme', query: { limit: '1' } })).items;
      const items = Array.from({ length: 10_000 }, (_, i) => ({
        ...model,
        id: `many-${i}`,
        startedAt: new Date(Date.now() - i * 60_000).toISOString(),
      }));
      await page.route('**/v1/sites/acme/calls?*', (route) => route.fulfill({ json: { items, cursor: null } }));
      await logIn(page, '#/acme/calls');
      const region = page.getByRole('region', { name: 'Calls, latest first' });
      const table = region.getByRole('table');
      await table.waitFor();
      expect(await table.getAttribute('aria-rowcount')).toBe('10001');
      expect(await table.locator('tbody tr').count()).toBeLessThan(60);
      await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
      await table.locator('tr[aria-rowindex="10001"]').waitFor();
      expect(await table.locator('tbody tr').count()).toBeLessThan(60);
      await page.context().close();
    });

    it('lists as many calls as the overview counts, whatever link is followed', async () => {
      const page = await newPage();
      await logIn(page, '#/acme/overview');
      for (const title of ['Top channels', 'Top campaigns', 'Top keywords', 'Top landing pages']) {
        const rows = page.getByRole('region', { name: title }).getByRole('listitem');
        await rows.getByRole('link').first().waitFor();
        const links = await rows.filter({ has: page.getByRole('link') }).evaluateAll((items) =>
          items.map((item) => ({
            href: (item.querySelector('a') as HTMLAnchorElement).href,
            calls: Number(item.children[1]?.textContent?.split(/\s/)[0]),
          })),
        );
        expect(links.length).toBeGreaterThan(1);
        for (const { href, calls } of links) {
          await page.goto(href);
          await page.getByText(new RegExp(`^${calls} calls?, spam left out`)).waitFor();
          expect(await page.getByRole('table').getAttribute('aria-rowcount')).toBe(String(calls + 1));
        }
        await page.goto(`${local.edge}/app/#/acme/overview`);
      }
      await page.context().close();
    });

    it('searches all calls, gives what it finds as CSV, and follows the address', async () => {
      const page = await newPage();
      // As if only a few calls had been loaded: what is searched is not what is shown.
      await logIn(page, '#/acme/calls?spam=all');
      await page.getByLabel('Search').fill('storm dam');
      const found = await admin.call(api.listCalls, { site: 'acme', query: { search: 'Storm Damage' } });
      expect(found.items.length).toBeGreaterThan(0);
      await page.getByText(new RegExp(`^${found.items.length} calls?, spam among them`)).waitFor();
      expect(page.url()).toContain('search=storm+dam');
      const downloaded = page.waitForEvent('download');
      await page.getByRole('button', { name: 'CSV' }).click();
      const csv = readFileSync((await (await downloaded).path()) as string, 'utf8')
        .trim()
        .split('\r\n');
      expect(csv).toHaveLength(found.items.length + 1);
      await page.getByLabel('Search').fill('nothing such');
      await page.getByText('No call fits').waitFor();
      expect(await violations(page)).toEqual([]);
      await page.getByRole('link', { name: 'Calls', exact: true }).click();
      await page.getByText(/^\d+ calls, spam left out/).waitFor();
      expect(await page.getByLabel('Search').inputValue()).toBe('');
      await page.context().close();
    });

    it('narrows by channel and campaign, and goes from call to call and back to the same list', async () => {
      const page = await newPage();
      await logIn(page, '#/acme/calls');
      await page.getByLabel('Channel').selectOption('Paid Search');
      await page.getByLabel('Campaign').selectOption('Spring Roofs');
      const query = { channel: 'Paid Search', campaign: 'Spring Roofs' };
      const [last, before] = (await admin.call(api.listCalls, { site: 'acme', query })).items;
      const title = (call: typeof last) => page.getByRole('heading', { level: 1, name: heading(call?.from) });
      await page.getByText(/^\d+ calls, spam left out/).waitFor();
      await page.getByRole('table').getByRole('link').first().click();
      await title(last).waitFor();
      await page.getByRole('link', { name: 'Earlier call' }).click();
      await title(before).waitFor();
      await page.getByRole('link', { name: 'Later call' }).click();
      await title(last).waitFor();
      expect(await page.getByRole('link', { name: 'Later call' }).count()).toBe(0);
      await page.getByRole('link', { name: 'Back to the list' }).click();
      await page.getByRole('heading', { level: 1, name: 'Calls' }).waitFor();
      expect(await page.getByLabel('Channel').inputValue()).toBe('Paid Search');
      expect(await page.getByLabel('Campaign').inputValue()).toBe('Spring Roofs');
      await page.context().close();
    });

    it('has its filters behind a button on a phone, and its list goes with the page', async () => {
      const page = await newPage(390);
      await logIn(page, '#/acme/calls?status=missed');
      const filters = page.getByRole('button', { name: 'Filters (1)' });
      await filters.waitFor();
      expect(await page.getByLabel('Result').isVisible()).toBe(false);
      await filters.click();
      expect(await page.getByLabel('Result').inputValue()).toBe('missed');
      expect(await violations(page)).toEqual([]);
      const region = page.getByRole('region', { name: 'Calls, latest first' });
      expect(await region.evaluate((element) => element.scrollHeight - element.clientHeight)).toBeLessThanOrEqual(0);
      // A table is as high as its rows.
      expect(
        await region.evaluate(
          (element) => element.clientHeight - (element.firstElementChild as HTMLElement).offsetHeight,
        ),
      ).toBe(0);
      await page.context().close();
    });

    it('says of a call to the printed number that every visitor sees it', async () => {
      const call = { id: 'printed-1', from: '+12125550177', to: '+14155550100', startedAt: new Date().toISOString() };
      await admin.call(api.reportCall, { site: 'acme', body: call });
      const page = await newPage();
      await logIn(page, '#/acme/calls/printed-1');
      await page.getByText('the printed number was dialled, which every visitor sees').waitFor();
      expect(await page.getByText('led to this call').count()).toBe(0);
      await page.context().close();
    });

    it('tells the figures of the day at the pointer, and keeps today apart from whole days', async () => {
      const page = await newPage();
      await logIn(page, '#/acme/overview');
      const chart = page.getByRole('img', { name: /^Calls by day/ });
      const { width = 0, height = 0 } = (await chart.locator('.u-over').boundingBox()) ?? {};
      await chart.locator('.u-over').hover({ position: { x: width - 2, y: height / 2 } });
      await chart.getByText(/^Today so far: \d+$/).waitFor();
      expect(await chart.getByText(/^Calls: /).count()).toBe(0);
      await chart.locator('.u-over').hover({ position: { x: width / 2, y: height / 2 } });
      await chart.getByText(/^Calls: \d+$/).waitFor();
      await page.getByText(/: today is not over\.$/).waitFor();
      await page.getByRole('button', { name: /^Cost per call/ }).click();
      await page.getByText('All that was spent, divided by all calls').waitFor();
      expect(await violations(page)).toEqual([]);
      await page.context().close();
    });

    it('compares two rows of a report and says how sure it is', async () => {
      const page = await newPage();
      await logIn(page, '#/acme/reports');
      await page.getByRole('checkbox', { name: 'Compare Paid Search' }).check();
      await page.getByRole('checkbox', { name: 'Compare Direct' }).check();
      await page.getByRole('heading', { name: 'Paid Search or Direct?' }).waitFor();
      await page.getByText(/sure\.|too early|No difference/).waitFor();
      expect(await violations(page)).toEqual([]);
      await page.screenshot({ path: join(pictures, 'comparison-1280.png') });
      await page.context().close();
    });

    it('tells which number a visit would get, and why', async () => {
      const page = await newPage();
      await logIn(page, '#/acme/numbers');
      await page.getByLabel('Landing page').fill(`${ORIGIN}/?utm_source=google&utm_medium=cpc&utm_campaign=brand`);
      await page.getByText('by the rule source google, medium cpc, campaign brand').waitFor();
      await page
        .getByRole('button', { name: /555-1000/ })
        .first()
        .click();
      await page.getByRole('dialog').getByText('State').waitFor();
      expect(await violations(page)).toEqual([]);
      await page.context().close();
    });

    it('changes the rule of a source number, and says what is wrong with one', async () => {
      const page = await newPage();
      await logIn(page, '#/acme/numbers');
      await page
        .getByRole('button', { name: /555-1077/ })
        .first()
        .click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Campaign').fill('');
      await dialog.getByLabel('Source', { exact: true }).fill('');
      await dialog.getByLabel('Medium').fill('');
      await dialog.getByRole('button', { name: 'Save' }).click();
      await dialog.getByText('must name at least one condition').waitFor();
      await dialog.getByLabel('Landing page').fill('/brand*');
      await dialog.getByRole('button', { name: 'Save' }).click();
      await dialog.getByText('Saved').waitFor();
      expect(await violations(page)).toEqual([]);
      await page.screenshot({ path: join(pictures, 'rule-1280.png') });
      const listed = await admin.call(api.listNumbers, { site: 'acme', query: {} });
      expect(listed.items.find(({ number }) => number === '+14155551077')?.match).toEqual({ landingPage: '/brand*' });
      await page.context().close();
    });

    it('shows how full the pool was', async () => {
      const page = await newPage();
      await logIn(page, '#/acme/numbers');
      await page.getByRole('img', { name: 'At most 24 numbers were held at once; there are 30 now.' }).waitFor();
      await page.getByLabel('Over', { exact: true }).selectOption('1');
      const card = page.getByRole('region', { name: 'How full the pool was' });
      await card.getByText('As a table').click();
      expect(await card.getByRole('row').filter({ hasText: '24' }).count()).toBeGreaterThan(0);
      await page.context().close();
    });

    it('tells when the carrier is heard of, and why it was turned away', async () => {
      const page = await newPage();
      await logIn(page, '#/acme/install');
      const card = page.getByRole('region', { name: 'The carrier' });
      await card.getByText('none yet').waitFor();
      const address = (await card.locator('pre', { hasText: '/twilio/voice' }).textContent()) ?? '';
      const fields = { CallSid: 'CA-live', From: '+12125550188', To: '+14155551000', CallStatus: 'ringing' };
      const ring = (secret: string) =>
        fetch(address, {
          method: 'POST',
          headers: { 'X-Twilio-Signature': twilio.getExpectedTwilioSignature(secret, address, fields) },
          body: new URLSearchParams(fields),
        });
      expect((await ring('secret')).status).toBe(404);
      await card.getByText('the site has no secret to prove it with').waitFor();
      await page.screenshot({ path: join(pictures, 'carrier-refused-1280.png'), fullPage: true });

      await card.getByLabel('Auth token').fill('secret');
      await card.getByRole('button', { name: 'Save the secret' }).click();
      await card.getByText('is set', { exact: true }).waitFor();
      expect(await page.content()).not.toContain('value="secret"');
      expect((await ring('another')).status).toBe(403);
      await card.getByText('its signature does not fit the secret').waitFor();
      expect((await ring('secret')).status).toBe(200);
      await card.getByText('its signature does not fit the secret').waitFor({ state: 'detached' });
      expect(await violations(page)).toEqual([]);
      await page.context().close();
    });

    it('takes what ads cost from a file, and says which lines it could not read', async () => {
      const page = await newPage();
      await logIn(page, '#/acme/reports');
      await page.getByRole('button', { name: 'Add costs' }).click();
      const today = dayOf(Date.now() as EpochMs, SITE.timeZone);
      await page.getByLabel('CSV file').setInputFiles({
        name: 'costs.csv',
        mimeType: 'text/csv',
        buffer: Buffer.from(
          `date,source,medium,campaign,cost\n${today},facebook,paid_social,Storm,75.5\nyesterday,x,y,z,1\n`,
        ),
      });
      await page.getByRole('button', { name: 'Add the costs' }).click();
      await page.getByText('1 row added').waitFor();
      await page.getByText(/Line 3: date/).waitFor();
      expect(await violations(page)).toEqual([]);
      await page.getByRole('button', { name: 'Done' }).click();
      await page.getByText('$75.50').first().waitFor();
      await page.context().close();
    });

    it('tells an address when the site needs a person, and shows how the parts do', async () => {
      const page = await newPage();
      const operator = await receiveWebhooks();
      await logIn(page, '#/acme/settings');
      await page.getByLabel('Send a message to an address').check();
      await page.getByLabel('Where to').fill(operator.url);
      await page.getByRole('button', { name: 'Save', exact: true }).click();
      await page.getByText('Saved.', { exact: true }).waitFor();
      await page.getByText('What the messages are signed with').click();
      operator.signingSecret = (await page.getByText(/^whsec_/).textContent()) ?? '';
      await page.getByRole('button', { name: 'Send a test' }).click();
      await page.getByText('taken', { exact: true }).waitFor();
      expect(operator.accepted.map(({ event }) => String(event.type))).toEqual(['alert.test']);
      const parts = page.getByRole('region', { name: 'How it runs' });
      await parts.getByText('up to date').waitFor();
      expect(await parts.textContent()).toContain('30 numbers, 24 held');
      expect(await violations(page)).toEqual([]);
      await page.screenshot({ path: join(pictures, 'alerts-1280.png'), fullPage: true });
      await page.context().close();
      operator.close();
    });

    it('sets the hours of a target', async () => {
      const page = await newPage();
      await logIn(page, '#/acme/settings');
      await page.getByText('What happens to a call').click();
      await page.getByLabel('Open at certain hours only').check();
      await page.getByLabel('Fri').uncheck();
      await page.getByRole('button', { name: 'Add hours' }).click();
      await page.getByLabel('At other times').selectOption('destination');
      await page.getByLabel('Rings at', { exact: true }).last().fill('555');
      await page.getByRole('button', { name: 'Save', exact: true }).click();
      await page.locator('.error', { hasText: 'Write the whole number with its country code' }).waitFor();
      await page.getByLabel('Rings at', { exact: true }).last().fill('+14155550111');
      await page.getByLabel('Closed all day on').fill('2026-12-25');
      await page.getByRole('button', { name: 'Save', exact: true }).click();
      await page.getByText('Saved.', { exact: true }).waitFor();
      expect(await violations(page)).toEqual([]);
      await page.screenshot({ path: join(pictures, 'hours-1280.png'), fullPage: true });
      expect((await admin.call(api.getSite, { site: 'acme' })).targets[0]?.forwarding).toMatchObject({
        hours: {
          open: [
            { days: ['mon', 'tue', 'wed', 'thu'], from: '09:00', to: '17:00' },
            { days: ['sat'], from: '09:00', to: '13:00' },
          ],
          closedOn: ['2026-12-25'],
          whenClosed: { kind: 'destination', destination: '+14155550111' },
        },
      });
      await page.context().close();
    });

    it('shows what is wrong with a setting at its field, and saves what is right', async () => {
      const page = await newPage();
      await logIn(page, '#/acme/settings');
      await page.getByLabel('Number as printed').fill('555');
      await page.getByLabel('A visit holds its number for', { exact: true }).fill('0');
      await page.getByRole('button', { name: 'Save', exact: true }).click();
      await page.locator('.error', { hasText: 'Write the whole number with its country code' }).waitFor();
      await page.getByText('At least 1 second.').waitFor();
      // The fields say it all: no box says it again.
      expect(await page.getByRole('alert').count()).toBe(0);
      expect(await page.getByLabel('Number as printed').evaluate((field) => field === document.activeElement)).toBe(
        true,
      );
      await page.screenshot({ path: join(pictures, 'settings-errors-1280.png'), fullPage: true });
      await page.getByLabel('Number as printed').fill('+14155550100');
      await page.getByLabel('A visit holds its number for', { exact: true }).fill('30');
      await page.getByLabel('Then the number rests for', { exact: true }).fill('2');
      await page.getByRole('button', { name: 'Save', exact: true }).click();
      await page.getByText('Saved.', { exact: true }).waitFor();
      expect((await admin.call(api.getSite, { site: 'acme' })).lease).toMatchObject({ cooldownSeconds: 7200 });
      await page.context().close();
    });

    it('asks before what was changed in the settings is left behind', async () => {
      const page = await newPage();
      await logIn(page, '#/acme/settings');
      await page.getByLabel('Time zone').selectOption('Europe/Berlin');
      await page.getByText('Not saved yet.').waitFor();
      let asked = '';
      page.once('dialog', (dialog) => {
        asked = dialog.message();
        void dialog.dismiss();
      });
      await page.getByRole('link', { name: 'Calls', exact: true }).click();
      await expect.poll(() => asked).toContain('not saved');
      expect(page.url()).toContain('#/acme/settings');
      expect(await page.getByLabel('Time zone').inputValue()).toBe('Europe/Berlin');
      page.once('dialog', (dialog) => void dialog.accept());
      await page.getByRole('link', { name: 'Calls', exact: true }).click();
      await page.getByRole('heading', { level: 1, name: 'Calls' }).waitFor();
      await page.context().close();
    });

    it('says that there is no such site, and never shows another in its place', async () => {
      const page = await newPage();
      await logIn(page, '#/nosite/calls');
      await page.getByRole('heading', { level: 1, name: 'There is no site “nosite”' }).waitFor();
      expect(await violations(page)).toEqual([]);
      await page.getByRole('link', { name: 'Acme Roofing' }).first().waitFor();
      await page.context().close();
    });

    it('says that a period makes no sense, and which days it shows', async () => {
      const page = await newPage(390);
      await logIn(page, '#/acme/reports?from=2026-12-01&to=2026-01-01');
      await page.getByText('The first day is after the last: these are the last 30 days.').waitFor();
      expect(await page.getByLabel('From', { exact: true }).inputValue()).toBe('2026-12-01');
      expect(await violations(page)).toEqual([]);
      await page.context().close();
    });

    it('shows a report whole at 1280 pixels, and the calls behind a row', async () => {
      const page = await newPage();
      await logIn(page, '#/acme/reports');
      const region = page.getByRole('region', { name: 'The report as a table' });
      await region.getByRole('link', { name: 'Paid Search' }).waitFor();
      expect(
        await region.evaluate(({ scrollWidth, clientWidth, scrollHeight, clientHeight }) => [
          scrollWidth - clientWidth,
          scrollHeight - clientHeight,
        ]),
      ).toEqual([0, 0]);
      await region.getByRole('link', { name: 'Paid Search' }).click();
      await page.getByRole('heading', { level: 1, name: 'Calls' }).waitFor();
      expect(page.url()).toMatch(/#\/acme\/calls\?from=[\d-]+&to=[\d-]+&channel=Paid\+Search&model=\w+$/);
      expect(await page.getByLabel('Channel').inputValue()).toBe('Paid Search');
      await page.goBack();
      await page.getByLabel('By', { exact: true }).selectOption('number');
      await page
        .getByRole('link', { name: /555-1000/ })
        .first()
        .click();
      await page.getByRole('heading', { level: 1, name: 'Calls' }).waitFor();
      expect(page.url()).toContain('number=%2B14155551000');
      await page.context().close();
    });

    it('counts a draining number nowhere as one of the pool, and adds a source number by its rule', async () => {
      await admin.call(api.putSite, { site: 'few', body: { ...SITE, name: 'Demo: Few & Sons' } });
      const rows = [1, 2, 3].map((n) => ({ number: `+1415555420${n}`, target: 'main' }));
      await admin.call(api.addNumbers, { site: 'few', body: { numbers: rows } });
      await admin.call(api.patchNumber, { site: 'few', number: '+14155554203', body: { status: 'draining' } });
      const page = await newPage();
      await logIn(page, '#/few/numbers');
      await page.getByText('Demo data').waitFor();
      await page.getByText('2 free, 0 resting, 0 held, 1 more draining').waitFor();
      await page.getByText('a number of the pool (2 free now)').waitFor();
      await page.getByText('No visit held a number in this time.').waitFor();
      await page.getByRole('img', { name: 'At most 0 numbers were held at once; there are 2 now.' }).waitFor();

      await page.getByRole('button', { name: 'Add numbers' }).click();
      const dialog = page.getByRole('dialog');
      expect(await dialog.getByRole('button', { name: 'Add', exact: true }).isDisabled()).toBe(true);
      await dialog.getByLabel('Numbers', { exact: true }).fill('call us');
      await dialog.getByRole('button', { name: 'Add 1 number' }).click();
      await dialog.getByText('Row 1 (call us): Write the whole number with its country code').waitFor();
      await dialog.getByLabel('What they are for').selectOption('source');
      await dialog.getByLabel('Number', { exact: true }).fill('555');
      await dialog.getByRole('button', { name: 'Add the number' }).click();
      await dialog.getByText('Write the whole number with its country code').waitFor();
      await dialog.getByText('It must name at least one condition.').waitFor();
      expect(await violations(page)).toEqual([]);
      await dialog.getByLabel('Number', { exact: true }).fill('(415) 555-4210');
      await dialog.getByLabel('Name', { exact: true }).fill('Radio spot');
      await dialog.getByLabel('Source', { exact: true }).fill('radio');
      await dialog.getByRole('button', { name: 'Add the number' }).click();
      await dialog.getByText('(415) 555-4210 added.').waitFor();
      const { items } = await admin.call(api.listNumbers, { site: 'few', query: {} });
      expect(items.find(({ kind }) => kind === 'source')).toMatchObject({
        number: '+14155554210',
        name: 'Radio spot',
        match: { source: 'radio' },
      });
      await page.context().close();
    });

    it('tries a destination out, changes which calls count for it, pauses it and goes on', async () => {
      const crm = await receiveWebhooks();
      const { signingSecret } = await admin.call(api.putIntegration, {
        site: 'acme',
        body: { id: 'crm', kind: 'webhook', name: 'Our CRM', url: crm.url },
      });
      crm.signingSecret = signingSecret as string;
      const page = await newPage();
      await logIn(page, '#/acme/install');
      await page.getByText('All calls: when one rings, is over, and changes later.').waitFor();
      await page.getByRole('button', { name: 'Test Our CRM' }).click();
      await page.getByText('Test taken').waitFor();
      expect(crm.accepted.map(({ event }) => String(event.type))).toContain('webhook.test');

      await page.getByRole('button', { name: 'Edit Our CRM' }).click();
      const dialog = page.getByRole('dialog', { name: 'Change Our CRM' });
      await dialog.getByLabel('Only answered calls').check();
      await dialog.getByLabel('That lasted at least', { exact: true }).fill('1.5');
      await dialog.getByLabel('From these sources').fill('google, bing');
      await dialog.getByLabel('When a call rings').uncheck();
      expect(await violations(page)).toEqual([]);
      await page.screenshot({ path: join(pictures, 'destination-1280.png') });
      await dialog.getByRole('button', { name: 'Save' }).click();
      await page
        .getByText('Answered calls of at least 90 seconds, from google or bing: when one is over and changes later.')
        .waitFor();
      await page.getByRole('button', { name: 'Pause Our CRM' }).click();
      await page.getByText('Paused', { exact: true }).waitFor();
      expect(await violations(page)).toEqual([]);
      expect((await admin.call(api.listIntegrations, { site: 'acme' })).items).toMatchObject([
        { paused: true, rules: { answered: true, minSeconds: 90, sources: ['google', 'bing'] } },
      ]);
      await page.getByRole('button', { name: 'Switch on Our CRM' }).click();
      await page.getByText('Paused', { exact: true }).waitFor({ state: 'detached' });
      await admin.call(api.deleteIntegration, { site: 'acme', id: 'crm' });
      await page.context().close();
      crm.close();
    });

    it('gives a script tag whose integrity is that of the script', async () => {
      const page = await newPage();
      await logIn(page, '#/acme/install');
      await page.getByLabel('Which script').selectOption('pinned');
      const tag = page.locator('pre', { hasText: 'integrity=' });
      await tag.waitFor();
      const [, address, integrity] =
        /src="([^"]+)" integrity="sha384-([^"]+)"/.exec((await tag.textContent()) ?? '') ?? [];
      const digest = await crypto.subtle.digest('SHA-384', await (await fetch(address as string)).arrayBuffer());
      expect(Buffer.from(digest).toString('base64')).toBe(integrity);
      await page.context().close();
    });

    it('is worked by keyboard alone', async () => {
      const page = await newPage();
      await logIn(page, '#/acme/overview');
      await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
      await page.getByRole('link', { name: 'Calls', exact: true }).focus();
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { level: 1, name: 'Calls' }).waitFor();
      expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Calls');
      await page.getByRole('link', { name: '(212) 555-2000' }).focus();
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { level: 1, name: 'Call from (212) 555-2000' }).waitFor();

      await page.getByRole('link', { name: 'Numbers', exact: true }).focus();
      await page.keyboard.press('Enter');
      const add = page.getByRole('button', { name: 'Add numbers' });
      await add.focus();
      await page.keyboard.press('Enter');
      await page.getByRole('dialog', { name: 'Add numbers' }).waitFor();
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      expect(await add.evaluate((element) => element === document.activeElement)).toBe(true);
      await page.context().close();
    });
  });

  it('shows a reader everything and lets them change nothing', async () => {
    await admin.call(api.putSite, { site: 'for-reader', body: SITE });
    const { token } = await admin.call(api.createToken, {
      body: { scopes: ['read'], site: 'for-reader', name: 'Maren' },
    });
    const page = await newPage();
    await page.goto(`${local.edge}/app/#/for-reader/settings`);
    await page.getByLabel('Token').fill(token);
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByText('This session may look, not change').waitFor();
    expect(await page.locator('.who').textContent()).toBe('Logged in as Maren');
    expect(await page.getByRole('button', { name: 'Save', exact: true }).count()).toBe(0);
    expect(await page.getByLabel('Country').isDisabled()).toBe(true);
    await page.getByRole('button', { name: 'Log out' }).click();
    await page.getByRole('heading', { name: 'Log in' }).waitFor();
    await page.context().close();
  });

  it('logged no error on the way', () => {
    expect(errors).toEqual([]);
  });
});
