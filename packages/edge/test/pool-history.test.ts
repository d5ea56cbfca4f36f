import { runInDurableObject } from 'cloudflare:test';
import { api } from '@dialmark/shared';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { admin, drain, env, leaseOf, newSite, ORIGIN, pageHeaders, visitor } from './edge.ts';

const START = Date.UTC(2026, 10, 24, 12);

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: START });
});
afterEach(() => {
  vi.useRealTimers();
});

const to = (clock: string) => vi.setSystemTime(Date.parse(`2026-11-24T${clock}:00Z`));
const history = (site: string, from: string, till: string, target?: string) =>
  admin.call(api.poolHistory, {
    site,
    query: { from: `2026-11-24T${from}:00Z`, to: `2026-11-24T${till}:00Z`, ...(target ? { target } : {}) },
  });

describe("a pool's history", () => {
  it('says how many visits held a number at once in each hour, what found none, and what was given again early', async () => {
    const site = await newSite(2);
    to('12:50');
    await leaseOf(site, 's_1');
    to('13:10');
    await leaseOf(site, 's_2');
    await leaseOf(site, 's_3');
    // Both are free again, and so lately that a late call may still be their last holder's.
    to('14:05');
    await leaseOf(site, 's_4');
    to('17:00');
    await drain(site);

    const { numbers, hours } = await history(site, '12:00', '16:00');
    expect(numbers).toBe(2);
    expect(hours).toEqual([
      { at: '2026-11-24T12:00:00.000Z', held: 1, exhausted: 0, earlyReissues: 0 },
      { at: '2026-11-24T13:00:00.000Z', held: 2, exhausted: 1, earlyReissues: 0 },
      { at: '2026-11-24T14:00:00.000Z', held: 1, exhausted: 0, earlyReissues: 1 },
      { at: '2026-11-24T15:00:00.000Z', held: 0, exhausted: 0, earlyReissues: 0 },
    ]);
  });

  it('counts a hold in every hour it spans, also where it began before the first', async () => {
    const site = await newSite(1, { lease: { ttlSeconds: 3 * 3600 } });
    to('12:10');
    await leaseOf(site, 's_1');
    to('17:00');
    await drain(site);
    expect((await history(site, '13:00', '17:00')).hours.map(({ held }) => held)).toEqual([1, 1, 1, 0]);
  });

  it('does not take one who lets go and one who follows at that instant for two', async () => {
    const site = await newSite(1);
    to('12:00');
    await leaseOf(site, 's_1');
    to('12:30');
    await leaseOf(site, 's_2');
    to('17:00');
    await drain(site);
    expect((await history(site, '12:00', '13:00')).hours.map(({ held }) => held)).toEqual([1]);
  });

  it('tells targets apart, and refuses one that is not there', async () => {
    const site = await newSite(1, {
      targets: [
        { id: 'main', number: '+14155550100' },
        { id: 'sales', number: '+14155550200' },
      ],
    });
    await leaseOf(site, 's_1');
    to('13:00');
    await drain(site);
    expect((await history(site, '12:00', '13:00', 'main')).hours[0]?.held).toBe(1);
    expect(await history(site, '12:00', '13:00', 'sales')).toMatchObject({ numbers: 0, hours: [{ held: 0 }] });
    const refused = await admin.send(api.poolHistory, { site, query: { target: 'nobody' } });
    expect(refused.status).toBe(400);
  });

  it('is of the last seven days by itself, and refuses periods that are empty, to come, or too long', async () => {
    const site = await newSite(1);
    expect((await admin.call(api.poolHistory, { site, query: {} })).hours).toHaveLength(168);
    for (const query of [
      { from: '2026-11-24T12:00:00Z', to: '2026-11-24T11:00:00Z' },
      { from: '2027-01-01T00:00:00Z' },
      { from: '2026-10-01T00:00:00Z' },
      { from: 'yesterday' },
    ]) {
      expect((await admin.send(api.poolHistory, { site, query })).status).toBe(400);
    }
    expect((await admin.send(api.poolHistory, { site: 'nowhere', query: {} })).status).toBe(404);
  });
});

describe('a tap on a link to call', () => {
  it('stands in its binding and in the visit, in the pool and in the ledger alike', async () => {
    const site = await newSite();
    const { numbers } = await leaseOf(site, 's_1', { visitor: 'v_1' });
    const number = numbers.main?.number as string;
    to('12:03');
    await visitor.call(api.event, {
      site,
      headers: pageHeaders,
      body: { type: 'tel_click', session: 's_1', visitor: 'v_1', page: { url: `${ORIGIN}/` } },
    });
    const at = '2026-11-24T12:03:00.000Z';
    const telClicks = [{ number, at }];
    expect(await admin.call(api.getSession, { site, id: 's_1' })).toMatchObject({
      telClicks,
      bindings: [{ number, telClickAt: at }],
    });
    await drain(site);
    expect((await admin.call(api.listBindings, { site, query: {} })).items).toMatchObject([{ telClickAt: at }]);
    expect((await admin.call(api.getVisitor, { site, id: 'v_1' })).sessions).toMatchObject([{ telClicks }]);

    // The ledger has the bindings that the pool has let go.
    await runInDurableObject(env.POOL.getByName(site), (_, state) => {
      state.storage.sql.exec('DELETE FROM sessions');
    });
    expect(await admin.call(api.getSession, { site, id: 's_1' })).toMatchObject({ telClicks });
    expect((await admin.call(api.getVisitor, { site, id: 'v_1' })).sessions).toMatchObject([{ telClicks }]);
  });
});
