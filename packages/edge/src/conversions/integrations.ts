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
import { type Env, workerKeys } from '../env.ts';
import { decrypt, type EncryptedFor, encrypt } from '../platform/encryption.ts';
import { destinationOf } from './destinations/index.ts';

/** Where a site's calls are told to, in the ledger's database. */

interface Row {
  id: string;
  kind: IntegrationKind;
  config: string;
  secrets: string;
  createdAt: EpochMs;
  disabledAt: EpochMs | null;
  disabledBecause: string | null;
}

/** An integration that can be used: with its secrets, or without where the Worker's key is not the one they need. */
export interface Opened {
  integration: Integration;
  secrets: IntegrationSecrets[IntegrationKind] | null;
}

const COLUMNS = `SELECT id, kind, config, secrets, created_at AS createdAt, disabled_at AS disabledAt,
    disabled_because AS disabledBecause FROM integrations`;

/** Keeps an integration; one that was disabled is enabled again. */
export async function saveIntegration(
  env: Env,
  site: string,
  id: string,
  { secrets: _, ...config }: NewIntegration,
  secrets: IntegrationSecrets[IntegrationKind] | null,
  createdAt: EpochMs,
): Promise<void> {
  const { LEDGER } = env;
  if (secrets === null) {
    await LEDGER.prepare(
      'UPDATE integrations SET config = ?, disabled_at = NULL, disabled_because = NULL WHERE site = ? AND id = ?',
    )
      .bind(JSON.stringify({ ...config, id }), site, id)
      .run();
    return;
  }
  await LEDGER.prepare(
    `INSERT INTO integrations (site, id, kind, config, secrets, created_at) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (site, id) DO UPDATE SET kind = excluded.kind, config = excluded.config, secrets = excluded.secrets,
       disabled_at = NULL, disabled_because = NULL`,
  )
    .bind(
      site,
      id,
      config.kind,
      JSON.stringify({ ...config, id }),
      await encryptSecrets(env, site, id, secrets),
      createdAt,
    )
    .run();
}

function encryptSecrets(env: Env, site: string, id: string, secrets: unknown): Promise<string> {
  return encrypt(workerKeys(env), encryptedFor(site, id), secrets);
}

function encryptedFor(site: string, id: string): EncryptedFor {
  return { purpose: 'integrations', owner: `${site} ${id}` };
}

export async function integrationOf(env: Env, site: string, id: string): Promise<Integration | null> {
  const row = await env.LEDGER.prepare(`${COLUMNS} WHERE site = ? AND id = ?`).bind(site, id).first<Row>();
  return row && present(row);
}

export async function integrationIds(env: Env, site: string): Promise<string[]> {
  const { results } = await env.LEDGER.prepare('SELECT id FROM integrations WHERE site = ?')
    .bind(site)
    .all<{ id: string }>();
  return results.map(({ id }) => id);
}

/** All of a site's, with their secrets. */
export async function openIntegrations(env: Env, site: string): Promise<Map<string, Opened>> {
  const { results } = await env.LEDGER.prepare(`${COLUMNS} WHERE site = ?`).bind(site).all<Row>();
  const opened = await Promise.all(
    results.map(async (row) => {
      const integration = present(row);
      return integration && { integration, secrets: await secretsOf(env, site, row) };
    }),
  );
  return new Map(opened.filter((each) => each !== null).map((each) => [each.integration.id, each]));
}

/** Null where neither of the Worker's keys fits. Those still under its previous key are sealed anew. */
async function secretsOf(env: Env, site: string, row: Row): Promise<Opened['secrets']> {
  const unsealed = await decrypt(workerKeys(env), encryptedFor(site, row.id), row.secrets);
  if (unsealed?.stale) {
    await env.LEDGER.prepare('UPDATE integrations SET secrets = ? WHERE site = ? AND id = ? AND secrets = ?')
      .bind(await encryptSecrets(env, site, row.id, unsealed.value), site, row.id, row.secrets)
      .run();
  }
  return (unsealed?.value ?? null) as Opened['secrets'];
}

export async function listIntegrations(
  env: Env,
  site: string,
  limit: number,
  cursor: string | undefined,
): Promise<ListPage<Integration>> {
  const { results } = await env.LEDGER.prepare(`${COLUMNS} WHERE site = ? AND id > ? ORDER BY id LIMIT ?`)
    .bind(site, cursor ?? '', limit + 1)
    .all<Row>();
  const items = results.slice(0, limit).map(present);
  return {
    items: items.filter((each) => each !== null),
    cursor: results.length > limit ? (results[limit - 1]?.id ?? null) : null,
  };
}

/** Has nothing sent there any more until it is saved again. */
export async function disableIntegration(
  env: Env,
  site: string,
  id: string,
  because: string,
  now: EpochMs,
): Promise<void> {
  await env.LEDGER.prepare(
    'UPDATE integrations SET disabled_at = ?, disabled_because = ? WHERE site = ? AND id = ? AND disabled_at IS NULL',
  )
    .bind(now, because, site, id)
    .run();
}

/** Names of the cookies by which a site's destinations know its visitors, each once and in order. */
export async function adCookies(env: Env, site: string): Promise<string[]> {
  const { results } = await env.LEDGER.prepare(`${COLUMNS} WHERE site = ?`).bind(site).all<Row>();
  const names = results.map(present).flatMap((known) => (known && cookiesOf(known)) ?? []);
  return [...new Set(names)].sort();
}

function cookiesOf(integration: Integration): readonly string[] | undefined {
  return destinationOf(integration.kind).cookies?.(integration as never);
}

/** @returns whether there was one */
export async function deleteIntegration(env: Env, site: string, id: string): Promise<boolean> {
  const { meta } = await env.LEDGER.prepare('DELETE FROM integrations WHERE site = ? AND id = ?').bind(site, id).run();
  return meta.changes > 0;
}

/** Read through the schema, so that what was written by an earlier version has today's defaults. */
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
