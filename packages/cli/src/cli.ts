import { type Command, helpOf } from './command.ts';
import { call } from './commands/call.ts';
import { deploy } from './commands/deploy.ts';
import { init } from './commands/init.ts';
import { numbersImport } from './commands/numbers-import.ts';
import { numbersList } from './commands/numbers-list.ts';
import { sql } from './commands/sql.ts';
import { tail } from './commands/tail.ts';
import { tokenCreate } from './commands/token-create.ts';
import { EXIT, explain, Failure } from './failure.ts';
import { readProject } from './project.ts';
import type { World } from './world.ts';

const COMMANDS: Command[] = [init, deploy, numbersImport, numbersList, call, tail, sql, tokenCreate];

/**
 * Runs one command line, without `dialmark` itself.
 * @returns the exit code: 0 done, 1 failed or done in part, 2 given wrongly
 */
export async function run(args: string[], world: World): Promise<number> {
  const chosen = COMMANDS.find(({ name }) => name.split(' ').every((word, i) => args[i] === word));
  if (!chosen) return withoutCommand(args, world);
  const rest = args.slice(chosen.name.split(' ').length);
  if (rest.includes('--help') || rest.includes('-h')) {
    world.out(helpOf(chosen));
    return EXIT.ok;
  }
  try {
    await chosen.run(rest, world);
    return EXIT.ok;
  } catch (error) {
    if (world.signal.aborted) return EXIT.ok;
    world.err(`dialmark: ${explain(error, await edgeFor(rest, world))}`);
    return error instanceof Failure ? error.exitCode : EXIT.failed;
  }
}

function withoutCommand(args: string[], world: World): number {
  const [first, second] = args;
  if (first === undefined || first === 'help' || first === '--help' || first === '-h') {
    world.out(overview());
    return EXIT.ok;
  }
  const group = COMMANDS.filter(({ name }) => name.startsWith(`${first} `)).map(({ name }) => name);
  if (group.length === 0) world.err(`dialmark: unknown command "${first}". See: dialmark --help`);
  else if (second === '--help' || second === '-h') {
    world.out(overview());
    return EXIT.ok;
  } else world.err(`dialmark: ${first} needs a subcommand: ${group.join(', ')}`);
  return EXIT.usage;
}

function overview(): string {
  const width = Math.max(...COMMANDS.map(({ name }) => name.length)) + 3;
  return [
    'dialmark: set up call attribution and watch calls',
    '',
    'Usage',
    '  dialmark COMMAND [options]        dialmark COMMAND --help',
    '',
    'Commands',
    ...COMMANDS.map(({ name, summary }) => `  ${name.padEnd(width)}${summary}`),
    '',
    'The Worker and the site are taken from --edge and --site, from DIALMARK_EDGE and DIALMARK_SITE, or from dialmark.json,',
    'which init writes. The token is taken from DIALMARK_TOKEN or --token-file, never from the command line itself.',
    '',
    'Exit codes: 0 success, 1 failure or partial success, 2 usage error.',
  ].join('\n');
}

/** Returns the address of the Dialmark that does not respond, for the error message. */
async function edgeFor(args: string[], world: World): Promise<string | null> {
  const flag = args.findIndex((word) => word === '--edge' || word.startsWith('--edge='));
  const given = flag < 0 ? undefined : (args[flag]?.split('=', 2)[1] ?? args[flag + 1]);
  const project = await readProject(world.cwd).catch(() => null);
  return given ?? world.env.DIALMARK_EDGE ?? project?.edge ?? null;
}
