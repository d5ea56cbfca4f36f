import { runInDurableObject } from 'cloudflare:test';
import { env as bindings } from 'cloudflare:workers';
import { api } from '@dialmark/shared';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Env } from '../src/env.ts';
import { admin, ledgerRows, newSite, night } from './edge.ts';
import { call, column, reportOf, setClock, settled, visit } from './journeys.ts';

const env = bindings as unknown as Env;
const AD = '/roof?utm_source=google&utm_medium=cpc';
const MAIL = '/news?utm_source=list&utm_medium=email';

beforeEach(() => setClock('2026-11-24T10:00:00Z'));
afterAll(() => {
  vi.useRealTimers();
});

async function held(site: string): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const table of [
    'sessions',
    'page_views',
    'bindings',
    'calls',
    'call_touches',
    'visitor_users',
    'visit_counts',
  ]) {
    const [row] = await ledgerRows<{ n: number }>(site, `SELECT count(*) AS n FROM ${table}`);
    counts[table] = row?.n ?? 0;
  }
  await runInDurableObject(env.POOL.getByName(site), (_, { storage }) => {
    for (const table of ['sessions', 'bindings', 'calls']) {
      const row = storage.sql.exec<{ n: number }>(`SELECT count(*) AS n FROM ${table}`).one();
      counts[`pool ${table}`] = row.n;
    }
  });
  return counts;
}

describe('retention', () => {
  it('forgets visits and calls older than the site keeps, in the pool and in the ledger, and nothing younger', async () => {
    const site = await newSite(5, { retentionDays: 30 });
    const old = await visit(site, { at: '2026-10-01T10:00:00Z', visitor: 'v_old', session: 's_old', page: AD });
    await call(site, 'CA_old', old, '2026-10-01T10:01:00Z');
    const young = await visit(site, { at: '2026-11-20T10:00:00Z', visitor: 'v_young', session: 's_young', page: MAIL });
    await call(site, 'CA_young', young, '2026-11-20T10:01:00Z', { from: '+12125550100' });
    await settled(site);
    setClock('2026-11-24T10:00:00Z');
    await night(site);
    expect(await held(site)).toMatchObject({
      sessions: 1,
      page_views: 1,
      bindings: 1,
      calls: 1,
      call_touches: 1,
      'pool sessions': 1,
      'pool bindings': 1,
      'pool calls': 1,
    });
    expect((await admin.send(api.getVisitor, { site, id: 'v_old' })).status).toBe(404);
    expect((await admin.send(api.getCall, { site, id: 'CA_old' })).status).toBe(404);
    expect(await admin.call(api.getVisitor, { site, id: 'v_young' })).toMatchObject({ calls: [{ id: 'CA_young' }] });
    const report = await reportOf(site, 'channel', { from: '2026-09-01', to: '2026-11-30' });
    expect(column(report, 'visits')).toEqual({ Email: 1 });
  });

  it('keeps everything for as long as the site says', async () => {
    const site = await newSite(5);
    await visit(site, { at: '2025-11-01T10:00:00Z', visitor: 'v_1', session: 's_1', page: AD });
    await settled(site);
    setClock('2026-11-24T10:00:00Z');
    const inLedger = async () => Object.entries(await held(site)).filter(([table]) => !table.startsWith('pool'));
    const before = await inLedger();
    await night(site);
    expect(await inLedger()).toEqual(before);
    expect(await admin.call(api.getVisitor, { site, id: 'v_1' })).toMatchObject({ sessions: [{ id: 's_1' }] });
  });
});

describe('the data-driven model', () => {
  it('learns from journeys with and without calls, and credits earlier calls again', async () => {
    const site = await newSite(20);
    // Everybody who saw both the ad and the mail called; the ad alone, nobody did.
    for (let i = 0; i < 3; i++) {
      await visit(site, { at: `2026-11-2${i}T09:00:00Z`, visitor: `v_${i}`, session: `s_ad${i}`, page: AD });
      const shown = await visit(site, {
        at: `2026-11-2${i}T11:00:00Z`,
        visitor: `v_${i}`,
        session: `s_mail${i}`,
        page: MAIL,
      });
      await call(site, `CA${i}`, shown, `2026-11-2${i}T11:01:00Z`, { from: `+1212555010${i}` });
      await visit(site, { at: `2026-11-2${i}T12:00:00Z`, visitor: `v_idle${i}`, session: `s_idle${i}`, page: AD });
    }
    const credit = async () => {
      const report = await reportOf(site, 'channel', { from: '2026-11-01', to: '2026-11-30', model: 'data_driven' });
      expect(report.totals.calls).toBe(3);
      return column(report, 'calls');
    };
    expect(await credit()).toEqual({ 'Paid Search': 1.5, Email: 1.5 });
    setClock('2026-11-24T10:00:00Z');
    await night(site);
    // Each is needed for every call, so each has the same effect: half and half is what was learned, too.
    expect(await credit()).toEqual({ 'Paid Search': 1.5, Email: 1.5 });

    // Mail alone leads to calls as well: now the ad matters less.
    for (let i = 3; i < 9; i++) {
      const shown = await visit(site, {
        at: '2026-11-24T11:00:00Z',
        visitor: `v_${i}`,
        session: `s_mail${i}`,
        page: MAIL,
      });
      await call(site, `CA${i}`, shown, '2026-11-24T11:01:00Z', { from: `+1212555010${i}` });
    }
    await settled(site);
    setClock('2026-11-25T10:00:00Z');
    await night(site);
    const report = await reportOf(site, 'channel', { from: '2026-11-20', to: '2026-11-23', model: 'data_driven' });
    // Removing the ad loses 3 of 9 calls, removing the mail all 9: 1/4 and 3/4 of each of the three shared calls.
    expect(column(report, 'calls')).toEqual({ 'Paid Search': 0.75, Email: 2.25 });
    expect(report.totals.calls).toBe(3);
  });
});
