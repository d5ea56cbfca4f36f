import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { putInPlace } from '../tools/put-in-place.ts';

let root: string;
let aside: string;
let folder: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'place-'));
  aside = join(root, 'aside');
  folder = join(root, 'served');
  await write('served/index.html', 'old');
  await write('served/app/a.js', 'same');
  await write('served/app/gone.js', 'old');
});
afterEach(() => rm(root, { recursive: true }));

async function write(file: string, text: string) {
  await mkdir(join(root, file, '..'), { recursive: true });
  await writeFile(join(root, file), text);
}

it('makes the files of a folder those built aside, and leaves nothing aside', async () => {
  await write('aside/index.html', 'new');
  await write('aside/app/a.js', 'same');
  await write('aside/app/b.js', 'added');
  await putInPlace(aside, folder);
  expect((await readdir(folder, { recursive: true })).sort()).toEqual(['app', 'app/a.js', 'app/b.js', 'index.html']);
  expect(await readFile(join(folder, 'index.html'), 'utf8')).toBe('new');
  expect(await readdir(root)).toEqual(['served']);
});

it('does not touch what is the same', async () => {
  const before = await stat(join(folder, 'app/a.js'));
  await write('aside/app/a.js', 'same');
  await putInPlace(aside, folder);
  expect((await stat(join(folder, 'app/a.js'))).ino).toBe(before.ino);
});

it('has every file there, whole, while it is at work', async () => {
  const text = 'x'.repeat(2_000_000);
  await write('served/index.html', `${text}1`);
  await write('aside/index.html', `${text}2`);
  let busy = true;
  const placed = putInPlace(aside, folder).then(() => {
    busy = false;
  });
  const seen = new Set<number>();
  while (busy) seen.add((await readFile(join(folder, 'index.html'))).length);
  await placed;
  expect([...seen]).toEqual([text.length + 1]);
});
