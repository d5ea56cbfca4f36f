import { createServer, type IncomingMessage, type ServerResponse, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import { api } from '@dialmark/shared';
import { createClient } from '@dialmark/shared/client';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launchChromium } from '../tools/browsers/chromium.ts';
import { type Local, startLocal } from '../tools/local.ts';

declare const dialmark: { consent(granted: boolean): void };

/** Imitates Safari: a cookie that a script writes lasts seven days at most. */
const CAP = `const { set, get } = Object.getOwnPropertyDescriptor(Document.prototype, 'cookie');
  Object.defineProperty(Document.prototype, 'cookie', { get, configurable: true, set(text) {
    set.call(this, text.replace(/max-age=(\\d+)/, (_, seconds) => 'max-age=' + Math.min(seconds, 604800)));
  } });`;

let local: Local;
let browser: Browser;
let port: number;
let close: () => void;
let tag = '';

/** The business's site: its pages, and the paths that are routed to the Worker. */
async function serveSite(edge: string): Promise<void> {
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    if (/^\/(s|v1\/sites)\/acme/.test(request.url ?? '')) {
      const { method, headers } = request;
      const on = send(edge + request.url, { method: method as string, headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      });
      request.pipe(on);
      return;
    }
    response.setHeader('Content-Type', 'text/html; charset=utf-8');
    response.end(`<!doctype html><title>Acme</title><script async src="${tag}/s/acme.js"></script><p>415-555-0100</p>`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
  close = () => {
    server.closeAllConnections();
    server.close();
  };
}

beforeAll(async () => {
  local = await startLocal({ port: 0, adminToken: 'first-party', workerKey: 'first-party' });
  await serveSite(local.edge);
  const admin = createClient({ edge: local.edge, token: 'first-party' });
  await admin.call(api.putSite, {
    site: 'acme',
    body: {
      origins: [`http://www.acme.test:${port}`, `http://acme.test:${port}`],
      targets: [{ id: 'main', number: '+14155550100' }],
      snippet: { cookie: { firstParty: true } },
    },
  });
  const numbers = [132, 133, 134, 135].map((last) => ({ number: `+14155550${last}`, target: 'main' }));
  await admin.call(api.addNumbers, { site: 'acme', body: { numbers } });
  browser = await launchChromium();
});

afterAll(async () => {
  await browser?.close();
  close?.();
  await local?.stop();
});

describe.each(['beside the site’s host', 'on paths of the site’s host'])('an edge %s', (where) => {
  let context: BrowserContext;
  let page: Page;

  beforeEach(async () => {
    tag = where.startsWith('on') ? '' : local.edge.replace('127.0.0.1', 'calls.acme.test');
    context = await browser.newContext();
    await context.addInitScript(CAP);
    page = await context.newPage();
  });

  const open = (host: string) => page.goto(`http://${host}:${port}/`);
  const swapped = () => page.waitForFunction(() => /415-555-013\d/.test(document.body.textContent ?? ''));
  const days = (cookie: { expires: number } | undefined) =>
    cookie && Math.round((cookie.expires - Date.now() / 1000) / 86_400);

  it('keeps the visitor past what Safari grants to scripts, on every page', async () => {
    await open('www.acme.test');
    await swapped();
    await expect.poll(async () => (await context.cookies()).map(days)).toEqual([395]);
    const [first] = await context.cookies();
    expect(first).toMatchObject({ name: 'dialmark_acme', domain: '.acme.test', path: '/', sameSite: 'Lax' });

    // The script writes it again on the next page, and the answer to that page view mends that.
    const answered = page.waitForResponse((response) => response.url().endsWith('/events'));
    await open('www.acme.test');
    await swapped();
    expect(await (await answered).headerValue('set-cookie')).toContain('Max-Age=34128000');
    await expect.poll(async () => (await context.cookies()).map(days)).toEqual([395]);
    const [second] = await context.cookies();
    expect(second?.value.split('~').slice(0, 2)).toEqual(first?.value.split('~').slice(0, 2));
    await context.close();
  });

  it('leaves no cookie behind when consent is withdrawn', async () => {
    await open('www.acme.test');
    await swapped();
    await expect.poll(async () => (await context.cookies()).map(days)).toEqual([395]);
    const answered = page.waitForResponse((response) => response.url().endsWith('/events'));
    await page.evaluate(() => dialmark.consent(false));
    expect(await (await answered).headerValue('set-cookie')).toContain('Max-Age=0');
    expect(await context.cookies()).toEqual([]);
    await context.close();
  });
});
