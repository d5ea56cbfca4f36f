/** @module-tag slow */

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Assignment, api, type Binding, type Call, type LeaseResponse, type ListPage } from '@dialmark/shared';
import { createClient } from '@dialmark/shared/client';
import { afterAll, describe, expect, it } from 'vitest';
import { startLocal } from '../tools/local.ts';

const KILLS = 20;
const SITE = 'crash';
const ORIGIN = 'https://acme.example';
const persistTo = mkdtempSync(join(tmpdir(), 'dialmark-crash-'));

afterAll(() => rmSync(persistTo, { recursive: true, force: true }));

interface Server {
  edge: string;
  /** SIGKILL to workerd and all that belongs to it: nobody gets to tidy up. */
  kill(): Promise<void>;
}

async function startServer(): Promise<Server> {
  const child = spawn(process.execPath, ['test/crash-server.ts', persistTo], {
    cwd: join(import.meta.dirname, '..'),
    // A process group of its own, so that the kill takes workerd too.
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, DIALMARK_BUILT: '1' },
  });
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const edge = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (line: Buffer) => resolve(line.toString().trim()));
    child.once('exit', () => reject(new Error('the server ended before it was ready')));
  });
  return {
    edge,
    kill: async () => {
      process.kill(-(child.pid as number), 'SIGKILL');
      await gone;
    },
  };
}

describe('a Worker killed in the middle of its work', () => {
  it(`loses nothing it acknowledged, ${KILLS} times over`, { timeout: 400_000 }, async () => {
    const leases = new Map<string, Assignment>();
    const calls = new Map<string, Call>();
    let n = 0;

    for (let round = 0; round < KILLS; round++) {
      const server = await startServer();
      const admin = createClient({ edge: server.edge, token: 'crash' });
      if (round === 0) {
        await admin.call(api.putSite, {
          site: SITE,
          body: {
            origins: [ORIGIN],
            targets: [{ id: 'main', number: '+14155550100' }],
            lease: { ttlSeconds: 2, cooldownSeconds: 0 },
            limits: { newLeasesPerAddressPerHour: 1_000_000 },
          },
        });
        const numbers = Array.from({ length: 200 }, (_, i) => ({ number: `+1415${5_551_000 + i}`, target: 'main' }));
        await admin.call(api.addNumbers, { site: SITE, body: { numbers } });
      }
      let alive = true;
      const visit = async () => {
        while (alive) {
          const session = `s_${n++}`;
          try {
            const response = await fetch(`${server.edge}/v1/sites/${SITE}/lease`, {
              method: 'POST',
              headers: { Origin: ORIGIN, 'User-Agent': 'Mozilla/5.0 Chrome/141.0.0.0 Safari/537.36' },
              body: JSON.stringify({ session, visitor: `v_${session}`, page: { url: `${ORIGIN}/` } }),
            });
            if (!response.ok) throw new Error(`lease answered ${response.status}`);
            const { numbers } = (await response.json()) as LeaseResponse;
            leases.set(session, numbers.main as Assignment);
            const call = await admin.call(api.reportCall, {
              site: SITE,
              body: { id: `CA_${session}`, to: numbers.main?.number as string, startedAt: new Date().toISOString() },
            });
            calls.set(call.id, call);
          } catch (error) {
            if (alive) throw error;
          }
        }
      };
      const visitors = Array.from({ length: 8 }, visit);
      const before = calls.size;
      await expect.poll(() => calls.size - before, { timeout: 60_000, interval: 1 }).toBeGreaterThan(5 + round);
      alive = false;
      await server.kill();
      await Promise.all(visitors);
    }

    expect(calls.size).toBeGreaterThan(KILLS * 5);
    const local = await startLocal({ port: 0, persistTo, adminToken: 'crash', workerKey: 'crash', inspect: true });
    try {
      const admin = createClient({ edge: local.edge, token: 'crash' });
      const pool = await local.miniflare.unsafeGetDurableObjectStorage('dialmark', 'NumberPool', { name: SITE });
      const rows = async (query: string) => (await pool.exec(query)) as Record<string, string | number>[];
      await expect
        .poll(async () => (await rows('SELECT count(*) AS n FROM outbox'))[0]?.n, { timeout: 60_000 })
        .toBe(0);

      const inPool = await rows(
        'SELECT seq, number, session, kind, started_at AS startedAt, expires_at AS expiresAt FROM bindings ORDER BY seq',
      );
      const all = async <T>(read: (cursor?: string) => Promise<ListPage<T>>) => {
        const items: T[] = [];
        for (let cursor: string | null | undefined; cursor !== null; ) {
          const page = await read(cursor);
          items.push(...page.items);
          cursor = page.cursor;
        }
        return items;
      };
      const query = (cursor?: string) => ({ limit: '1000', ...(cursor ? { cursor } : {}) });
      const bindings = await all<Binding>((cursor) =>
        admin.call(api.listBindings, { site: SITE, query: query(cursor) }),
      );
      const listed = await all<Call>((cursor) => admin.call(api.listCalls, { site: SITE, query: query(cursor) }));

      // The ledger is equal to the pool, no row twice.
      const key = (number: unknown, session: unknown, startedAt: number, expiresAt: number) =>
        `${number} ${session} ${startedAt} ${expiresAt}`;
      expect(
        bindings
          .map((row) => key(row.number, row.session, Date.parse(row.startedAt), Date.parse(row.expiresAt)))
          .sort(),
      ).toEqual(
        inPool.map((row) => key(row.number, row.session, row.startedAt as number, row.expiresAt as number)).sort(),
      );
      expect(listed.map(({ id }) => id).sort()).toEqual(
        (await rows('SELECT id FROM calls')).map(({ id }) => id).sort(),
      );

      // Every acknowledged lease and call is there, as it was acknowledged.
      const known = new Map(bindings.map((row) => [row.id, row]));
      for (const [session, lease] of leases) {
        expect(known.get(lease.binding as string)).toMatchObject({ session, number: lease.number, kind: lease.kind });
      }
      const listedCalls = new Map(listed.map((call) => [call.id, call]));
      for (const call of calls.values()) {
        expect(listedCalls.get(call.id)?.attribution.session?.id).toBe(call.attribution.session?.id);
      }

      // And no two of them ever held a number at the same time.
      const pooled = inPool.filter(({ kind }) => kind === 'pool');
      const free = new Map<unknown, number>();
      for (const row of pooled) {
        expect(row.startedAt as number).toBeGreaterThanOrEqual(free.get(row.number) ?? 0);
        free.set(row.number, row.expiresAt as number);
      }
    } finally {
      await local.stop();
    }
  });
});
