import type { Site } from '@dialmark/shared';
import type { CarrierName } from '@dialmark/shared/wire/forwarding';
import type { EncryptedSecrets, SecretChanges } from '../../calls/carrier-secrets.ts';
import { type LastKnown, lastKnown } from '../../calls/last-known.ts';
import type { Attributing } from '../attribution/attributing.ts';

/** A site's encrypted carrier secrets, in its pools' SQLite. */
export class SecretStore {
  readonly #sql: SqlStorage;
  #encrypted: EncryptedSecrets | null = null;
  #known: { site: Site; lastKnown: LastKnown } | null = null;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  encrypted(): EncryptedSecrets {
    this.#encrypted ??= this.#read();
    return this.#encrypted;
  }

  /** @returns what is stored afterwards */
  apply(changes: SecretChanges): EncryptedSecrets {
    for (const [carrier, encrypted] of Object.entries(changes)) {
      if (encrypted === null) this.#sql.exec('DELETE FROM carrier_secrets WHERE carrier = ?', carrier);
      else this.#sql.exec('INSERT OR REPLACE INTO carrier_secrets (carrier, sealed) VALUES (?, ?)', carrier, encrypted);
    }
    this.refresh();
    return this.encrypted();
  }

  /** Reads from SQLite again: after a transaction that failed, or when the storage was emptied. */
  refresh(): void {
    this.#encrypted = null;
    this.#known = null;
  }

  /** Returns the configuration that an isolate should remember; null if it already has it. */
  changedSince(pool: Attributing & { shard: number }, versions: readonly string[]): LastKnown | null {
    if (this.#known?.site !== pool.site) {
      const { site, shard, numbers } = pool;
      this.#known = { site, lastKnown: lastKnown(site, shard, numbers.values(), this.encrypted()) };
    }
    const known = this.#known.lastKnown;
    return versions.includes(known.version) ? null : known;
  }

  #read(): EncryptedSecrets {
    const rows = this.#sql.exec<{ carrier: CarrierName; sealed: string }>(
      'SELECT carrier, sealed FROM carrier_secrets',
    );
    return Object.fromEntries(rows.toArray().map(({ carrier, sealed }) => [carrier, sealed]));
  }
}
