/** Builds the dashboard with Vite; what it was built from is hashed, so that nothing is built twice. */
import { createHash } from 'node:crypto';
import { cp, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'vite';
import { putInPlace } from '../../scripts/put-in-place.ts';

const here = import.meta.dirname;
const INPUTS = ['src', 'public', '../shared/src', '../snippet/src'].map((folder) => join(here, folder));
const FILES = ['index.html', 'vite.config.ts', 'package.json', '../../package-lock.json'].map((file) =>
  join(here, file),
);

/** Builds the dashboard where its sources changed since the last time, and copies it to a folder. */
export async function buildDashboard(to: string): Promise<void> {
  const stamp = join(here, 'dist/built-from');
  const inputs = await inputsHash();
  if ((await readFile(stamp, 'utf8').catch(() => '')) !== inputs) {
    const aside = join(here, `node_modules/.dist-${process.pid}`);
    await build({
      configFile: join(here, 'vite.config.ts'),
      logLevel: 'error',
      build: { outDir: aside, emptyOutDir: true },
    });
    await putInPlace(aside, join(here, 'dist'));
    await writeFile(stamp, inputs);
  }
  await cp(join(here, 'dist'), to, { recursive: true, filter: (file) => file !== stamp && !file.endsWith('~') });
}

async function inputsHash(): Promise<string> {
  const folders = await Promise.all(
    INPUTS.map(async (folder) =>
      (await readdir(folder, { recursive: true, withFileTypes: true }))
        .filter((entry) => entry.isFile() && !entry.name.endsWith('.test.ts'))
        .map((entry) => join(entry.parentPath, entry.name)),
    ),
  );
  const hash = createHash('sha256');
  for (const file of [...folders.flat(), ...FILES].sort()) hash.update(file).update(await readFile(file));
  return hash.digest('hex');
}
