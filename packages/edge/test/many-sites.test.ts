import { runInDurableObject } from 'cloudflare:test';
import { api } from '@dialmark/shared';
import { createClient } from '@dialmark/shared/client';
import { beforeAll, describe, expect, it } from 'vitest';
import { app } from '../src/app.ts';
import { wakeUntended } from '../src/maintenance.ts';
import type { NumberPool } from '../src/pool/number-pool.ts';
import { admin, env, newSite } from './edge.ts';

const SITES = 1500;
/** Requests to objects that a question about all sites may make, however many sites there are. */
const MOST_REQUESTS = 50;

/** The environment with a count of requests to objects. */
function counting(): { env: typeof env; requests: () => number } {
  let requests = 0;
  const counted = <T extends object>(namespace: T): T =>
    new Proxy(namespace, {
      get: (target, key) => {
        if (key !== 'getByName') return Reflect.get(target, key);
        return (name: string) =>
          new Proxy((target as unknown as DurableObjectNamespace).getByName(name), {
            get: (stub, method) => {
              const found = Reflect.get(stub, method);
              if (typeof found !== 'function') return found;
              return (...given: unknown[]) => {
                requests++;
                return Reflect.apply(found, stub, given);
              };
            },
          });
      },
    });
  const { POOL, SITE_LEDGER, DIRECTORY, OVERVIEW } = env;
  const objects = { POOL, SITE_LEDGER, DIRECTORY, OVERVIEW };
  const wrapped = Object.fromEntries(Object.entries(objects).map(([name, object]) => [name, counted(object)]));
  return { env: { ...env, ...wrapped }, requests: () => requests };
}

function asked(): { client: typeof admin; requests: () => number } {
  const { env: counted, requests } = counting();
  const context = { waitUntil: () => {}, passThroughOnException: () => {}, props: {} } as unknown as ExecutionContext;
  const fetch = async (request: Request) => app.fetch(request, counted, context);
  return { client: createClient({ edge: 'https://edge.example', token: 'test-admin-token', fetch }), requests };
}

describe(`a deployment of ${SITES} sites`, () => {
  beforeAll(async () => {
    const first = await newSite(1);
    const config = JSON.stringify(await admin.call(api.getSite, { site: first }));
    const metrics = await runInDurableObject(env.POOL.getByName(first), (pool) =>
      (pool as unknown as { core: unknown; operations: NumberPool['operations'] }).operations.monitoring.metrics(),
    );
    await runInDurableObject(env.DIRECTORY.getByName('directory'), (_, { storage }) => {
      storage.sql.exec(
        `WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < ${SITES})
         INSERT INTO sites (id, created_at) SELECT printf('z-%05d', i), 1 FROM n`,
      );
      storage.sql.exec(
        `INSERT OR IGNORE INTO site_configs (id, config) SELECT id, json_set(?, '$.id', id) FROM sites`,
        config,
      );
    });
    await runInDurableObject(env.OVERVIEW.getByName('overview'), (_, { storage }) => {
      const now = Date.now();
      storage.sql.exec(
        `WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < ${SITES})
         INSERT INTO pools (site, shard, metrics, tended_at, told_at) SELECT printf('z-%05d', i), 0, ?, ?, ? FROM n`,
        JSON.stringify(metrics.value),
        now,
        now,
      );
      storage.sql.exec(
        "INSERT OR IGNORE INTO ledgers (site, bytes, deliveries, tended_at, told_at) SELECT site, 1, '[]', ?, ? FROM pools",
        now,
        now,
      );
    });
  });

  it('lists them a thousand at a time without asking any of them', async () => {
    const { client, requests } = asked();
    const page = await client.call(api.listSites, { query: { limit: '1000' } });
    const rest = await client.call(api.listSites, { query: { limit: '1000', cursor: page.cursor as string } });
    expect([page.items.length + rest.items.length, rest.cursor]).toEqual([SITES, null]);
    expect(requests()).toBeLessThan(MOST_REQUESTS);
  });

  it('tells the metrics of all of them as each said last', async () => {
    const { client, requests } = asked();
    const response = await client.send(api.allMetrics, {});
    const text = await response.text();
    expect(text.match(/^dialmark_pool_bytes\{/gm)).toHaveLength(SITES - 1);
    expect(requests()).toBeLessThan(MOST_REQUESTS);
  });

  it('is looked after every night by a question to the overview alone', async () => {
    const { env: counted, requests } = counting();
    await wakeUntended(counted);
    expect(requests()).toBe(1);
  });
});
