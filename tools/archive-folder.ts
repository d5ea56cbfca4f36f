/**
 * The archive of a Dialmark that runs on one machine: files in a folder, written here because the Worker itself has no
 * files. `PUT site=acme/day=2026-11-24/visits.parquet` writes one as a whole, `DELETE` removes a file or a folder.
 */
import { createWriteStream } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Request } from 'miniflare';
import { Response } from 'miniflare';

/** Returns the service that the Worker knows as `ARCHIVE_FOLDER`. */
export function archiveFolder(folder: string): (request: Request) => Promise<Response> {
  const root = resolve(folder);
  return async (request) => {
    const file = join(root, decodeURIComponent(new URL(request.url).pathname));
    if (!file.startsWith(root + sep)) return new Response('outside of the folder', { status: 400 });
    try {
      if (request.method === 'PUT') await write(file, request);
      else await remove(file);
      return new Response(null, { status: 204 });
    } catch (error) {
      return new Response(String(error), { status: 500 });
    }
  };
}

/** What is there stays until the new file is whole and on the disk. What a killed process left is written over. */
async function write(file: string, request: Request): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const unfinished = unfinishedOf(file);
  const body = request.body === null ? Readable.from([]) : Readable.fromWeb(request.body as never);
  await pipeline(body, createWriteStream(unfinished, { mode: 0o600 }));
  await flush(unfinished);
  await rename(unfinished, file);
  await flush(dirname(file));
}

async function remove(file: string): Promise<void> {
  for (const path of [unfinishedOf(file), file]) await rm(path, { recursive: true, force: true });
}

const unfinishedOf = (file: string) => `${file.replace(/\/$/, '')}.unfinished`;

async function flush(path: string): Promise<void> {
  const opened = await open(path, 'r');
  try {
    await opened.sync();
  } finally {
    await opened.close();
  }
}
