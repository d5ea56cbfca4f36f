import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { command } from '../command.ts';
import { Failure } from '../failure.ts';

export const deploy = command({
  name: 'deploy',
  summary: 'put the Worker on your Cloudflare account, or update it there',
  usage: ['deploy [--dry-run]'],
  options: {
    'dry-run': { type: 'boolean', text: 'bundle it and say what would be done, without network' },
    help: { type: 'boolean', short: 'h', text: 'show this' },
  },
  details: ['Runs in a clone of the Dialmark repository, after npm install. The same as: npm run deploy'],
  async run({ values }, world) {
    const repository = await findRepository(world.cwd);
    if (!repository) {
      throw new Failure(
        'The Worker is deployed from a clone of the Dialmark repository: go there, npm install, and try again.',
      );
    }
    const args = ['run', '--silent', 'deploy', '--', ...(values['dry-run'] ? ['--dry-run'] : [])];
    const code = await new Promise<number>((resolve, reject) => {
      const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
      spawn(npm, args, { cwd: repository, stdio: 'inherit' })
        .once('error', reject)
        .once('exit', (exit) => resolve(exit ?? 1));
    });
    if (code !== 0) throw new Failure('Not deployed.');
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
