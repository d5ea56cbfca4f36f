import type { EpochMs } from '@dialmark/shared';
import { type Alert, rfc3339, type SiteMetrics } from '@dialmark/shared';
import { CarrierName } from '@dialmark/shared/wire/forwarding';
import type { LastSeen } from '../monitoring/carrier-last-seen.ts';
import { latestOf } from '../monitoring/carrier-last-seen.ts';
import type { Counts } from '../monitoring/counters.ts';

/** The state of one shard of a site. */
export interface ShardMetrics {
  counts: Counts;
  /** The size of its database, and of the ledger when it last answered this shard. */
  bytes: number;
  ledgerBytes: number | null;
  lastSeen: Record<string, LastSeen>;
  numbers: SiteMetrics['numbers'];
  outbox: { waiting: number; since: EpochMs | null; refused: number };
  callNews: number;
  alerts: Alert[];
}

/** Returns the metrics of a site's shards together. */
export function addMetrics(
  shards: readonly ShardMetrics[],
  deliveries: SiteMetrics['deliveries'],
  now: EpochMs,
): SiteMetrics {
  const counts = shards.map((shard) => shard.counts);
  const oldest = Math.min(now, ...shards.flatMap(({ outbox }) => outbox.since ?? []));
  return {
    at: rfc3339(now),
    since: rfc3339(Math.min(...counts.map(({ since }) => since)) as EpochMs),
    leases: {
      made: addUp(counts.map(({ made }) => made)),
      renewed: sum(counts.map(({ renewed }) => renewed)),
      without: addUp(counts.map(({ without }) => without)),
      earlyReissues: sum(counts.map(({ earlyReissues }) => earlyReissues)),
    },
    admission: {
      served: sum(counts.map(({ admission }) => admission.served)),
      unstored: addUp(counts.map(({ admission }) => admission.unstored)),
      refused: sum(counts.map(({ admission }) => admission.refused)),
    },
    storage: {
      poolBytes: sum(shards.map(({ bytes }) => bytes)),
      ledgerBytes: shards.reduce<number | null>(
        (most, { ledgerBytes }) => Math.max(most ?? 0, ledgerBytes ?? 0) || null,
        null,
      ),
    },
    telClicks: sum(counts.map(({ telClicks }) => telClicks)),
    calls: addUp(counts.map(({ calls }) => calls)),
    webhooks: CarrierName.options.flatMap((carrier) => {
      const counted = counts.flatMap(({ webhooks }) => webhooks[carrier] ?? []);
      const seen = latestOf(shards.flatMap(({ lastSeen }) => lastSeen[carrier] ?? []));
      if (counted.length === 0 && seen.webhookAt === null && seen.refusedAt === null) return [];
      const fates = addUp([{ accepted: 0, badSignature: 0, unconfigured: 0 }, ...counted]);
      return [{ carrier, ...fates, acceptedAt: rfc3339(seen.webhookAt), refusedAt: rfc3339(seen.refusedAt) }];
    }),
    numbers: addUp(shards.map(({ numbers }) => numbers)),
    outbox: {
      waiting: sum(shards.map(({ outbox }) => outbox.waiting)),
      refused: sum(shards.map(({ outbox }) => outbox.refused)),
      seconds: Math.floor((now - oldest) / 1000),
    },
    callNews: { waiting: sum(shards.map(({ callNews }) => callNews)) },
    deliveries,
    alerts: shards.flatMap(({ alerts }) => alerts),
  };
}

function addUp<K extends string>(records: readonly Record<K, number>[]): Record<K, number> {
  const names = Object.keys(records[0] ?? {}) as K[];
  return Object.fromEntries(names.map((name) => [name, sum(records.map((record) => record[name]))])) as Record<
    K,
    number
  >;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
