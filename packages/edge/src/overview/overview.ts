import { DurableObject } from 'cloudflare:workers';
import type { Env } from '../env.ts';
import { runOperation } from '../platform/remote.ts';
import { OverviewOperations } from './operations.ts';

const SCHEMA = `
  -- What each shard of a site's pool said last.
  CREATE TABLE IF NOT EXISTS pools (
    site TEXT NOT NULL,
    shard INTEGER NOT NULL,
    metrics TEXT NOT NULL,
    -- When it last finished its nightly work; NULL before the first time.
    tended_at INTEGER,
    told_at INTEGER NOT NULL,
    PRIMARY KEY (site, shard)
  ) WITHOUT ROWID;
  -- What each ledger said last.
  CREATE TABLE IF NOT EXISTS ledgers (
    site TEXT PRIMARY KEY,
    bytes INTEGER NOT NULL,
    deliveries TEXT NOT NULL,
    -- When the message that has waited longest was due; NULL where none waits.
    overdue_since INTEGER,
    tended_at INTEGER,
    told_at INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS ledgers_overdue ON ledgers (overdue_since) WHERE overdue_since IS NOT NULL;
  -- When a site was deleted: on a machine of one's own the file is rewritten then (tools/compact.ts).
  CREATE TABLE IF NOT EXISTS erasures (at INTEGER PRIMARY KEY);
  -- What each day of a site adds up to, by the site's own calendar.
  CREATE TABLE IF NOT EXISTS days (
    site TEXT NOT NULL,
    day TEXT NOT NULL,
    visits INTEGER NOT NULL,
    calls INTEGER NOT NULL,
    answered INTEGER NOT NULL,
    value REAL NOT NULL,
    PRIMARY KEY (site, day)
  ) WITHOUT ROWID;
`;

/**
 * One per deployment: the state of every site as last reported by its pools and ledgers, so that a request for all
 * sites need not wake them. Nothing depends on it: its contents are reported again.
 */
export class Overview extends DurableObject<Env> {
  readonly operations: { sites: OverviewOperations };

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    ctx.storage.sql.exec(SCHEMA);
    this.operations = { sites: new OverviewOperations(ctx.storage.sql) };
  }

  async run(subsystem: string, name: string, given: readonly unknown[]): Promise<unknown> {
    return runOperation(this.operations, subsystem, name, given);
  }
}
