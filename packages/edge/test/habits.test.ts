import { evictDurableObject, runInDurableObject } from 'cloudflare:test';
import { api, type CallHabits } from '@dialmark/shared';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { admin, env, mainOf, newSite, poolNumber } from './edge.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2026, 10, 24, 12) });
});
afterEach(() => {
  vi.useRealTimers();
});

const habitsOf = (site: string): Promise<CallHabits | null> =>
  runInDurableObject(env.POOL.getByName(site), (_, { storage }) => {
    const [row] = storage.sql.exec<{ habits: string }>('SELECT habits FROM habits').toArray();
    return row ? (JSON.parse(row.habits) as CallHabits) : null;
  });

const report = (
  site: string,
  id: string,
  to: string,
  from: string | null = null,
  startedAt = new Date().toISOString(),
) => admin.call(api.reportCall, { site, body: { id, to, from, startedAt } });

describe('what calls teach', () => {
  it('is learned once from each call to a pool number, and outlives a restart', async () => {
    const site = await newSite(3);
    const { number } = await mainOf(site, 's_1', { visitor: 'v_1' });
    vi.setSystemTime(Date.now() + 30_000);
    await report(site, 'CA1', number as string, '+12125550199');
    const first = await habitsOf(site);
    expect(first).toMatchObject({ calls: 1, seen: { visits: 1 } });
    // Of three numbers for half a minute.
    expect(first?.seen.numberMs).toBe(90_000);
    await report(site, 'CA1', number as string, '+12125550199');
    expect(await habitsOf(site)).toEqual(first);
    // A caller known by an earlier call was not found by rates.
    await report(site, 'CA2', number as string, '+12125550199');
    expect(await habitsOf(site)).toEqual(first);

    await evictDurableObject(env.POOL.getByName(site));
    vi.setSystemTime(Date.now() + 30_000);
    await report(site, 'CA3', number as string, '+12125550188');
    expect(await habitsOf(site)).toMatchObject({ calls: 2 });
  });

  it('counts each number from when it was added, and retired ones not', async () => {
    const site = await newSite(3);
    await admin.call(api.patchNumber, { site, number: poolNumber(2), body: { status: 'retired' } });
    vi.setSystemTime(Date.now() + 30_000);
    await admin.call(api.addNumbers, { site, body: { numbers: [{ number: poolNumber(3), target: 'main' }] } });
    vi.setSystemTime(Date.now() + 30_000);
    await report(site, 'CA1', poolNumber(0), '+12125550199');
    const { calls, seen } = (await habitsOf(site)) as CallHabits;
    expect({ calls, numberMs: seen.numberMs }).toEqual({ calls: 1, numberMs: 60_000 + 60_000 + 30_000 });
    // From one call to the next all three could be called; what was before counts a little less by then.
    vi.setSystemTime(Date.now() + 10_000);
    await report(site, 'CA2', poolNumber(1), '+12125550188');
    const kept = ((await habitsOf(site)) as CallHabits).seen.numberMs - 3 * 10_000;
    expect(kept).toBeGreaterThan(0.9 * 150_000);
    expect(kept).toBeLessThanOrEqual(150_000);
  });

  it('moves the answer: where visits call often and soon, a call some minutes later is believed more', {
    timeout: 30_000,
  }, async () => {
    const [taught, untaught] = [await newSite(40), await newSite(40)];
    const visit = async (site: string, i: number) =>
      (await mainOf(site, `s_${i}`, { visitor: `v_${i}` }, { 'CF-Connecting-IP': `198.51.100.${i}` })).number as string;
    for (let i = 0; i < 40; i++) {
      const number = await visit(taught, i);
      vi.setSystemTime(Date.now() + 60_000);
      await report(taught, `CA${i}`, number);
      vi.setSystemTime(Date.now() + 3600_000);
    }
    const numbers = [await visit(taught, 40), await visit(untaught, 40)] as const;
    vi.setSystemTime(Date.now() + 300_000);
    const confidence = async (site: string, number: string) =>
      (await admin.call(api.attribution, { site, query: { number } })).confidence;
    expect(await confidence(taught, numbers[0])).toBeGreaterThan(await confidence(untaught, numbers[1]));
  });

  it('is nothing from spam, and is learned after all where somebody says that it was none', async () => {
    const site = await newSite(1);
    await mainOf(site, 's_1', { visitor: 'v_1' });
    vi.setSystemTime(Date.now() + 30_000);
    const flag = (spam: boolean | null) => admin.call(api.patchCall, { site, id: 'CA1', body: { spam } });
    const parts = (habits: CallHabits | null) =>
      [...(habits?.delays ?? []), habits?.tapCalls ?? 0, habits?.strays ?? 0].reduce((sum, part) => sum + part, 0);

    await report(site, 'CA1', poolNumber(0));
    const learned = await habitsOf(site);
    expect(parts(learned)).toBeCloseTo(1, 9);

    await flag(true);
    expect(parts(await habitsOf(site))).toBeCloseTo(0, 9);
    await flag(true);
    expect(parts(await habitsOf(site))).toBeCloseTo(0, 9);

    await evictDurableObject(env.POOL.getByName(site));
    await flag(null);
    expect(parts(await habitsOf(site))).toBeCloseTo(1, 9);
    expect(learned?.seen).toEqual((await habitsOf(site))?.seen);
  });

  it('is taken back when later evidence flags the call', async () => {
    const site = await newSite(6);
    for (let i = 0; i < 6; i++) {
      vi.setSystemTime(Date.now() + 1000);
      await report(site, `CA${i}`, poolNumber(i), '+12125550166');
    }
    // The first of them was nobody known; the others came from a caller who was.
    const listed = await admin.call(api.getCall, { site, id: 'CA5' });
    expect(listed.spam).toBe(true);
    const habits = await habitsOf(site);
    expect(habits?.calls).toBe(6);
    expect(habits?.strays).toBeLessThan(5);
  });

  it('is nothing from calls told long afterwards', async () => {
    const site = await newSite(1);
    const { number } = await mainOf(site, 's_1');
    await report(site, 'CA1', number as string, null, '2026-01-01T12:00:00Z');
    expect(await habitsOf(site)).toBeNull();
  });
});
