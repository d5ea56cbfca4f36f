import { runDurableObjectAlarm } from 'cloudflare:test';
import { api, type CallReport, type SiteConfigInput } from '@dialmark/shared';
import { createClient } from '@dialmark/shared/client';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { homeOf } from '../src/pool/shards/layout.ts';
import { shardOf, stubOf } from '../src/pool/shards/remote-pool.ts';
import {
  admin,
  drain,
  env,
  leaseOf,
  mainOf,
  newSite,
  ORIGIN,
  pageHeaders,
  poolNumber,
  visitor,
  worker,
} from './edge.ts';

const report = (site: string, id: string, to: string, from: string | null = null) =>
  admin.call(api.reportCall, { site, body: { id, to, from, startedAt: new Date().toISOString() } });

/** Meanings of the contract that are easily got wrong. */
describe('a settled meaning', () => {
  it('of two rules alike the older goes first, also within one request', async () => {
    const site = await newSite(0);
    const numbers = [
      { number: '+14155550199', target: 'main', kind: 'source', match: { source: 'google' } },
      { number: '+14155550111', target: 'main', kind: 'source', match: { medium: 'cpc' } },
    ];
    await admin.call(api.addNumbers, { site, body: { numbers } });
    const url = `${ORIGIN}/?utm_source=google&utm_medium=cpc`;
    expect(await mainOf(site, 's_1', { page: { url } })).toMatchObject({ kind: 'source', number: '+14155550199' });
    await admin.call(api.patchNumber, { site, number: '+14155550199', body: { name: 'renamed' } });
    expect(await mainOf(site, 's_2', { page: { url } })).toMatchObject({ number: '+14155550199' });
  });

  it('consent is what this request says, not what an earlier one said', async () => {
    const site = await newSite(2, { consent: 'required' });
    expect(await mainOf(site, 's_1', { visitor: 'v_1' })).toMatchObject({ kind: 'pool' });
    const without = await leaseOf(site, 's_1', { visitor: null });
    expect(without).toMatchObject({ visitor: null, numbers: { main: { kind: 'none', reason: 'consent' } } });
  });

  it('a visitor who is known only later is known of the number, too', async () => {
    const site = await newSite(2);
    const { number, binding } = await mainOf(site, 's_1', { visitor: null });
    expect(await mainOf(site, 's_1', { visitor: 'v_1' })).toMatchObject({ binding });
    expect((await report(site, 'CA1', number as string)).attribution.visitor).toEqual({ id: 'v_1', sessions: 1 });
    await drain(site);
    expect((await admin.call(api.listBindings, { site, query: { visitor: 'v_1' } })).items).toHaveLength(1);
  });

  it('a caller goes to the visitor who held this number, although another number was called since', async () => {
    const site = await newSite(2, { lease: { ttlSeconds: 1, cooldownSeconds: 0 } });
    const caller = '+12125550199';
    const a = await mainOf(site, 's_a', { visitor: 'v_a' });
    const b = await mainOf(site, 's_b', { visitor: 'v_b' });
    await report(site, 'CA1', a.number as string, caller);
    await report(site, 'CA2', b.number as string, caller);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 1100 });
    onTestFinished(() => {
      vi.useRealTimers();
    });
    const c = await mainOf(site, 's_c', { visitor: 'v_c' });
    expect(c.number).toBe(a.number);
    const { attribution } = await report(site, 'CA3', a.number as string, caller);
    expect(attribution).toMatchObject({ match: 'caller', visitor: { id: 'v_a' } });
    expect(attribution.candidates.map((candidate) => candidate.visitor)).toContain('v_c');
  });

  it('what is created with an Idempotency-Key is created once', async () => {
    const site = await newSite(0);
    const headers = { 'Idempotency-Key': crypto.randomUUID() };
    const token = () => admin.call(api.createToken, { headers, body: { scopes: ['read'], site } });
    expect(await token()).toEqual(await token());
    const other = await admin.call(api.createToken, { body: { scopes: ['read'], site } });
    expect(other.token).not.toBe((await token()).token);

    const hook = { kind: 'webhook' as const, url: 'https://hooks.example/dialmark' };
    await admin.send(api.putIntegration, { site, headers, body: hook });
    await admin.send(api.putIntegration, { site, headers, body: hook });
    expect((await admin.call(api.listIntegrations, { site, query: {} })).items).toHaveLength(1);

    const numbers = [{ number: poolNumber(1), target: 'main' }];
    const add = () => admin.call(api.addNumbers, { site, headers, body: { numbers } });
    expect([await add(), await add()]).toEqual([
      { added: 1, errors: [] },
      { added: 1, errors: [] },
    ]);
    expect((await admin.send(api.addNumbers, { site, body: { numbers } })).status).toBe(400);
  });

  it('what was taken back is not made again by its Idempotency-Key, and what was changed stays as it is', async () => {
    const site = await newSite(0);
    const headers = { 'Idempotency-Key': crypto.randomUUID() };
    const hook = { kind: 'webhook' as const, url: 'https://hooks.example/dialmark' };
    const make = () => admin.send(api.putIntegration, { site, headers, body: hook });
    const list = async () => (await admin.call(api.listIntegrations, { site, query: {} })).items;
    await make();
    const { id } = (await list())[0] as { id: string };
    await admin.send(api.putIntegration, { site, body: { ...hook, id, paused: true } });
    expect((await make()).status).toBe(200);
    expect(await list()).toMatchObject([{ id, paused: true }]);
    await admin.call(api.deleteIntegration, { site, id });
    expect((await make()).status).toBe(409);
    expect(await list()).toEqual([]);
    // An id of one's own is not a key: it may be used again.
    expect((await admin.send(api.putIntegration, { site, body: { ...hook, id } })).status).toBe(201);

    const numbers = [{ number: poolNumber(1), target: 'main' }];
    const add = () => admin.call(api.addNumbers, { site, headers, body: { numbers } });
    await add();
    await admin.call(api.deleteNumber, { site, number: poolNumber(1) });
    const status = async () => (await admin.call(api.listNumbers, { site, query: {} })).items[0]?.status;
    await add().catch(() => null);
    expect(await status()).toBe('retired');
    await admin.call(api.addNumbers, { site, headers: { 'Idempotency-Key': 'another' }, body: { numbers } });
    expect(await status()).toBe('active');
  });

  it('arrivals without a free number are counted under every policy, each once', async () => {
    for (const onExhausted of ['fallback', 'share', 'none'] as const) {
      const site = await newSite(1, { lease: { onExhausted } });
      await mainOf(site, 's_1');
      for (const session of ['s_2', 's_2', 's_3', 's_2']) await mainOf(site, session);
      expect(await admin.call(api.pool, { site }), onExhausted).toMatchObject({ exhausted: 2 });
      const sizing = await admin.call(api.poolSizing, { site, query: {} });
      expect(sizing.arrivalsPerHour, onExhausted).toBe(3);
      expect(sizing.observedBlocking, onExhausted).toBeCloseTo(2 / 3);
    }
  });

  it('a token for calls reads them as well', async () => {
    const site = await newSite(1);
    const { token } = await admin.call(api.createToken, { body: { scopes: ['calls'], site } });
    const bridge = createClient({ edge: 'https://edge.example', token, fetch: worker });
    await bridge.call(api.reportCall, {
      site,
      body: { id: 'CA1', to: poolNumber(0), startedAt: new Date().toISOString() },
    });
    expect((await bridge.call(api.getCall, { site, id: 'CA1' })).id).toBe('CA1');
    expect((await bridge.send(api.listCalls, { site, query: {} })).status).toBe(200);
    expect((await bridge.send(api.listBindings, { site, query: {} })).status).toBe(403);
  });

  it('a list of a period that ends before it begins, or of a day that is none, is 400', async () => {
    const site = await newSite(0);
    const status = async (query: Record<string, string>) => (await admin.send(api.listCalls, { site, query })).status;
    expect(await status({ from: '2026-11-30', to: '2026-11-01' })).toBe(400);
    expect(await status({ from: '2026-02-31' })).toBe(400);
    expect(await status({ from: '2026-11-01', to: '2026-11-01' })).toBe(200);
    const query = { from: '2026-11-30T00:00:00Z', to: '2026-11-01T00:00:00Z' };
    expect((await admin.send(api.listBindings, { site, query })).status).toBe(400);
  });

  it('an origin is compared as browsers send it', async () => {
    const site = await newSite(2, { origins: ['https://acme.example:443', 'https://bücher.example'] });
    for (const origin of ['https://acme.example', 'https://xn--bcher-kva.example']) {
      const response = await visitor.send(api.lease, {
        site,
        headers: { ...pageHeaders, Origin: origin },
        body: { session: 's_1', page: { url: origin } },
      });
      expect(response.status).toBe(200);
    }
  });

  it('a number cannot be printed and leased at once', async () => {
    const site = await newSite(1);
    const { id: _, ...config } = await admin.call(api.getSite, { site });
    const targets = [{ id: 'main', number: '+14155550100', fallback: poolNumber(0) }];
    const put = await admin.send(api.putSite, { site, body: { ...config, targets } as SiteConfigInput });
    expect(put.status).toBe(400);
    expect(((await put.json()) as { errors: { path: string }[] }).errors[0]?.path).toBe('targets.0.fallback');
  });

  it('calls cannot be forwarded to a number that tracks, whichever is set first', async () => {
    const other = '+14155550111';
    const closed = { kind: 'destination' as const, destination: other };
    const ways: [path: string, target: object][] = [
      ['destination', { destination: other }],
      ['forwarding.overflow.destination', { forwarding: { overflow: { destination: other } } }],
      ['forwarding.hours.whenClosed.destination', { forwarding: { hours: { open: [], whenClosed: closed } } }],
    ];
    for (const [path, named] of ways) {
      const targets = [{ id: 'main', number: '+14155550100', ...named }];
      const first = await newSite(0, { targets } as Partial<SiteConfigInput>);
      const numbers = [{ number: other, target: 'main' }];
      const added = await admin.send(api.addNumbers, { site: first, body: { numbers } });
      expect(await added.json()).toMatchObject({ errors: [{ path: expect.stringContaining('number') }] });

      const second = await newSite(0);
      await admin.call(api.addNumbers, { site: second, body: { numbers } });
      const { id: _, ...config } = await admin.call(api.getSite, { site: second });
      const put = await admin.send(api.putSite, { site: second, body: { ...config, targets } as SiteConfigInput });
      expect(put.status).toBe(400);
      expect(await put.json()).toMatchObject({ errors: [{ path: `targets.0.${path}` }] });
      // A number that is given up may be rung, and then tracks no more.
      await admin.call(api.patchNumber, { site: second, number: other, body: { status: 'retired' } });
      await admin.call(api.putSite, { site: second, body: { ...config, targets } as SiteConfigInput });
      const again = { site: second, number: other, body: { status: 'active' as const } };
      expect((await admin.send(api.patchNumber, again)).status).toBe(400);
    }
  });

  it('a call of the future is refused, and one a little ahead of the clock is taken', async () => {
    const site = await newSite(1);
    const call = (startedAt: string) =>
      admin.send(api.reportCall, { site, body: { id: startedAt, to: poolNumber(0), startedAt } });
    expect((await call(new Date(Date.now() + 60_000).toISOString())).status).toBe(201);
    const refused = await call('9999-12-31T00:00:00Z');
    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({ errors: [{ path: 'startedAt' }] });
  });

  it('how a call ended stands, but for the message left after nobody answered', async () => {
    const site = await newSite(1);
    const say = async (id: string, status: CallReport['status'], durationSeconds: number | null = null) => {
      const startedAt = '2026-11-24T12:00:00Z';
      const body = { id, to: poolNumber(0), startedAt, status, durationSeconds };
      const call = await admin.call(api.reportCall, { site, body });
      return [call.status, call.durationSeconds];
    };
    expect(await say('CA1', 'completed', 93)).toEqual(['completed', 93]);
    expect(await say('CA1', 'missed')).toEqual(['completed', 93]);
    expect(await say('CA2', 'missed')).toEqual(['missed', null]);
    expect(await say('CA2', 'completed', 30)).toEqual(['missed', null]);
    expect(await say('CA2', 'voicemail', 12)).toEqual(['voicemail', 12]);
    expect(await say('CA2', 'busy')).toEqual(['voicemail', 12]);
  });

  it('a target has no name that every JavaScript object has', async () => {
    for (const id of ['constructor', 'toString', 'valueOf', 'hasOwnProperty']) {
      const body = { origins: [ORIGIN], targets: [{ id, number: '+14155550100' }] };
      expect((await admin.send(api.putSite, { site: `named-${id}`, body })).status).toBe(400);
    }
  });

  it('free data is an object of a few levels', async () => {
    const site = await newSite(1);
    await leaseOf(site, 's_1');
    const deep = (levels: number) => JSON.parse(`${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`);
    const tag = (data: unknown) =>
      admin.send(api.event, { site, body: { type: 'tag', session: 's_1', data: data as never }, headers: pageHeaders });
    expect((await tag(deep(10))).status).toBe(204);
    for (const data of [deep(11), deep(800)]) expect((await tag(data)).status).toBe(400);
    await report(site, 'CA1', poolNumber(0));
    const body = { tags: deep(800) };
    expect((await admin.send(api.patchCall, { site, id: 'CA1', body })).status).toBe(400);
  });
});

describe('a site deleted and made again', () => {
  it('begins again: its calls are listed, its scripts served', async () => {
    const site = await newSite(1);
    const script = () => worker(new Request(`https://edge.example/s/${site}.js`));
    await report(site, 'CA1', poolNumber(0));
    const version = (await script()).headers.get('Dialmark-Version');
    const { id: _, ...config } = await admin.call(api.getSite, { site });
    await admin.send(api.deleteSite, { site });
    await admin.call(api.putSite, { site, body: config as SiteConfigInput });
    await admin.call(api.addNumbers, { site, body: { numbers: [{ number: poolNumber(0), target: 'main' }] } });
    await report(site, 'CA1', poolNumber(0));
    await drain(site);
    expect((await admin.call(api.listCalls, { site, query: {} })).items.map(({ id }) => id)).toEqual(['CA1']);
    expect((await script()).headers.get('Dialmark-Version')).toBe(version);
    const pinned = await worker(new Request(`https://edge.example/s/${site}@${version}.js`));
    expect(pinned.status).toBe(200);
    expect(pinned.headers.get('Cache-Control')).toContain('immutable');
  });
});

describe('while numbers move to other shards', () => {
  it('what is changed meanwhile stays changed, and a call finds its earlier facts', async () => {
    const site = await newSite(12);
    const moves = Array.from({ length: 12 }, (_, i) => poolNumber(i)).filter((number) => homeOf(number, 3) !== 0);
    const [retired, called] = moves as [string, string];
    await admin.call(api.reportCall, {
      site,
      body: { id: 'CA1', to: called as never, status: 'ringing', startedAt: new Date().toISOString() },
    });
    const { id: _, ...config } = await admin.call(api.getSite, { site });
    await admin.call(api.putSite, { site, body: { ...config, shards: 3 } as SiteConfigInput });
    await admin.send(api.deleteNumber, { site, number: retired });
    expect(
      (await admin.send(api.addNumbers, { site, body: { numbers: [{ number: '+14155559999', target: 'main' }] } }))
        .status,
    ).toBe(409);
    await admin.call(api.putSite, { site, body: { ...config, shards: 3, name: 'Renamed' } as SiteConfigInput });
    for (let round = 0; round < 2; round++) {
      for (let shard = 0; shard < 3; shard++) await runDurableObjectAlarm(stubOf(env, site, shard));
    }
    expect(await shardOf(env, site, 0).shards.layout()).toEqual({ shards: 3, before: null });
    expect(await admin.call(api.getSite, { site })).toMatchObject({ name: 'Renamed' });
    const { items } = await admin.call(api.listNumbers, { site, query: {} });
    expect(items.find(({ number }) => number === retired)?.status).toBe('retired');
    const call = await report(site, 'CA1', called);
    expect(call.status).toBe('completed');
    expect((await admin.call(api.getCall, { site, id: 'CA1' })).status).toBe('completed');
  });
});
