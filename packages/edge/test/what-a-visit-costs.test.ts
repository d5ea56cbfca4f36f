import { runInDurableObject } from 'cloudflare:test';
import { api } from '@dialmark/shared';
import { describe, expect, it } from 'vitest';
import { admin, drain, env, leaseOf, newSite, ORIGIN, pageHeaders, visitor } from './edge.ts';

/** Rows as Cloudflare bills them: each row of a table and of an index that is written; setting an alarm is one. */
interface Written {
  pool: number;
  ledger: number;
}

/** Counts what a site's pool and ledger write from now on. */
async function countingRows(site: string): Promise<Written> {
  const written: Written = { pool: 0, ledger: 0 };
  const objects = { pool: env.POOL, ledger: env.SITE_LEDGER };
  for (const object of ['pool', 'ledger'] as const) {
    await runInDurableObject(objects[object].getByName(site), (_, { storage }) => {
      const { sql } = storage;
      const exec = sql.exec.bind(sql);
      sql.exec = ((...query: Parameters<typeof exec>) => {
        const cursor = exec(...query);
        written[object] += cursor.rowsWritten;
        return cursor;
      }) as typeof exec;
      const setAlarm = storage.setAlarm.bind(storage);
      storage.setAlarm = async (at) => {
        written[object]++;
        return setAlarm(at);
      };
    });
  }
  return written;
}

/**
 * All events of a minute reach the ledger together, as on a site where little else happens: what shares a batch with
 * other visits costs less.
 */
async function rowsOf(written: Written, site: string, minutes: (() => Promise<unknown>)[][]): Promise<Written> {
  const before = { ...written };
  for (const steps of minutes) {
    for (const step of steps) await step();
    await drain(site);
  }
  return { pool: written.pool - before.pool, ledger: written.ledger - before.ledger };
}

describe('what is paid for by the row (docs/operate.md reckons with these)', () => {
  it('is at most 30 rows of the pool and 15 of the ledger for a visit of three pages, 25 and 48 for a call', async () => {
    const site = await newSite(20);
    const landing = { url: `${ORIGIN}/?utm_source=google&utm_medium=cpc&gclid=abc` };
    // The words of such a visit are numbered once.
    await leaseOf(site, 's_0', { visitor: 'v_0', page: landing });
    await drain(site);
    const written = await countingRows(site);
    const tell = (type: 'pageview' | 'leave' | 'tel_click', path: string) => () =>
      visitor.call(api.event, {
        site,
        headers: pageHeaders,
        body: { type, session: 's_1', visitor: 'v_1', page: { url: ORIGIN + path } },
      });
    let number = '';
    const visit = await rowsOf(written, site, [
      [
        async () => {
          const { numbers } = await leaseOf(site, 's_1', { visitor: 'v_1', page: landing });
          number = numbers.main?.number as string;
        },
        tell('leave', '/'),
        tell('pageview', '/roof'),
      ],
      [tell('leave', '/roof'), tell('pageview', '/contact')],
      [tell('leave', '/contact')],
    ]);
    const report = { id: 'CA1', from: '+12125550199', to: number, startedAt: new Date().toISOString() };
    const call = await rowsOf(written, site, [
      [() => admin.call(api.reportCall, { site, body: { ...report, status: 'ringing' } })],
      [() => admin.call(api.reportCall, { site, body: { ...report, durationSeconds: 90 } })],
    ]);
    expect(visit.pool).toBeLessThanOrEqual(30);
    expect(visit.ledger).toBeLessThanOrEqual(15);
    expect(call.pool).toBeLessThanOrEqual(25);
    expect(call.ledger).toBeLessThanOrEqual(48);
    // Nothing was counted in vain.
    expect(Math.min(visit.pool, visit.ledger, call.pool, call.ledger)).toBeGreaterThan(0);
  });
});
