import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { type Assignment, api } from '@dialmark/shared';
import { describe, expect, it, vi } from 'vitest';
import { poolOf } from '../src/pool/shards/remote-pool.ts';
import { admin, env, leaseOf, mainOf, migrateLedger, newSite } from './edge.ts';

const report = (site: string, id: string, to: string) =>
  admin.call(api.reportCall, { site, body: { id, to, startedAt: new Date().toISOString() } });

const waiting = (site: string) =>
  runInDurableObject(
    env.POOL.getByName(site),
    (_, { storage }) => storage.sql.exec<{ n: number }>('SELECT count(*) AS n FROM outbox').one().n,
  );

async function inLedger(site: string, table: 'sessions' | 'bindings' | 'calls'): Promise<string[]> {
  const { results } = await env.LEDGER.prepare(`SELECT id FROM ${table} WHERE site = ? ORDER BY id`)
    .bind(site)
    .all<{ id: string }>();
  return results.map(({ id }) => id);
}

describe('while the ledger is down', () => {
  // The ledger has no tables yet: every statement sent to it fails, as it would were it away.
  it('leases, calls and attribution go on, and all of it arrives once the ledger is back', async () => {
    const site = await newSite(20);
    const leases: Assignment[] = [];
    for (let i = 0; i < 10; i++) leases.push(await mainOf(site, `s_${i}`, { visitor: `v_${i}` }));
    for (const [i, { number }] of leases.entries()) {
      const call = await report(site, `CA${i}`, number as string);
      expect(call.attribution).toMatchObject({ match: 'active', session: { id: `s_${i}` } });
    }
    await expect(env.LEDGER.prepare('SELECT 1 FROM calls').all()).rejects.toThrow();

    // Alarms that fail lose nothing, however often.
    for (let i = 0; i < 3; i++) await runDurableObjectAlarm(env.POOL.getByName(site));
    expect(await waiting(site)).toBeGreaterThan(0);
    expect(await mainOf(site, 's_0')).toMatchObject({ number: leases[0]?.number, binding: leases[0]?.binding });

    await migrateLedger();
    await runDurableObjectAlarm(env.POOL.getByName(site));
    expect(await waiting(site)).toBe(0);
    const sessions = Array.from({ length: 10 }, (_, i) => `s_${i}`).sort();
    expect(await inLedger(site, 'sessions')).toEqual(sessions);
    expect(await inLedger(site, 'bindings')).toEqual(leases.map(({ binding }) => binding).sort());
    expect(await inLedger(site, 'calls')).toEqual(sessions.map((id) => id.replace('s_', 'CA')));
  });

  it('takes the same changes twice as once', async () => {
    const site = await newSite();
    await leaseOf(site, 's_1');
    const changes = await runInDurableObject(env.POOL.getByName(site), (_, { storage }) =>
      storage.sql.exec<{ changes: string }>('SELECT changes FROM outbox').toArray(),
    );
    await runDurableObjectAlarm(env.POOL.getByName(site));
    const once = await env.LEDGER.prepare('SELECT * FROM bindings WHERE site = ?').bind(site).all();
    // As after a crash between the ledger's commit and the outbox's: the same keys wait once more.
    await runInDurableObject(env.POOL.getByName(site), async (_, { storage }) => {
      for (const { changes: keys } of changes) storage.sql.exec('INSERT INTO outbox (changes) VALUES (?)', keys);
      await storage.setAlarm(Date.now() + 60_000);
    });
    await runDurableObjectAlarm(env.POOL.getByName(site));
    const again = await env.LEDGER.prepare('SELECT * FROM bindings WHERE site = ?').bind(site).all();
    const withoutRev = ({ results }: D1Result) => results.map((row) => ({ ...(row as object), rev: 0 }));
    expect(withoutRev(again)).toEqual(withoutRev(once));
  });

  it('sends what waited even if its alarm was lost', async () => {
    const site = await newSite();
    await leaseOf(site, 's_1');
    await runInDurableObject(env.POOL.getByName(site), (_, { storage }) => storage.deleteAlarm());
    await evictDurableObject(env.POOL.getByName(site));
    await poolOf(env, site).site.configuration();
    expect(await runDurableObjectAlarm(env.POOL.getByName(site))).toBe(true);
    expect(await inLedger(site, 'sessions')).toEqual(['s_1']);
  });

  it('lets one row that it refuses hold up no other, and takes it once it can', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2040, 10, 24, 12) });
    const site = await newSite(20);
    const sql = (query: string) =>
      runInDurableObject(env.POOL.getByName(site), (_, { storage }) => storage.sql.exec(query).toArray());
    for (let i = 0; i < 7; i++) await leaseOf(site, `s_${i}`);
    // Deeper than SQLite reads JSON: what no request can bring in.
    await sql(`UPDATE sessions SET tags = '${'{"a":'.repeat(1200)}1${'}'.repeat(1200)}' WHERE id = 's_3'`);
    await evictDurableObject(env.POOL.getByName(site));
    for (let i = 0; i < 6; i++) {
      vi.setSystemTime(Date.now() + 60_000);
      await runDurableObjectAlarm(env.POOL.getByName(site));
    }
    const others = ['s_0', 's_1', 's_2', 's_4', 's_5', 's_6'];
    expect(await inLedger(site, 'sessions')).toEqual(others);
    expect(await inLedger(site, 'bindings')).toHaveLength(7);
    expect((await admin.call(api.metrics, { site })).outbox).toMatchObject({ waiting: 0, refused: 1 });

    await sql(`UPDATE sessions SET tags = NULL WHERE id = 's_3'`);
    await evictDurableObject(env.POOL.getByName(site));
    await poolOf(env, site).site.maintain();
    await runDurableObjectAlarm(env.POOL.getByName(site));
    expect(await inLedger(site, 'sessions')).toEqual([...others, 's_3'].sort());
    expect((await admin.call(api.metrics, { site })).outbox).toMatchObject({ waiting: 0, refused: 0 });
    vi.useRealTimers();
  });

  it('hears of visits with the longest addresses in portions, and of all of them', async () => {
    const site = await newSite(40, { limits: { newLeasesPerAddressPerHour: 1000 } });
    const visits = 30;
    for (let i = 0; i < visits; i++) await leaseOf(site, `s_${i}`);
    await runInDurableObject(env.POOL.getByName(site), (_, { storage }) => {
      storage.sql.exec(
        `WITH RECURSIVE views(n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM views WHERE n < 50)
         INSERT INTO page_views SELECT id, n, 'https://acme.example/' || n || hex(zeroblob(2000)), started_at
         FROM sessions, views`,
      );
      storage.sql.exec('UPDATE sessions SET pages = 50');
    });
    await evictDurableObject(env.POOL.getByName(site));
    const portions = vi.spyOn(env.LEDGER, 'batch');
    await runDurableObjectAlarm(env.POOL.getByName(site));
    expect(portions.mock.calls.length).toBeGreaterThan(2);
    portions.mockRestore();
    const count = await env.LEDGER.prepare('SELECT count(*) AS n FROM page_views WHERE site = ?').bind(site).first('n');
    expect(count).toBe(visits * 50);
    expect(await waiting(site)).toBe(0);
  });
});
