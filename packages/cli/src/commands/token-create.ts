import { api, Scope, SiteId } from '@dialmark/shared';
import * as v from 'valibot';
import { command } from '../command.ts';
import { CONNECTION, connect } from '../connection.ts';
import { usageFailure } from '../failure.ts';
import { readProject } from '../project.ts';

export const tokenCreate = command({
  name: 'token create',
  summary: 'create a token and print it, only this once',
  usage: ['token create --scope read [--scope calls] [--name NAME] [--all-sites]'],
  options: {
    scope: { type: 'string', multiple: true, value: 'SCOPE', text: 'admin, read or calls; repeatable' },
    name: { type: 'string', value: 'NAME', text: 'name that says what it is for' },
    'all-sites': { type: 'boolean', text: 'valid for all sites, not only this one' },
    ...CONNECTION,
  },
  details: ['admin can do everything, read can read everything, calls can report and read calls.'],
  async run(given, world) {
    const { scope, name, 'all-sites': allSites } = given.values;
    const scopes = v.safeParse(v.pipe(v.array(Scope), v.minLength(1)), scope ?? []);
    if (!scopes.success) throw usageFailure('--scope is required: admin, read or calls.');
    const { client } = await connect(given, world);
    const named = given.values.site ?? world.env.DIALMARK_SITE ?? (await readProject(world.cwd))?.site;
    if (!allSites && !named) throw usageFailure('--site ID or --all-sites is required.');
    const site = v.safeParse(SiteId, named);
    if (!allSites && !site.success) throw usageFailure(`--site ${site.issues[0].message}`);
    const made = await client.call(api.createToken, {
      body: { name: name ?? null, scopes: scopes.output, site: allSites ? null : (named ?? null) },
    });
    world.err(
      `Token ${made.id} for ${made.site ?? 'every site'}, scope ${made.scopes.join(', ')}. Copy it now. You won't see it again.`,
    );
    world.out(made.token);
  },
});
