import type { EpochMs } from '@dialmark/shared';
import type { PoolCore } from '../core.ts';

/** Returns the hashes of an address and of its /48 as they are kept: salted, so that they last as long as the salt. */
export async function hashesOf(
  { addresses }: PoolCore,
  { address, block }: { address: string | null; block?: string | null },
): Promise<{ address: string | null; block: string | null }> {
  const now = Date.now() as EpochMs;
  const salted = (hash: string | null | undefined) => (hash ? addresses.hash(hash, now) : null);
  return { address: await salted(address), block: await salted(block) };
}
