import { DAY, type EpochMs, HOUR } from '@dialmark/shared';
import type { Env } from '../env.ts';
import { dropPayloads, stranded } from './deliveries.ts';
import { enqueue } from './message.ts';

/** A queue may be late; a message this late is lost. */
const LATE_MS = HOUR;
const AT_ONCE = 500;
/** How long a message can be looked into and sent again. */
const PAYLOADS_KEPT_MS = 30 * DAY;

/** Has messages sent that their queue lost, and drops the text of old ones. Run on a schedule. */
export async function sweepDeliveries(env: Env, now: EpochMs): Promise<void> {
  const lost = await stranded(env.LEDGER, (now - LATE_MS) as EpochMs, now, AT_ONCE);
  await enqueue(
    env.CONVERSIONS,
    lost.map((key) => ({ ...key, delaySeconds: 0 })),
  );
  await dropPayloads(env.LEDGER, (now - PAYLOADS_KEPT_MS) as EpochMs);
}
