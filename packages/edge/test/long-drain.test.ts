import { runInDurableObject } from 'cloudflare:test';
import { api } from '@dialmark/shared';
import { afterAll, expect, it, vi } from 'vitest';
import type { NumberPool } from '../src/pool/number-pool.ts';
import { admin, env, newSite } from './edge.ts';
import { setClock } from './journeys.ts';

const TURNS = 50_000;

afterAll(() => {
  vi.useRealTimers();
});

it('sends a backlog of 50,000 turns in many alarms without a pause, and tells news of calls in between', async () => {
  // Ahead of the real clock: alarms go off when the test has them do.
  setClock('2027-01-01T10:00:00Z');
  const site = await newSite(1);
  const pool = env.POOL.getByName(site);
  const first = (Date.parse('2027-01-01T00:00:00Z') - Date.UTC(2020, 0, 1)) * 4096;
  await runInDurableObject(pool, (_, { storage }) => {
    storage.sql.exec(
      `WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ${TURNS})
       INSERT INTO outbox (seq, changes) SELECT ${first} + i * 4096, '[["s","s_' || (i % 100) || '"]]' FROM n`,
    );
  });
  /** Has the alarm go off. @returns what waits then, and how long the pool wants to wait */
  const alarm = () =>
    runInDurableObject(pool, async (object, { storage }) => {
      await (object as unknown as NumberPool).alarm();
      const { waiting } = storage.sql.exec<{ waiting: number }>('SELECT count(*) AS waiting FROM outbox').one();
      return { waiting, pause: ((await storage.getAlarm()) ?? 0) - Date.now() };
    });

  let before = TURNS;
  let alarms = 0;
  for (;;) {
    const { waiting, pause } = await alarm();
    alarms++;
    if (waiting === 0) break;
    expect(waiting).toBeLessThan(before);
    expect(pause).toBeLessThanOrEqual(0);
    before = waiting;
    if (alarms !== 3) continue;
    await admin.call(api.reportCall, {
      site,
      body: { id: 'CA1', from: '+12125550199', to: '+14155551000', startedAt: new Date().toISOString() },
    });
    expect((await admin.call(api.metrics, { site })).callNews.waiting).toBe(1);
    await alarm();
    // The queue has told of it, with most of the backlog still to be sent.
    const metrics = () => admin.call(api.metrics, { site });
    await expect.poll(async () => (await metrics()).callNews.waiting, { timeout: 10_000 }).toBe(0);
    expect((await metrics()).outbox.waiting).toBeGreaterThan(10_000);
  }
  expect(alarms).toBeGreaterThan(10);
});
