import type { EpochMs, SiteMetrics } from '@dialmark/shared';

/** The report of one shard of a site's pool. */
export interface PoolReport {
  site: string;
  shard: number;
  /** A `ShardMetrics`, as JSON. */
  metrics: string;
  maintainedAt: number | null;
}

/** The report of a site's ledger. */
export interface LedgerReport {
  site: string;
  bytes: number;
  deliveries: NonNullable<SiteMetrics['deliveries']>;
  overdueSince: number | null;
  maintainedAt: number | null;
  /** Those days of which something has changed. */
  days: DayFigures[];
}

/** The totals of a site's day. */
export interface DayFigures {
  day: string;
  visits: number;
  calls: number;
  answered: number;
  value: number;
}

/** A site as last reported. */
export interface SiteReport {
  site: string;
  /** Of each shard, as JSON. */
  pools: string[];
  deliveries: NonNullable<SiteMetrics['deliveries']> | null;
}

/** The operations of the overview: reports in, summaries out. */
export class OverviewOperations {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  reportPool({ site, shard, metrics, maintainedAt }: PoolReport): void {
    this.#sql.exec(
      `INSERT INTO pools (site, shard, metrics, tended_at, told_at) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (site, shard) DO UPDATE
       SET metrics = excluded.metrics, tended_at = excluded.tended_at, told_at = excluded.told_at`,
      site,
      shard,
      metrics,
      maintainedAt,
      Date.now(),
    );
  }

  /** Notes that there is such a site: if it never says anything, its maintenance is watched all the same. */
  expect(site: string): void {
    this.#sql.exec(
      "INSERT OR IGNORE INTO ledgers (site, bytes, deliveries, told_at) VALUES (?, 0, '[]', ?)",
      site,
      Date.now(),
    );
  }

  reportLedger({ site, bytes, deliveries, overdueSince, maintainedAt, days }: LedgerReport): void {
    this.#sql.exec(
      `INSERT INTO ledgers (site, bytes, deliveries, overdue_since, tended_at, told_at) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (site) DO UPDATE SET bytes = excluded.bytes, deliveries = excluded.deliveries,
         overdue_since = excluded.overdue_since, tended_at = excluded.tended_at, told_at = excluded.told_at`,
      site,
      bytes,
      JSON.stringify(deliveries),
      overdueSince,
      maintainedAt,
      Date.now(),
    );
    for (const { day, visits, calls, answered, value } of days) {
      this.#sql.exec(
        `INSERT INTO days (site, day, visits, calls, answered, value) VALUES (?, ?, ?, ?, ?, ?)
         ON CONFLICT (site, day) DO UPDATE SET visits = excluded.visits, calls = excluded.calls,
           answered = excluded.answered, value = excluded.value`,
        site,
        day,
        visits,
        calls,
        answered,
        value,
      );
    }
  }

  /** Forgets a site. */
  remove(site: string): void {
    for (const table of ['pools', 'ledgers', 'days']) this.#sql.exec(`DELETE FROM ${table} WHERE site = ?`, site);
    this.#sql.exec('INSERT OR IGNORE INTO erasures (at) VALUES (?)', Date.now());
  }

  /** Returns when the message that has waited longest was due, of all sites; null where none waits. */
  overdueSince(): EpochMs | null {
    return this.#sql.exec<{ at: EpochMs | null }>('SELECT min(overdue_since) AS at FROM ledgers').one().at;
  }

  /** Returns sites as last reported, in the order of their names. */
  reports(after: string, limit: number): SiteReport[] {
    return this.#sql
      .exec<{ site: string; pools: string; deliveries: string | null }>(
        `SELECT p.site, json_group_array(p.metrics) AS pools, l.deliveries FROM pools p LEFT JOIN ledgers l USING (site)
         WHERE p.site > ? GROUP BY p.site ORDER BY p.site LIMIT ?`,
        after,
        limit,
      )
      .toArray()
      .map(({ site, pools, deliveries }) => ({
        site,
        pools: JSON.parse(pools),
        deliveries: deliveries === null ? null : JSON.parse(deliveries),
      }));
  }

  /** Returns sites of which a pool or the ledger has not done its nightly work since a moment, longest ago first. */
  untended(since: EpochMs, limit: number): string[] {
    return this.#sql
      .exec<{ site: string }>(
        `SELECT site FROM (
           SELECT site, coalesce(tended_at, told_at) AS at FROM pools
           UNION ALL SELECT site, coalesce(tended_at, told_at) FROM ledgers
         ) GROUP BY site HAVING min(at) < ? ORDER BY min(at) LIMIT ?`,
        since,
        limit,
      )
      .toArray()
      .map(({ site }) => site);
  }
}
