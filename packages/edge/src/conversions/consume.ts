import type { EpochMs } from '@dialmark/shared';
import type { Env } from '../env.ts';
import { ledgerOf } from '../ledger/remote-ledger.ts';
import { waitSeconds } from '../platform/backoff.ts';
import { log } from '../platform/log.ts';
import { outgoing } from '../platform/outgoing.ts';
import { deliver } from './deliver.ts';
import { CLAIM_MS, SENDING_MS } from './deliveries.ts';
import type { SendContext } from './destinations/destination.ts';
import { type ConversionMessage, DELAY_MAX_SECONDS, type DeliveryMessage, enqueue } from './message.ts';
import { queueDeliveries } from './queue-deliveries.ts';

const DEAD_LETTERS = 'dialmark-conversions-dead';

/** Takes a batch from the queue of conversions, or from its dead letters. Sites do not wait for one another. */
export async function consume(batch: MessageBatch<ConversionMessage>, env: Env): Promise<void> {
  const work = batch.queue === DEAD_LETTERS ? markAllDead : consumeOf;
  const sites = Map.groupBy(batch.messages, ({ body }) => body.site);
  await Promise.all([...sites].map(([site, messages]) => work(env, site, messages)));
}

async function consumeOf(env: Env, site: string, messages: readonly Message<ConversionMessage>[]): Promise<void> {
  const now = Date.now() as EpochMs;
  const wait = ({ attempts }: { attempts: number }) => waitSeconds(attempts, env.DELIVERY_RETRY_SECONDS, Math.random());
  for (const message of messages) {
    if (message.body.about !== 'call') continue;
    try {
      await queueDeliveries(env, message.body, now);
      message.ack();
    } catch (error) {
      log.warn('call_not_told', { site, reason: String(error) });
      message.retry({ delaySeconds: wait(message) });
    }
  }

  const due = messages.filter((message) => message.body.about === 'delivery') as Message<DeliveryMessage>[];
  if (due.length === 0) return;
  try {
    await deliverDue(env, site, due, wait);
  } catch (error) {
    // The ledger is away: nothing was sent, or the claim keeps it from being sent again for a while.
    log.warn('deliveries_interrupted', { site, reason: String(error) });
    for (const message of due) message.retry({ delaySeconds: Math.max(CLAIM_MS / 1000, wait(message)) });
  }
}

async function deliverDue(
  env: Env,
  site: string,
  due: readonly Message<DeliveryMessage>[],
  wait: (message: { attempts: number }) => number,
): Promise<void> {
  const startedAt = Date.now();
  const context: SendContext = {
    fetch: outgoing,
    now: startedAt as EpochMs,
    isLate: () => Date.now() > startedAt + SENDING_MS,
    local: env.LOCAL_WEBHOOKS === 'on',
  };
  const messages = new Map(due.map((message) => [message.body.id, message]));
  const waits = new Map([...messages].map(([id, message]) => [id, wait(message)]));
  const { outcomes, others } = await deliver(env, site, [...messages.keys()], context, (id) => waits.get(id) ?? 0);
  const asked: { site: string; id: string; delaySeconds: number }[] = [];
  const stillWaits = (id: string) => {
    const became = outcomes.get(id)?.became;
    return others.has(id) || became === 'postponed' || became === 'accepted';
  };
  for (const message of due) {
    const { id } = message.body;
    // If two messages are about one delivery, the second is simply retried.
    const outcome = messages.get(id) === message ? outcomes.get(id) : undefined;
    if (outcome?.became === 'postponed') {
      const seconds = outcome.afterSeconds ?? waits.get(id) ?? 0;
      message.retry({ delaySeconds: Math.min(DELAY_MAX_SECONDS, seconds) });
    } else if (outcome?.became === 'accepted') {
      asked.push({ site, id, delaySeconds: outcome.askAfterSeconds });
    } else if (outcome === undefined && stillWaits(id)) {
      // Somebody else is sending it, or died at it.
      message.retry({ delaySeconds: CLAIM_MS / 1000 });
    } else {
      message.ack();
    }
  }
  await enqueue(env.CONVERSIONS, asked);
}

/** Retries are used up: what is left is the log, and a person who may have it sent again. */
async function markAllDead(env: Env, site: string, messages: readonly Message<ConversionMessage>[]): Promise<void> {
  const { conversions } = ledgerOf(env, site);
  for (const message of messages) {
    const { body } = message;
    try {
      if (body.about === 'delivery') await conversions.markDead(body.id);
      else log.error('call_news_lost', { site, call: body.call });
      message.ack();
    } catch {
      message.retry({ delaySeconds: 60 });
    }
  }
}
