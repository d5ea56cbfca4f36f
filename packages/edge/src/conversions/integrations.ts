import {
  type EpochMs,
  Integration,
  type IntegrationKind,
  type IntegrationSecrets,
  type ListPage,
  type NewIntegration,
  rfc3339,
} from '@dialmark/shared';
import * as v from 'valibot';
import { workerKeys } from '../env.ts';
import type { LedgerCore } from '../ledger/core.ts';
import { decrypt, type EncryptedFor, encrypt } from '../platform/encryption.ts';
import { destinationOf } from './destinations/index.ts';

/** An integration, and the last time that nothing was sent there. */
export interface Known {
  integration: Integration;
  off: Off | null;
}

/** From when to when an integration was paused or disabled; `until` is null while it lasts. */
export interface Off {
  from: EpochMs;
  until: EpochMs | null;
}

interface Row {
  id: string;
  kind: IntegrationKind;
  config: string;
  createdAt: EpochMs;
  disabledAt: EpochMs | null;
  disabledBecause: string | null;
  offFrom: EpochMs | null;
  offUntil: EpochMs | null;
}

/** An integration that can be used: with its secrets, or without where the Worker's key is not the one they need. */
export interface Opened {
  integration: Integration;
  secrets: IntegrationSecrets[IntegrationKind] | null;
}

const COLUMNS = `SELECT id, kind, config, created_at AS createdAt, disabled_at AS disabledAt,
    disabled_because AS disabledBecause, off_from AS offFrom, off_until AS offUntil FROM integrations`;

/** The storage keys of encrypted secrets: beside the tables, out of reach of any SQL. */
const secretsKey = (id: string) => `secrets:${id}`;

/** A site's integrations. */
export class Integrations {
  readonly #core: LedgerCore;

  constructor(core: LedgerCore) {
    this.#core = core;
  }

  /** Keeps an integration; one that was disabled is enabled again. @param secrets null keeps those it has */
  async save(
    id: string,
    { secrets: _, ...given }: NewIntegration,
    secrets: IntegrationSecrets[IntegrationKind] | null,
    now: EpochMs,
  ): Promise<Integration | null> {
    const before = this.#known(id);
    const off = given.paused ? (isOff(before) ? before : { from: now, until: null }) : ended(before, now);
    const config = JSON.stringify({ ...given, id });
    if (secrets === null) {
      this.#core.sql.exec(
        `UPDATE integrations SET config = ?, off_from = ?, off_until = ?, disabled_at = NULL, disabled_because = NULL
         WHERE id = ?`,
        config,
        off?.from ?? null,
        off?.until ?? null,
        id,
      );
    } else {
      const encrypted = await encrypt(workerKeys(this.#core.env), this.#encryptedFor(id), secrets);
      this.#core.change(() => {
        this.#core.sql.exec(
          `INSERT INTO integrations (id, kind, config, created_at, off_from, off_until) VALUES (?, ?, ?, ?, ?, ?)
           ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, config = excluded.config,
             off_from = excluded.off_from, off_until = excluded.off_until, disabled_at = NULL, disabled_because = NULL`,
          id,
          given.kind,
          config,
          now,
          off?.from ?? null,
          off?.until ?? null,
        );
        this.#core.storage.kv.put(secretsKey(id), encrypted);
      });
    }
    return this.get(id);
  }

  get(id: string): Integration | null {
    const row = this.#core.first<Row>(`${COLUMNS} WHERE id = ?`, id);
    return row && present(row);
  }

  ids(): string[] {
    return this.#core.all<{ id: string }>('SELECT id FROM integrations').map(({ id }) => id);
  }

  all(): Integration[] {
    return this.known().map(({ integration }) => integration);
  }

  /** Returns all of them in the order of their ids, or so many of those after one. */
  known(after = '', limit = -1): Known[] {
    return this.#core.all<Row>(`${COLUMNS} WHERE id > ? ORDER BY id LIMIT ?`, after, limit).flatMap((row) => {
      const integration = present(row);
      return integration ? [{ integration, off: offOf(row) }] : [];
    });
  }

  #known(id: string): Off | null {
    const row = this.#core.first<Row>(`${COLUMNS} WHERE id = ?`, id);
    return row && offOf(row);
  }

  list(limit: number, cursor: string | undefined): ListPage<Integration> {
    const rows = this.#core.all<Row>(`${COLUMNS} WHERE id > ? ORDER BY id LIMIT ?`, cursor ?? '', limit + 1);
    const items = rows.slice(0, limit).map(present);
    return {
      items: items.filter((each) => each !== null),
      cursor: rows.length > limit ? (rows[limit - 1]?.id ?? null) : null,
    };
  }

  /** Returns all of them, or one, with their secrets. */
  async open(id?: string): Promise<Opened[]> {
    const integrations = this.all().filter((each) => id === undefined || each.id === id);
    return Promise.all(
      integrations.map(async (integration) => ({ integration, secrets: await this.#secretsOf(integration.id) })),
    );
  }

  /** Returns null where neither of the Worker's keys fits. Those still under its previous key are encrypted again. */
  async #secretsOf(id: string): Promise<Opened['secrets']> {
    const { env, storage } = this.#core;
    const keys = workerKeys(env);
    const encrypted = storage.kv.get<string>(secretsKey(id)) ?? '';
    const decrypted = await decrypt(keys, this.#encryptedFor(id), encrypted);
    if (decrypted?.stale) {
      const renewed = await encrypt(keys, this.#encryptedFor(id), decrypted.value);
      // Unless they were replaced in the meantime.
      if (storage.kv.get(secretsKey(id)) === encrypted) storage.kv.put(secretsKey(id), renewed);
    }
    return (decrypted?.value ?? null) as Opened['secrets'];
  }

  /** Has nothing sent there any more until it is saved again. */
  disable(id: string, because: string, now: EpochMs): void {
    this.#core.sql.exec(
      `UPDATE integrations SET disabled_at = ?1, disabled_because = ?2, off_until = NULL,
         off_from = CASE WHEN off_from IS NOT NULL AND off_until IS NULL THEN off_from ELSE ?1 END
       WHERE id = ?3 AND disabled_at IS NULL`,
      now,
      because,
      id,
    );
  }

  /** @returns whether there was one */
  remove(id: string): boolean {
    return this.#core.change(() => {
      this.#core.storage.kv.delete(secretsKey(id));
      return this.#core.first('DELETE FROM integrations WHERE id = ? RETURNING id', id) !== null;
    });
  }

  /** Returns the names of the cookies by which the destinations know visitors, each once and in order. */
  adCookies(): string[] {
    const names = this.all().flatMap((known) => cookiesOf(known) ?? []);
    return [...new Set(names)].sort();
  }

  #encryptedFor(id: string): EncryptedFor {
    return { purpose: 'integrations', owner: `${this.#core.site} ${id}` };
  }
}

function offOf({ offFrom, offUntil }: Row): Off | null {
  return offFrom === null ? null : { from: offFrom, until: offUntil };
}

function isOff(off: Off | null): boolean {
  return off !== null && off.until === null;
}

function ended(off: Off | null, now: EpochMs): Off | null {
  return off && { from: off.from, until: off.until ?? now };
}

function cookiesOf(integration: Integration): readonly string[] | undefined {
  return destinationOf(integration.kind).cookies?.(integration as never);
}

/** Reads a row through the schema, so that what was written by an earlier version has today's defaults. */
function present(row: Row): Integration | null {
  const given = {
    ...JSON.parse(row.config),
    secrets: { configured: true },
    createdAt: rfc3339(row.createdAt),
    disabled: row.disabledAt === null ? null : { at: rfc3339(row.disabledAt), because: row.disabledBecause },
  };
  const parsed = v.safeParse(Integration, given);
  return parsed.success ? parsed.output : null;
}
