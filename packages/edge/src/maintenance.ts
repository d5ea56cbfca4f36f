import type { Env } from './env.ts';
import { log } from './platform/log.ts';
import { SitePools } from './pool/shards/site-pools.ts';

/** When each site is maintained, as in `wrangler.toml`: once a night. */
export const MAINTENANCE_CRON = '17 3 * * *';

const SITES_AT_ONCE = 10;

/** Maintains every site: forgets what is older than it keeps, and learns its data-driven weights. One at fault stops none. */
export async function maintainSites(env: Env): Promise<void> {
  const directory = env.DIRECTORY.getByName('directory');
  let cursor: string | null = null;
  do {
    const page: { items: string[]; cursor: string | null } = await directory.sites(SITES_AT_ONCE, cursor);
    const outcomes = await Promise.allSettled(
      page.items.map((site) =>
        new SitePools(env, site).ofAll(
          (pool) => pool.site.maintain(),
          () => null,
        ),
      ),
    );
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') log.error('maintenance_failed', { reason: String(outcome.reason) });
    }
    ({ cursor } = page);
  } while (cursor !== null);
}
