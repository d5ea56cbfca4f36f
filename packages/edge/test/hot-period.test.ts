import { runInDurableObject } from 'cloudflare:test';
import { api } from '@dialmark/shared';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { admin, drain, env, mainOf, newSite, poolNight, takeLedgerAway } from './edge.ts';

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2026, 5, 1) });
});
afterAll(() => {
  vi.useRealTimers();
});

const inPool = (site: string, query: string) =>
  runInDurableObject(env.POOL.getByName(site), (_, { storage }) => storage.sql.exec(query).toArray());

describe('the hot period', () => {
  it('lets go of old holds once the ledger has them, but of none that a call may still need', async () => {
    const site = await newSite(1, { lease: { ttlSeconds: 60, cooldownSeconds: 0 }, attribution: { lookbackDays: 30 } });
    const leases = [];
    for (const session of ['s_1', 's_2', 's_3']) {
      leases.push(await mainOf(site, session, { visitor: session.replace('s', 'v') }));
      if (session === 's_1') {
        const report = { id: 'CA1', to: leases[0]?.number as string, startedAt: new Date().toISOString() };
        await admin.call(api.reportCall, { site, body: report });
      }
      vi.setSystemTime(Date.now() + 3600_000);
    }

    // Not in the ledger yet: nothing goes.
    const away = await takeLedgerAway(site);
    vi.setSystemTime(Date.UTC(2026, 8, 1));
    await poolNight(site);
    expect(await inPool(site, 'SELECT seq FROM bindings')).toHaveLength(3);

    await away.bringBack();
    await drain(site);
    await poolNight(site);
    // The first was called, the third holds the number last; both answer as before.
    expect((await inPool(site, 'SELECT session FROM bindings ORDER BY seq')).map(({ session }) => session)).toEqual([
      's_1',
      's_3',
    ]);
    expect((await admin.call(api.getCall, { site, id: 'CA1' })).attribution).toMatchObject({
      match: 'active',
      session: { id: 's_1' },
    });
    const late = await admin.call(api.attribution, { site, query: { number: leases[0]?.number as string } });
    expect(late).toMatchObject({ match: 'recent', binding: { id: leases[2]?.binding } });
    // The ledger knows who held it in between, and is asked: for a question and for a call that is told very late.
    const second = Date.UTC(2026, 5, 1, 1);
    const query = { number: leases[0]?.number as string, at: new Date(second + 30_000).toISOString() };
    expect(await admin.call(api.attribution, { site, query })).toMatchObject({
      match: 'active',
      binding: { id: leases[1]?.binding },
      session: { id: 's_2' },
      visitor: { id: 'v_2' },
    });
    await poolNight(site);
    const told = { id: 'CA2', to: leases[0]?.number as string, startedAt: query.at };
    expect((await admin.call(api.reportCall, { site, body: told })).attribution.session?.id).toBe('s_2');
    const ledger = await takeLedgerAway(site);
    expect((await admin.send(api.attribution, { site, query })).status).toBe(503);
    await ledger.bringBack();

    // The log still has all of it, and so has the visit.
    const log = await admin.call(api.listBindings, { site, query: {} });
    expect(log.items.map(({ session }) => session)).toEqual(['s_3', 's_2', 's_1']);
    expect(await admin.call(api.getSession, { site, id: 's_2' })).toMatchObject({ id: 's_2', visitor: 'v_2' });
  });
});
