import type { EpochMs } from '@dialmark/shared';
import type { Env } from '../env.ts';
import { ledgerOf } from '../ledger/remote-ledger.ts';
import { sha256Hex } from '../platform/signature.ts';
import { remotePool } from '../pool/shards/remote-pool.ts';
import type { CallChangeMessage } from '../pool/sync/change-log.ts';
import { enqueue } from './message.ts';
import { noticeable } from './plan.ts';

/**
 * Plans the messages about a call that changed, and has them sent. Idempotent: it may end anywhere
 * and be run again.
 */
export async function queueDeliveries(env: Env, { site, pool, call }: CallChangeMessage, now: EpochMs): Promise<void> {
  const { changes } = remotePool(env.POOL.get(env.POOL.idFromString(pool)));
  const read = await changes.read(call);
  // Erased since.
  if (read === null) return;
  const { change, position, receivedAt } = read;
  const { conversions } = ledgerOf(env, site);
  const digest = await sha256Hex(JSON.stringify(noticeable(change)));
  const due = await conversions.plan({ change, position, digest, receivedAt }, now);
  await enqueue(
    env.CONVERSIONS,
    due.map((message) => ({ site, ...message })),
  );
  if (!(await changes.confirm(call, position, read.readAt))) return;
  // Somebody was erased while it was being planned: too late for the erasure to find what was planned.
  const since = await changes.read(call);
  if (since === null || (since.erased && !read.erased)) await conversions.cancel(call, position);
  else await conversions.updatePayloads(call, position, since.change);
}
