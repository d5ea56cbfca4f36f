import { api, type NewNumber } from '@dialmark/shared';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { admin, drain, leaseOf, mainOf, newSite, ORIGIN, pageHeaders, poolNumber, visitor } from './edge.ts';

const START = Date.UTC(2026, 10, 24, 12);

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: START });
});
afterEach(() => {
  vi.useRealTimers();
});

const wait = (seconds: number) => vi.setSystemTime(Date.now() + seconds * 1000);
const event = (site: string, session: string, type: 'leave' | 'tel_click' | 'heartbeat' | 'pageview') =>
  visitor.call(api.event, { site, headers: pageHeaders, body: { type, session, page: { url: `${ORIGIN}/` } } });
const endOf = async (site: string, number: string) =>
  (await admin.call(api.attribution, { site, query: { number } })).binding?.endedAt;

describe('renewal', () => {
  it('keeps the binding and extends it', async () => {
    const site = await newSite();
    const first = await mainOf(site, 's_1');
    wait(600);
    const second = await mainOf(site, 's_1');
    expect(second).toEqual({ ...first, expiresAt: new Date(Date.now() + 1800_000).toISOString() });
  });

  it.each([
    ['leave', 900],
    ['tel_click', 3600],
    ['heartbeat', 1800],
  ] as const)('a %s lets the lease end %i seconds later', async (type, seconds) => {
    const site = await newSite(1);
    const { number } = await mainOf(site, 's_1');
    wait(60);
    await event(site, 's_1', type);
    wait(seconds - 1);
    expect(await endOf(site, number as string)).toBeNull();
    wait(1);
    expect(await endOf(site, number as string)).toBe(new Date(START + (60 + seconds) * 1000).toISOString());
  });

  it('gives a visitor who comes back the number it had', async () => {
    const site = await newSite(5);
    const had = await mainOf(site, 's_1', { visitor: 'v_1' });
    wait(7200);
    await mainOf(site, 's_other', { visitor: 'v_2' });
    const back = await mainOf(site, 's_2', { visitor: 'v_1' });
    expect(back.number).toBe(had.number);
    expect(back.binding).not.toBe(had.binding);
  });

  it('does not give a number that is draining, and keeps it for who holds it', async () => {
    const site = await newSite(1);
    const held = await mainOf(site, 's_1');
    await admin.call(api.patchNumber, { site, number: held.number as string, body: { status: 'draining' } });
    expect(await mainOf(site, 's_1')).toMatchObject({ binding: held.binding });
    expect(await mainOf(site, 's_2')).toMatchObject({ kind: 'fallback' });
    await admin.send(api.deleteNumber, { site, number: held.number as string });
    expect(await mainOf(site, 's_1')).toMatchObject({ kind: 'fallback', reason: 'no_rule' });
    expect((await admin.call(api.listNumbers, { site, query: {} })).items).toMatchObject([
      { status: 'retired', state: 'retired' },
    ]);
  });
});

describe('when the pool is used up', () => {
  it('shares the number of the holder who was active longest ago, and each holder says so', async () => {
    const site = await newSite(2, { lease: { onExhausted: 'share' } });
    const a = await mainOf(site, 's_a', { visitor: 'v_a' });
    wait(10);
    const b = await mainOf(site, 's_b', { visitor: 'v_b' });
    wait(10);
    await event(site, 's_a', 'heartbeat');
    const c = await mainOf(site, 's_c', { visitor: 'v_c' });
    expect(c).toMatchObject({ kind: 'shared', number: b.number });
    expect(await mainOf(site, 's_b')).toMatchObject({ kind: 'shared', number: b.number, binding: b.binding });
    expect(await mainOf(site, 's_a')).toMatchObject({ kind: 'pool', number: a.number });
    const attribution = await admin.call(api.attribution, { site, query: { number: b.number as string } });
    expect(attribution.match).toBe('shared');
    expect(attribution.candidates).toHaveLength(1);
    const total = attribution.confidence + (attribution.candidates[0]?.confidence ?? 0);
    expect(total).toBeLessThanOrEqual(1.0001);
  });

  it('hands out the fallback of the target, or nothing, as configured', async () => {
    const targets = [{ id: 'main', number: '+14155550100', fallback: '+14155550109' }];
    const site = await newSite(1, { targets });
    await mainOf(site, 's_1');
    expect(await mainOf(site, 's_2')).toMatchObject({
      kind: 'fallback',
      number: '+14155550109',
      binding: expect.stringMatching(/^b_/),
    });
    const strict = await newSite(1, { lease: { onExhausted: 'none' } });
    await mainOf(strict, 's_1');
    expect(await mainOf(strict, 's_2')).toEqual({
      kind: 'none',
      reason: 'exhausted',
      number: null,
      national: null,
      international: null,
      binding: null,
      expiresAt: null,
    });
  });

  it('counts what it turned away and what it gave again too early, and says how many numbers are missing', async () => {
    const site = await newSite(2, { lease: { ttlSeconds: 60, cooldownSeconds: 3600 } });
    for (let i = 0; i < 4; i++) await mainOf(site, `s_${i}`, { visitor: `v_${i}` });
    wait(61);
    await mainOf(site, 's_9', { visitor: 'v_9' });
    const pool = await admin.call(api.pool, { site });
    expect(pool).toMatchObject({
      total: 2,
      leased: 1,
      cooling: 1,
      free: 0,
      occupancy: 0.5,
      exhausted: 2,
      earlyReissues: 1,
    });
    expect(pool.targets.main).toMatchObject({ total: 2, exhausted: 2 });
    const sizing = await admin.call(api.poolSizing, { site, query: { blocking: '0.02' } });
    expect(sizing).toMatchObject({ arrivalsPerHour: 5, observedBlocking: 0.4, earlyReissueRate: 1 / 3, numbers: 2 });
    expect(sizing.offeredErlangs).toBeCloseTo((sizing.arrivalsPerHour * sizing.meanHoldSeconds) / 3600, 9);
    expect(sizing.numbersForTarget).toBeGreaterThan(0);
    expect(sizing.advice).toMatch(/visits/);
  });
});

describe('source numbers', () => {
  const source = (index: number, match: NewNumber['match']) => ({
    number: poolNumber(100 + index),
    target: 'main',
    kind: 'source' as const,
    match,
  });
  const arrive = (site: string, session: string, path: string, referrer: string | null = null) =>
    mainOf(site, session, { page: { url: ORIGIN + path, referrer }, touch: { url: ORIGIN + path, referrer } });

  it('are tried by landing page or query, then referrer, then source, then the pool; more fields first', async () => {
    const site = await newSite(3);
    await admin.call(api.addNumbers, {
      site,
      body: {
        numbers: [
          source(0, { source: 'google' }),
          source(1, { source: 'google', medium: 'cpc' }),
          source(2, { referrer: 'google.com' }),
          source(3, { landingPage: '/roofs/*' }),
          source(4, { clickId: 'msclkid' }),
        ],
      },
    });
    const tagged = '?utm_source=google&utm_medium=cpc';
    const expected: [string, string, string | null, number | 'pool'][] = [
      ['s_1', `/roofs/slate${tagged}`, 'https://www.google.com/', 3],
      ['s_2', '/x?msclkid=1', null, 4],
      ['s_3', `/x${tagged}`, 'https://www.google.com/', 2],
      ['s_4', `/x${tagged}`, 'https://notgoogle.com/', 1],
      ['s_5', '/x?utm_source=google&utm_medium=banner', null, 0],
      ['s_6', '/', null, 'pool'],
    ];
    for (const [session, path, referrer, which] of expected) {
      const answer = await arrive(site, session, path, referrer);
      if (which === 'pool') expect(answer).toMatchObject({ kind: 'pool' });
      else expect(answer).toMatchObject({ kind: 'source', number: poolNumber(100 + which) });
    }
  });

  it('may be shown to any count of visits, and stand for their source without one', async () => {
    const site = await newSite(0);
    await admin.call(api.addNumbers, { site, body: { numbers: [source(0, { source: 'google' })] } });
    const call = (id: string) =>
      admin.call(api.reportCall, { site, body: { id, to: poolNumber(100), startedAt: new Date().toISOString() } });
    expect((await call('CA0')).attribution).toMatchObject({
      match: 'source',
      session: null,
      binding: null,
      visitor: null,
    });
    const path = '/?utm_source=google';
    const shown = [await arrive(site, 's_1', path), await arrive(site, 's_2', path)];
    expect(shown.map(({ number }) => number)).toEqual([poolNumber(100), poolNumber(100)]);
    expect((await call('CA1')).attribution).toMatchObject({ match: 'source', binding: { kind: 'source' } });
  });
});

describe('consent', () => {
  it('where required, only source numbers before there is a visitor id', async () => {
    const site = await newSite(2, { consent: 'required' });
    expect(await mainOf(site, 's_1', { visitor: null })).toMatchObject({ kind: 'none', reason: 'consent' });
    expect(await mainOf(site, 's_1', { visitor: 'v_1' })).toMatchObject({ kind: 'pool' });
  });

  it('where required, nothing of a visit is kept before it, but of one that is shown a source number', async () => {
    const site = await newSite(2, { consent: 'required' });
    const flyer = {
      number: poolNumber(100),
      target: 'main',
      kind: 'source' as const,
      match: { landingPage: '/flyer' },
    };
    await admin.call(api.addNumbers, { site, body: { numbers: [flyer] } });
    const isKept = async (id: string) => (await admin.send(api.getSession, { site, id })).status === 200;
    await leaseOf(site, 's_1', { visitor: null });
    const page = { url: `${ORIGIN}/roof` };
    const view = (session: string, id: string | null) =>
      visitor.call(api.event, {
        site,
        headers: pageHeaders,
        body: { type: 'pageview', session, visitor: id, page },
      });
    await view('s_2', null);
    await leaseOf(site, 's_3', { visitor: null, page: { url: `${ORIGIN}/flyer` } });
    await leaseOf(site, 's_4', { visitor: 'v_4' });
    await view('s_5', 'v_5');
    await drain(site);
    expect(await Promise.all(['s_1', 's_2', 's_3', 's_4', 's_5'].map(isKept))).toEqual([
      false,
      false,
      true,
      true,
      true,
    ]);
  });
});

describe('several targets', () => {
  it('are assigned together, each from its own numbers', async () => {
    const site = await newSite(0, {
      targets: [
        { id: 'main', number: '+14155550100' },
        { id: 'sales', number: '+14155550101' },
      ],
    });
    await admin.call(api.addNumbers, {
      site,
      body: {
        numbers: [
          { number: poolNumber(1), target: 'main' },
          { number: poolNumber(2), target: 'sales' },
        ],
      },
    });
    const { numbers } = await leaseOf(site, 's_1');
    expect(numbers).toMatchObject({ main: { number: poolNumber(1) }, sales: { number: poolNumber(2) } });
    expect(Object.keys((await leaseOf(site, 's_2', { targets: ['sales'] })).numbers)).toEqual(['sales']);
    const unknown = await visitor.send(api.lease, {
      site,
      headers: pageHeaders,
      body: { session: 's_3', targets: ['nowhere'], page: { url: ORIGIN } },
    });
    expect(unknown.status).toBe(400);
  });
});
