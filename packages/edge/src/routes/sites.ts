import { api, type Site, SiteId } from '@dialmark/shared';
import * as v from 'valibot';
import type { Env } from '../env.ts';
import { problem } from '../http/problem.ts';
import { type App, serve } from '../http/serve.ts';
import { eraseSite } from '../ledger/erase.ts';
import { poolOf, SitePools } from '../pool/pools.ts';
import { done } from '../pool/refusal.ts';

const directory = (env: Env) => env.DIRECTORY.getByName('directory');

export function siteRoutes(app: App): void {
  serve(app, api.listSites, async ({ query, env }) => {
    const { items, cursor } = await directory(env).sites(query.limit, query.cursor ?? null);
    const sites = await Promise.all(items.map(async (id) => (await poolOf(env, id).configuration()).value));
    return done({ items: sites.filter((site): site is Site => site !== undefined), cursor });
  });

  serve(app, api.putSite, async ({ params, body, env }) => {
    const id = v.safeParse(SiteId, params.site);
    if (!id.success) {
      return problem(400, 'The site key is not valid.', [{ path: 'site', message: id.issues[0].message }]);
    }
    const site: Site = { ...body, id: id.output };
    const { value, refusal } = await new SitePools(env, site.id).configure(site);
    if (refusal) return { refusal };
    await directory(env).addSite(site.id);
    return Response.json(site, { status: value.created ? 201 : 200 });
  });

  serve(app, api.getSite, async ({ params, env }) => poolOf(env, params.site as string).configuration());

  serve(app, api.deleteSite, async ({ params, env }) => {
    const site = params.site as string;
    const outcome = await new SitePools(env, site).destroy();
    await directory(env).removeSite(site);
    await eraseSite(env.LEDGER, site);
    return outcome;
  });
}
