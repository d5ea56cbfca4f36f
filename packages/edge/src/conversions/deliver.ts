import type { DeliveryEvent, EpochMs } from '@dialmark/shared';
import type { Env } from '../env.ts';
import { ledgerOf } from '../ledger/remote-ledger.ts';
import { log } from '../platform/log.ts';
import type { Change } from './change.ts';
import type { Claimed } from './deliveries.ts';
import type { Outcome, OutgoingMessage, SendContext } from './destinations/destination.ts';
import { destinationOf } from './destinations/index.ts';
import type { Opened } from './integrations.ts';
import { occasionOf } from './occasion.ts';

/** The results of deliveries that were due. A delivery in neither field is no longer pending. */
export interface Delivered {
  outcomes: ReadonlyMap<string, Outcome>;
  /** Still waiting, but with somebody else, or with one who died at it. */
  others: ReadonlySet<string>;
}

/**
 * Sends those of a site's given deliveries that wait and that nobody else is sending, in as few requests as their
 * destinations allow, and writes down what became of them.
 *
 * A process that dies between the destination's answer and the write sends again once its claim has run out, under the
 * same id: what can be promised over HTTP is at least once, and ids make it once where the receiver keeps them.
 *
 * @param waitAfter seconds until the next attempt of a delivery that was postponed
 */
export async function deliver(
  env: Env,
  site: string,
  ids: readonly string[],
  context: SendContext,
  waitAfter: (id: string) => number,
): Promise<Delivered> {
  const { now } = context;
  const { conversions } = ledgerOf(env, site);
  const { claimed, others, integrations } = await conversions.claim(ids, now);
  const outcomes = new Map<string, Outcome>();
  const groups = Map.groupBy(claimed, ({ integration }) => integration);
  await Promise.all(
    [...groups].map(async ([id, group]) => {
      const opened = integrations.find(({ integration }) => integration.id === id);
      const became = await send(opened, group, context).catch((error: unknown) => {
        // A mistake of ours; of one destination, and the others go on.
        log.error('destination_failed', { kind: opened?.integration.kind, reason: String(error) });
        return all(group, { became: 'postponed', status: null, error: 'this destination failed here; see the log' });
      });
      for (const [delivery, outcome] of became) outcomes.set(delivery, outcome);
    }),
  );
  if (claimed.length > 0) {
    const results = claimed.map(({ id }) => {
      const outcome = outcomes.get(id) as Outcome;
      const nextAt = (now + 1000 * (secondsUntilNext(outcome) ?? waitAfter(id))) as EpochMs;
      return { id, outcome, nextAt };
    });
    await conversions.recordResults(results, now);
  }
  return { outcomes, others: new Set(others) };
}

function secondsUntilNext(outcome: Outcome): number | undefined {
  if (outcome.became === 'accepted') return outcome.askAfterSeconds;
  return outcome.became === 'postponed' ? outcome.afterSeconds : 0;
}

function all(group: readonly Claimed[], outcome: Outcome): Map<string, Outcome> {
  return new Map(group.map(({ id }) => [id, outcome]));
}

async function send(
  opened: Opened | undefined,
  group: readonly Claimed[],
  context: SendContext,
): Promise<Map<string, Outcome>> {
  if (!opened) {
    const error = 'the integration was deleted';
    return all(group, { became: 'rejected', status: null, error, code: 'deleted' });
  }
  const { disabled, paused } = opened.integration;
  if (disabled) {
    const error = `the integration is disabled: ${disabled.because}`;
    return all(group, { became: 'rejected', status: null, error, code: 'disabled' });
  }
  if (paused) {
    const error = 'the integration is paused';
    return all(group, { became: 'rejected', status: null, error, code: 'paused' });
  }
  if (opened.secrets === null) {
    const error = 'its secrets cannot be read: WORKER_KEY is not the one they were encrypted with';
    return all(group, { became: 'postponed', status: null, error });
  }
  const outcomes = new Map<string, Outcome>();
  const messages: OutgoingMessage[] = [];
  for (const { id, payload, receipt } of group) {
    if (payload === null) {
      outcomes.set(id, { became: 'rejected', status: null, error: 'its text is no longer kept' });
      continue;
    }
    const { type, data: change } = JSON.parse(payload) as { type: DeliveryEvent; data: Change };
    const occasion = occasionOf(change, type);
    if (occasion) messages.push({ id, payload, receipt, change, occasion });
    else {
      const error = 'the lead has left that stage';
      outcomes.set(id, { became: 'rejected', status: null, error, code: 'stage_not_reached' });
    }
  }
  const { integration, secrets } = opened;
  const sent = await destinationOf(integration.kind).send(integration as never, secrets as never, messages, context);
  for (const [id, outcome] of sent) outcomes.set(id, outcome);
  return outcomes;
}
