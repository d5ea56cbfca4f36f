/** The Worker with the benchmarks' yardsticks beside it, on local workerd, without anything in front. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { api, type SiteConfigInput } from '@dialmark/shared';
import { type Client, createClient } from '@dialmark/shared/client';
import { startLocal } from '../tools/local.ts';

export const ORIGIN = 'https://acme.example';
export const BROWSER =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36';

export interface Bench {
  /** `http://127.0.0.1:PORT`; another after a restart. */
  readonly edge: string;
  readonly admin: Client;
  /** Ends workerd and starts it again on the same data. */
  restart(): Promise<void>;
  /** Creates a site with numbers `numberAt(0)` to `numberAt(numbers - 1)`. */
  site(id: string, numbers: number, config?: Partial<SiteConfigInput>): Promise<void>;
  stop(): Promise<void>;
}

/** Returns a fictional number for each index. */
export const numberAt = (i: number): string => `+1415${6_000_000 + i}`;

/** @param ledgerElsewhere leaves the ledger's own work out, as if it were on another machine */
export async function startBench({ ledgerElsewhere = false } = {}): Promise<Bench> {
  const folder = await mkdtemp(join(process.env.PERSIST_TO ?? tmpdir(), 'dialmark-bench-'));
  const start = () =>
    startLocal({
      port: 0,
      persistTo: join(folder, 'edge'),
      adminToken: 'bench',
      workerKey: 'bench',
      entry: 'bench/worker/index.ts',
      durableObjects: { YARDSTICK: { className: 'Yardstick', useSQLite: true } },
      ratelimits: {},
      direct: true,
      ...(ledgerElsewhere ? { variables: { LEDGER_ELSEWHERE: 'on' } } : {}),
    });
  let local = await start();
  const admin = () => createClient({ edge: local.edge, token: 'bench' });
  return {
    get edge() {
      return local.edge;
    },
    get admin() {
      return admin();
    },
    async restart() {
      await local.stop();
      local = await start();
    },
    async site(site, numbers, config = {}) {
      const body = {
        origins: [ORIGIN],
        targets: [{ id: 'main', number: '+14155550100' }],
        limits: { newLeasesPerAddressPerHour: 1_000_000_000, newVisitsPerHour: 1_000_000_000 },
        ...config,
      };
      await admin().call(api.putSite, { site, body });
      const list = Array.from({ length: numbers }, (_, i) => ({ number: numberAt(i), target: 'main' }));
      await admin().call(api.addNumbers, { site, body: { numbers: list } });
    },
    async stop() {
      await local.stop();
      await rm(folder, { recursive: true });
    },
  };
}
