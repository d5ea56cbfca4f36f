import { type EpochMs, type Integration, rfc3339 } from '@dialmark/shared';
import type { LedgerCore } from '../ledger/core.ts';
import { sha256Hex } from '../platform/signature.ts';
import { type Change, isOfLead } from './change.ts';
import { type Deliveries, LOST_AFTER_MS, type Subject } from './deliveries.ts';
import type { Integrations } from './integrations.ts';
import { type Plan, plansFor, type Reading } from './plan.ts';

/** A message to put into the queue. */
export interface Due {
  id: string;
  delaySeconds: number;
}

/**
 * Ids are hashes, which are calculated out of the transaction: a run that finds by then that another message is to be
 * planned, because another reading was planned meanwhile, goes round once more.
 */
const ROUNDS = 3;

/**
 * Plans the messages about a call or a lead that changed. Idempotent.
 *
 * @returns the messages to put into the queue
 */
export async function planMessages(
  core: LedgerCore,
  integrations: Integrations,
  deliveries: Deliveries,
  reading: Reading,
  now: EpochMs,
): Promise<Due[]> {
  const subject = subjectOf(reading.change);
  const ids = new Map<string, string>();
  const plans = () => {
    const planned = deliveries.plannedOf(subject);
    return integrations.known().flatMap((known) => {
      const { integration } = known;
      return plansFor(known, reading, planned.get(integration.id) ?? [], now).map((plan) => ({
        integration,
        plan,
        name: nameOf(core.site, integration, subject, plan),
      }));
    });
  };
  for (let round = 0; round < ROUNDS; round++) {
    for (const { name } of plans()) ids.set(name, ids.get(name) ?? (await deliveryId(name)));
    const due = core.change(() => {
      const all = plans();
      return all.every(({ name }) => ids.has(name))
        ? all.flatMap(({ integration, plan, name }) => {
            const { position, digest, change } = reading;
            const payload = payloadOf(plan, change, now);
            const id = ids.get(name) as string;
            const kept = deliveries.keep(
              { ...plan, ...subject, id, integration: integration.id, position, digest, payload },
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
  throw new Error('it keeps changing');
}

function subjectOf(change: Change): Subject {
  return { call: change.call?.id ?? '', lead: isOfLead(change) ? change.lead.id : '' };
}

/** The identity of a message: the same each time it is planned. */
function nameOf(site: string, integration: Integration, { call, lead }: Subject, { event, revision }: Plan): string {
  return JSON.stringify([site, integration.id, lead || call, event, revision]);
}

async function deliveryId(name: string): Promise<string> {
  return `d_${(await sha256Hex(name)).slice(0, 32)}`;
}

function payloadOf({ event }: Plan, data: Change, now: EpochMs): string {
  return JSON.stringify({ type: event, timestamp: rfc3339(now), data });
}
