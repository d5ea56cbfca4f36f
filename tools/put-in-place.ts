import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';

/**
 * Makes a folder's files those of another one, which was made aside: each file appears whole, in one step, and none is
 * missing meanwhile, so that servers and tests may read the folder while it is rebuilt. What is the same is not touched.
 * Files that are not there any more go last, since others may have named them until then.
 */
export async function putInPlace(aside: string, folder: string): Promise<void> {
  const files = await filesOf(aside);
  for (const file of files) await replaceFile(join(folder, file), await readFile(join(aside, file)));
  const stale = (await filesOf(folder)).filter((file) => !files.includes(file) && !isAside(file));
  for (const file of stale) await rm(join(folder, file), { force: true });
  await rm(aside, { recursive: true });
}

/** Writes a file in one step, unless it says just that already. */
export async function replaceFile(file: string, content: string | Buffer): Promise<void> {
  const wanted = Buffer.from(content);
  const present = await readFile(file).catch(() => null);
  if (present?.equals(wanted)) return;
  await mkdir(dirname(file), { recursive: true });
  const aside = `${file}.${process.pid}~`;
  await writeFile(aside, wanted);
  await rename(aside, file);
}

/** Half a file of another build that goes on. */
const isAside = (file: string) => file.endsWith('~');

async function filesOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}
