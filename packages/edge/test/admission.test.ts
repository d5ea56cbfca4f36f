import { evictDurableObject, listDurableObjectIds, runInDurableObject } from 'cloudflare:test';
import { api } from '@dialmark/shared';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { shardOf, stubOf } from '../src/pool/shards/remote-pool.ts';
import { admin, BROWSER, env, leaseOf, mainOf, newSite, ORIGIN, pageHeaders, visitor, worker } from './edge.ts';

afterEach(() => {
  vi.useRealTimers();
});

const from = (address: string) => ({ 'CF-Connecting-IP': address });
const REFUSED = { kind: 'none', reason: 'rate_limited', number: null, binding: null, expiresAt: null };

/** Rows of all tables that visits leave something in. */
const rowsOf = (site: string, shard = 0) =>
  runInDurableObject(stubOf(env, site, shard), (_, { storage }) =>
    Object.fromEntries(
      ['sessions', 'bindings', 'pressure'].map((table) => [
        table,
        storage.sql.exec<{ n: number }>(`SELECT count(*) AS n FROM ${table}`).one().n,
      ]),
    ),
  );

const pageview = (site: string, session: string, address: string) =>
  visitor.call(api.event, {
    site,
    headers: { ...pageHeaders, ...from(address) },
    body: { type: 'pageview', session, page: { url: `${ORIGIN}/roof` } },
  });

describe('a refused lease', () => {
  it.each([
    ['with numbers', 10],
    ['without numbers', 0],
  ])('stores nothing, in a pool %s', async (_, numbers) => {
    const site = await newSite(numbers, { limits: { newLeasesPerAddressPerHour: 2 } });
    for (let i = 0; i < 2; i++) expect(await mainOf(site, `s_${i}`, {}, from('203.0.113.9'))).not.toEqual(REFUSED);
    const before = await rowsOf(site);
    for (let i = 2; i < 12; i++) {
      expect(await mainOf(site, `s_${i}`, { visitor: `v_${i}` }, from('203.0.113.9'))).toMatchObject(REFUSED);
      await pageview(site, `p_${i}`, '203.0.113.9');
    }
    expect(await rowsOf(site)).toEqual(before);
    expect((await admin.send(api.getSession, { site, id: 's_5' })).status).toBe(404);
    expect(await mainOf(site, 's_other', {}, from('203.0.113.10'))).not.toMatchObject(REFUSED);
  });

  it('leaves a visit that goes on what it has', async () => {
    const site = await newSite(10, { limits: { newLeasesPerAddressPerHour: 1 } });
    const held = await mainOf(site, 's_1', {}, from('203.0.113.9'));
    await mainOf(site, 's_2', {}, from('203.0.113.9'));
    expect(await mainOf(site, 's_1', {}, from('203.0.113.9'))).toMatchObject({ binding: held.binding });
  });

  it('is counted, by reason', async () => {
    const site = await newSite(10, { limits: { newLeasesPerAddressPerHour: 1 } });
    for (let i = 0; i < 4; i++) await mainOf(site, `s_${i}`, {}, from('203.0.113.9'));
    const { admission, storage } = await admin.call(api.metrics, { site });
    expect(admission).toMatchObject({ served: 1, unstored: { address: 3, site: 0 }, refused: 0 });
    expect(storage.poolBytes).toBeGreaterThan(0);
    const text = await (await admin.send(api.allMetrics, {})).text();
    expect(text).toContain(`dialmark_requests_unstored_total{site="${site}",reason="address"} 3`);
  });

  it('comes when the site has all the new visits it can be thought to have', async () => {
    const site = await newSite(10, { limits: { newVisitsPerHour: 3 } });
    const kinds = [];
    for (let i = 0; i < 5; i++) kinds.push((await mainOf(site, `s_${i}`, {}, from(`203.0.113.${i}`))).kind);
    expect(kinds).toEqual(['pool', 'pool', 'pool', 'none', 'none']);
    expect(await mainOf(site, 's_0', {}, from('203.0.113.0'))).toMatchObject({ kind: 'pool' });
    expect((await admin.call(api.metrics, { site })).admission.unstored.site).toBe(2);
  });
});

describe('an address', () => {
  const kindsOf = async (site: string, addresses: readonly string[]) => {
    const kinds = [];
    for (const [i, address] of addresses.entries()) kinds.push((await mainOf(site, `a_${i}`, {}, from(address))).kind);
    return kinds;
  };

  it('is the same however it is written', async () => {
    const site = await newSite(20, { limits: { newLeasesPerAddressPerHour: 2 } });
    const ways = ['203.0.113.9', '::ffff:203.0.113.9', '203.0.113.9:51234', '[::ffff:203.0.113.9]:443'];
    expect(await kindsOf(site, ways)).toEqual(['pool', 'pool', 'none', 'none']);
    expect(await mainOf(site, 's_1', {}, from('::ffff:203.0.113.10'))).toMatchObject({ kind: 'pool' });
    expect(await mainOf(site, 's_2', {}, from('203.0.113.11:51234'))).toMatchObject({ kind: 'pool' });
  });

  it('is bounded with all others of its /48', async () => {
    const site = await newSite(0, { limits: { newLeasesPerAddressPerHour: 1 } });
    const kinds = await kindsOf(
      site,
      Array.from({ length: 12 }, (_, i) => `2001:db8:1:${i.toString(16)}::1`),
    );
    expect(kinds.filter((kind) => kind === 'fallback')).toHaveLength(10);
    expect(await mainOf(site, 's_other', {}, from('2001:db8:2::1'))).toMatchObject({ kind: 'fallback' });
  });

  it('holds a fifth of a pool at a time, and three of a small one', async () => {
    for (const [numbers, most] of [
      [30, 6],
      [6, 3],
    ] as const) {
      const site = await newSite(numbers);
      const kinds = await kindsOf(site, Array<string>(10).fill('203.0.113.9'));
      expect(kinds.filter((kind) => kind === 'pool')).toHaveLength(most);
      expect(await mainOf(site, 's_other', {}, from('203.0.113.10'))).toMatchObject({ kind: 'pool' });
    }
  });

  it('keeps no more of it by renewing, hour after hour and over a restart', { timeout: 60_000 }, async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2026, 10, 24, 12) });
    const site = await newSite(20);
    const held = new Set<string>();
    for (let round = 0; round < 12; round++) {
      vi.setSystemTime(Date.UTC(2026, 10, 24, 12, round * 20));
      for (const session of held) await mainOf(site, session, {}, from('203.0.113.9'));
      for (let i = 0; i < 6; i++) {
        const session = `s_${round}_${i}`;
        if ((await mainOf(site, session, {}, from('203.0.113.9'))).kind === 'pool') held.add(session);
      }
      if (round === 6) await evictDurableObject(env.POOL.getByName(site));
      expect((await admin.call(api.pool, { site })).leased).toBeLessThanOrEqual(4);
    }
  });

  it('has what it holds prolonged by its first tap only', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2026, 10, 24, 12) });
    const site = await newSite(5, { lease: { ttlSeconds: 600 } });
    await mainOf(site, 's_1', {}, from('203.0.113.9'));
    const tap = () =>
      visitor.call(api.event, { site, headers: pageHeaders, body: { type: 'tel_click', session: 's_1' } });
    const until = async () => {
      const { bindings } = await admin.call(api.getSession, { site, id: 's_1' });
      return Date.parse(bindings[0]?.expiresAt as string) - Date.UTC(2026, 10, 24, 12);
    };
    await tap();
    expect(await until()).toBe(1200_000);
    vi.setSystemTime(Date.UTC(2026, 10, 24, 12, 5));
    await tap();
    expect(await until()).toBe(1200_000);
    vi.setSystemTime(Date.UTC(2026, 10, 24, 12, 15));
    await tap();
    expect(await until()).toBe(1500_000);
  });

  it('has one limit over all shards of a site', { timeout: 60_000 }, async () => {
    const site = await newSite(0, { shards: 4, limits: { newLeasesPerAddressPerHour: 6 } });
    const kinds = [];
    for (let i = 0; i < 40; i++)
      kinds.push((await mainOf(site, `s_${i}`, { visitor: `v_${i}` }, from('203.0.113.9'))).kind);
    expect(kinds.filter((kind) => kind === 'fallback')).toHaveLength(6);
    expect(kinds.slice(0, 6)).toEqual(Array(6).fill('fallback'));
    expect(await mainOf(site, 's_other', {}, from('203.0.113.10'))).toMatchObject({ kind: 'fallback' });
  });

  it('remembers what it was given over a restart', async () => {
    const site = await newSite(5, { limits: { newLeasesPerAddressPerHour: 2 } });
    await kindsOf(site, ['203.0.113.9', '203.0.113.9']);
    await evictDurableObject(env.POOL.getByName(site));
    expect(await mainOf(site, 's_3', {}, from('203.0.113.9'))).toMatchObject(REFUSED);
  });
});

describe('a site that is not there', () => {
  it('wakes no object, whatever is asked for it', async () => {
    const before = (await listDurableObjectIds(env.POOL)).length;
    const headers = { ...pageHeaders, ...from('203.0.113.77') };
    for (let i = 0; i < 5; i++) {
      const site = `nowhere-${i}`;
      const body = { session: 's', page: { url: `${ORIGIN}/` } };
      expect((await visitor.send(api.lease, { site, headers, body })).status).toBe(404);
      expect((await visitor.send(api.event, { site, headers, body: { type: 'heartbeat', session: 's' } })).status).toBe(
        404,
      );
      expect((await admin.send(api.pool, { site })).status).toBe(404);
      for (const path of [`/s/${site}.js`, `/s/${site}@000000000000.js`, `/v1/sites/${site}/carriers/twilio/voice`]) {
        expect((await worker(new Request(`https://edge.example${path}`))).status, path).toBe(404);
      }
    }
    expect(await listDurableObjectIds(env.POOL)).toHaveLength(before);
  });

  it('is there as soon as it was created', async () => {
    const site = `new-${crypto.randomUUID().slice(0, 8)}`;
    const body = { session: 's', page: { url: `${ORIGIN}/` } };
    expect((await visitor.send(api.lease, { site, headers: pageHeaders, body })).status).toBe(404);
    await admin.call(api.putSite, {
      site,
      body: { origins: [ORIGIN], targets: [{ id: 'main', number: '+14155550100' }] },
    });
    expect((await visitor.send(api.lease, { site, headers: pageHeaders, body })).status).toBe(200);
    await admin.send(api.deleteSite, { site });
    expect((await visitor.send(api.lease, { site, headers: pageHeaders, body })).status).toBe(404);
  });
});

describe('the values that visits come with', () => {
  it('are counted as (other) beyond 5,000 a day', { timeout: 120_000 }, async () => {
    const site = await newSite(0, { limits: { newLeasesPerAddressPerHour: 100_000 } });
    const asker = {
      origin: ORIGIN,
      trusted: false,
      robot: false,
      address: 'a',
      block: null,
      device: null,
      country: null,
    };
    const visit = (i: number) => ({
      type: 'pageview' as const,
      session: `s_${i}`,
      visitor: null,
      page: {
        url: `${ORIGIN}/page-${i}?utm_source=google&utm_medium=cpc&utm_campaign=campaign-${i}`,
        referrer: `https://host-${i}.example/`,
      },
    });
    const { leases } = shardOf(env, site, 0);
    const client = { ...asker, host: 'edge.example', cookies: [] };
    // In order, since the first 5,000 count by themselves.
    for (let i = 0; i <= 5000; i++) await leases.record(visit(i) as never, client);
    await leases.record({ ...visit(7), session: 's_known' } as never, client);
    const of = (id: string) => admin.call(api.getSession, { site, id });
    expect(await of('s_4999')).toMatchObject({ campaign: 'campaign-4999', source: 'google', channel: 'Paid Search' });
    expect(await of('s_known')).toMatchObject({ campaign: 'campaign-7', touch: { url: visit(7).page.url } });
    expect(await of('s_5000')).toMatchObject({
      campaign: '(other)',
      source: 'google',
      medium: 'cpc',
      channel: 'Paid Search',
      touch: { url: expect.stringMatching(/^https:\/\/acme\.example\/\(other\)\?/), referrer: 'https://(other)/' },
    });
  });
});

describe('what is kept of an address on the page', () => {
  it('is about a kilobyte, with what tells where a visit came from', async () => {
    const site = await newSite(5);
    const url = `${ORIGIN}/roof?${'a'.repeat(1500)}=1&utm_source=google&utm_medium=cpc&x=${'y'.repeat(900)}&gclid=abc&z=1`;
    await leaseOf(site, 's_1', { page: { url, referrer: `https://www.google.com/?q=${'r'.repeat(2000)}` } });
    const session = await admin.call(api.getSession, { site, id: 's_1' });
    expect(session.touch.url).toBe(`${ORIGIN}/roof?utm_source=google&utm_medium=cpc&gclid=abc&z=1`);
    expect(session.touch.referrer?.length).toBeLessThan(1024);
    expect(session).toMatchObject({ source: 'google', medium: 'cpc', clickIds: { gclid: 'abc' } });
    expect(session.pageViews.map((view) => view.url.length <= 1024)).toEqual([true]);
  });
});

describe('scripts', () => {
  it('are one, at whatever addresses they are asked for', { timeout: 60_000 }, async () => {
    const site = await newSite(0);
    const get = (path: string, host = 'edge.example') => worker(new Request(`https://${host}${path}`));
    const version = (await get(`/s/${site}.js`)).headers.get('Dialmark-Version');
    const hosts = ['h1.example', 'h1.example:8443', 'h1.example.', 'xn--bcher-kva.example', '127.0.0.1', '[::1]:80'];
    for (const host of hosts) {
      const answer = await get(`/s/${site}.js`, host);
      expect([host, answer.status, answer.headers.get('Dialmark-Version')]).toEqual([host, 200, version]);
      expect(await answer.text()).not.toContain(new URL(`https://${host}`).host);
    }
    const kept = await runInDurableObject(
      stubOf(env, site, 0),
      (_, { storage }) => storage.sql.exec<{ n: number }>('SELECT count(*) AS n FROM scripts').one().n,
    );
    expect(kept).toBe(1);
  });

  it('are kept for the latest versions only, unless a page pinned them', { timeout: 60_000 }, async () => {
    const site = await newSite(0);
    const { site: pool } = shardOf(env, site, 0);
    await pool.publish('pinned', 'script', '');
    expect((await pool.published('pinned')).value).toBe('script');
    for (let i = 0; i < 60; i++) await pool.publish(`v${i}`, 'script', '');
    const kept = await runInDurableObject(
      stubOf(env, site, 0),
      (_, { storage }) => storage.sql.exec<{ n: number }>('SELECT count(*) AS n FROM scripts').one().n,
    );
    expect(kept).toBe(51);
    expect((await pool.published('pinned')).value).toBe('script');
  });
});

describe('tokens that are not known', () => {
  it('are limited by address, wherever they are tried', async () => {
    const ways = [
      ['/app/session', 'GET'],
      ['/v1/sites', 'GET'],
      ['/metrics', 'GET'],
    ] as const;
    for (const [i, [path, method]] of ways.entries()) {
      const statuses = new Set<number>();
      const ask = (token: string, address: string) =>
        worker(
          new Request(`https://edge.example${path}`, {
            method,
            headers: { Authorization: `Bearer ${token}`, ...from(address) },
          }),
        );
      for (let guess = 0; guess < 70; guess++)
        statuses.add((await ask(`guess-${guess}`, `203.0.113.${210 + i}`)).status);
      expect([...statuses], path).toEqual([401, 429]);
      expect((await ask('test-admin-token', '203.0.113.220')).status, path).toBe(200);
    }
  });
});

describe('log-ins', () => {
  it('are limited by address, and nobody else is', async () => {
    const logIn = (address: string, token: string) =>
      worker(
        new Request('https://edge.example/app/session', {
          method: 'POST',
          headers: { 'Dialmark-Dashboard': '1', 'Content-Type': 'application/json', ...from(address) },
          body: JSON.stringify({ token }),
        }),
      );
    const statuses = [];
    for (let i = 0; i < 35; i++) statuses.push((await logIn('203.0.113.200', `guess-${i}`)).status);
    expect(statuses.filter((status) => status === 401).length).toBeGreaterThanOrEqual(30);
    expect(statuses.at(-1)).toBe(429);
    expect((await logIn('203.0.113.201', 'test-admin-token')).status).toBe(200);
  });
});

describe('a browser’s name', () => {
  const deviceOf = (site: string, session: string) =>
    runInDurableObject(
      stubOf(env, site, 0),
      (_, { storage }) => storage.sql.exec('SELECT device FROM sessions WHERE id = ?', session).one().device,
    );

  it('is read in no time, however long', async () => {
    const site = await newSite(5);
    const long = `${BROWSER} ${'Android '.repeat(2000)}`;
    const started = performance.now();
    for (let i = 0; i < 20; i++) await mainOf(site, `s_${i}`, {}, { 'User-Agent': `${long}${i}` });
    expect(performance.now() - started).toBeLessThan(5000);
    await mainOf(
      site,
      's_tablet',
      {},
      { 'User-Agent': 'Mozilla/5.0 (Linux; Android 13; SM-X906C) AppleWebKit/537.36 Chrome/120 Safari/537.36' },
    );
    expect(await deviceOf(site, 's_tablet')).toBe('tablet');
    await mainOf(
      site,
      's_phone',
      {},
      { 'User-Agent': 'Mozilla/5.0 (Linux; Android 13; Pixel 7) AppleWebKit/537.36 Chrome/120 Mobile Safari/537.36' },
    );
    expect(await deviceOf(site, 's_phone')).toBe('mobile');
  });
});
