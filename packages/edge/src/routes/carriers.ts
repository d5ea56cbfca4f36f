import { api, type EpochMs, rfc3339 } from '@dialmark/shared';
import { CarrierName } from '@dialmark/shared/wire/forwarding';
import * as v from 'valibot';
import { closed, pass } from '../admission/gates.ts';
import { rejectUnknownSite } from '../admission/known-sites.ts';
import { takeWebhook } from '../call-control/take-webhook.ts';
import { readWebhook } from '../carriers/webhook.ts';
import { PUBLIC_BODY_BYTES, readBody } from '../http/body.ts';
import { problem, problemOf } from '../http/problems.ts';
import { requestIdOf } from '../http/request-id.ts';
import { type App, serve } from '../http/serve.ts';
import { log } from '../platform/log.ts';
import { done } from '../platform/result.ts';
import { lastSeenOf } from '../pool/monitoring/carrier-last-seen.ts';
import { poolOf } from '../pool/shards/remote-pool.ts';
import { SitePools } from '../pool/shards/site-pools.ts';

/** Serves the webhooks of carriers, and what is known of each carrier. */
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
  app.on(['GET', 'POST'], '/v1/sites/:site/carriers/:carrier/:endpoint{voice|status}', async (context) => {
    const { env } = context;
    const request = context.req.raw;
    const { site, carrier } = context.req.param();
    if (!v.is(CarrierName, carrier)) return problem('carrier_not_found');
    const turnedAway = pass('webhooks', request) ?? closed('unprovedWebhooks', request, site);
    if (turnedAway) return turnedAway;
    const unknown = await rejectUnknownSite(env, request, site);
    if (unknown) return unknown;
    const rawBody = await readBody(request, PUBLIC_BODY_BYTES);
    if (rawBody === null) return problem('payload_too_large');
    const webhook = readWebhook(carrier, {
      method: request.method,
      url: request.url,
      headers: request.headers,
      rawBody,
      receivedAt: Date.now() as EpochMs,
      publicBaseUrl: env.PUBLIC_URL,
    });
    const { value: answer, error } = await takeWebhook(env, site, webhook, (work) =>
      context.executionCtx.waitUntil(work),
    );
    if (error) {
      // Most often a secret that was mistyped: the person who sets a carrier up must be able to see that it did ask.
      if (error.code === 'signature_invalid') {
        log.warn('webhook_refused', { requestId: requestIdOf(context), site, carrier });
      }
      if (error.code === 'signature_invalid' || error.code === 'carrier_not_configured') {
        pass('unprovedWebhooks', request, site);
      }
      return problemOf(error);
    }
    const { status, headers, body } = answer;
    return new Response(body, { status, headers: { ...headers, 'cache-control': 'no-store' } });
  });
}
