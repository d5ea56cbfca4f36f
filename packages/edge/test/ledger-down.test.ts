import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { type Assignment, api } from '@dialmark/shared';
import { describe, expect, it, vi } from 'vitest';
import type { SiteLedger } from '../src/ledger/site-ledger.ts';
import { poolOf } from '../src/pool/shards/remote-pool.ts';
import { admin, env, leaseOf, ledgerRows, mainOf, newSite, poolNight, takeLedgerAway } from './edge.ts';

const report = (site: string, id: string, to: string) =>
  admin.call(api.reportCall, { site, body: { id, to, startedAt: new Date().toISOString() } });

const waiting = (site: string) =>
  runInDurableObject(
    env.POOL.getByName(site),
    (_, { storage }) => storage.sql.exec<{ n: number }>('SELECT count(*) AS n FROM outbox').one().n,
  );

async function inLedger(site: string, table: 'sessions' | 'bindings' | 'calls'): Promise<string[]> {
  return (await ledgerRows<{ id: string }>(site, `SELECT id FROM ${table} ORDER BY id`)).map(({ id }) => id);
}

describe('while the ledger is down', () => {
  it('leases, calls and attribution go on, and all of it arrives once the ledger is back', async () => {
    const site = await newSite(20);
    const ledger = await takeLedgerAway(site);
    const leases: Assignment[] = [];
    for (let i = 0; i < 10; i++) leases.push(await mainOf(site, `s_${i}`, { visitor: `v_${i}` }));
    for (const [i, { number }] of leases.entries()) {
      const call = await report(site, `CA${i}`, number as string);
      expect(call.attribution).toMatchObject({ match: 'active', session: { id: `s_${i}` } });
    }
    // Alarms that fail lose nothing, however often.
    for (let i = 0; i < 3; i++) await runDurableObjectAlarm(env.POOL.getByName(site));
    expect(await waiting(site)).toBeGreaterThan(0);
    expect(await mainOf(site, 's_0')).toMatchObject({ number: leases[0]?.number, binding: leases[0]?.binding });
    const list = await admin.send(api.listCalls, { site });
    expect([list.status, list.headers.get('Retry-After')]).toEqual([503, '30']);
    expect(await list.json()).toMatchObject({ code: 'ledger_unavailable' });
    await ledger.bringBack();

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
    const once = await ledgerRows(site, 'SELECT * FROM bindings');
    // As after a crash between the ledger's commit and the outbox's: the same keys wait once more.
    await runInDurableObject(env.POOL.getByName(site), async (_, { storage }) => {
      for (const { changes: keys } of changes) storage.sql.exec('INSERT INTO outbox (changes) VALUES (?)', keys);
      await storage.setAlarm(Date.now() + 60_000);
    });
    await runDurableObjectAlarm(env.POOL.getByName(site));
    expect(once).toHaveLength(1);
    expect(await ledgerRows(site, 'SELECT * FROM bindings')).toEqual(once);
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
    // The first question makes the ledger.
    await admin.call(api.listCalls, { site });
    await ledgerRows(
      site,
      `CREATE TRIGGER refuse BEFORE INSERT ON visit WHEN new.id = 's_3' BEGIN SELECT RAISE(ABORT, 'refused'); END`,
    );
    for (let i = 0; i < 7; i++) await leaseOf(site, `s_${i}`);
    for (let i = 0; i < 6; i++) {
      vi.setSystemTime(Date.now() + 60_000);
      await runDurableObjectAlarm(env.POOL.getByName(site));
    }
    const others = ['s_0', 's_1', 's_2', 's_4', 's_5', 's_6'];
    expect(await inLedger(site, 'sessions')).toEqual(others);
    expect(await inLedger(site, 'bindings')).toHaveLength(7);
    expect((await admin.call(api.metrics, { site })).outbox).toMatchObject({ waiting: 0, refused: 1 });

    await ledgerRows(site, 'DROP TRIGGER refuse');
    await poolNight(site);
    await runDurableObjectAlarm(env.POOL.getByName(site));
    expect(await inLedger(site, 'sessions')).toEqual([...others, 's_3'].sort());
    expect((await admin.call(api.metrics, { site })).outbox).toMatchObject({ waiting: 0, refused: 0 });
    vi.useRealTimers();
  });

  it('hears of visits with the longest addresses in portions, and of all of them', async () => {
    const site = await newSite(40, { limits: { newLeasesPerAddressPerHour: 1000 } });
    const visits = 30;
    // Until all of it waits.
    const ledger = await takeLedgerAway(site);
    for (let i = 0; i < visits; i++) await leaseOf(site, `s_${i}`);
    await runInDurableObject(env.POOL.getByName(site), (_, { storage }) => {
      storage.sql.exec(
        `WITH RECURSIVE views(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM views WHERE n < 50)
         UPDATE sessions SET pages = 50, views = (
           SELECT json_group_array(json(CASE n WHEN 1 THEN '0' ELSE json_array('/' || n || hex(zeroblob(2000)), n) END))
           FROM views)`,
      );
    });
    await evictDurableObject(env.POOL.getByName(site));
    await ledger.bringBack();
    let portions = 0;
    await runInDurableObject(env.SITE_LEDGER.getByName(site), (instance) => {
      const { feed } = (instance as unknown as SiteLedger).operations;
      const write = feed.write.bind(feed);
      feed.write = (batch) => {
        portions++;
        return write(batch);
      };
    });
    await runDurableObjectAlarm(env.POOL.getByName(site));
    expect(portions).toBeGreaterThan(1);
    expect(await ledgerRows(site, 'SELECT count(*) AS n FROM page_views')).toEqual([{ n: visits * 50 }]);
    expect(await waiting(site)).toBe(0);
  });
});
