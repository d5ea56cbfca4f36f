import { type CallNews, type EpochMs, type Integration, rfc3339 } from '@dialmark/shared';
import type { Env } from '../env.ts';
import { sha256Hex } from '../platform/signature.ts';
import { remotePool } from '../pool/shards/remote-pool.ts';
import type { ReadNews } from '../pool/sync/call-change.ts';
import type { CallNewsMessage } from '../pool/sync/change-log.ts';
import { deliveryId, keepDelivery, plannedOf, sayAgain, unsend } from './deliveries.ts';
import { destinationOf } from './destinations/index.ts';
import { type Opened, openIntegrations } from './integrations.ts';
import { enqueue } from './message.ts';
import { noticeable, planFor } from './plan.ts';

/**
 * Plans what a site's destinations are told of a call that changed, and has it sent. Idempotent: it may end anywhere
 * and be run again.
 */
export async function tell(
  env: Env,
  { site, pool, call }: CallNewsMessage,
  integrations: ReadonlyMap<string, Opened>,
  now: EpochMs,
): Promise<void> {
  const { changes } = remotePool(env.POOL.get(env.POOL.idFromString(pool)));
  const read = await changes.read(call);
  // Erased since.
  if (read === null) return;
  const reading: Reading = { ...read, site, call, digest: await sha256Hex(JSON.stringify(noticeable(read.news))) };
  const due: Due[] = [];
  for (const { integration } of integrations.values()) {
    if (integration.disabled !== null || integration.paused) continue;
    const planned = await keepPlan(env, integration, reading, now);
    if (planned !== null) due.push(planned);
  }
  await enqueue(env.CONVERSIONS, due);
  if (!(await changes.confirm(call, read.position, read.readAt))) return;
  // Somebody was erased while it was being planned: too late for the erasure to find what was planned.
  const since = await changes.read(call);
  if (since === null || (since.erased && !read.erased)) await unsend(env.LEDGER, site, call, read.position);
  else await sayAgain(env.LEDGER, site, call, read.position, since.news);
}

interface Reading extends ReadNews {
  site: string;
  call: string;
  digest: string;
}

type Due = { site: string; id: string; delaySeconds: number };

/** Two readings of one call may be planned at once: whoever finds the other's message in its place plans once more. */
const ROUNDS = 3;

/** @returns the message to put into the queue; null where there is none, or none any more */
async function keepPlan(env: Env, integration: Integration, reading: Reading, now: EpochMs): Promise<Due | null> {
  const { site, call, news, position, digest } = reading;
  for (let round = 0; round < ROUNDS; round++) {
    const known = await plannedOf(env.LEDGER, site, call, integration.id);
    const plan = planFor(integration, destinationOf(integration.kind), reading, known, now);
    if (plan === null) return null;
    const id = await deliveryId(site, integration.id, call, plan.event, plan.revision);
    const payload = payloadOf(plan.event, news, now);
    const delivery = { ...plan, site, id, integration: integration.id, call, position, digest, payload };
    const kept = await keepDelivery(env.LEDGER, delivery, now);
    const overtaken = kept.digest !== digest && kept.position < position && kept.attempts > 0;
    if (overtaken && plan.event.startsWith('call.') && plan.event !== 'call.ringing') continue;
    // Once tried, it has a message of its own that comes up again.
    return kept.state === 'pending' && kept.attempts === 0
      ? { site, id, delaySeconds: (plan.dueAt - now) / 1000 }
      : null;
  }
  throw new Error('the call keeps changing');
}

function payloadOf(type: string, data: CallNews, now: EpochMs): string {
  return JSON.stringify({ type, timestamp: rfc3339(now), data });
}

/** Integrations of the sites in a batch, each read once. */
export function integrationsBySite(env: Env): (site: string) => Promise<Map<string, Opened>> {
  const read = new Map<string, Promise<Map<string, Opened>>>();
  return (site) => {
    const known = read.get(site) ?? openIntegrations(env, site);
    read.set(site, known);
    return known;
  };
}
