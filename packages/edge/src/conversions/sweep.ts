import { DAY, type EpochMs, MINUTE } from '@dialmark/shared';
import type { LedgerCore } from '../ledger/core.ts';
import { log } from '../platform/log.ts';
import { Deliveries, LOST_AFTER_MS } from './deliveries.ts';
import { Integrations } from './integrations.ts';
import { enqueue } from './message.ts';

/** The size of one slice of work: requests wait for no more than that. */
const SLICE = 200;
const QUEUE_RETRY_MS = 10 * MINUTE;
/** Time for which a message's payload is kept to be inspected and sent again. */
const PAYLOADS_KEPT_MS = 30 * DAY;

/**
 * Has messages sent that their queue lost, and drops the text of old ones: so many at once.
 *
 * @returns when there is more to do; null where nothing waits
 */
export async function sweep(core: LedgerCore, now: EpochMs): Promise<number | null> {
  const deliveries = new Deliveries(core, new Integrations(core));
  const oldest = deliveries.dropPayloads((now - PAYLOADS_KEPT_MS) as EpochMs, SLICE);
  const payloadsAt = oldest === null ? Number.POSITIVE_INFINITY : oldest + PAYLOADS_KEPT_MS + 1;

  const lost = deliveries.overdue((now - LOST_AFTER_MS) as EpochMs, SLICE);
  try {
    await enqueue(
      core.env.CONVERSIONS,
      lost.map((id) => ({ site: core.site, id, delaySeconds: 0 })),
    );
  } catch (error) {
    log.warn('deliveries_not_enqueued', { site: core.site, reason: String(error) });
    return Math.min(now + QUEUE_RETRY_MS, payloadsAt);
  }
  deliveries.dueNow(lost, now);
  const due = deliveries.nextDue();
  const next = Math.min(due === null ? Number.POSITIVE_INFINITY : due + LOST_AFTER_MS, payloadsAt);
  return Number.isFinite(next) ? next : null;
}
