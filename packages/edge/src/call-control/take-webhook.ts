import { LastKnownSites, planFromMemory } from '../calls/last-known.ts';
import type { Answer, CarrierCommand } from '../carriers/carrier.ts';
import { replyTo, type Webhook, type WebhookReply } from '../carriers/webhook.ts';
import type { Env } from '../env.ts';
import { log } from '../platform/log.ts';
import { outgoing } from '../platform/outgoing.ts';
import { done, fail, type Outcome } from '../platform/result.ts';
import { withTimeout } from '../platform/timeout.ts';
import { SitePools } from '../pool/shards/site-pools.ts';
import { checkWebhook } from './check-webhook.ts';

/** The timeout of a pool. Carriers wait at least five seconds for call control, in which the caller hears silence. */
const POOL_TIMEOUT_MS = 3000;
/** When a webhook that the pool missed is delivered to it again. A Worker may run for 30 seconds after its answer. */
const DELIVER_AGAIN_AFTER_MS = [1000, 4000, 15_000];
/** A webhook is checked again if the site's secrets have changed since this isolate learned them. */
const MOST_CHECKS = 3;

const lastKnown = new LastKnownSites();

/**
 * Checks a carrier's webhook, has the site's pool record it, and returns the answer. If the pool is away the call still
 * rings, by what this isolate last knew of the site.
 *
 * @param later lets work go on after the answer
 */
export async function takeWebhook(
  env: Env,
  site: string,
  webhook: Webhook,
  later: (work: Promise<unknown>) => void,
): Promise<Outcome<Answer>> {
  const { carrier } = webhook;
  const outcome = await withTimeout(POOL_TIMEOUT_MS, askPool(env, site, webhook)).catch((error: unknown) => {
    log.error('pool_unavailable', { site, carrier, reason: String(error) });
    return null;
  });
  if (outcome === null) later(deliverAgain(env, site, webhook));
  const { value: reply, error } = outcome ?? (await replyFromMemory(env, site, webhook));
  if (error) return { error };
  if (reply.commands.length > 0) later(sendAll(reply.commands));
  return done(reply.answer);
}

/** @throws if the pool cannot be reached or fails */
async function askPool(env: Env, site: string, webhook: Webhook): Promise<Outcome<WebhookReply>> {
  const { carrier, event, number, receivedAt, test } = webhook;
  const pools = new SitePools(env, site);
  for (let check = 0; check < MOST_CHECKS; check++) {
    const { checked, secrets } = await checkWebhook(env, site, webhook, lastKnown.recall(site, number));
    const { value, error } = await pools.ofNumber(number ?? '', (pool) =>
      pool.calls.takeWebhook({ carrier, event, number, receivedAt, test, checked }, lastKnown.versions(site)),
    );
    if (error) {
      if (error.code === 'site_not_found' || error.code === 'carrier_not_configured') lastKnown.forget(site);
      if (error.code === 'numbers_moving') throw new Error(error.detail);
      return { error };
    }
    if (value.lastKnown) lastKnown.remember(site, value.lastKnown);
    if (value.recorded) return done(replyTo(webhook, value.plan, secrets));
  }
  throw new Error('the carrier secrets kept changing');
}

/** Answers without the pool, by the configuration that this isolate last knew. */
async function replyFromMemory(env: Env, site: string, webhook: Webhook): Promise<Outcome<WebhookReply>> {
  const { number, event } = webhook;
  const known = lastKnown.recall(site, number);
  const { checked, secrets } = await checkWebhook(env, site, webhook, known);
  if (!known || checked === null || checked.result === 'unreadable') return fail('pool_unavailable');
  if (checked.result === 'forged') return fail('signature_invalid');
  return done(replyTo(webhook, event && planFromMemory(known, number, event), secrets));
}

/** Delivers a webhook to the pool once it is back. To deliver it twice does no harm. */
async function deliverAgain(env: Env, site: string, webhook: Webhook): Promise<void> {
  for (const wait of DELIVER_AGAIN_AFTER_MS) {
    await scheduler.wait(wait);
    if (await withTimeout(POOL_TIMEOUT_MS, askPool(env, site, webhook)).catch(() => null)) return;
  }
  log.error('webhook_not_recorded', { site, carrier: webhook.carrier });
}

/** Sends commands one after the other: they build on each other. A carrier refuses one to a leg that is gone. */
async function sendAll(commands: readonly CarrierCommand[]): Promise<void> {
  for (const { url, ...init } of commands) {
    const status = await outgoing(url, init).then(
      (response) => response.status,
      () => 0,
    );
    // No address: it has the call's control id in it.
    if (status < 200 || status >= 300) log.warn('carrier_command_refused', { status });
  }
}
