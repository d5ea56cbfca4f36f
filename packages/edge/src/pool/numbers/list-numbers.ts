import type { ListPage, TrackingNumber } from '@dialmark/shared';
import type { Outcome } from '../../platform/result.ts';
import type { SitePools } from '../shards/site-pools.ts';

/** Returns a page of a site's numbers, in one order over all shards. */
export function listNumbers(
  pools: SitePools,
  limit: number,
  cursor: string | null,
): Promise<Outcome<ListPage<TrackingNumber>>> {
  return pools.ofAll(
    (pool) => pool.numbers.list(limit, cursor),
    (pages) => {
      const items = pages.flatMap((page) => page.items).sort((a, b) => (a.number < b.number ? -1 : 1));
      const more = items.length > limit || pages.some((page) => page.cursor !== null);
      const page = items.slice(0, limit);
      return { items: page, cursor: more ? (page.at(-1)?.number ?? null) : null };
    },
  );
}
