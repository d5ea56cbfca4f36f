import type { Env } from '../env.ts';
import { hmac } from '../platform/hmac.ts';
import { toHex } from '../platform/signature.ts';

/** A cache of this isolate's results, so that the next request from the same address is a lookup. */
const hashes = new Map<string, string>();
const REMEMBERED = 5000;

/**
 * Returns a keyed hash of an address or a network with a daily salt (HMAC-SHA-256 over both, 64 bits kept): enough to count by,
 * useless without the key, and another one tomorrow.
 */
export async function addressHash(network: string, env: Env): Promise<string> {
  const counted = `${new Date().toISOString().slice(0, 10)} ${network}`;
  const known = hashes.get(counted);
  if (known !== undefined) return known;
  const mac = await hmac('SHA-256', `address ${env.WORKER_KEY ?? env.ADMIN_TOKEN ?? 'unset'}`, counted);
  const hash = toHex(mac.subarray(0, 8));
  if (hashes.size >= REMEMBERED) hashes.clear();
  hashes.set(counted, hash);
  return hash;
}
