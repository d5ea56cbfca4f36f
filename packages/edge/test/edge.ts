import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env as bindings, exports } from 'cloudflare:workers';
import {
  type Assignment,
  api,
  type LeaseRequestInput,
  type LeaseResponse,
  type SiteConfigInput,
} from '@dialmark/shared';
import { type Client, createClient } from '@dialmark/shared/client';
import type { Env } from '../src/env.ts';
import type { LedgerCore } from '../src/ledger/core.ts';
import type { SiteLedger } from '../src/ledger/site-ledger.ts';
import type { NumberPool } from '../src/pool/number-pool.ts';

export const env = bindings as unknown as Env;
export const ORIGIN = 'https://acme.example';
export const BROWSER =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36';

/** Returns the Worker itself, in this isolate's workerd. */
export const worker = (request: Request): Promise<Response> =>
  (exports as unknown as { default: { fetch(request: Request): Promise<Response> } }).default.fetch(request);

export const admin: Client = createClient({ edge: 'https://edge.example', token: 'test-admin-token', fetch: worker });
/** Credentials of the site's pages: no token, an origin and a browser. */
export const visitor: Client = createClient({ edge: 'https://edge.example', fetch: worker });

let sites = 0;

/** Creates a site with so many pool numbers for its target `main`. */
export async function newSite(numbers = 3, config: Partial<SiteConfigInput> = {}): Promise<string> {
  const site = `site-${++sites}-${crypto.randomUUID().slice(0, 8)}`;
  await admin.call(api.putSite, {
    site,
    body: { origins: [ORIGIN], targets: [{ id: 'main', number: '+14155550100' }], ...config } as SiteConfigInput,
  });
  if (numbers > 0) {
    await admin.call(api.addNumbers, {
      site,
      body: { numbers: Array.from({ length: numbers }, (_, i) => ({ number: poolNumber(i), target: 'main' })) },
    });
  }
  return site;
}

export function poolNumber(index: number): string {
  return `+1415${5_551_000 + index}`;
}

export const pageHeaders = { Origin: ORIGIN, 'User-Agent': BROWSER };

export function leaseOf(
  site: string,
  session: string,
  request: Partial<LeaseRequestInput> = {},
  headers: Record<string, string> = {},
): Promise<LeaseResponse> {
  const body = { session, page: { url: `${ORIGIN}/` }, ...request };
  return visitor.call(api.lease, { site, body, headers: { ...pageHeaders, ...headers } });
}

export async function mainOf(...given: Parameters<typeof leaseOf>): Promise<Assignment> {
  return (await leaseOf(...given)).numbers.main as Assignment;
}

/** Runs the pool's alarm until the ledger has heard of everything. */
export async function drain(site: string): Promise<void> {
  await runDurableObjectAlarm(env.POOL.getByName(site));
}

/** Runs SQL in a site's ledger: on its tables, and on the views that people read. */
export function ledgerRows<R = Record<string, unknown>>(
  site: string,
  sql: string,
  ...values: (string | number | null)[]
): Promise<R[]> {
  return runInDurableObject(
    env.SITE_LEDGER.getByName(site),
    (_, { storage }) => storage.sql.exec(sql, ...values).toArray() as R[],
  );
}

/** Works inside a site's ledger. */
export function inLedger<T>(site: string, work: (core: LedgerCore) => T | Promise<T>): Promise<T> {
  return runInDurableObject(env.SITE_LEDGER.getByName(site), (instance) =>
    work((instance as unknown as SiteLedger).core),
  );
}

/** Does the night's work of a site's ledger, now. */
export function ledgerNight(site: string): Promise<void> {
  return runInDurableObject(env.SITE_LEDGER.getByName(site), async (instance, { storage }) => {
    const { life } = (instance as unknown as SiteLedger).operations;
    storage.kv.put('night_next_at', 0);
    do await life.work();
    while (storage.kv.get('night') !== undefined);
  });
}

/** Does the night's work of a site's pool, now. */
export function poolNight(site: string): Promise<void> {
  return runInDurableObject(env.POOL.getByName(site), async (instance, { storage }) => {
    storage.kv.put('night_next_at', 0);
    do await (instance as unknown as NumberPool).alarm();
    while (storage.kv.get('night') !== undefined);
  });
}

/** Does the night's work of a site: of its pool, then of its ledger. */
export async function night(site: string): Promise<void> {
  await poolNight(site);
  await ledgerNight(site);
}

/** Has a site's ledger fail every question until it is brought back, as one that is out of reach. */
export async function takeLedgerAway(site: string): Promise<{ bringBack(): Promise<void> }> {
  const withLedger = <T>(work: (ledger: { operations: unknown }) => T): Promise<T> =>
    runInDurableObject(env.SITE_LEDGER.getByName(site), (instance) => work(instance as unknown as SiteLedger));
  const away = new Proxy(
    {},
    {
      get() {
        throw new Error('away');
      },
    },
  );
  const operations = await withLedger((ledger) => {
    const before = ledger.operations;
    ledger.operations = away;
    return before;
  });
  return {
    bringBack: () =>
      withLedger((ledger) => {
        ledger.operations = operations;
      }),
  };
}
