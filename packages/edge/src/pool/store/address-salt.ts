import { DAY, type EpochMs } from '@dialmark/shared';
import { hmacBy, hmacKey } from '../../platform/hmac.ts';
import { toHex } from '../../platform/signature.ts';

/** Addresses remembered with what they are kept as, so that the same visitor's next lease costs a look-up. */
const REMEMBERED = 5000;
const SALT_BYTES = 32;
/** Overwrites a deleted salt. */
const NONE = new ArrayBuffer(SALT_BYTES);

interface Serving {
  key: Promise<CryptoKey>;
  until: EpochMs;
  /** The form in which addresses are stored. */
  known: Map<string, string>;
}

/**
 * Returns the text that a pool stores in place of an address: a keyed hash under a random salt of its own, which nobody else has and from
 * which nothing leads back once it is gone. It serves a day and is then overwritten, by the next lease, the next alarm
 * or the nightly job, whichever comes first: within 48 hours of its making. What it was made of is a hash already
 * (`admission/address-hash.ts`), so that no address as it is ever comes here.
 */
export class AddressSalt {
  readonly #sql: SqlStorage;
  #serving: Serving | null = null;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** Returns the address as it is kept (64 bits): the same for as long as the salt serves. */
  async hash(address: string, now: EpochMs): Promise<string> {
    const { key, known } = this.#at(now);
    const hashedBefore = known.get(address);
    if (hashedBefore !== undefined) return hashedBefore;
    const mac = await hmacBy(await key, address);
    const hashed = toHex(mac.subarray(0, 8));
    if (known.size >= REMEMBERED) known.clear();
    known.set(address, hashed);
    return hashed;
  }

  /**
   * Overwrites a salt that has served its day. In place, byte for byte, since SQLite only marks a deleted row as free
   * space: a row whose size stays is written over where it lies.
   */
  retire(now: EpochMs): void {
    this.#sql.exec('UPDATE address_salt SET salt = ?1 WHERE made_at <= ?2 AND salt <> ?1', NONE, now - DAY);
    if (this.#serving && this.#serving.until <= now) this.reset();
  }

  /** Forgets what is remembered, as after the storage was emptied. */
  reset(): void {
    this.#serving = null;
  }

  #at(now: EpochMs): Serving {
    if (this.#serving && this.#serving.until > now) return this.#serving;
    this.retire(now);
    const { salt, madeAt } = this.#kept() ?? this.#fresh(now);
    const key = hmacKey('SHA-256', salt);
    this.#serving = { key, until: (madeAt + DAY) as EpochMs, known: new Map() };
    return this.#serving;
  }

  #kept(): { salt: ArrayBuffer; madeAt: number } | null {
    const rows = this.#sql.exec<{ salt: ArrayBuffer; madeAt: number }>(
      'SELECT salt, made_at AS madeAt FROM address_salt WHERE salt <> ?',
      NONE,
    );
    return rows.toArray()[0] ?? null;
  }

  #fresh(now: EpochMs): { salt: ArrayBuffer; madeAt: number } {
    const salt = crypto.getRandomValues(new Uint8Array(SALT_BYTES)).buffer;
    this.#sql.exec(
      `INSERT INTO address_salt (only, salt, made_at) VALUES (1, ?, ?)
       ON CONFLICT DO UPDATE SET salt = excluded.salt, made_at = excluded.made_at`,
      salt,
      now,
    );
    return { salt, madeAt: now };
  }
}
