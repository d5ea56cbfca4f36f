import { api, type EpochMs, rfc3339 } from '@dialmark/shared';
import { CarrierName } from '@dialmark/shared/wire/forwarding';
import * as v from 'valibot';
import { closed, pass } from '../admission/gates.ts';
import { refuseUnknownSite } from '../admission/known-sites.ts';
import { LastKnownSites, planFromMemory } from '../calls/last-known.ts';
import { openSecrets } from '../carriers/secrets.ts';
import type { CarrierCommand } from '../carriers/telnyx-commands.ts';
import { readWebhook, replyTo, type Webhook, type WebhookReply } from '../carriers/webhook.ts';
import { type Env, workerKeys } from '../env.ts';
import { PUBLIC_BODY_BYTES, readBody } from '../http/body.ts';
import { problem, problemOf } from '../http/problems.ts';
import { requestIdOf } from '../http/request-id.ts';
import { type App, serve } from '../http/serve.ts';
import { log } from '../platform/log.ts';
import { outgoing } from '../platform/outgoing.ts';
import { done, fail, type Outcome } from '../platform/result.ts';
import { within } from '../platform/timeout.ts';
import { proveWebhook } from '../pool/attribution/carrier-webhook.ts';
import { lastSeenOf } from '../pool/monitoring/carrier-last-seen.ts';
import { poolOf } from '../pool/shards/remote-pool.ts';
import { SitePools } from '../pool/shards/site-pools.ts';

/** How long a pool may take. Carriers wait from five seconds on for call control, and somebody hears nothing meanwhile. */
const PATIENCE_MS = 3000;
/** When what a pool did not take is told again, after the carrier has its answer (a Worker has 30 seconds then). */
const TELL_AGAIN_AFTER_MS = [1000, 4000, 15_000];

const WEBHOOK = '/v1/sites/:site/carriers/:carrier/:endpoint{voice|status}';

const memory = new LastKnownSites();

/** What carriers ask. The site's pool verifies, records and answers in one hop; without it the call still rings. */
export function carrierRoutes(app: App): void {
  serve(app, api.listCarriers, async ({ params, env }) => {
    const site = params.site as string;
    const [configuration, lastSeen] = await Promise.all([
      poolOf(env, site).site.configuration(),
      new SitePools(env, site).ofAll((pool) => pool.monitoring.carriersLastSeen(), lastSeenOf),
    ]);
    if (configuration.error) return configuration;
    if (lastSeen.error) return lastSeen;
    return done({
      items: CarrierName.options.map((carrier) => {
        const { webhookAt, refusedAt, refusal } = lastSeen.value[carrier];
        return {
          carrier,
          configured: carrier in configuration.value.carriers,
          lastWebhookAt: rfc3339(webhookAt),
          lastRefusedAt: rfc3339(refusedAt),
          lastRefusal: refusal,
        };
      }),
    });
  });

  // With a slash at the end as well: the carrier calls, and signs, what was typed into its console.
  app.on(['GET', 'POST'], [WEBHOOK, `${WEBHOOK}/`], async (context) => {
    const { env } = context;
    const request = context.req.raw;
    const { site, carrier } = context.req.param();
    if (!v.is(CarrierName, carrier)) return problem('carrier_not_found');
    const turnedAway = pass('webhooks', request) ?? closed('unprovedWebhooks', request, site);
    if (turnedAway) return turnedAway;
    const unknown = await refuseUnknownSite(env, request, site);
    if (unknown) return unknown;
    const rawBody = await readBody(request, PUBLIC_BODY_BYTES);
    if (rawBody === null) return problem('payload_too_large');
    const webhook = readWebhook(carrier, {
      method: request.method,
      url: request.url,
      headers: [...request.headers],
      rawBody,
      receivedAt: Date.now() as EpochMs,
      publicBaseUrl: env.PUBLIC_URL,
    });

    const later = (work: Promise<unknown>) => context.executionCtx.waitUntil(work);
    const outcome = await askPool(env, site, webhook).catch((error: unknown) => {
      log.error('pool_unavailable', { site, carrier, reason: String(error) });
      return null;
    });
    if (outcome === null) later(tellAgain(env, site, webhook));
    const { value: reply, error } = outcome ?? (await answerFromMemory(env, site, webhook));
    // Most often a secret that was mistyped: who sets a carrier up must be able to see that it did ask.
    if (error?.code === 'signature_invalid')
      log.warn('webhook_refused', { requestId: requestIdOf(context), site, carrier });
    if (error) {
      if (error.code === 'signature_invalid' || error.code === 'carrier_not_configured')
        pass('unprovedWebhooks', request, site);
      return problemOf(error);
    }
    if (reply.commands.length > 0) later(sendAll(reply.commands));
    const { status, headers, body } = reply.answer;
    return new Response(body, { status, headers: { ...headers, 'cache-control': 'no-store' } });
  });
}

/** @throws where the pool cannot be reached, fails, or takes too long */
async function askPool(env: Env, site: string, webhook: Webhook): Promise<Outcome<WebhookReply>> {
  const asked = new SitePools(env, site).ofNumber(webhook.number ?? '', (pool) =>
    pool.calls.takeWebhook(webhook, memory.versions(site)),
  );
  const outcome = await within(PATIENCE_MS, asked);
  if (outcome.value?.lastKnown) memory.remember(site, outcome.value.lastKnown);
  if (outcome.error?.code === 'site_not_found' || outcome.error?.code === 'carrier_not_configured') memory.forget(site);
  if (outcome.error?.code === 'numbers_moving') throw new Error(outcome.error.detail);
  return outcome;
}

/** The answer of a Worker whose pool is away: by the configuration that this isolate last heard of. */
async function answerFromMemory(env: Env, site: string, webhook: Webhook): Promise<Outcome<WebhookReply>> {
  const { carrier, number } = webhook;
  const known = memory.recall(site, number);
  const sealed = known?.sealed[carrier];
  const opened = sealed === undefined ? null : await openSecrets(workerKeys(env), site, sealed);
  if (!known || !opened) return fail('pool_unavailable');
  const { value: proved, error } = await proveWebhook(webhook, opened.secrets);
  if (error) return { error };
  const plan = proved.event && planFromMemory(known, number, proved.event);
  return { value: replyTo(proved.carrier, proved.incoming, proved.event, plan, proved.secrets) };
}

/** The carrier has its answer; the pool hears of the call as soon as it is back. Telling it twice does no harm. */
async function tellAgain(env: Env, site: string, webhook: Webhook): Promise<void> {
  for (const wait of TELL_AGAIN_AFTER_MS) {
    await new Promise((resolve) => setTimeout(resolve, wait));
    if (await askPool(env, site, webhook).catch(() => null)) return;
  }
  log.error('webhook_not_recorded', { site, carrier: webhook.carrier });
}

/** One after the other: they build on each other. A leg that is gone meanwhile is refused by the carrier. */
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
