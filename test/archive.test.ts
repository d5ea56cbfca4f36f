/** @module-tag slow */

import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { api } from '@dialmark/shared';
import { createClient } from '@dialmark/shared/client';
import { parquetReadObjects } from 'hyparquet';
import { afterAll, expect, it } from 'vitest';
import { bytesOnDisk } from './bytes-on-disk.ts';

const KILLS = 3;
const VISITS = 22_000;
const folder = mkdtempSync(join(tmpdir(), 'dialmark-archive-'));
const archive = join(folder, 'archive');

let child: ChildProcess;
afterAll(async () => {
  await kill();
  rmSync(folder, { recursive: true, force: true });
});

/** Starts the server in a process group of its own, so that a kill takes workerd too. @returns its address */
function start(): Promise<string> {
  child = spawn(process.execPath, ['test/archive-server.ts', join(folder, 'state'), archive, String(VISITS)], {
    cwd: join(import.meta.dirname, '..'),
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, DIALMARK_BUILT: '1' },
  });
  return new Promise((resolve, reject) => {
    child.stdout?.once('data', (line: Buffer) => resolve(line.toString().trim()));
    child.once('exit', () => reject(new Error('the server ended before it was ready')));
  });
}

async function kill(): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  process.kill(-(child.pid as number), 'SIGKILL');
  await gone;
}

const files = (): string[] =>
  existsSync(archive)
    ? readdirSync(archive, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
    : [];

/** The rows of both days' visits. */
async function archivedVisits(): Promise<Record<string, unknown>[]> {
  const found = files().filter((file) => file.endsWith('/visits.parquet'));
  const rows = found.map((file) => parquetReadObjects({ file: new Uint8Array(readFileSync(file)).buffer }));
  return (await Promise.all(rows)).flat();
}

it(`has every row once after ${KILLS} kills in its midst, and nothing of whoever is erased`, {
  timeout: 300_000,
}, async () => {
  for (let round = 0; round < KILLS; round++) {
    await start();
    await new Promise((resolve) => setTimeout(resolve, 250 * (round + 1)));
    await kill();
  }
  const edge = await start();
  const admin = createClient({ edge, token: 'archive' });
  await expect.poll(() => files().length, { timeout: 60_000, interval: 500 }).toBe(4);
  const ids = (await archivedVisits()).map(({ id }) => String(id));
  expect([ids.length, new Set(ids).size]).toEqual([VISITS, VISITS]);
  for (const file of files()) {
    expect(file).toMatch(/\/site=acme\/day=\d{4}-\d\d-\d\d\/(visits|page_views)\.parquet$/);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  }

  const needles = ['v_11111', 's_11111', 'acme.example/11111'];
  expect((await archivedVisits()).map(({ visitor }) => visitor)).toContain('v_11111');
  await admin.call(api.eraseVisitor, { site: 'acme', id: 'v_11111' });
  expect(bytesOnDisk(archive, needles)).toEqual([]);
  expect(
    (await archivedVisits()).filter((row) => Object.values(row).some((value) => needles.includes(String(value)))),
  ).toEqual([]);
  expect(await archivedVisits()).toHaveLength(VISITS - 1);

  await admin.call(api.deleteSite, { site: 'acme' });
  expect(files()).toEqual([]);
});
