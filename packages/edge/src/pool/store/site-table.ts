import type { Site } from '@dialmark/shared';
import type { Layout } from '../shards/layout.ts';
import { Table } from './table.ts';

/** The site's configuration: one row. */
export class SiteTable extends Table {
  get(): { site: Site; layout: Layout; shard: number } | null {
    const [row] = this.all('SELECT config, layout, shard FROM site');
    return row
      ? {
          // What configurations of an earlier version do not have.
          site: { ownPhones: [], ...JSON.parse(row.config as string) } as Site,
          layout: JSON.parse(row.layout as string) as Layout,
          shard: row.shard as number,
        }
      : null;
  }

  save(site: Site, layout: Layout, shard: number): void {
    this.run(
      'INSERT OR REPLACE INTO site (only, config, layout, shard) VALUES (1, ?, ?, ?)',
      JSON.stringify(site),
      JSON.stringify(layout),
      shard,
    );
  }
}
