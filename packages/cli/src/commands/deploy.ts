import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { command } from '../command.ts';
import { Failure } from '../failure.ts';

export const deploy = command({
  name: 'deploy',
  summary: 'deploy the Worker to your Cloudflare account, or update it',
  usage: ['deploy [--dry-run]'],
  options: {
    'dry-run': { type: 'boolean', text: 'bundle and print the plan, without network' },
    help: { type: 'boolean', short: 'h', text: 'show this' },
  },
  details: ['Run it in a clone of the Dialmark repository, after npm install. Same as: npm run deploy'],
  async run({ values }, world) {
    const repository = await findRepository(world.cwd);
    if (!repository) {
      throw new Failure(
        'This is not a clone of the Dialmark repository. Change to one, run npm install, and try again.',
      );
    }
    const args = ['run', '--silent', 'deploy', '--', ...(values['dry-run'] ? ['--dry-run'] : [])];
    const code = await new Promise<number>((resolve, reject) => {
      const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
      spawn(npm, args, { cwd: repository, stdio: 'inherit' })
        .once('error', reject)
        .once('exit', (exit) => resolve(exit ?? 1));
    });
    if (code !== 0) throw new Failure('The deployment failed. Wrangler says why above.');
  },
});

/** Returns the nearest folder upwards that is the Dialmark repository. */
async function findRepository(from: string): Promise<string | null> {
  for (let folder = from; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'scripts/deploy.ts')) && existsSync(join(folder, 'wrangler.toml'))) {
      const { name } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as { name?: string };
      if (name === '@dialmark/repository') return folder;
    }
    if (dirname(folder) === folder) return null;
  }
}
