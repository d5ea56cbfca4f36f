/** The Worker as one module: what this machine runs, and what a deploy uploads. */

import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { minify } from 'terser';
import { replaceFile } from '../put-in-place.ts';

const root = new URL('../..', import.meta.url).pathname;

/** Comments in SQL are for readers of the source. They are lines of their own, which no other code begins like that. */
const withoutSqlComments: Plugin = {
  name: 'without-sql-comments',
  setup({ onLoad }) {
    onLoad({ filter: /\/packages\/edge\/src\/.*\.ts$/ }, async ({ path }) => ({
      contents: (await readFile(path, 'utf8')).replace(/^\s*-- .*\n/gm, ''),
      loader: 'ts',
    }));
  },
};

/** Bundles the Worker by the rules of wrangler. */
export async function bundleWorker(entry = 'packages/edge/src/index.ts'): Promise<string> {
  const result = await build({
    entryPoints: [join(root, entry)],
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2024',
    conditions: ['workerd', 'worker', 'browser'],
    external: ['cloudflare:*', 'node:*'],
    plugins: [withoutSqlComments],
    write: false,
    logLevel: 'error',
  });
  return result.outputFiles[0]?.text as string;
}

/**
 * Writes the Worker as it is uploaded, smaller by what takes too long for every start on this machine; once, as long as it
 * does not change.
 * @returns the file
 */
export async function writeUpload(): Promise<string> {
  const script = await bundleWorker();
  const version = createHash('sha256').update(script).digest('hex').slice(0, 12);
  const folder = join(root, 'packages/edge/dist/worker');
  const file = join(folder, version, 'index.js');
  if (!existsSync(file)) {
    const { code } = await minify(script, { module: true, ecma: 2020, compress: { passes: 2 } });
    // Those of earlier days.
    await rm(folder, { recursive: true, force: true });
    await mkdir(dirname(file), { recursive: true });
    await replaceFile(file, code as string);
  }
  return file;
}
