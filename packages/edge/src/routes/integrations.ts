import {
  api,
  type EpochMs,
  type FieldError,
  type Integration,
  type IntegrationKind,
  type IntegrationSecrets,
  type NewIntegration,
  type Site,
} from '@dialmark/shared';
import { destinationOf } from '../conversions/destinations/index.ts';
import { importServiceKey } from '../conversions/destinations/oauth.ts';
import { newSigningSecret } from '../conversions/destinations/webhook.ts';
import type { Explained } from '../conversions/explain.ts';
import { enqueue } from '../conversions/message.ts';
import type { Env } from '../env.ts';
import { seedOf, takenBack } from '../http/idempotency.ts';
import { problem } from '../http/problems.ts';
import { type App, serve } from '../http/serve.ts';
import { ledgerOf } from '../ledger/remote-ledger.ts';
import { directoryOf } from '../people/remote-directory.ts';
import { outgoing } from '../platform/outgoing.ts';
import { addressError } from '../platform/public-address.ts';
import { done, fail, invalidCursor, type Outcome } from '../platform/result.ts';
import { toBase64Url } from '../platform/signature.ts';
import { poolOf } from '../pool/shards/remote-pool.ts';
import { SitePools } from '../pool/shards/site-pools.ts';

const siteOf = (env: Env, site: string): Promise<Outcome<Site>> => poolOf(env, site).site.configuration() as never;

/** Serves integrations and their deliveries. */
export function integrationRoutes(app: App): void {
  serve(app, api.putIntegration, async ({ params, body, env, request }) => {
    const { value: site, error } = await siteOf(env, params.site as string);
    if (error) return { error };
    const id = body.id ?? `i_${toBase64Url((await seedOf(request, env, body)).slice(0, 12))}`;
    const { conversions } = ledgerOf(env, site.id);
    const known = await conversions.integration(id);
    if (body.id === undefined) {
      if (await directoryOf(env).isSpent(id)) return takenBack;
      // The same request again finds what it made, as it is by now.
      if (known) return answered(known, null, 200);
    }
    const errors = await findErrors(body, known?.kind ?? null, env);
    if (errors.length > 0) return fail('invalid_request', 'The integration is not valid.', errors);
    const given = body.secrets && !('configured' in body.secrets) ? body.secrets : null;
    const made =
      given === null && known?.kind !== body.kind && body.kind === 'webhook'
        ? { signingSecret: newSigningSecret() }
        : null;
    const secrets = (given ?? made) as IntegrationSecrets[IntegrationKind] | null;
    if (secrets !== null && !env.WORKER_KEY) {
      return fail('worker_key_missing');
    }
    const { integration, adCookies } = await conversions.saveIntegration(id, body, secrets, Date.now() as EpochMs);
    await poolOf(env, site.id).site.noteAdCookies(adCookies);
    return answered(integration, made?.signingSecret ?? null, known ? 200 : 201);
  });

  serve(app, api.listIntegrations, async ({ params, query, env }) => {
    const { value: site, error } = await siteOf(env, params.site as string);
    if (error) return { error };
    return done(await ledgerOf(env, site.id).conversions.integrations(query.limit, query.cursor));
  });

  serve(app, api.deleteIntegration, async ({ params, env }) => {
    const { value: site, error } = await siteOf(env, params.site as string);
    if (error) return { error };
    const id = params.id as string;
    const adCookies = await ledgerOf(env, site.id).conversions.removeIntegration(id);
    if (adCookies === null) return problem('integration_not_found');
    await directoryOf(env).spend(id);
    return poolOf(env, site.id).site.noteAdCookies(adCookies);
  });

  serve(app, api.testIntegration, async ({ params, env }) => {
    const { value: site, error } = await siteOf(env, params.site as string);
    if (error) return { error };
    const known = await ledgerOf(env, site.id).conversions.openIntegration(params.id as string);
    if (!known) return problem('integration_not_found');
    const { integration, secrets } = known;
    if (secrets === null) {
      return problem('secret_unreadable');
    }
    const trial = await destinationOf(integration.kind).test(integration as never, secrets as never, site, {
      fetch: outgoing,
      now: Date.now() as EpochMs,
      isLate: () => false,
      local: env.LOCAL_WEBHOOKS === 'on',
    });
    return done({ ...trial, error: trial.delivered ? null : trial.detail });
  });

  serve(app, api.callConversions, async ({ params, query, env }) => {
    const { value: site, error } = await siteOf(env, params.site as string);
    if (error) return { error };
    const id = params.id as string;
    const found = await new SitePools(env, site.id).ofAny((pool) => pool.changes.find(id));
    if (found.error && found.error.code !== 'call_not_found') return { error: found.error };
    const it = found.value ?? (await keptCall(env, site, id));
    if (!it) return problem('call_not_found');
    const { change, receivedAt, isNew } = it;
    const explained = { change, receivedAt, isNew };
    return done(await ledgerOf(env, site.id).conversions.explain(explained, query, Date.now() as EpochMs));
  });

  serve(app, api.listDeliveries, async ({ params, query, env }) => {
    const { value: site, error } = await siteOf(env, params.site as string);
    if (error) return { error };
    const page = await ledgerOf(env, site.id).conversions.deliveries(query);
    return page ? done(page) : invalidCursor;
  });

  serve(app, api.replayDelivery, async ({ params, env }) => {
    const { value: site, error } = await siteOf(env, params.site as string);
    if (error) return { error };
    const id = params.id as string;
    const delivery = await ledgerOf(env, site.id).conversions.resend(id, Date.now() as EpochMs);
    if (delivery === null) return problem('delivery_not_found');
    if (!delivery) return problem('delivery_expired');
    await enqueue(env.CONVERSIONS, [{ site: site.id, id, delaySeconds: 0 }]);
    return done(delivery);
  });
}

/** Returns a call that only the ledger has any more, with the clicks of its own visit. */
async function keptCall(env: Env, site: Site, id: string): Promise<Omit<Explained, 'lead'> | null> {
  const call = await ledgerOf(env, site.id).log.call(id);
  if (!call) return null;
  const { session } = call.attribution;
  const at = session?.startedAt ?? call.startedAt;
  const clicks = Object.entries(session?.clickIds ?? {}).map(([name, value]) => ({ name, value, at }));
  const { name = null, currency, timeZone } = site;
  return {
    change: {
      site: { id: site.id, name, currency, timeZone },
      call,
      visit: null,
      clicks,
      preset: null,
      earlierCalls: [],
    },
    receivedAt: Date.parse(call.startedAt) as EpochMs,
    isNew: false,
  };
}

function answered(integration: Integration | null, signingSecret: string | null, status: 200 | 201): Response {
  return Response.json({ integration, signingSecret }, { status, headers: { 'Cache-Control': 'no-store' } });
}

/** Returns the errors that a schema cannot find: forbidden addresses, unreadable keys, missing secrets. */
async function findErrors(body: NewIntegration, known: IntegrationKind | null, env: Env): Promise<FieldError[]> {
  const errors: FieldError[] = [];
  if (body.kind === 'webhook') {
    const error = addressError(body.url, env.LOCAL_WEBHOOKS === 'on');
    if (error) errors.push({ path: 'url', code: 'address_not_allowed', message: error });
  }
  const kept = known === body.kind;
  const given = body.secrets !== undefined && !('configured' in body.secrets);
  if (!given && !kept && body.kind !== 'webhook') {
    errors.push({
      path: 'secrets',
      code: 'required',
      message: `must contain the secrets of a new ${body.kind} integration`,
    });
  }
  if (body.kind === 'google_data_manager' && body.secrets && 'serviceAccount' in body.secrets) {
    if ((await importServiceKey(body.secrets.serviceAccount.private_key)) === null) {
      errors.push({
        path: 'secrets.serviceAccount.private_key',
        code: 'invalid_format',
        message: 'must be a PKCS #8 private key in PEM',
      });
    }
  }
  return errors;
}
