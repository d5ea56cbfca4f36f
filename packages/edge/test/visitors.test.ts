import { evictDurableObject, runInDurableObject } from 'cloudflare:test';
import { env as bindings } from 'cloudflare:workers';
import { api } from '@dialmark/shared';
import { afterAll, describe, expect, it, vi } from 'vitest';
import type { Env } from '../src/env.ts';
import type { NumberPool } from '../src/pool/number-pool.ts';
import { admin, ledgerRows, newSite, ORIGIN, pageHeaders, visitor } from './edge.ts';
import { everything } from './everything.ts';
import { call, reportOf, settled, visit } from './journeys.ts';

const env = bindings as unknown as Env;
const AD = '/roof?utm_source=google&utm_medium=cpc&utm_campaign=Spring&gclid=abc';
const NOVEMBER = { from: '2026-11-01', to: '2026-11-30' };

afterAll(() => {
  vi.useRealTimers();
});

/** Two visits, a page view, a tag and a call of one visitor; beside them a visit of another. */
async function siteWithJourney(): Promise<string> {
  const site = await newSite(5);
  await visit(site, { at: '2026-11-03T10:00:00Z', visitor: 'v_needle', session: 's_needle1', page: AD });
  const shown = await visit(site, {
    at: '2026-11-24T10:00:00Z',
    visitor: 'v_needle',
    session: 's_needle2',
    page: '/needle-page',
    referrer: 'https://needle.example/',
  });
  for (const event of [
    { type: 'pageview' as const, page: { url: `${ORIGIN}/contact?needle` } },
    { type: 'tag' as const, data: { userId: 'needle-user' } },
  ]) {
    const body = { session: 's_needle2', visitor: 'v_needle', ...event };
    await visitor.call(api.event, { site, headers: pageHeaders, body });
  }
  await visit(site, { at: '2026-11-24T10:05:00Z', visitor: 'v_other', session: 's_other', page: AD });
  await call(site, 'CA1', shown, '2026-11-24T10:10:00Z', { from: '+12125550199' });
  return site;
}

describe('a visitor', () => {
  it('is read with visits in order, their pages, and calls', async () => {
    const site = await siteWithJourney();
    const journey = await admin.call(api.getVisitor, { site, id: 'v_needle' });
    expect(journey.sessions).toMatchObject([
      {
        id: 's_needle1',
        channel: 'Paid Search',
        clickIds: { gclid: 'abc' },
        touch: { url: `${ORIGIN}${AD}`, referrer: null },
      },
      {
        id: 's_needle2',
        channel: 'Referral',
        pages: 2,
        pageViews: [{ url: `${ORIGIN}/needle-page` }, { url: `${ORIGIN}/contact?needle` }],
        tags: { userId: 'needle-user' },
        device: 'desktop',
      },
    ]);
    expect(journey.calls).toMatchObject([{ id: 'CA1', attribution: { session: { id: 's_needle2' } } }]);
    await settled(site);
    const fromBoth = await admin.call(api.getVisitor, { site, id: 'v_needle' });
    // The lead of a call is known once the ledger has the call.
    const calls = journey.calls.map((call) => ({ ...call, lead: expect.stringMatching(/^l_/) }));
    expect(fromBoth).toEqual({ ...journey, calls });
  });

  it('is read from the ledger once the pool has let go of it, and so are its visits and calls', async () => {
    const site = await siteWithJourney();
    await settled(site);
    const read = async () => ({
      visitor: await admin.call(api.getVisitor, { site, id: 'v_needle' }),
      session: await admin.call(api.getSession, { site, id: 's_needle2' }),
      call: await admin.call(api.getCall, { site, id: 'CA1' }),
    });
    const before = await read();
    await runInDurableObject(env.POOL.getByName(site), (_, { storage }) => {
      for (const table of ['sessions', 'bindings', 'calls']) storage.sql.exec(`DELETE FROM ${table}`);
    });
    await evictDurableObject(env.POOL.getByName(site));
    expect(await read()).toEqual(before);
  });

  it('is taken off its visit in the ledger too when consent is withdrawn', async () => {
    const site = await newSite();
    await visit(site, { at: '2026-11-24T10:00:00Z', visitor: 'v_1', session: 's_1' });
    await settled(site);
    await visitor.call(api.event, {
      site,
      headers: pageHeaders,
      body: { type: 'consent', session: 's_1', visitor: 'v_1', data: { granted: false } },
    });
    await settled(site);
    for (const table of ['sessions', 'bindings']) {
      expect(await ledgerRows(site, `SELECT visitor FROM ${table}`)).toEqual([{ visitor: null }]);
    }
  });

  it('is 404 where nobody knows it', async () => {
    const site = await newSite(0);
    expect((await admin.send(api.getVisitor, { site, id: 'v_nobody' })).status).toBe(404);
    expect((await admin.send(api.exportVisitor, { site, id: 'v_nobody' })).status).toBe(404);
    expect((await admin.send(api.eraseVisitor, { site: 'nobody', id: 'v_1' })).status).toBe(404);
  });

  it('names the other visitors taken for the same person', async () => {
    const site = await siteWithJourney();
    const shown = await visit(site, { at: '2026-11-25T10:00:00Z', visitor: 'v_desk', session: 's_desk' });
    await call(site, 'CA2', shown, '2026-11-25T10:01:00Z', { from: '+12125550199' });
    await settled(site);
    expect((await admin.call(api.getVisitor, { site, id: 'v_needle' })).linked).toEqual(['v_desk']);
  });

  it('is handed everything held of it', async () => {
    const site = await siteWithJourney();
    await settled(site);
    const all = await admin.call(api.exportVisitor, { site, id: 'v_needle' });
    expect(all).toMatchObject({ id: 'v_needle', users: ['needle-user'], linked: [] });
    expect(all.sessions).toHaveLength(2);
    expect(all.calls).toHaveLength(1);
    expect(all.bindings.map(({ session }) => session)).toEqual(['s_needle1', 's_needle2']);
  });
});

describe('erasure', () => {
  it('leaves nothing of a visitor anywhere, and the call as a call of nobody', async () => {
    const site = await siteWithJourney();
    await settled(site);
    expect(await everything(site)).toContain('needle');
    const response = await admin.send(api.eraseVisitor, { site, id: 'v_needle' });
    expect(response.status).toBe(204);
    const left = await everything(site);
    expect(left).not.toContain('needle');
    expect(left).not.toContain('+12125550199');
    expect(left).toContain('v_other');
    expect(await admin.call(api.getCall, { site, id: 'CA1' })).toMatchObject({
      from: null,
      durationSeconds: 120,
      attribution: { match: 'none', confidence: 0, binding: null, session: null, visitor: null, candidates: [] },
    });
    const report = await reportOf(site, 'channel', NOVEMBER);
    expect(report.rows).toMatchObject([
      { key: '(unattributed)', visits: 0, calls: 1 },
      { key: 'Paid Search', visits: 1, calls: 0 },
    ]);
    expect((await admin.send(api.eraseVisitor, { site, id: 'v_needle' })).status).toBe(204);
  });

  it('reaches what still waits for the ledger', async () => {
    const site = await siteWithJourney();
    await admin.call(api.eraseVisitor, { site, id: 'v_needle' });
    await settled(site);
    expect(await everything(site)).not.toContain('needle');
  });

  it('takes the visitor out of the runners-up of other calls, and out of the journeys of the same person', async () => {
    const site = await newSite(1);
    await visit(site, { at: '2026-11-24T08:00:00Z', visitor: 'v_needle', session: 's_needle', page: '/needle' });
    const shown = await visit(site, { at: '2026-11-24T10:00:00Z', visitor: 'v_other', session: 's_other' });
    const tagged = (visitorId: string, session: string) =>
      admin.call(api.event, {
        site,
        body: { type: 'tag', session, visitor: visitorId, data: { userId: 'u-1' } },
      });
    await tagged('v_needle', 's_needle');
    await tagged('v_other', 's_other');
    await call(site, 'CA1', shown, '2026-11-24T10:01:00Z');
    expect((await reportOf(site, 'landing_page', { ...NOVEMBER, model: 'linear' })).rows).toMatchObject([
      { key: '/', calls: 0.5 },
      { key: '/needle', calls: 0.5 },
    ]);
    await admin.call(api.eraseVisitor, { site, id: 'v_needle' });
    expect(await everything(site)).not.toContain('needle');
    expect((await reportOf(site, 'landing_page', { ...NOVEMBER, model: 'linear' })).rows).toMatchObject([
      { key: '/', calls: 1 },
    ]);
  });

  it('takes a caller out of every call, and leaves their number free for what comes', async () => {
    const site = await siteWithJourney();
    await settled(site);
    const response = await admin.send(api.eraseCaller, { site, number: '+12125550199' });
    expect(response.status).toBe(204);
    expect(await everything(site)).not.toContain('12125550199');
    expect(await admin.call(api.getCall, { site, id: 'CA1' })).toMatchObject({
      from: null,
      attribution: { session: null },
    });
    const again = await call(site, 'CA2', '+14155550100', '2026-11-25T10:00:00Z');
    expect(again).toMatchObject({ from: '+12125550199', firstTime: true });
  });

  it('forgets a caller also where only a hash of the number is kept', async () => {
    const site = await newSite(1, { callers: 'hashed' });
    const taken = await call(site, 'CA1', '+14155550100', '2026-11-24T10:00:00Z');
    expect(taken.from).toMatch(/^h_/);
    await settled(site);
    await admin.call(api.eraseCaller, { site, number: '+12125550199' });
    expect(await everything(site)).not.toContain(taken.from);
  });

  it('forgets a caller whose hash was made with the key before', async () => {
    const site = await newSite(1, { callers: 'hashed' });
    const taken = await call(site, 'CA1', '+14155550100', '2026-11-24T10:00:00Z');
    await settled(site);
    const keys = env as { WORKER_KEY?: string; WORKER_KEY_PREVIOUS?: string };
    const { WORKER_KEY } = keys;
    const erased = () =>
      runInDurableObject(env.POOL.getByName(site), async (pool) => {
        const own = (pool as unknown as { env: typeof keys }).env;
        Object.assign(own, { WORKER_KEY: 'the next key', WORKER_KEY_PREVIOUS: WORKER_KEY });
        await (pool as NumberPool).run('people', 'eraseCaller', ['+12125550199']);
        Object.assign(own, { WORKER_KEY, WORKER_KEY_PREVIOUS: undefined });
      });
    expect(await everything(site)).toContain(taken.from);
    await erased();
    expect(await everything(site)).not.toContain(taken.from);
  });

  it('gives the number back at once', async () => {
    const site = await newSite(1);
    await visit(site, { at: '2026-11-24T10:00:00Z', visitor: 'v_1', session: 's_1' });
    await admin.call(api.eraseVisitor, { site, id: 'v_1' });
    expect(await visit(site, { at: '2026-11-24T10:00:10Z', visitor: 'v_2', session: 's_2' })).toMatchObject({
      kind: 'pool',
    });
  });

  it('needs the admin scope', async () => {
    const site = await newSite(0);
    const { token } = await admin.call(api.createToken, { body: { name: 'reader', scopes: ['read'], site } });
    const headers = { Authorization: `Bearer ${token}` };
    expect((await admin.send(api.eraseVisitor, { site, id: 'v_1', headers })).status).toBe(403);
    expect((await admin.send(api.eraseCaller, { site, number: '+12125550199', headers })).status).toBe(403);
  });
});
