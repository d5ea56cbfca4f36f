import { createHash } from 'node:crypto';
import { cp, mkdtemp, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { putInPlace } from '../put-in-place.ts';

const root = join(import.meta.dirname, '../..');

interface Build {
  /** Cache of finished files. */
  dist: string;
  /** The files and folders, from the repository's root, that the result depends on. */
  inputs: readonly string[];
  /** Further inputs of the result. */
  content?: string;
  /** Builds into a folder that is then put in place of `dist`. */
  build: (aside: string) => Promise<unknown>;
}

/** Builds where an input changed since the last time, and copies the result to a folder. */
export async function buildOnce({ dist, inputs, content = '', build }: Build, to: string): Promise<void> {
  const folder = join(root, dist);
  const stamp = join(folder, '.built-from');
  const hash = await hashOf(inputs, content);
  if ((await readFile(stamp, 'utf8').catch(() => '')) !== hash) {
    const aside = await mkdtemp(join(tmpdir(), 'dialmark-build-'));
    await build(aside);
    await putInPlace(aside, folder);
    await writeFile(stamp, hash);
  }
  await cp(folder, to, { recursive: true, filter: (file) => file !== stamp && !file.endsWith('~') });
}

async function hashOf(inputs: readonly string[], content: string): Promise<string> {
  const files = await Promise.all(inputs.map((input) => filesIn(join(root, input))));
  const hash = createHash('sha256').update(content);
  for (const file of files.flat().sort()) hash.update(file).update(await readFile(file));
  return hash.digest('hex');
}

async function filesIn(path: string): Promise<string[]> {
  if ((await stat(path)).isFile()) return [path];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries
    .filter(
      (entry) =>
        entry.isFile() && !entry.name.includes('.test.') && !/\.vitepress\/(cache|dist)/.test(entry.parentPath),
    )
    .map((entry) => join(entry.parentPath, entry.name));
}
