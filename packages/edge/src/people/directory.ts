import { DurableObject } from 'cloudflare:workers';
import {
  type EpochMs,
  type ListPage,
  type NewToken,
  rfc3339,
  type Scope,
  type Site,
  type Token,
} from '@dialmark/shared';

/** The rights of a token, and its owner. */
export interface Grant {
  scopes: Scope[];
  /** Null: every site. */
  site: string | null;
  /** Null: the operator's own. */
  token: { id: string; name: string | null } | null;
}

/** A dashboard session: the hash of its token and that token's rights, unless it is the operator's. */
export interface Session {
  token: string;
  grant: Grant | null;
}

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS sites (id TEXT PRIMARY KEY, created_at INTEGER NOT NULL) WITHOUT ROWID;
  -- Each site's configuration, without secrets: lists of sites ask no site. Of some it may not be known yet.
  CREATE TABLE IF NOT EXISTS site_configs (id TEXT PRIMARY KEY, config TEXT NOT NULL) WITHOUT ROWID;
  -- When a site was deleted: on a machine of one's own the file is rewritten then (tools/compact.ts).
  CREATE TABLE IF NOT EXISTS erasures (at INTEGER PRIMARY KEY);
  CREATE TABLE IF NOT EXISTS tokens (
    id TEXT PRIMARY KEY,
    hash TEXT NOT NULL UNIQUE,
    name TEXT,
    scopes TEXT NOT NULL,
    site TEXT,
    created_at INTEGER NOT NULL
  ) WITHOUT ROWID;
  -- Ids of what was made under an \`Idempotency-Key\` and taken back since: the key makes it no second time.
  CREATE TABLE IF NOT EXISTS spent (id TEXT PRIMARY KEY) WITHOUT ROWID;
  -- Who is logged in to the dashboard: hashes of the session and of its token.
  CREATE TABLE IF NOT EXISTS sessions (hash TEXT PRIMARY KEY, token TEXT NOT NULL, expires_at INTEGER NOT NULL) WITHOUT ROWID;
`;

/**
 * One per deployment: which sites there are, the tokens, and who is logged in. The admin API asks it, and a Worker isolate
 * that hears of a site for the first time; visitors and carriers do not depend on its answer.
 */
export class Directory extends DurableObject<unknown> {
  readonly #sql: SqlStorage;

  constructor(ctx: DurableObjectState, env: unknown) {
    super(ctx, env);
    this.#sql = ctx.storage.sql;
    this.#sql.exec(SCHEMA);
  }

  /** Keeps a site, with its configuration as those see it who may change it. */
  async addSite(shown: Site): Promise<void> {
    this.#sql.exec('INSERT OR IGNORE INTO sites (id, created_at) VALUES (?, ?)', shown.id, Date.now());
    this.#sql.exec('INSERT OR REPLACE INTO site_configs (id, config) VALUES (?, ?)', shown.id, JSON.stringify(shown));
  }

  /** Returns sites with their configurations; null for one whose configuration is not known here. */
  async siteConfigs(limit: number, cursor: string | null): Promise<ListPage<{ id: string; config: Site | null }>> {
    const rows = this.#sql
      .exec<{ id: string; config: string | null }>(
        'SELECT s.id, c.config FROM sites s LEFT JOIN site_configs c USING (id) WHERE s.id > ? ORDER BY s.id LIMIT ?',
        cursor ?? '',
        limit + 1,
      )
      .toArray()
      .map(({ id, config }) => ({ id, config: config === null ? null : (JSON.parse(config) as Site) }));
    return page(rows, limit, ({ id }) => id);
  }

  async hasSite(id: string): Promise<boolean> {
    return this.#sql.exec('SELECT 1 FROM sites WHERE id = ?', id).toArray().length > 0;
  }

  /** Forgets a site, with its tokens. @param integrations the ids of those it had */
  async removeSite(id: string, integrations: readonly string[]): Promise<void> {
    await this.spend(...integrations);
    this.#sql.exec('DELETE FROM sites WHERE id = ?', id);
    this.#sql.exec('DELETE FROM site_configs WHERE id = ?', id);
    this.#sql.exec('INSERT OR IGNORE INTO erasures (at) VALUES (?)', Date.now());
    this.#sql.exec('INSERT OR IGNORE INTO spent (id) SELECT id FROM tokens WHERE site = ?', id);
    this.#sql.exec('DELETE FROM sessions WHERE token IN (SELECT hash FROM tokens WHERE site = ?)', id);
    this.#sql.exec('DELETE FROM tokens WHERE site = ?', id);
  }

  async sites(limit: number, cursor: string | null): Promise<ListPage<string>> {
    const rows = this.#sql
      .exec<{ id: string }>('SELECT id FROM sites WHERE id > ? ORDER BY id LIMIT ?', cursor ?? '', limit + 1)
      .toArray()
      .map((row) => row.id);
    return page(rows, limit, (id) => id);
  }

  /**
   * Keeps the hash of a new token; the token itself is the caller's to show once. The same one again is the same.
   * @returns null for one that was revoked
   */
  async addToken(id: string, hash: string, token: NewToken): Promise<Token | null> {
    if (await this.isSpent(id)) return null;
    this.#sql.exec(
      'INSERT OR IGNORE INTO tokens (id, hash, name, scopes, site, created_at) VALUES (?, ?, ?, ?, ?, ?)',
      id,
      hash,
      token.name,
      JSON.stringify(token.scopes),
      token.site,
      Date.now(),
    );
    const { at } = this.#sql.exec<{ at: number }>('SELECT created_at AS at FROM tokens WHERE id = ?', id).one();
    return { id, ...token, createdAt: rfc3339(at as EpochMs) };
  }

  async tokens(limit: number, cursor: string | null): Promise<ListPage<Token>> {
    const rows = this.#sql
      .exec<{ id: string; name: string | null; scopes: string; site: string | null; at: number }>(
        'SELECT id, name, scopes, site, created_at AS at FROM tokens WHERE id > ? ORDER BY id LIMIT ?',
        cursor ?? '',
        limit + 1,
      )
      .toArray()
      .map(({ at, scopes, ...row }) => ({ ...row, scopes: JSON.parse(scopes), createdAt: rfc3339(at as EpochMs) }));
    return page(rows, limit, (token) => token.id);
  }

  /** @returns whether there was such a token */
  async removeToken(id: string): Promise<boolean> {
    this.#sql.exec('DELETE FROM sessions WHERE token = (SELECT hash FROM tokens WHERE id = ?)', id);
    const { rowsWritten } = this.#sql.exec('DELETE FROM tokens WHERE id = ?', id);
    if (rowsWritten > 0) await this.spend(id);
    return rowsWritten > 0;
  }

  /** Notes that what an `Idempotency-Key` made was taken back. */
  async spend(...ids: string[]): Promise<void> {
    for (const id of ids) this.#sql.exec('INSERT OR IGNORE INTO spent (id) VALUES (?)', id);
  }

  async isSpent(id: string): Promise<boolean> {
    return this.#sql.exec('SELECT 1 FROM spent WHERE id = ?', id).toArray().length > 0;
  }

  async grantOf(hash: string): Promise<Grant | null> {
    const [row] = this.#sql
      .exec<{ id: string; name: string | null; scopes: string; site: string | null }>(
        'SELECT id, name, scopes, site FROM tokens WHERE hash = ?',
        hash,
      )
      .toArray();
    return row ? { scopes: JSON.parse(row.scopes), site: row.site, token: { id: row.id, name: row.name } } : null;
  }

  /** Returns where the deployment's data is, which is where it was first asked to be. */
  async jurisdiction(wanted: string): Promise<string> {
    const { kv } = this.ctx.storage;
    const known = kv.get<string>('jurisdiction');
    if (known === undefined) kv.put('jurisdiction', wanted);
    return known ?? wanted;
  }

  // Sessions of the dashboard

  /** Those that have ended go by the way. */
  async openSession(hash: string, token: string, expiresAt: number): Promise<void> {
    this.#sql.exec('DELETE FROM sessions WHERE expires_at <= ?', Date.now());
    this.#sql.exec('INSERT INTO sessions (hash, token, expires_at) VALUES (?, ?, ?)', hash, token, expiresAt);
  }

  async closeSession(hash: string): Promise<void> {
    this.#sql.exec('DELETE FROM sessions WHERE hash = ?', hash);
  }

  async session(hash: string, now: number): Promise<Session | null> {
    const [row] = this.#sql
      .exec<{ token: string }>('SELECT token FROM sessions WHERE hash = ? AND expires_at > ?', hash, now)
      .toArray();
    return row ? { token: row.token, grant: await this.grantOf(row.token) } : null;
  }
}

/** Makes a page of one row more than was asked for: the extra row only shows that there is another page. */
function page<T>(rows: T[], limit: number, key: (row: T) => string): ListPage<T> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, cursor: rows.length > limit && last !== undefined ? key(last) : null };
}
