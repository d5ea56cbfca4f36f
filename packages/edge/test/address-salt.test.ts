import { runInDurableObject } from 'cloudflare:test';
import { afterEach, expect, it, vi } from 'vitest';
import { drain, env, mainOf, newSite, poolNight } from './edge.ts';

afterEach(() => void vi.useRealTimers());

const HOUR = 3_600_000;
const from = (address: string) => ({ 'CF-Connecting-IP': address });
const NOON = Date.UTC(2026, 10, 24, 12);

interface OnDisk {
  salt: string;
  addresses: (string | null)[];
}

/** The site's pool's data about addresses on disk: the salt, and what bindings hold. */
function onDisk(site: string): Promise<OnDisk> {
  return runInDurableObject(env.POOL.getByName(site), (_, { storage }) => {
    const [row] = storage.sql.exec<{ salt: string }>('SELECT hex(salt) AS salt FROM address_salt').toArray();
    const bindings = storage.sql
      .exec<{ address: string | null }>('SELECT address FROM bindings ORDER BY seq')
      .toArray();
    return { salt: row?.salt ?? '', addresses: bindings.map(({ address }) => address) };
  });
}

async function hmac(key: string, text: string): Promise<string> {
  const raw = new TextEncoder().encode(key);
  const imported = await crypto.subtle.importKey('raw', raw, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  const mac = new Uint8Array(await crypto.subtle.sign('HMAC', imported, new TextEncoder().encode(text)));
  return [...mac.subarray(0, 8)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

it('keeps of an address what the key of the deployment cannot turn back', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOON });
  const site = await newSite(3);
  await mainOf(site, 's_1', {}, from('203.0.113.9'));
  const { addresses } = await onDisk(site);
  expect(addresses).toEqual([expect.stringMatching(/^[0-9a-f]{16}$/)]);
  const key = 'address test-worker-key';
  expect(addresses).not.toContain(await hmac(key, '2026-11-24 203.0.113.9'));
  expect(addresses).not.toContain(await hmac(key, '203.0.113.9'));
});

it('hashes alike within the day, otherwise for another site, and again the day after', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOON });
  const [site, other] = [await newSite(5), await newSite(5)];
  await mainOf(site, 's_1', {}, from('203.0.113.9'));
  await mainOf(site, 's_2', {}, from('203.0.113.9'));
  await mainOf(site, 's_3', {}, from('203.0.113.10'));
  await mainOf(other, 's_1', {}, from('203.0.113.9'));
  vi.setSystemTime(NOON + 24 * HOUR);
  await mainOf(site, 's_4', {}, from('203.0.113.9'));
  const [first, second, third, later] = (await onDisk(site)).addresses;
  expect(second).toBe(first);
  expect(new Set([first, third, later, (await onDisk(other)).addresses[0]]).size).toBe(4);
});

it.each([
  ['the next lease', 24, (site: string) => mainOf(site, 's_9', {}, from('203.0.113.10'))],
  ['the next alarm', 25, async (site: string) => drain(site)],
  ['the nightly work', 47, (site: string) => poolNight(site)],
])('overwrites the salt of the day before with %s', async (_, hours, happens) => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOON });
  const site = await newSite(5);
  await mainOf(site, 's_1', {}, from('203.0.113.9'));
  const { salt } = await onDisk(site);
  expect(salt).toMatch(/^[0-9A-F]{64}$/);
  vi.setSystemTime(NOON + hours * HOUR);
  await happens(site);
  expect((await onDisk(site)).salt).not.toBe(salt);
});

it('keeps the salt while it serves, and leaves no trace of a site that is not there', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOON });
  const site = await newSite(5);
  await mainOf(site, 's_1', {}, from('203.0.113.9'));
  const { salt } = await onDisk(site);
  vi.setSystemTime(NOON + 23 * HOUR);
  await poolNight(site);
  expect((await onDisk(site)).salt).toBe(salt);
  await expect(mainOf('no-such-site', 's_1', {}, from('203.0.113.9'))).rejects.toThrow('404');
});
