import { runDurableObjectAlarm } from 'cloudflare:test';
import { api, type SiteConfigInput } from '@dialmark/shared';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { homeOf } from '../src/pool/shards/layout.ts';
import { shardOf, stubOf } from '../src/pool/shards/remote-pool.ts';
import { admin, env, mainOf, newSite, pageHeaders, poolNumber, visitor } from './edge.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2026, 10, 24, 12) });
});
afterEach(() => {
  vi.useRealTimers();
});

async function spread(site: string, shards: number): Promise<void> {
  const { id: _, ...config } = await admin.call(api.getSite, { site });
  await admin.call(api.putSite, { site, body: { ...config, shards } as SiteConfigInput });
}

async function runAlarms(site: string, shards: number): Promise<void> {
  for (let shard = 0; shard < shards; shard++) await runDurableObjectAlarm(stubOf(env, site, shard));
}

const report = (site: string, id: string, to: string) =>
  admin.call(api.reportCall, { site, body: { id, from: '+12125550199', to, startedAt: new Date().toISOString() } });

describe('a site spread over shards', () => {
  it('gives no number twice, and answers as one', async () => {
    const site = await newSite(40, { shards: 4, limits: { newLeasesPerAddressPerHour: 1000 } });
    const leases = await Promise.all(
      Array.from({ length: 20 }, (_, i) => mainOf(site, `s_${i}`, { visitor: `v_${i}` })),
    );
    const numbers = leases.filter(({ kind }) => kind === 'pool').map(({ number }) => number);
    expect(new Set(numbers).size).toBe(numbers.length);
    expect(numbers.length).toBeGreaterThan(15);
    expect(await admin.call(api.pool, { site })).toMatchObject({ total: 40, leased: numbers.length });

    const call = await report(site, 'CA1', numbers[3] as string);
    expect(call.attribution).toMatchObject({ match: 'active', session: { id: expect.stringMatching(/^s_/) } });
    // Its lead is known once the ledger has the call.
    expect(await admin.call(api.getCall, { site, id: 'CA1' })).toEqual({ ...call, lead: expect.stringMatching(/^l_/) });
    const session = await admin.call(api.getSession, { site, id: call.attribution.session?.id as string });
    expect(session.bindings[0]?.number).toBe(numbers[3]);
    const first = await admin.call(api.listNumbers, { site, query: { limit: '15' } });
    const rest = await admin.call(api.listNumbers, { site, query: { limit: '1000', cursor: first.cursor as string } });
    expect([...first.items, ...rest.items].map(({ number }) => number)).toEqual(
      Array.from({ length: 40 }, (_, i) => poolNumber(i)),
    );
  });

  it('moves numbers to new shards without breaking a live lease or losing who held them', async () => {
    const site = await newSite(12, {
      lease: { ttlSeconds: 60, cooldownSeconds: 0 },
      limits: { newLeasesPerAddressPerHour: 1000 },
    });
    const before = await Promise.all(
      Array.from({ length: 6 }, (_, i) => mainOf(site, `s_${i}`, { visitor: `v_${i}` })),
    );
    await spread(site, 3);

    // Live visits keep number and binding, whichever shard is theirs now; newcomers get other numbers.
    const during = await Promise.all(before.map((_, i) => mainOf(site, `s_${i}`, { visitor: `v_${i}` })));
    expect(during.map(({ number, binding }) => [number, binding])).toEqual(
      before.map(({ number, binding }) => [number, binding]),
    );
    await runAlarms(site, 3);
    const newcomers = await Promise.all(
      Array.from({ length: 6 }, (_, i) => mainOf(site, `n_${i}`, { visitor: `w_${i}` })),
    );
    const taken = new Set(before.map(({ number }) => number));
    for (const { kind, number } of newcomers) if (kind === 'pool') expect(taken.has(number)).toBe(false);
    const mid = await report(site, 'CA-mid', before[2]?.number as string);
    expect(mid.attribution).toMatchObject({ match: 'active', session: { id: 's_2' } });

    // Everybody gone: what still had to move moves, and the move ends.
    vi.setSystemTime(Date.now() + 600_000);
    await runAlarms(site, 3);
    await runAlarms(site, 3);
    expect(await shardOf(env, site, 0).shards.layout()).toEqual({ shards: 3, before: null });
    for (let shard = 0; shard < 3; shard++) {
      const { value } = await shardOf(env, site, shard).numbers.list(100, null);
      for (const { number } of value?.items ?? []) expect(homeOf(number, 3)).toBe(shard);
    }
    expect((await admin.call(api.listNumbers, { site, query: {} })).items).toHaveLength(12);

    // A late call still finds its visit.
    const late = await report(site, 'CA-late', before[4]?.number as string);
    expect(late.attribution.match).toBe('recent');
    expect([late.attribution.session?.id, ...late.attribution.candidates.map(({ session }) => session)]).toContain(
      's_4',
    );
  });

  it('goes back to one object', async () => {
    const site = await newSite(8, { shards: 4, lease: { ttlSeconds: 60 } });
    await mainOf(site, 's_1', { visitor: 'v_1' });
    await spread(site, 1);
    vi.setSystemTime(Date.now() + 600_000);
    await runAlarms(site, 4);
    await runAlarms(site, 4);
    expect(await shardOf(env, site, 0).shards.layout()).toEqual({ shards: 1, before: null });
    expect(await admin.call(api.pool, { site })).toMatchObject({ total: 8, leased: 0 });
    expect(await mainOf(site, 's_2', { visitor: 'v_2' })).toMatchObject({ kind: 'pool' });
  });

  it("counts a caller's first call once, whichever shards are called and in whatever order they hear of it", async () => {
    const shards = 3;
    const site = await newSite(30, { shards });
    const numberOn = (shard: number) =>
      Array.from({ length: 30 }, (_, i) => poolNumber(i)).find((number) => homeOf(number, shards) === shard) as string;
    const startedAt = (minute: number) => new Date(Date.UTC(2026, 10, 24, 12, minute)).toISOString();
    const told: [id: string, shard: number, minute: number][] = [
      ['CA-b', 0, 2],
      ['CA-c', 1, 3],
      ['CA-a', 2, 1],
      ['CA-d', 1, 4],
    ];
    const firsts = async () => {
      const calls = await Promise.all(told.map(([id]) => admin.call(api.getCall, { site, id })));
      return calls.filter(({ firstTime }) => firstTime).map(({ id }) => id);
    };
    vi.setSystemTime(Date.UTC(2026, 10, 24, 13));
    for (const [id, shard, minute] of told) {
      const body = { id, from: '+12125550199', to: numberOn(shard), startedAt: startedAt(minute) };
      await admin.call(api.reportCall, { site, body });
    }
    // The latest first, so that the mark has to be taken back from calls that had it already.
    for (const shard of [1, 0, 2, 1, 0, 2]) await runDurableObjectAlarm(stubOf(env, site, shard));
    expect(await firsts()).toEqual(['CA-a']);
    const listed = await admin.call(api.listCalls, { site, query: {} });
    expect(listed.items.filter(({ firstTime }) => firstTime).map(({ id }) => id)).toEqual(['CA-a']);

    // Later news of a call does not give it the mark again.
    const body = { id: 'CA-b', from: '+12125550199', to: numberOn(0), startedAt: startedAt(2), status: 'completed' };
    await admin.call(api.reportCall, { site, body: { ...body, durationSeconds: 60 } as never });
    expect(await firsts()).toEqual(['CA-a']);
  });

  it('takes a withdrawal of consent that names no visitor any more to the visit, wherever it lives', async () => {
    const site = await newSite(30, { shards: 4, consent: 'required' });
    for (let i = 0; i < 8; i++) {
      await mainOf(site, `s_${i}`, { visitor: `v_${i}` });
      const body = { type: 'consent' as const, session: `s_${i}`, visitor: null, data: { granted: false } };
      await visitor.call(api.event, { site, body, headers: pageHeaders });
      expect(await admin.call(api.getSession, { site, id: `s_${i}` })).toMatchObject({ visitor: null });
    }
  });
});
