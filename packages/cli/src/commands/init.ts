import { api, type Site } from '@dialmark/shared';
import { DialmarkError } from '@dialmark/shared/client';
import { command, type Given } from '../command.ts';
import { CONNECTION, connect } from '../connection.ts';
import { usageFailure } from '../failure.ts';
import { readProject, writeProject } from '../project.ts';
import type { World } from '../world.ts';

const OPTIONS = {
  number: { type: 'string', value: '+1…', text: 'number printed on the site, in E.164 format' },
  origin: {
    type: 'string',
    multiple: true,
    value: 'URL',
    text: 'origin of the site, such as https://acme.example; repeatable',
  },
  name: { type: 'string', value: 'NAME', text: 'name of the business' },
  destination: { type: 'string', value: '+1…', text: 'number that rings (default: the printed number)' },
  country: { type: 'string', value: 'US', text: 'two-letter country code (default: US)' },
  'time-zone': { type: 'string', value: 'ZONE', text: 'such as America/New_York (default: UTC)' },
  currency: { type: 'string', value: 'USD', text: 'three-letter currency code (default: USD)' },
  ...CONNECTION,
} as const;

export const init = command({
  name: 'init',
  summary: 'create a site or use an existing one, and save it in dialmark.json',
  usage: [
    'init',
    'init --edge https://calls.acme.example --site acme --number +14155550100 --origin https://acme.example',
  ],
  options: OPTIONS,
  details: ['Prompts for missing options in a terminal. An existing site is not changed.'],
  async run(given, world) {
    const project = await readProject(world.cwd);
    const asked = world.ask !== null || !project?.edge;
    const named =
      given.values.edge ??
      world.env.DIALMARK_EDGE ??
      (asked ? await answer(world, 'edge', 'Address of your Worker', project?.edge) : undefined);
    const site =
      given.values.site ??
      world.env.DIALMARK_SITE ??
      (await answer(world, 'site', 'Key of the site, such as acme', project?.site));
    const { edge, client } = await connect({ ...given, values: { ...given.values, edge: named } }, world);

    const known = await client.call(api.getSite, { site }).catch((error: unknown) => {
      if (error instanceof DialmarkError && error.problem.code === 'site_not_found') return null;
      throw error;
    });
    if (known) world.out(`Site ${site} already exists, with ${describe(known)}. It was not changed.`);
    else {
      const made = await client.call(api.putSite, { site, body: await configuration(given, world) });
      world.out(`Site ${site} made, with ${describe(made)}.`);
    }
    await writeProject(world.cwd, { edge, site });
    world.out('Wrote dialmark.json.');
    world.out('');
    world.out('Add this tag to the head of every page:');
    world.out('');
    world.out(`  <script async src="${edge}/s/${site}.js"></script>`);
    world.out('');
    world.out('Next: dialmark numbers import FILE.csv, or --from twilio or telnyx');
  },
});

const describe = ({ targets }: Site) =>
  `target${targets.length === 1 ? '' : 's'} ${targets.map(({ id, number }) => `${id} ${number}`).join(', ')}`;

async function configuration(given: Given<typeof OPTIONS>, world: World) {
  const { values } = given;
  const number = values.number ?? (await answer(world, 'number', 'Number printed on the site, such as +14155550100'));
  const origins = values.origin ?? [await answer(world, 'origin', 'Origin of the site, such as https://acme.example')];
  return {
    ...(values.name ? { name: values.name } : {}),
    origins,
    ...(values.country ? { country: values.country } : {}),
    ...(values['time-zone'] ? { timeZone: values['time-zone'] } : {}),
    ...(values.currency ? { currency: values.currency } : {}),
    targets: [{ id: 'main', number, ...(values.destination ? { destination: values.destination } : {}) }],
  };
}

async function answer({ ask }: World, option: string, question: string, usual?: string): Promise<string> {
  if (!ask) {
    if (usual) return usual;
    throw usageFailure(`--${option} is required (${question.toLowerCase()}).`);
  }
  const given = (await ask(`${question}${usual ? ` [${usual}]` : ''}: `)).trim() || usual;
  if (!given) throw usageFailure(`--${option} is required (${question.toLowerCase()}).`);
  return given;
}
