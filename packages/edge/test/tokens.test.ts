import { api } from '@dialmark/shared';
import { createClient } from '@dialmark/shared/client';
import { describe, expect, it } from 'vitest';
import { admin, newSite, poolNumber, worker } from './edge.ts';

const withToken = (token: string) => createClient({ edge: 'https://edge.example', token, fetch: worker });

describe('tokens', () => {
  it('reach as far as their scopes and their site, and not after they are revoked', async () => {
    const [site, other] = [await newSite(1), await newSite(1)];
    const { token, id } = await admin.call(api.createToken, {
      body: { scopes: ['calls'], site, name: 'carrier bridge' },
    });
    const bridge = withToken(token);
    const report = (to: string) =>
      bridge.send(api.reportCall, {
        site: to,
        body: { id: 'CA1', to: poolNumber(0), startedAt: new Date().toISOString() },
      });
    expect((await report(site)).status).toBe(201);
    expect((await report(other)).status).toBe(403);
    expect((await bridge.send(api.getSite, { site })).status).toBe(403);

    const reader = withToken((await admin.call(api.createToken, { body: { scopes: ['read'] } })).token);
    expect((await reader.send(api.getSite, { site: other })).status).toBe(200);
    expect((await reader.send(api.createToken, { body: { scopes: ['admin'] } })).status).toBe(403);

    expect((await admin.send(api.deleteToken, { id })).status).toBe(204);
    expect((await report(site)).status).toBe(401);
    expect((await admin.send(api.deleteToken, { id })).status).toBe(404);
  });

  it('are listed without what opens the door', async () => {
    const { token, id } = await admin.call(api.createToken, { body: { scopes: ['read'], name: 'reports' } });
    const { items } = await admin.call(api.listTokens, { query: { limit: '1000' } });
    expect(items.find((item) => item.id === id)).toEqual({
      id,
      name: 'reports',
      scopes: ['read'],
      site: null,
      createdAt: expect.any(String),
    });
    expect(JSON.stringify(items)).not.toContain(token);
  });

  it('stay revoked when the request that made them is sent again', async () => {
    const site = await newSite(0);
    const headers = { 'Idempotency-Key': crypto.randomUUID() };
    const body = { scopes: ['read' as const], name: 'reports' };
    const { token, id } = await admin.call(api.createToken, { headers, body });
    await admin.call(api.deleteToken, { id });
    for (let again = 0; again < 2; again++) {
      expect((await admin.send(api.createToken, { headers, body })).status).toBe(409);
      expect((await withToken(token).send(api.getSite, { site })).status).toBe(401);
    }
    const { items } = await admin.call(api.listTokens, { query: { limit: '1000' } });
    expect(items.some((item) => item.id === id)).toBe(false);
    // Another key, or none, makes another token.
    const next = await admin.call(api.createToken, { headers: { 'Idempotency-Key': crypto.randomUUID() }, body });
    expect((await withToken(next.token).send(api.getSite, { site })).status).toBe(200);
    expect((await admin.send(api.createToken, { body })).status).toBe(201);
  });

  it('of a deleted site do not come back with a site of the same key', async () => {
    const site = await newSite(0);
    const headers = { 'Idempotency-Key': crypto.randomUUID() };
    const body = { scopes: ['admin' as const], site };
    const { token } = await admin.call(api.createToken, { headers, body });
    await admin.call(api.deleteSite, { site });
    await admin.call(api.putSite, {
      site,
      body: { origins: ['https://acme.example'], targets: [{ id: 'main', number: '+14155550100' }] },
    });
    expect((await admin.send(api.createToken, { headers, body })).status).toBe(409);
    expect((await withToken(token).send(api.getSite, { site })).status).toBe(401);
  });

  it('of one site cannot make tokens for another', async () => {
    const site = await newSite(0);
    const owner = withToken((await admin.call(api.createToken, { body: { scopes: ['admin'], site } })).token);
    expect((await owner.send(api.createToken, { body: { scopes: ['admin'] } })).status).toBe(403);
    expect((await owner.send(api.listSites, { query: {} })).status).toBe(403);
    expect((await owner.send(api.listNumbers, { site, query: {} })).status).toBe(200);
  });
});

describe('sites', () => {
  it('can be read, written back as they were read, listed and deleted', async () => {
    const site = await newSite(2, { name: 'Acme', timeZone: 'America/New_York' });
    const read = await admin.call(api.getSite, { site });
    expect(read).toMatchObject({
      id: site,
      name: 'Acme',
      lease: { ttlSeconds: 1800, cooldownSeconds: 3600, onExhausted: 'fallback' },
      session: { timeoutSeconds: 1800 },
      attribution: { lookbackDays: 90, model: 'last_non_direct' },
      limits: { newLeasesPerAddressPerHour: 60 },
      consent: 'implied',
      retentionDays: 395,
    });
    const put = await admin.send(api.putSite, { site, body: read as never });
    expect(put.status).toBe(200);
    expect(await admin.call(api.getSite, { site })).toEqual(read);
    const { items } = await admin.call(api.listSites, { query: { limit: '1000' } });
    expect(items.map(({ id }) => id)).toContain(site);
    expect((await admin.send(api.deleteSite, { site })).status).toBe(204);
    expect((await admin.send(api.getSite, { site })).status).toBe(404);
    expect((await admin.send(api.listNumbers, { site, query: {} })).status).toBe(404);
  });

  it('take ten thousand numbers in one go', async () => {
    const site = await newSite(0);
    const numbers = Array.from({ length: 10_000 }, (_, i) => ({ number: `+1415${6_000_000 + i}`, target: 'main' }));
    expect(await admin.call(api.addNumbers, { site, body: { numbers } })).toEqual({ added: 10_000, errors: [] });
    expect(await admin.call(api.pool, { site })).toMatchObject({ total: 10_000, free: 10_000 });
  });
});
