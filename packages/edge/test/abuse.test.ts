import { api } from '@dialmark/shared';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { admin, leaseOf, mainOf, newSite, ORIGIN, pageHeaders, visitor } from './edge.ts';

afterEach(() => {
  vi.useRealTimers();
});

const from = (address: string) => ({ 'CF-Connecting-IP': address });

describe('abuse', () => {
  it('an attacker with 10,000 sessions gets the few numbers of one address, and real visitors still get theirs', {
    timeout: 120_000,
  }, async () => {
    const site = await newSite(50, { limits: { newLeasesPerAddressPerHour: 5 } });
    const kinds = new Map<string, number>();
    for (let batch = 0; batch < 20; batch++) {
      await Promise.all(
        Array.from({ length: 500 }, async (_, i) => {
          const response = await visitor.send(api.lease, {
            site,
            headers: { ...pageHeaders, ...from('203.0.113.9') },
            body: { session: `evil_${batch}_${i}`, visitor: `evil_${batch}_${i}`, page: { url: `${ORIGIN}/` } },
          });
          expect([200, 429]).toContain(response.status);
          if (response.status === 429) expect(response.headers.get('Retry-After')).toBe('10');
          const answer = (await response.json()) as { numbers?: { main: { kind: string; reason?: string } } };
          const kind = answer.numbers
            ? `${answer.numbers.main.kind} ${answer.numbers.main.reason ?? ''}`.trim()
            : '429';
          kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
        }),
      );
    }
    expect(kinds.get('pool')).toBe(5);
    expect([...kinds.keys()].sort().filter((kind) => !['429', 'none rate_limited', 'pool'].includes(kind))).toEqual([]);
    for (let i = 0; i < 40; i++) {
      expect(await mainOf(site, `s_${i}`, { visitor: `v_${i}` }, from(`198.51.100.${i}`))).toMatchObject({
        kind: 'pool',
      });
    }
  });

  it('counts a whole IPv6 network as one address', async () => {
    const site = await newSite(20, { limits: { newLeasesPerAddressPerHour: 2 } });
    const kinds = [];
    for (const host of ['1', '2', 'ffff:1', 'a:b:c:d']) {
      kinds.push(
        (
          await mainOf(
            site,
            `s_${host}`,
            {},
            from(`2001:db8:1:2:${host.includes(':') ? '' : ':'}${host}`.replace(/:::/, '::')),
          )
        ).kind,
      );
    }
    expect(kinds.filter((kind) => kind === 'pool')).toHaveLength(2);
    expect(await mainOf(site, 's_other', {}, from('2001:db8:1:3::1'))).toMatchObject({ kind: 'pool' });
  });

  it('limits one visitor who changes address, too', async () => {
    const site = await newSite(20, { limits: { newLeasesPerAddressPerHour: 3 } });
    const kinds = [];
    for (let i = 0; i < 6; i++)
      kinds.push((await mainOf(site, `s_${i}`, { visitor: 'v_1' }, from(`198.51.100.${i}`))).kind);
    expect(kinds).toEqual(['pool', 'pool', 'pool', 'none', 'none', 'none']);
  });

  it('lets a visit renew at will: only new leases count', async () => {
    const site = await newSite(5, { limits: { newLeasesPerAddressPerHour: 1 } });
    const first = await mainOf(site, 's_1', {}, from('203.0.113.9'));
    for (let i = 0; i < 10; i++)
      expect((await mainOf(site, 's_1', {}, from('203.0.113.9'))).binding).toBe(first.binding);
    expect(await mainOf(site, 's_2', {}, from('203.0.113.9'))).toMatchObject({ kind: 'none', reason: 'rate_limited' });
  });

  it('forgives after an hour', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2026, 10, 24, 12) });
    const site = await newSite(5, { limits: { newLeasesPerAddressPerHour: 1 } });
    await mainOf(site, 's_1', {}, from('203.0.113.9'));
    vi.setSystemTime(Date.UTC(2026, 10, 24, 13, 0, 1));
    expect(await mainOf(site, 's_2', {}, from('203.0.113.9'))).toMatchObject({ kind: 'pool' });
  });

  it('leases nothing to a prerendered page until somebody looks at it', async () => {
    const site = await newSite(1);
    expect(await mainOf(site, 's_1', { prerender: true })).toMatchObject({ kind: 'none' });
    expect(await admin.call(api.pool, { site })).toMatchObject({ leased: 0 });
    expect(await mainOf(site, 's_1')).toMatchObject({ kind: 'pool' });
  });

  it('goes by its own clock, whatever a page claims', async () => {
    const site = await newSite(1);
    const before = Date.now();
    const { numbers } = await leaseOf(site, 's_1', {
      page: { url: `${ORIGIN}/`, at: '2040-01-01T00:00:00Z' } as never,
    });
    const expiresAt = Date.parse(numbers.main?.expiresAt as string);
    expect(expiresAt).toBeGreaterThanOrEqual(before + 1800_000);
    expect(expiresAt).toBeLessThanOrEqual(Date.now() + 1800_000);
  });
});
