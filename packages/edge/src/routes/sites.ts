import { api, type FieldError, fieldErrors, type Site, type SiteConfig, SiteId } from '@dialmark/shared';
import * as v from 'valibot';
import { noteSite } from '../admission/known-sites.ts';
import { bringsSecrets, encryptChanges, shownSecrets } from '../calls/carrier-secrets.ts';
import { workerKeys } from '../env.ts';
import { authorize, forgetGrants } from '../http/auth.ts';
import { problem } from '../http/problems.ts';
import { type App, serve } from '../http/serve.ts';
import { ledgerOf } from '../ledger/remote-ledger.ts';
import { overviewOf } from '../overview/remote-overview.ts';
import { directoryOf } from '../people/remote-directory.ts';
import { bringsSiteSecrets, encryptSiteSecrets, shownSite } from '../people/site-secrets.ts';
import { log } from '../platform/log.ts';
import { addressError } from '../platform/public-address.ts';
import { done } from '../platform/result.ts';
import { poolOf } from '../pool/shards/remote-pool.ts';
import { SitePools } from '../pool/shards/site-pools.ts';

function needsWorkerKey(config: SiteConfig): FieldError | null {
  const { alerts, carriers, callers } = config;
  const code = 'worker_key_missing';
  if (bringsSecrets(carriers)) return { path: 'carriers', code, message: 'cannot be encrypted without WORKER_KEY' };
  if (bringsSiteSecrets(config))
    return { path: 'signedUsers', code, message: 'cannot be encrypted without WORKER_KEY' };
  if (alerts) return { path: 'alerts', code, message: 'cannot be signed without WORKER_KEY' };
  return callers === 'hashed' ? { path: 'callers', code, message: 'cannot be hashed without WORKER_KEY' } : null;
}

export function siteRoutes(app: App): void {
  serve(app, api.listSites, async ({ query, env, request }) => {
    const { items, cursor } = await directoryOf(env).siteConfigs(query.limit, query.cursor ?? null);
    const sites = await Promise.all(
      items.map(async ({ id, config }) => config ?? (await poolOf(env, id).site.configuration()).value),
    );
    const mayChange = (await authorize(request, env, 'admin', null)) === null;
    const shown = sites.flatMap((site) => (site ? [shownSite(site, mayChange)] : []));
    return done({ items: shown, cursor });
  });

  serve(app, api.putSite, async ({ params, body, env }) => {
    const id = v.safeParse(SiteId, params.site);
    if (!id.success) {
      return problem('invalid_request', 'The site key is not valid.', [
        ...fieldErrors(id.issues).map((error) => ({ ...error, path: 'site' })),
      ]);
    }
    const unkeyed = needsWorkerKey(body);
    if (!env.WORKER_KEY && unkeyed) {
      return problem('invalid_request', 'This needs the Worker secret WORKER_KEY. Set it and try again.', [unkeyed]);
    }
    const addressProblem = body.alerts && addressError(body.alerts.url, env.LOCAL_WEBHOOKS === 'on');
    if (addressProblem) {
      return problem('invalid_request', 'The body is not valid.', [
        { path: 'alerts.url', code: 'address_not_allowed', message: addressProblem },
      ]);
    }
    const { carriers, ...config } = body;
    const changes = await encryptChanges(workerKeys(env), id.output, carriers);
    const { value: known } = await poolOf(env, id.output).site.configuration();
    const given: Site = { ...config, id: id.output, carriers: {} };
    const site = await encryptSiteSecrets(workerKeys(env), id.output, given, known);
    const { value, error } = await new SitePools(env, site.id).configure(site, changes);
    if (error) return { error };
    const shown = { ...shownSite(site, true), carriers: shownSecrets(value.secrets) };
    await directoryOf(env).addSite(shown);
    await overviewOf(env)
      .expect(site.id)
      .catch((error: unknown) => log.warn('overview_unavailable', { reason: String(error) }));
    noteSite(site.id, true);
    return Response.json(shown, { status: value.created ? 201 : 200 });
  });

  serve(app, api.getSite, async ({ params, env, request }) => {
    const { value: site, error } = await poolOf(env, params.site as string).site.configuration();
    if (error) return { error };
    return done(shownSite(site, (await authorize(request, env, 'admin', site.id)) === null));
  });

  serve(app, api.deleteSite, async ({ params, env }) => {
    const site = params.site as string;
    const ledger = ledgerOf(env, site);
    const integrations = await ledger.conversions.integrationIds();
    // Before the pools: until they are gone, the site is listed and can be deleted once more.
    await ledger.life.destroy();
    const outcome = await new SitePools(env, site).destroy();
    // Changes that its pools sent in the meantime.
    await ledger.life.destroy();
    await overviewOf(env).remove(site);
    await directoryOf(env).removeSite(site, integrations);
    forgetGrants();
    noteSite(site, false);
    return outcome;
  });
}
