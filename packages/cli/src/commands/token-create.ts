import { api, Scope, SiteId } from '@dialmark/shared';
import * as v from 'valibot';
import { command } from '../command.ts';
import { CONNECTION, connect } from '../connection.ts';
import { usageFailure } from '../failure.ts';
import { readProject } from '../project.ts';

export const tokenCreate = command({
  name: 'token create',
  summary: 'make a token; it is shown this once, alone on standard output',
  usage: ['token create --scope read [--scope calls] [--name NAME] [--all-sites]'],
  options: {
    scope: { type: 'string', multiple: true, value: 'SCOPE', text: 'admin, read or calls; may be given several times' },
    name: { type: 'string', value: 'NAME', text: 'what it is for' },
    'all-sites': { type: 'boolean', text: 'for every site, not only this one' },
    ...CONNECTION,
  },
  details: ['admin may everything, read reads, calls reports and reads calls.'],
  async run(given, world) {
    const { scope, name, 'all-sites': allSites } = given.values;
    const scopes = v.safeParse(v.pipe(v.array(Scope), v.minLength(1)), scope ?? []);
    if (!scopes.success) throw usageFailure('Which scope? Give --scope admin, read or calls.');
    const { client } = await connect(given, world);
    const named = given.values.site ?? world.env.DIALMARK_SITE ?? (await readProject(world.cwd))?.site;
    if (!allSites && !named) throw usageFailure('For which site? Give --site ID, or --all-sites.');
    const site = v.safeParse(SiteId, named);
    if (!allSites && !site.success) throw usageFailure(`--site ${site.issues[0].message}`);
    const made = await client.call(api.createToken, {
      body: { name: name ?? null, scopes: scopes.output, site: allSites ? null : (named ?? null) },
    });
    world.err(
      `Token ${made.id} for ${made.site ?? 'every site'}, scope ${made.scopes.join(', ')}. Keep it now: it is not shown again.`,
    );
    world.out(made.token);
  },
});
