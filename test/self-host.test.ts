/** @module-tag slow */

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { api } from '@dialmark/shared';
import { type Client, createClient } from '@dialmark/shared/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = new URL('..', import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'dialmark-self-host-'));

interface Service {
  process: ChildProcess;
  edge: string;
  ended: Promise<number | null>;
  /** All it has written. */
  log(): string;
}

/** As pages and carriers know it, by the proxy in front. */
const PUBLIC_URL = 'https://calls.acme.example';

let built = false;

function launch(port: number): Promise<Service> {
  const child = spawn(process.execPath, ['scripts/self-host.ts', '--port', String(port), '--data-dir', folder], {
    cwd: root,
    env: { ...process.env, ADMIN_TOKEN: '', WORKER_KEY: '', PUBLIC_URL, ...(built ? { DIALMARK_BUILT: '1' } : {}) },
  });
  let log = '';
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  return new Promise((resolve, reject) => {
    const read = (chunk: Buffer) => {
      log += chunk;
      const [, edge] = /runs at (http:\S+)/.exec(log) ?? [];
      if (edge) resolve({ process: child, edge, ended, log: () => log });
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    ended.then((code) => reject(new Error(`ended with ${code}: ${log}`)));
  });
}

/** The first response of an address. */
async function firstHealth(port: number): Promise<unknown> {
  for (;;) {
    const answer = await fetch(`http://127.0.0.1:${port}/healthz`).catch(() => null);
    if (answer) return answer.json();
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

let service: Service;
let health: unknown;
let admin: Client;
const token = () => readFileSync(join(folder, 'admin-token'), 'utf8');
const running = () =>
  JSON.parse(readFileSync(join(folder, 'running.json'), 'utf8')) as { pid: number; workerd: number };
/** A process that has ended and that nobody has asked after yet has no command line any more. */
const isRunning = (pid: number) => existsSync(`/proc/${pid}`) && readFileSync(`/proc/${pid}/cmdline`, 'utf8') !== '';
const reportCall = (id: string) =>
  admin.call(api.reportCall, {
    site: 'acme',
    body: { id, from: '+12125550199', to: '+14155550132', startedAt: new Date().toISOString(), durationSeconds: 60 },
  });
const ledgerIds = async () =>
  (await admin.call(api.listCalls, { site: 'acme', query: { limit: '1000' } })).items.map(({ id }) => id).sort();

beforeAll(async () => {
  const port = await freePort();
  [service, health] = await Promise.all([launch(port), firstHealth(port)]);
  built = true;
  admin = createClient({ edge: service.edge, token: token() });
  await admin.call(api.putSite, {
    site: 'acme',
    body: { name: 'Acme Roofing', targets: [{ id: 'main', number: '+14155550100' }] },
  });
  await admin.call(api.addNumbers, {
    site: 'acme',
    body: { numbers: ['+14155550132', '+14155550133'].map((number) => ({ number, target: 'main' })) },
  });
  await admin.call(api.lease, {
    site: 'acme',
    body: {
      session: 's_1',
      visitor: 'v_1',
      page: { url: 'https://acme.example/?utm_source=google&utm_medium=cpc' },
      client: { address: '203.0.113.9', userAgent: 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0' },
    },
  });
}, 180_000);

afterAll(async () => {
  service?.process.kill('SIGTERM');
  await service?.ended;
  rmSync(folder, { recursive: true, force: true });
});

describe('Dialmark on one machine', () => {
  it('answers only once its tables are there', () => {
    expect(health).toMatchObject({ status: 'ok', ledger: { status: 'ok' } });
  });

  it('keeps its data in a folder that is its owner’s alone', () => {
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      const { mode } = statSync(join(entry.parentPath, entry.name));
      expect(mode & 0o077, entry.name).toBe(0);
    }
  });

  it('keeps its secrets in files only the owner reads, and out of the log', () => {
    for (const name of ['admin-token', 'worker-key']) expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
    expect(service.log()).not.toContain(token());
  });

  it('has neither the demo nor the doors that the runtime’s simulator opens for developers', async () => {
    for (const path of ['/demo/', '/cdn-cgi/local/explorer', '/cdn-cgi/local/scheduled', '/cdn-cgi/mf/scheduled']) {
      expect((await fetch(service.edge + path)).status, path).toBe(404);
    }
  });

  it.each(['calls.acme.example', 'evil.example'])('has pages ask it at PUBLIC_URL, asked for as %s', async (host) => {
    const script = await fetch(`${service.edge}/s/acme.js`, { headers: { Host: host } });
    const text = await script.text();
    expect(text).toContain(PUBLIC_URL);
    expect(text).not.toContain('evil.example');
    expect(script.headers.get('Dialmark-Version')).toMatch(/^[0-9a-f]{12}$/);
  });

  it.each([
    ['without PUBLIC_URL', { PUBLIC_URL: '' }, 'PUBLIC_URL is not set'],
    ['with a PUBLIC_URL that is no address', { PUBLIC_URL: 'calls.acme.example' }, 'PUBLIC_URL must be'],
    ['with one of another scheme', { PUBLIC_URL: 'ftp://calls.acme.example' }, 'PUBLIC_URL must be'],
    ['with a short ADMIN_TOKEN', { ADMIN_TOKEN: 'x' }, 'at least 16 characters'],
    ['with a repeated letter as ADMIN_TOKEN', { ADMIN_TOKEN: 'a'.repeat(40) }, 'over and over'],
  ])('does not start %s', (_, environment, said) => {
    const env = { ...process.env, ADMIN_TOKEN: '', PUBLIC_URL, ...environment };
    const { status, stderr } = spawnSync(process.execPath, ['scripts/self-host.ts', '--port', '0'], { cwd: root, env });
    expect(status).toBe(2);
    expect(String(stderr)).toContain(said);
  });

  it('is not started by npm start either with an ADMIN_TOKEN that can be guessed', () => {
    const env = { ...process.env, ADMIN_TOKEN: 'secret' };
    const { status, stderr } = spawnSync(process.execPath, ['scripts/start.ts', '--port', '0'], { cwd: root, env });
    expect(status).toBe(2);
    expect(String(stderr)).toContain('at least 16 characters');
  });

  it('does not start twice on one data folder', async () => {
    await expect(launch(0)).rejects.toThrow(/in use by process \d+/);
  });
});

describe('a kill -9', () => {
  it('of the service loses nothing, and its runtime makes way for the next start on the same port', async () => {
    await reportCall('CA1');
    const { workerd } = running();
    const port = Number(new URL(service.edge).port);
    service.process.kill('SIGKILL');
    await service.ended;
    service = await launch(port);

    expect(isRunning(workerd)).toBe(false);
    const call = await admin.call(api.getCall, { site: 'acme', id: 'CA1' });
    expect(call.attribution).toMatchObject({ match: 'active', session: { id: 's_1', channel: 'Paid Search' } });
    expect(await admin.call(api.pool, { site: 'acme' })).toMatchObject({ total: 2, leased: 1 });
    await expect.poll(ledgerIds, { timeout: 20_000 }).toEqual(['CA1']);
  });

  it('of everything in the midst of work loses no call that was acknowledged', async () => {
    const acknowledged: string[] = [];
    const { workerd } = running();
    let ended = false;
    const reporting = (async () => {
      for (let i = 0; !ended; i++) {
        const id = `CB${i}`;
        await reportCall(id).then(
          () => acknowledged.push(id),
          () => {},
        );
      }
    })();
    await expect.poll(() => acknowledged.length).toBeGreaterThan(20);
    process.kill(workerd, 'SIGKILL');
    service.process.kill('SIGKILL');
    await service.ended;
    ended = true;
    await reporting;

    service = await launch(Number(new URL(service.edge).port));
    for (const id of acknowledged) expect(await admin.call(api.getCall, { site: 'acme', id })).toMatchObject({ id });
    await expect.poll(ledgerIds, { timeout: 20_000 }).toEqual(expect.arrayContaining(acknowledged));
  });

  it('is never needed: asked to stop, it stops and leaves the folder', async () => {
    service.process.kill('SIGTERM');
    expect(await service.ended).toBe(0);
    expect(existsSync(join(folder, 'running.json'))).toBe(false);
  });
});
