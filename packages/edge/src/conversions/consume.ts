import type { EpochMs } from '@dialmark/shared';
import type { Env } from '../env.ts';
import { waitSeconds } from '../platform/backoff.ts';
import { log } from '../platform/log.ts';
import { outgoing } from '../platform/outgoing.ts';
import { deliver } from './deliver.ts';
import { bury, CLAIM_MS, isPending, SENDING_MS } from './deliveries.ts';
import type { Surroundings } from './destinations/destination.ts';
import { type ConversionMessage, DELAY_MAX_SECONDS, type DeliveryMessage, enqueue } from './message.ts';
import { integrationsBySite, tell } from './tell.ts';

const DEAD_LETTERS = 'dialmark-conversions-dead';

/** Takes a batch from the queue of conversions, or from its dead letters. */
export async function consume(batch: MessageBatch<ConversionMessage>, env: Env): Promise<void> {
  if (batch.queue === DEAD_LETTERS) return buryAll(batch, env);
  const integrationsOf = integrationsBySite(env);
  const now = Date.now() as EpochMs;
  const wait = (message: { attempts: number }) =>
    waitSeconds(message.attempts, env.DELIVERY_RETRY_SECONDS, Math.random());

  for (const message of batch.messages) {
    if (message.body.about !== 'call') continue;
    try {
      await tell(env, message.body, await integrationsOf(message.body.site), now);
      message.ack();
    } catch (error) {
      log.warn('call_not_told', { site: message.body.site, reason: String(error) });
      message.retry({ delaySeconds: wait(message) });
    }
  }

  const due = batch.messages.filter((message) => message.body.about === 'delivery') as Message<DeliveryMessage>[];
  if (due.length === 0) return;
  try {
    await deliverDue(env, due, integrationsOf, wait);
  } catch (error) {
    // The database is away: nothing was sent, or the claim keeps it from being sent again for a while.
    log.warn('deliveries_interrupted', { reason: String(error) });
    for (const message of due) message.retry({ delaySeconds: Math.max(CLAIM_MS / 1000, wait(message)) });
  }
}

async function deliverDue(
  env: Env,
  due: readonly Message<DeliveryMessage>[],
  integrationsOf: ReturnType<typeof integrationsBySite>,
  wait: (message: { attempts: number }) => number,
): Promise<void> {
  const startedAt = Date.now();
  const surroundings: Surroundings = {
    fetch: outgoing,
    now: startedAt as EpochMs,
    isLate: () => Date.now() > startedAt + SENDING_MS,
    local: env.LOCAL_WEBHOOKS === 'on',
  };
  const messages = new Map(due.map((message) => [`${message.body.site} ${message.body.id}`, message]));
  const waits = new Map([...messages].map(([key, message]) => [key, wait(message)]));
  const outcomes = await deliver(
    env,
    [...messages.values()].map(({ body }) => body),
    integrationsOf,
    surroundings,
    ({ site, id }) => waits.get(`${site} ${id}`) ?? 0,
  );
  const asked: { site: string; id: string; delaySeconds: number }[] = [];
  for (const message of due) {
    const { site, id } = message.body;
    const key = `${site} ${id}`;
    const outcome = messages.get(key) === message ? outcomes.get(key) : undefined;
    if (outcome?.became === 'postponed') {
      const seconds = outcome.afterSeconds ?? waits.get(key) ?? 0;
      message.retry({ delaySeconds: Math.min(DELAY_MAX_SECONDS, seconds) });
    } else if (outcome?.became === 'accepted') {
      asked.push({ site, id, delaySeconds: outcome.askAfterSeconds });
    } else if (outcome === undefined && (await isPending(env.LEDGER, site, id))) {
      // Somebody else is sending it, or died at it.
      message.retry({ delaySeconds: CLAIM_MS / 1000 });
    } else {
      message.ack();
    }
  }
  await enqueue(env.CONVERSIONS, asked);
}

/** Retries are used up: what is left is the log, and a person who may have it sent again. */
async function buryAll(batch: MessageBatch<ConversionMessage>, env: Env): Promise<void> {
  for (const message of batch.messages) {
    const { body } = message;
    try {
      if (body.about === 'delivery') await bury(env.LEDGER, body.site, body.id);
      else log.error('call_news_lost', { site: body.site, call: body.call });
      message.ack();
    } catch {
      message.retry({ delaySeconds: 60 });
    }
  }
}
