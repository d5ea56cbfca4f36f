/** @module-tag slow */

import { createHmac } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { api } from '@dialmark/shared';
import { createClient } from '@dialmark/shared/client';
import { afterAll, expect, it } from 'vitest';
import { launchChromium } from '../tools/browsers/chromium.ts';
import { compact } from '../tools/compact.ts';
import { type Local, startLocal } from '../tools/local.ts';
import { serveBusinessSite } from './business-site.ts';
import { bytesOnDisk } from './bytes-on-disk.ts';
import { receiveWebhooks } from './webhook-receiver.ts';

/** The promises of docs/privacy.md, checked in every byte of the data folder. */
const folder = mkdtempSync(join(tmpdir(), 'dialmark-privacy-'));
const ORIGIN = 'https://acme.example';
const [HOUR, DAY] = [3_600_000, 86_400_000];
const TEND = '17 3 * * *';
const SWEEP = '*/10 * * * *';
const ADMIN = 'admin-token-of-the-deployment';
const KEY = 'worker-key-of-the-deployment';
const BROWSER = 'Mozilla/5.0 (X11; Needle) Firefox/144.0';
const ADDRESS = '203.0.113.77';
const FLOODER = '203.0.113.78';
const SECRET = 'secret-of-the-carrier-account';
const CALLER = '+12125550187';
const NEEDLES = ['v_needle', 's_needle', 'needle-page', 'needle-click', 'needle.example'];

let local: Local | null = null;
const found = (needles: readonly (string | Buffer)[]) => bytesOnDisk(folder, needles);

async function start(aheadMs = 0): Promise<Local> {
  const variables = { CLOCK_AHEAD_MS: String(aheadMs) };
  const entry = 'packages/edge/test/clock-ahead.ts';
  local = await startLocal({ port: 0, persistTo: folder, adminToken: ADMIN, workerKey: KEY, entry, variables });
  return local;
}

async function stop(): Promise<void> {
  await local?.stop();
  local = null;
}

afterAll(async () => {
  await stop();
  rmSync(folder, { recursive: true, force: true });
});

const client = () => createClient({ edge: (local as Local).edge, token: ADMIN });

async function lease(site: string, session: string, visitor: string): Promise<string> {
  const arrival = { url: `${ORIGIN}/needle-page?gclid=needle-click`, referrer: 'https://needle.example/' };
  const { numbers } = await client().call(api.lease, {
    site,
    headers: { Origin: ORIGIN, 'User-Agent': BROWSER, 'X-Forwarded-For': ADDRESS },
    body: { session, visitor, page: arrival, touch: arrival },
  });
  return numbers.main?.number as string;
}

async function putSite(site: string, config: object, number: string): Promise<void> {
  const body = { origins: [ORIGIN], targets: [{ id: 'main', number: '+14155550100' }], ...config };
  await client().call(api.putSite, { site, body });
  await client().call(api.addNumbers, { site, body: { numbers: [{ number, target: 'main' }] } });
}

const report = (site: string, to: string, more: object = {}) =>
  client().call(api.reportCall, {
    site,
    body: { id: 'CA1', from: CALLER, to, startedAt: new Date().toISOString(), durationSeconds: 60, ...more },
  });

/** The salts that addresses are hashed under, of all pools. */
function salts(): Buffer[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile() && entry.name.endsWith('.sqlite'),
  );
  return files.flatMap((entry) => {
    const database = new DatabaseSync(join(entry.parentPath, entry.name));
    try {
      const kept = database.prepare("SELECT 1 FROM sqlite_master WHERE name = 'address_salt'").get();
      const rows = kept ? database.prepare('SELECT salt FROM address_salt WHERE salt <> zeroblob(32)').all() : [];
      return rows.map(({ salt }) => Buffer.from(salt as Uint8Array));
    } finally {
      database.close();
    }
  });
}

const printed = (value: unknown) => (value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : `${value}`);

/** The tables, of all pools and ledgers, in which a row holds one of `texts`. */
function tablesWith(texts: readonly string[]): string[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile() && entry.name.endsWith('.sqlite'),
  );
  return files.flatMap((entry) => {
    const database = new DatabaseSync(join(entry.parentPath, entry.name));
    try {
      const tables = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all();
      return tables.flatMap(({ name }) => {
        const statement = database.prepare(`SELECT * FROM "${name}"`);
        statement.setReadBigInts(true);
        const rows = statement.all().flatMap(Object.values).map(printed).join('\n');
        return texts.filter((text) => rows.includes(text)).map((text) => `${text} in ${name}`);
      });
    } finally {
      database.close();
    }
  });
}

it('keeps no address, no key and no caller who is to be hashed; nothing is left after its time', async () => {
  const { edge } = await start();
  const carriers = { twilio: { authToken: SECRET } };
  await putSite('acme', { callers: 'hashed', retentionDays: 30, carriers }, '+14155550132');
  const { token } = await client().call(api.createToken, { body: { scopes: ['read'] } });
  const opened = await fetch(`${edge}/app/session`, {
    method: 'POST',
    headers: { 'Dialmark-Dashboard': '1' },
    body: JSON.stringify({ token }),
  });
  const session = /=([\w-]{43});/.exec(opened.headers.get('Set-Cookie') ?? '')?.[1] as string;
  await report('acme', await lease('acme', 's_needle', 'v_needle'));
  // Visitors turned away for asking too often are not stored either.
  await putSite('flooded', { limits: { newLeasesPerAddressPerHour: 1 } }, '+14155550134');
  const flood = Array.from({ length: 300 }, (_, i) =>
    fetch(`${edge}/v1/sites/flooded/lease`, {
      method: 'POST',
      headers: { Origin: ORIGIN, 'User-Agent': BROWSER, 'X-Forwarded-For': FLOODER },
      body: JSON.stringify({ session: `s_flood_${i}`, page: { url: `${ORIGIN}/` } }),
    }).then(async (answer) => {
      await answer.arrayBuffer();
      expect([200, 429]).toContain(answer.status);
    }),
  );
  await Promise.all(flood);
  await expect
    .poll(async () => (await client().call(api.listCalls, { site: 'acme', query: {} })).items.length, {
      timeout: 20_000,
    })
    .toBe(1);
  for (const needle of NEEDLES) expect(found([needle])).not.toEqual([]);

  const day = new Date().toISOString().slice(0, 10);
  const hashes = [`address ${KEY}`, KEY].flatMap((key) =>
    [ADDRESS, FLOODER]
      .flatMap((address) => [address, `${day} ${address}`])
      .map((text) => createHmac('sha256', key).update(text).digest('hex').slice(0, 16)),
  );
  expect(found([ADDRESS, FLOODER, BROWSER, SECRET, CALLER.slice(1), token, session, ADMIN, KEY, ...hashes])).toEqual(
    [],
  );

  // The visit stays for its 30 days; what its address could be told by does not.
  await stop();
  const known = salts();
  // One of each site's pool.
  expect(known).toHaveLength(2);
  await (await start(HOUR)).runScheduled(TEND);
  await stop();
  expect(salts()).toEqual(known);
  await (await start(47 * HOUR)).runScheduled(TEND);
  await expect.poll(salts, { timeout: 20_000 }).toEqual([]);
  await stop();
  await start(48 * HOUR);
  await stop();
  expect(salts()).toEqual([]);
  expect(found(known)).toEqual([]);
  expect(found(['v_needle'])).not.toEqual([]);

  const later = await start(32 * DAY);
  // A turn of the night each time: alarms, which would bring the others, do not know of the test's clock.
  const left = () => later.runScheduled(TEND).then(() => tablesWith(NEEDLES));
  await expect.poll(left, { timeout: 60_000 }).toEqual([]);
  await stop();
  compact(folder);
  expect(found(NEEDLES)).toEqual([]);
}, 180_000);

it('forgets whoever is erased while their call rings and a message about it waits', async () => {
  await start();
  const broken = await receiveWebhooks();
  try {
    broken.status = 503;
    await putSite('ringing', {}, '+14155550133');
    const hook = { id: 'crm', kind: 'webhook' as const, url: broken.url };
    const body = { ...hook, events: ['call.ringing' as const, 'call.completed' as const] };
    broken.signingSecret = (await client().call(api.putIntegration, { site: 'ringing', body })).signingSecret as string;
    const number = await lease('ringing', 's_needle', 'v_needle');
    await report('ringing', number, { status: 'ringing', durationSeconds: null });
    const pending = async () =>
      (await client().call(api.listDeliveries, { site: 'ringing', query: { state: 'pending' } })).items.length;
    await expect.poll(pending, { timeout: 20_000, interval: 20 }).toBe(1);
    await client().call(api.eraseVisitor, { site: 'ringing', id: 'v_needle' });
    await report('ringing', number, { status: 'completed' });
    await expect
      .poll(async () => (await client().call(api.listCalls, { site: 'ringing', query: {} })).items[0]?.status, {
        timeout: 20_000,
      })
      .toBe('completed');
    await stop();
    await start();
    await stop();
    expect(found([...NEEDLES, CALLER.slice(1)])).toEqual([]);
  } finally {
    broken.close();
  }
}, 120_000);

it('keeps nothing of a visit before consent, where that is required', async () => {
  await start();
  const business = await serveBusinessSite(() => `${(local as Local).edge}/s/consent.js`);
  const browser = await launchChromium();
  try {
    await putSite('consent', { consent: 'required', origins: [business.origin] }, '+14155550135');
    const needles = ['asked-page', 'asked-click', 'asked.example'];
    const page = await browser.newPage();
    const arrive = async () => {
      await page.goto(`${business.origin}/asked-page?gclid=asked-click`, { referer: 'https://asked.example/' });
      await page.waitForFunction('window.dialmark?.number');
    };
    await arrive();
    await page.click('#next');
    await page.waitForFunction('window.dialmark?.number');
    // A client of its own may say what the script does not.
    const arrival = { url: `${business.origin}/asked-page?gclid=asked-click`, referrer: 'https://asked.example/' };
    const { numbers } = await client().call(api.lease, {
      site: 'consent',
      headers: { Origin: business.origin, 'User-Agent': BROWSER },
      body: { session: 's_asked', visitor: null, page: arrival, touch: arrival },
    });
    expect(numbers.main).toMatchObject({ kind: 'none', reason: 'consent' });
    await client().call(api.event, {
      site: 'consent',
      headers: { Origin: business.origin, 'User-Agent': BROWSER },
      body: { type: 'pageview', session: 's_asked', visitor: null, page: arrival },
    });
    await stop();
    expect(found([...needles, 's_asked'])).toEqual([]);
    expect(await page.context().cookies()).toEqual([]);
    expect(await page.evaluate('JSON.stringify({ ...localStorage, ...sessionStorage })')).toBe('{}');

    await start();
    await arrive();
    await page.evaluate('window.dialmark.consent(true)');
    await expect.poll(() => found(['asked-click']), { timeout: 20_000 }).not.toEqual([]);
  } finally {
    await browser.close();
    business.close();
    await stop();
  }
}, 120_000);

it('keeps the text of a message for thirty days', async () => {
  await start();
  const receiver = await receiveWebhooks();
  try {
    await putSite('telling', {}, '+14155550136');
    const hook = { id: 'crm', kind: 'webhook' as const, url: receiver.url, events: ['call.completed' as const] };
    const { signingSecret } = await client().call(api.putIntegration, { site: 'telling', body: hook });
    receiver.signingSecret = signingSecret as string;
    await report('telling', await lease('telling', 's_told', 'v_told'));
    const delivered = async () =>
      (await client().call(api.listDeliveries, { site: 'telling', query: { state: 'delivered' } })).items.length;
    await expect.poll(delivered, { timeout: 20_000 }).toBe(1);
    await stop();
    const text = JSON.stringify(receiver.accepted[0]?.event).slice(0, 80);
    expect(found([text])).not.toEqual([]);

    await (await start(29 * DAY)).runScheduled(SWEEP);
    await stop();
    compact(folder);
    expect(found([text])).not.toEqual([]);
    await (await start(31 * DAY)).runScheduled(SWEEP);
    // The row stays: that it was sent, and when.
    const { items } = await client().call(api.listDeliveries, { site: 'telling', query: {} });
    expect(items).toMatchObject([{ call: 'CA1', state: 'delivered' }]);
    await stop();
    compact(folder);
    expect(found([text])).toEqual([]);
    expect(found(['v_told'])).not.toEqual([]);
  } finally {
    receiver.close();
  }
}, 180_000);

it('leaves nothing of a site that is deleted', async () => {
  await start();
  const receiver = await receiveWebhooks();
  try {
    const needles = ['v_ended', 's_ended', '2125550188', 'ended-campaign', 'ended-name', 'ended-tag', 'ended-number'];
    await putSite('ended', { name: 'ended-name', carriers: { twilio: { authToken: SECRET } } }, '+14155550137');
    await client().call(api.patchNumber, { site: 'ended', number: '+14155550137', body: { name: 'ended-number' } });
    const hook = { id: 'crm', kind: 'webhook' as const, url: `${receiver.url}/ended-hook` };
    await client().call(api.putIntegration, { site: 'ended', body: { ...hook, events: ['call.completed'] } });
    const costs = [{ date: '2026-11-24', source: 'google', medium: 'cpc', campaign: 'ended-campaign', cost: 5 }];
    await client().call(api.addCosts, { site: 'ended', body: { rows: costs } });
    const number = await lease('ended', 's_ended', 'v_ended');
    const tag = { type: 'tag' as const, session: 's_ended', visitor: 'v_ended', data: { note: 'ended-tag' } };
    await client().call(api.event, { site: 'ended', headers: { Origin: ORIGIN, 'User-Agent': BROWSER }, body: tag });
    await report('ended', number, { from: '+12125550188' });
    const calls = async () => (await client().call(api.listCalls, { site: 'ended', query: {} })).items.length;
    await expect.poll(calls, { timeout: 20_000 }).toBe(1);
    for (const needle of [...needles, 'ended-hook']) expect(found([needle]), needle).not.toEqual([]);

    await client().call(api.deleteSite, { site: 'ended' });
    await stop();
    await start();
    await stop();
    expect(found([...needles, 'ended-hook'])).toEqual([]);
  } finally {
    receiver.close();
  }
}, 120_000);
