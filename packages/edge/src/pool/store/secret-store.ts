import type { Site } from '@dialmark/shared';
import type { CarrierName, SiteSecrets } from '@dialmark/shared/wire/forwarding';
import { type LastKnown, lastKnown } from '../../calls/last-known.ts';
import {
  openSecrets,
  type SealedChanges,
  type SealedSecrets,
  sealSecrets,
  type WorkerKeys,
} from '../../carriers/secrets.ts';
import { log } from '../../platform/log.ts';
import type { Attributing } from '../attribution/calls.ts';

/** A site's sealed secrets, in its pools' SQLite. */
export class SecretStore {
  readonly sql: SqlStorage;
  #opened: SiteSecrets = {};
  #known: { site: Site; told: LastKnown } | null = null;

  constructor(sql: SqlStorage) {
    this.sql = sql;
  }

  sealed(): SealedSecrets {
    const rows = this.sql.exec<{ carrier: CarrierName; sealed: string }>('SELECT carrier, sealed FROM carrier_secrets');
    return Object.fromEntries(rows.toArray().map(({ carrier, sealed }) => [carrier, sealed]));
  }

  /** @returns what is stored afterwards */
  apply(changes: SealedChanges): SealedSecrets {
    for (const [carrier, sealed] of Object.entries(changes)) {
      if (sealed === null) this.sql.exec('DELETE FROM carrier_secrets WHERE carrier = ?', carrier);
      else this.sql.exec('INSERT OR REPLACE INTO carrier_secrets (carrier, sealed) VALUES (?, ?)', carrier, sealed);
    }
    this.#opened = {};
    this.#known = null;
    return this.sealed();
  }

  /** One carrier's secrets, opened once. Those still under the Worker's previous key are sealed anew. */
  async open(keys: WorkerKeys, site: string, carrier: CarrierName): Promise<SiteSecrets> {
    if (this.#opened[carrier]) return this.#opened;
    const sealed = this.sealed()[carrier];
    const opened = sealed === undefined ? null : await openSecrets(keys, site, sealed);
    if (sealed !== undefined && !opened) log.error('carrier_secrets_unreadable', { carrier });
    if (!opened) return {};
    const anew = opened.stale ? await sealSecrets(keys, site, opened.secrets) : sealed;
    // Unless a PUT changed them meanwhile.
    if (this.sealed()[carrier] !== sealed) return this.open(keys, site, carrier);
    if (anew !== sealed) this.apply({ [carrier]: anew as string });
    this.#opened = { ...this.#opened, ...opened.secrets };
    return this.#opened;
  }

  /** What an isolate should remember of the site; null where it does already. */
  news(pool: Attributing & { shard: number }, versions: readonly string[]): LastKnown | null {
    if (this.#known?.site !== pool.site) {
      this.#known = { site: pool.site, told: lastKnown(pool.site, pool.shard, pool.numbers.values(), this.sealed()) };
    }
    const { told } = this.#known;
    return versions.includes(told.version) ? null : told;
  }
}
