import { runInDurableObject } from 'cloudflare:test';
import { api, type SiteMetrics } from '@dialmark/shared';
import { describe, expect, it } from 'vitest';
import { admin, drain, env, leaseOf, newSite, ORIGIN, pageHeaders, visitor, worker } from './edge.ts';

const get = (path: string, headers: Record<string, string> = {}) =>
  worker(new Request(`https://edge.example${path}`, { headers }));
const metricsOf = (site: string): Promise<SiteMetrics> => admin.call(api.metrics, { site });
const token = { Authorization: 'Bearer test-admin-token' };

describe('metrics', () => {
  it('count leases by kind, who went without and why, early re-issues, taps and calls by status', async () => {
    const site = await newSite(1);
    await leaseOf(site, 's_1');
    await leaseOf(site, 's_1');
    await leaseOf(site, 's_2');
    await leaseOf(site, 's_3', {}, { 'User-Agent': 'Googlebot/2.1 (+http://www.google.com/bot.html)' });
    const event = { type: 'tel_click', session: 's_1' } as const;
    await visitor.call(api.event, { site, body: event, headers: pageHeaders });
    const call = { id: 'c1', to: '+14155551000', startedAt: new Date().toISOString() };
    await admin.call(api.reportCall, { site, body: { ...call, status: 'ringing' } });
    await admin.call(api.reportCall, { site, body: call });
    await admin.call(api.reportCall, { site, body: call });
    const { leases, telClicks, calls, numbers } = await metricsOf(site);
    expect(leases.made).toEqual({ pool: 1, source: 0, shared: 0, fallback: 1 });
    expect(leases.renewed).toBe(2);
    expect(leases.without).toMatchObject({ exhausted: 1, bot: 1, rate_limited: 0 });
    expect(telClicks).toBe(1);
    expect(calls).toMatchObject({ ringing: 1, completed: 1, missed: 0 });
    expect(numbers).toMatchObject({ total: 1, leased: 1, free: 0 });
  });

  it('know what carriers asked in vain', async () => {
    const site = await newSite(1, { carriers: { twilio: { authToken: 'secret' } } });
    const voice = (carrier: string) =>
      worker(
        new Request(`https://edge.example/v1/sites/${site}/carriers/${carrier}/voice`, { method: 'POST', body: 'a=1' }),
      );
    expect((await voice('twilio')).status).toBe(403);
    expect((await voice('plivo')).status).toBe(404);
    const { webhooks } = await metricsOf(site);
    expect(webhooks.map(({ carrier, badSignature, unconfigured }) => [carrier, badSignature, unconfigured])).toEqual([
      ['twilio', 1, 0],
      ['plivo', 0, 1],
    ]);
  });

  it('say what waits for the ledger, and that nothing does once it has it', async () => {
    const site = await newSite(1);
    await leaseOf(site, 's_1');
    expect((await metricsOf(site)).outbox.waiting).toBe(1);
    await drain(site);
    expect((await metricsOf(site)).outbox).toEqual({ waiting: 0, seconds: 0, refused: 0 });
  });

  it('outlive the object that counted', async () => {
    const site = await newSite(1);
    await leaseOf(site, 's_1');
    await drain(site);
    await runInDurableObject(env.POOL.getByName(site), (_, state) => state.abort('put to sleep')).catch(() => null);
    const after = await metricsOf(site);
    expect(after.leases.made.pool).toBe(1);
  });

  it('are there for Prometheus, of every site, for a token of all sites', async () => {
    const site = await newSite(1);
    await leaseOf(site, 's_1');
    expect((await get('/metrics')).status).toBe(401);
    const response = await get('/metrics', token);
    expect(response.headers.get('Content-Type')).toContain('text/plain; version=0.0.4');
    const lines = (await response.text()).split('\n');
    expect(lines).toContain('# TYPE dialmark_leases_total counter');
    expect(lines).toContain(`dialmark_leases_total{site="${site}",kind="pool"} 1`);
    expect(lines.filter((text) => text && !text.startsWith('#') && !/^\w+\{[^{}]+\} \d+(\.\d+)?$/.test(text))).toEqual(
      [],
    );
  });

  it('are not for a token of one site where they are of all', async () => {
    const site = await newSite(0);
    const { token: own } = await admin.call(api.createToken, { body: { name: 'one', scopes: ['read'], site } });
    const headers = { Authorization: `Bearer ${own}` };
    expect((await get('/metrics', headers)).status).toBe(403);
    expect((await get(`/v1/sites/${site}/metrics`, headers)).status).toBe(200);
  });
});

describe('request ids', () => {
  it('are taken from the request where they are such, and made otherwise', async () => {
    expect((await get('/healthz', { 'X-Request-Id': 'abc-12345678' })).headers.get('X-Request-Id')).toBe(
      'abc-12345678',
    );
    expect((await get('/healthz', { 'CF-Ray': '8f1c2d3e4f5a6b7c-SJC' })).headers.get('X-Request-Id')).toBe(
      '8f1c2d3e4f5a6b7c-SJC',
    );
    for (const bad of ['short', 'with space inside', `x${'y'.repeat(200)}`, '{"json":"12345"}']) {
      const made = (await get('/healthz', { 'X-Request-Id': bad })).headers.get('X-Request-Id');
      expect(made).toMatch(/^[0-9a-f-]{36}$/);
    }
  });

  it('stand in every problem too', async () => {
    const asked = [
      get('/v1/sites'),
      get('/nowhere'),
      get('/v1/sites/unknown', token),
      worker(
        new Request('https://edge.example/v1/sites/unknown/lease', {
          method: 'POST',
          body: 'no json',
          headers: { Origin: ORIGIN },
        }),
      ),
    ];
    for (const response of await Promise.all(asked)) {
      const id = response.headers.get('X-Request-Id');
      expect(response.headers.get('Content-Type')).toBe('application/problem+json');
      expect(await response.json()).toMatchObject({ status: response.status, requestId: id });
    }
  });
});

describe('health', () => {
  it('tells pool, directory, ledger and queue apart, to anyone', async () => {
    const response = await get('/healthz');
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      status: 'ok',
      pool: { status: 'ok' },
      directory: { status: 'ok' },
      ledger: { status: 'ok' },
      queue: { status: 'ok', overdueSeconds: 0 },
    });
  });
});
