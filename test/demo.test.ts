import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { api, type Call, type EpochMs } from '@dialmark/shared';
import { createClient } from '@dialmark/shared/client';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { seedDemo } from '../packages/demo/src/seed.ts';
import { writeStory } from '../packages/demo/src/story.ts';
import { launchChromium } from '../tools/browsers/chromium.ts';
import { type Local, startLocal } from '../tools/local.ts';

const token = 'demo-test-token';
const NOW = Date.UTC(2026, 10, 24, 20, 30) as EpochMs;
const FICTION = /^\+1\d{3}55501\d{2}$/;

describe('the story', () => {
  const story = writeStory(7, NOW, 'America/Los_Angeles');
  const deeds = story.deeds.flat();

  it('is the same for the same seed and moment', () => {
    expect(writeStory(7, NOW, 'America/Los_Angeles')).toEqual(story);
    expect(writeStory(8, NOW, 'America/Los_Angeles').deeds).not.toEqual(story.deeds);
  });

  it('is sixty days long, in order, and ends now', () => {
    expect(story.deeds).toHaveLength(60);
    expect(deeds.every(({ at }, index) => at <= NOW && at >= (deeds[index - 1]?.at ?? 0))).toBe(true);
    expect(story.days.at(-1)?.date).toBe('2026-11-24');
  });

  it('rings nobody: every number is one that is kept for fiction', () => {
    const numbers = deeds.flatMap((deed) => (deed.does === 'call' ? [deed.call.from, deed.call.to] : []));
    const dialled = numbers.filter((number) => typeof number === 'string');
    expect(dialled.length).toBeGreaterThan(300);
    expect(dialled.filter((number) => !FICTION.test(number))).toEqual([]);
  });
});

describe('the past of the demo business', () => {
  let folder: string;
  let local: Local;
  const start = async () => {
    local = await startLocal({
      port: 0,
      persistTo: folder,
      entry: 'packages/demo/src/worker.ts',
      adminToken: token,
      workerKey: 'demo-test-key',
    });
  };
  const admin = () => createClient({ edge: local.edge, token });
  const calls = async () => (await admin().call(api.listCalls, { site: 'demo', query: { limit: '1000' } })).items;
  let first: Call[];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'demo-'));
    await start();
    const brokenOff = seedDemo(local.edge, token, {
      past: true,
      onProgress: ({ days }) => {
        if (days === 20) throw new Error('the machine fell over');
      },
    });
    await expect(brokenOff).rejects.toThrow('fell over');
    await local.stop();
    await start();
    await seedDemo(local.edge, token, { past: true });
    // Lists hear of a call, and of how it ended, a moment after it.
    const ended = async () =>
      (await calls()).filter(({ carrier, status }) => carrier === 'twilio' && /completed|missed/.test(status)).length;
    await vi.waitFor(async () => expect(await ended()).toBe(3), { timeout: 20_000, interval: 200 });
    first = await calls();
  }, 120_000);
  afterAll(async () => {
    await local.stop();
    await rm(folder, { recursive: true });
  });

  it('goes on where an earlier start was broken off, with every call once', async () => {
    const days = new Set(first.map(({ startedAt }) => startedAt.slice(0, 10)));
    expect(days.size).toBeGreaterThan(55);
    expect(new Set(first.map(({ id }) => id)).size).toBe(first.length);
    expect(first.length).toBeGreaterThan(300);
    expect(first.length).toBeLessThan(1000);
  });

  it('is attributed as the product does, not as the story knows', () => {
    const matches = new Set(first.map(({ attribution }) => attribution.match));
    for (const match of ['active', 'recent', 'caller', 'source', 'none'] as const) expect(matches).toContain(match);
    expect(first.filter(({ attribution }) => attribution.confidence > 0.999 && attribution.session)).toEqual([]);
    expect(first.filter(({ spam }) => spam).length).toBeGreaterThan(5);
    expect(new Set(first.map(({ status }) => status))).toEqual(new Set(['completed', 'missed', 'busy', 'voicemail']));
  });

  it('knows where every call to a named number came from', async () => {
    const { items } = await admin().call(api.listNumbers, { site: 'demo', query: { limit: '1000' } });
    const named = new Map(items.flatMap(({ number, name }) => (name ? [[number as string, name]] : [])));
    expect([...named.values()].sort()).toEqual([
      'Call asset',
      'Flyer, Rockridge',
      'Google Business Profile',
      'Radio spot',
    ]);
    const toNamed = first.filter(({ to }) => named.has(to ?? ''));
    expect(new Set(toNamed.map(({ to }) => to)).size).toBe(4);
    expect(toNamed.filter(({ attribution }) => attribution.touch === null)).toEqual([]);
    const rowsOf = async (query: object) =>
      (await admin().call(api.report, { site: 'demo', dimension: 'channel', query })).rows;
    for (const [number, name] of named) {
      for (const model of ['last', 'first', 'linear'] as const) {
        const rows = await rowsOf({ number, model });
        expect(rows.length, name).toBeGreaterThan(0);
        expect(rows.filter(({ key }) => key === '(unattributed)')).toEqual([]);
      }
    }
    const { rows } = await admin().call(api.report, { site: 'demo', dimension: 'campaign', query: { model: 'last' } });
    for (const key of ['Google Business Profile', 'Flyer, Rockridge', 'Radio spot']) {
      expect(rows.find((row) => row.key === key)?.calls, key).toBeGreaterThan(0);
    }
    expect(rows.find(({ key }) => key === 'Flyer, Rockridge')?.costPerCall).toBeGreaterThan(0);
  });

  it('has reports at once: visits, calls, value and cost by channel', async () => {
    const { rows, totals } = await admin().call(api.report, { site: 'demo', dimension: 'channel', query: {} });
    expect(rows.length).toBeGreaterThanOrEqual(8);
    expect(totals.visits).toBeGreaterThan(2000);
    expect(totals.cost).toBeGreaterThan(1000);
    expect(totals.value).toBeGreaterThan(1000);
  });

  it('says that it is made up', async () => {
    expect((await admin().call(api.getSite, { site: 'demo' })).name).toMatch(/^Demo: /);
  });

  it('is not played again by another start', async () => {
    await local.stop();
    await start();
    await seedDemo(local.edge, token, { past: true });
    expect((await calls()).map(({ id }) => id)).toEqual(first.map(({ id }) => id));
  });

  it('ends in the present: people call by a carrier, whose webhooks are signed', async () => {
    const { items } = await admin().call(api.listCarriers, { site: 'demo' });
    const twilio = items.find(({ carrier }) => carrier === 'twilio');
    expect(twilio).toMatchObject({ configured: true, lastWebhookAt: expect.any(String), lastRefusedAt: null });
    const now = first.filter(({ carrier }) => carrier === 'twilio');
    expect(now.map(({ status, attribution }) => [status, attribution.match]).sort()).toEqual([
      ['completed', 'active'],
      ['completed', 'source'],
      ['missed', 'active'],
    ]);
    expect(now.filter(({ from, to }) => !FICTION.test(from ?? '') || !FICTION.test(to ?? ''))).toEqual([]);
  });

  it('has an office that hears of the calls from then on, and of alerts', async () => {
    const sent = async () => {
      const { items } = await admin().call(api.listDeliveries, { site: 'demo', query: {} });
      return items.map(({ call, event, state }) => ({ call, event, state }));
    };
    const present = new Set(first.filter(({ carrier }) => carrier === 'twilio').map(({ id }) => id));
    await expect
      .poll(async () => (await sent()).filter(({ event }) => event === 'call.completed').length, { timeout: 20_000 })
      .toBe(3);
    await expect
      .poll(async () => new Set((await sent()).map(({ state }) => state)), { timeout: 20_000 })
      .toEqual(new Set(['delivered']));
    expect(new Set((await sent()).map(({ call }) => call))).toEqual(present);
    expect(await admin().call(api.testAlert, { site: 'demo' })).toMatchObject({ delivered: true, status: 204 });
  });

  it('has a page where, on a phone, a test call and its way to the dashboard are in sight', async () => {
    const browser = await launchChromium();
    try {
      const page = await browser.newPage({ viewport: { width: 390, height: 844 } });
      const missing: string[] = [];
      page.on('response', (response) => response.status() === 404 && missing.push(response.url()));
      await page.goto(`${local.edge}/demo/?arrive=google-ads`);
      await page.waitForFunction(() => document.querySelector('.phone')?.textContent !== '(415) 555-0100');
      const panel = await page.locator('#panel').boundingBox();
      expect(panel?.height).toBeLessThan(844 / 3);
      await page.getByRole('button', { name: 'Place a test call' }).click();
      const call = page.getByRole('link', { name: 'Open this call in the dashboard' });
      await call.waitFor();
      for (const seen of [page.getByText(/On the site while calling, (\d+|over 99)% sure/), call]) {
        const bottom = async () => {
          const box = await seen.boundingBox();
          return box ? box.y + box.height : Number.POSITIVE_INFINITY;
        };
        await expect.poll(bottom).toBeLessThanOrEqual(844);
      }
      const id = decodeURIComponent((await call.getAttribute('href'))?.split('/').pop() ?? '');
      expect(await admin().call(api.getCall, { site: 'demo', id })).toMatchObject({ attribution: { match: 'active' } });
      expect(missing).toEqual([]);
    } finally {
      await browser.close();
    }
  });

  it('is not to be had without the admin token', async () => {
    const response = await fetch(`${local.edge}/demo/past/day`, { method: 'POST' });
    expect(response.status).toBe(401);
  });
});
