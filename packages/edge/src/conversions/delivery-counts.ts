import { DAY, type DeliveryState, type EpochMs, type IntegrationKind, type SiteMetrics } from '@dialmark/shared';

interface Row {
  integration: string;
  kind: IntegrationKind | null;
  state: DeliveryState;
  count: number;
  dueAt: number;
}

/** A site's messages of the last 24 h by destination and what became of them; null where the ledger does not answer. */
export async function countDeliveries(
  ledger: D1Database,
  site: string,
  now: EpochMs,
): Promise<SiteMetrics['deliveries']> {
  try {
    const { results } = await ledger
      .prepare(
        `SELECT d.integration, i.kind, d.state, count(*) AS count, min(d.next_at) AS dueAt
         FROM deliveries d INDEXED BY deliveries_by_time LEFT JOIN integrations i ON i.site = d.site AND i.id = d.integration
         WHERE d.site = ? AND d.created_at > ? GROUP BY d.integration, d.state`,
      )
      .bind(site, now - DAY)
      .all<Row>();
    return results.map(({ dueAt, ...row }) => ({
      ...row,
      overdueSeconds: row.state === 'pending' ? Math.max(0, Math.floor((now - dueAt) / 1000)) : 0,
    }));
  } catch {
    return null;
  }
}
