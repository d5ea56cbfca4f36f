import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { type AlertEvent, api, HOUR, MINUTE, type SiteConfigInput } from '@dialmark/shared';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { admin, env, leaseOf, mainOf, newSite, pageHeaders, takeLedgerAway, visitor } from './edge.ts';

const RECEIVER = 'https://ops.acme.example/alerts';

let told: string[];

beforeEach(() => {
  told = [];
  // So far ahead that no alarm comes by itself.
  vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2040, 10, 24, 12) });
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (url, init) => {
    expect(String(url)).toBe(RECEIVER);
    const { type, data } = JSON.parse(String(init?.body)) as AlertEvent;
    told.push(`${type} ${data.state}`);
    return new Response(null, { status: 204 });
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const watched = (numbers: number, alerts: Partial<NonNullable<SiteConfigInput['alerts']>>) =>
  newSite(numbers, { alerts: { url: RECEIVER, ...alerts }, limits: { newLeasesPerAddressPerHour: 1000 } });

/** Moves the clock and runs the alarm that the pool has set. */
async function later(site: string, ms: number): Promise<void> {
  vi.setSystemTime(Date.now() + ms);
  await runDurableObjectAlarm(env.POOL.getByName(site));
}

/** The object is gone, and comes again with the next request. */
async function sleep(site: string): Promise<void> {
  const pool = env.POOL.getByName(site);
  await runInDurableObject(pool, (_, state) => state.abort('put to sleep')).catch(() => {});
}

const tap = (site: string, session: string) =>
  visitor.send(api.event, { site, body: { type: 'tel_click', session, target: 'main' }, headers: pageHeaders });

const call = (site: string, id: string, to: string) =>
  admin.call(api.reportCall, { site, body: { id, to, startedAt: new Date().toISOString() } });

describe('alerts', () => {
  it('tell of a carrier that has fallen silent, and when it is heard of again', async () => {
    const site = await watched(40, { silentSeconds: 3600 });
    const { number } = await mainOf(site, 's_first');
    await call(site, 'CA1', number as string);
    for (let i = 0; i < 30; i++) {
      await leaseOf(site, `s_${i}`);
      await tap(site, `s_${i}`);
    }
    await later(site, MINUTE);
    expect(told).toEqual([]);
    vi.setSystemTime(Date.now() + HOUR);
    // The pool looks when it has something to write.
    await leaseOf(site, 's_last');
    await later(site, 0);
    expect(told).toEqual(['alert.carrier_silent firing']);
    const [alert] = (await admin.call(api.alerts, { site })).items;
    expect(alert).toMatchObject({ measured: (HOUR + MINUTE) / 1000, resolvedAt: null });
    expect(alert?.summary).toContain('Dial a tracking number');

    await call(site, 'CA2', number as string);
    await later(site, MINUTE);
    expect(told).toEqual(['alert.carrier_silent firing', 'alert.carrier_silent resolved']);
  });

  it('tell of a ledger that is behind while it is, though the pool was asleep in between', async () => {
    const site = await watched(3, { behindSeconds: 300 });
    const ledger = await takeLedgerAway(site);
    await leaseOf(site, 's_1');
    await later(site, MINUTE);
    expect(told).toEqual([]);
    await later(site, 5 * MINUTE);
    expect(told).toEqual(['alert.ledger_behind firing']);
    await sleep(site);
    await later(site, 5 * MINUTE);
    expect(told).toEqual(['alert.ledger_behind firing']);

    await ledger.bringBack();
    await later(site, MINUTE);
    await later(site, MINUTE);
    expect(told).toEqual(['alert.ledger_behind firing', 'alert.ledger_behind resolved']);
    const { items } = await admin.call(api.listBindings, { site, query: {} });
    expect(items.map(({ session }) => session)).toEqual(['s_1']);
  });

  it('say that a pool has numbers again once an hour has passed without a visit in vain', async () => {
    const site = await watched(1, { exhaustedPerHour: 2 });
    for (let i = 0; i < 4; i++) await leaseOf(site, `s_${i}`);
    await later(site, MINUTE);
    expect(told).toEqual(['alert.pool_exhausted firing']);
    await later(site, HOUR);
    expect(told).toEqual(['alert.pool_exhausted firing']);
    await later(site, HOUR);
    expect(told).toEqual(['alert.pool_exhausted firing', 'alert.pool_exhausted resolved']);
    expect((await admin.call(api.alerts, { site })).items).toMatchObject([{ resolvedAt: expect.any(String) }]);
  });
});
