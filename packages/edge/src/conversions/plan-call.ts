import { type CallChange, type DeliveryEvent, type EpochMs, type Integration, rfc3339 } from '@dialmark/shared';
import type { LedgerCore } from '../ledger/core.ts';
import { sha256Hex } from '../platform/signature.ts';
import { type Deliveries, LOST_AFTER_MS } from './deliveries.ts';
import { destinationOf } from './destinations/index.ts';
import type { Integrations } from './integrations.ts';
import { type Plan, planFor } from './plan.ts';

/** A call as its pool read it. */
export interface Reading {
  change: CallChange;
  /** The position of the pool's change log. */
  position: number;
  /** A hash of the fields that a destination would notice a change of. */
  digest: string;
}

/** A message to put into the queue. */
export interface Due {
  id: string;
  delaySeconds: number;
}

/**
 * Ids are hashes, which are calculated out of the transaction: whoever finds by then that another message is to be
 * planned, because another reading of the call was planned meanwhile, goes round once more.
 */
const ROUNDS = 3;

/**
 * Plans what a site's destinations are told of a call that changed. Idempotent.
 *
 * @returns the messages to put into the queue
 */
export async function planCall(
  core: LedgerCore,
  integrations: Integrations,
  deliveries: Deliveries,
  reading: Reading,
  now: EpochMs,
): Promise<Due[]> {
  const call = reading.change.call.id;
  const ids = new Map<string, string>();
  const plans = () => {
    const known = deliveries.plannedOf(call);
    return integrations.all().flatMap((integration) => {
      if (integration.disabled !== null || integration.paused) return [];
      const planned = known.get(integration.id) ?? [];
      const plan = planFor(integration, destinationOf(integration.kind), reading, planned, now);
      return plan === null ? [] : [{ integration, plan, name: nameOf(core.site, integration, call, plan) }];
    });
  };
  for (let round = 0; round < ROUNDS; round++) {
    for (const { name } of plans()) ids.set(name, ids.get(name) ?? (await deliveryId(name)));
    const due = core.change(() => {
      const all = plans();
      return all.every(({ name }) => ids.has(name))
        ? all.flatMap(({ integration, plan, name }) => {
            const { position, digest, change } = reading;
            const payload = payloadOf(plan.event, change, now);
            const id = ids.get(name) as string;
            const kept = deliveries.keep(
              { ...plan, id, integration: integration.id, call, position, digest, payload },
              now,
            );
            // Once tried, it has a message of its own that comes up again.
            return kept.state === 'pending' && kept.attempts === 0
              ? [{ id, delaySeconds: (plan.dueAt - now) / 1000 }]
              : [];
          })
        : null;
    });
    if (due === null) continue;
    for (const { delaySeconds } of due) core.wakeAt(now + 1000 * delaySeconds + LOST_AFTER_MS);
    return due;
  }
  throw new Error('the call keeps changing');
}

/** Returns the identity of a message, the same however often it is planned. */
function nameOf(site: string, integration: Integration, call: string, { event, revision }: Plan): string {
  return JSON.stringify([site, integration.id, call, event, revision]);
}

async function deliveryId(name: string): Promise<string> {
  return `d_${(await sha256Hex(name)).slice(0, 32)}`;
}

function payloadOf(type: DeliveryEvent, data: CallChange, now: EpochMs): string {
  return JSON.stringify({ type, timestamp: rfc3339(now), data });
}
