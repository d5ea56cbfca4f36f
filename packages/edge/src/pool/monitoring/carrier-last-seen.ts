import { type EpochMs, MINUTE } from '@dialmark/shared';
import { CarrierName } from '@dialmark/shared/wire/forwarding';

/** When a carrier's webhooks were last taken and last turned away. */
export interface LastSeen {
  webhookAt: EpochMs | null;
  refusedAt: EpochMs | null;
  refusal: 'signature' | 'not_configured' | null;
}

/** Results of a webhook that are recorded. */
export type Seen = 'webhook' | NonNullable<LastSeen['refusal']>;

/** Each row written is paid for, and strangers may send webhooks as well: at most one write a minute. */
const NOTED_EVERY = MINUTE;

/** When each carrier was last seen, in a pool's SQLite. */
export class CarriersLastSeen {
  readonly #sql: SqlStorage;
  /** By carrier and what was seen. */
  readonly #noted = new Map<string, EpochMs>();

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  note(carrier: CarrierName, seen: Seen, at: EpochMs): void {
    const key = `${carrier} ${seen}`;
    if (at - (this.#noted.get(key) ?? 0) < NOTED_EVERY) return;
    this.#noted.set(key, at);
    if (seen === 'webhook') {
      this.#sql.exec(
        `INSERT INTO carrier_sightings (carrier, webhook_at) VALUES (?, ?)
         ON CONFLICT (carrier) DO UPDATE SET webhook_at = excluded.webhook_at`,
        carrier,
        at,
      );
    } else {
      this.#sql.exec(
        `INSERT INTO carrier_sightings (carrier, refused_at, refusal) VALUES (?, ?, ?)
         ON CONFLICT (carrier) DO UPDATE SET refused_at = excluded.refused_at, refusal = excluded.refusal`,
        carrier,
        at,
        seen,
      );
    }
  }

  all(): Record<string, LastSeen> {
    const rows = this.#sql
      .exec('SELECT carrier, webhook_at AS webhookAt, refused_at AS refusedAt, refusal FROM carrier_sightings')
      .toArray();
    return Object.fromEntries(rows.map(({ carrier, ...lastSeen }) => [carrier, lastSeen as unknown as LastSeen]));
  }

  /** After the pool's storage was emptied. */
  reset(): void {
    this.#noted.clear();
  }
}

/** Returns when any of a site's shards last saw each carrier. */
export function lastSeenOf(shards: readonly Record<string, LastSeen>[]): Record<CarrierName, LastSeen> {
  const seen = CarrierName.options.map((carrier) => [carrier, latestOf(shards.flatMap((all) => all[carrier] ?? []))]);
  return Object.fromEntries(seen) as Record<CarrierName, LastSeen>;
}

/** Merges what several shards have seen of a carrier. */
export function latestOf(seen: readonly LastSeen[]): LastSeen {
  const latest = (field: 'webhookAt' | 'refusedAt') =>
    seen.reduce<LastSeen>((best, each) => ((each[field] ?? 0) > (best[field] ?? 0) ? each : best), {
      webhookAt: null,
      refusedAt: null,
      refusal: null,
    });
  const { refusedAt, refusal } = latest('refusedAt');
  return { webhookAt: latest('webhookAt').webhookAt, refusedAt, refusal };
}
