import { type EpochMs, HOUR } from '@dialmark/shared';
import type { Env } from './env.ts';
import { ledgerOf } from './ledger/remote-ledger.ts';
import { overviewOf } from './overview/remote-overview.ts';
import { log } from './platform/log.ts';
import { SitePools } from './pool/shards/site-pools.ts';

/** Pools and ledgers run their maintenance every night; one that has not for so long has lost its alarm. */
const LOST_AFTER_MS = 26 * HOUR;
const SITES_A_RUN = 500;
const SITES_AT_ONCE = 10;

/** Wakes the sites that have not done their nightly work: one that fails does not stop the others. */
export async function wakeUntended(env: Env): Promise<void> {
  const sites = await overviewOf(env).untended((Date.now() - LOST_AFTER_MS) as EpochMs, SITES_A_RUN);
  for (let start = 0; start < sites.length; start += SITES_AT_ONCE) {
    const outcomes = await Promise.allSettled(sites.slice(start, start + SITES_AT_ONCE).map((site) => wake(env, site)));
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') log.error('site_not_woken', { reason: String(outcome.reason) });
    }
  }
}

async function wake(env: Env, site: string): Promise<void> {
  await ledgerOf(env, site).life.maintain();
  const { error } = await new SitePools(env, site).ofAll(
    (pool) => pool.site.maintain(),
    () => null,
  );
  // The pool may have had changes for the overview until it was gone.
  if (error?.code === 'site_not_found') await overviewOf(env).remove(site);
}
