import { applyD1Migrations, type D1Migration, runDurableObjectAlarm } from 'cloudflare:test';
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

export const env = bindings as unknown as Env & { LEDGER_MIGRATIONS: D1Migration[] };
export const ORIGIN = 'https://acme.example';
export const BROWSER =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36';

/** The Worker itself, in this isolate's workerd. */
export const worker = (request: Request): Promise<Response> =>
  (exports as unknown as { default: { fetch(request: Request): Promise<Response> } }).default.fetch(request);

export const admin: Client = createClient({ edge: 'https://edge.example', token: 'test-admin-token', fetch: worker });
/** What the site's pages are: no token, an origin and a browser. */
export const visitor: Client = createClient({ edge: 'https://edge.example', fetch: worker });

export async function migrateLedger(): Promise<void> {
  await applyD1Migrations(env.LEDGER, env.LEDGER_MIGRATIONS);
}

let sites = 0;

/** A new site with so many pool numbers for its target `main`. */
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
