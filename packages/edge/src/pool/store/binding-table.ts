import { BINDINGS_WEIGHED, type E164, type EpochMs } from '@dialmark/shared';
import { LruCache } from '../../platform/lru-cache.ts';
import type { Outbox } from '../sync/outbox.ts';
import type { BindingRow, SessionRow } from './rows.ts';
import { type Raw, Table } from './table.ts';

const SHARERS_WEIGHED = 100;
/** A shared number has as many bindings as visits that found the pool empty; older ones than these have run out. */
const SHARED_SEARCHED = 1000;
/** Rows kept in memory. */
const CACHED = 8000;

const BINDING = `seq, number, target, kind, session, visitor, started_at AS startedAt, last_active_at AS lastActiveAt,
  expires_at AS expiresAt, tel_click_at AS telClickAt, address, early, reason`;

/** The log of every binding. Each change is noted for the ledger with it. */
export class BindingTable extends Table {
  readonly #outbox: Outbox;
  /** Rows lately read or written, as they are in the table: code that changes the table in another way clears them. */
  readonly #cache = new LruCache<number, BindingRow>(CACHED);

  constructor(sql: SqlStorage, outbox: Outbox) {
    super(sql);
    this.#outbox = outbox;
  }

  /** Notes bindings for the ledger once more, from a sequence number on. @returns the last one's; null at the end */
  noteAfter(seq: number, limit: number): number | null {
    const rows = this.all('SELECT seq FROM bindings WHERE seq > ? ORDER BY seq LIMIT ?', seq, limit);
    for (const row of rows) this.#outbox.note({ kind: 'binding', key: row.seq as number });
    return rows.length < limit ? null : (rows.at(-1)?.seq as number);
  }

  refresh(): void {
    this.#cache.clear();
  }

  insert(row: BindingRow): void {
    this.keep(row);
    this.#outbox.note({ kind: 'binding', key: row.seq });
  }

  /** Stores a binding that the ledger has, or hears of from another shard. */
  keep(row: BindingRow): void {
    this.run(
      `INSERT OR IGNORE INTO bindings (seq, number, target, kind, session, visitor, started_at, last_active_at, expires_at,
         tel_click_at, address, early, reason) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      row.seq,
      row.number,
      row.target,
      row.kind,
      row.session,
      row.visitor,
      row.startedAt,
      row.lastActiveAt,
      row.expiresAt,
      row.telClickAt,
      row.address,
      row.early ? 1 : 0,
      row.reason,
    );
    this.#cache.set(row.seq, row);
  }

  renew(seq: number, lastActiveAt: EpochMs, expiresAt: EpochMs, telClickAt: EpochMs | null): void {
    this.run(
      `UPDATE bindings SET last_active_at = ?, expires_at = ?, tel_click_at = coalesce(?, tel_click_at) WHERE seq = ?`,
      lastActiveAt,
      expiresAt,
      telClickAt,
      seq,
    );
    this.#changed(seq, telClickAt === null ? { lastActiveAt, expiresAt } : { lastActiveAt, expiresAt, telClickAt });
  }

  markShared(seq: number): void {
    this.run("UPDATE bindings SET kind = 'shared' WHERE seq = ?", seq);
    this.#changed(seq, { kind: 'shared' });
  }

  setVisitor(seq: number, visitor: string | null): void {
    this.run('UPDATE bindings SET visitor = ? WHERE seq = ?', visitor, seq);
    this.#changed(seq, { visitor });
  }

  #changed(seq: number, change: Partial<BindingRow>): void {
    this.#outbox.note({ kind: 'binding', key: seq });
    const row = this.#cache.get(seq);
    if (row) this.#cache.set(seq, { ...row, ...change });
  }

  get(seq: number): BindingRow | null {
    const cached = this.#cache.get(seq);
    if (cached) return cached;
    const [row] = this.all(`SELECT ${BINDING} FROM bindings WHERE seq = ?`, seq);
    if (!row) return null;
    const binding = toBinding(row);
    this.#cache.set(seq, binding);
    return binding;
  }

  /** Returns bindings of a number that began before a sequence number, latest first. */
  ofNumber(number: string, beforeSeq: number, limit: number): BindingRow[] {
    return this.all(
      `SELECT ${BINDING} FROM bindings INDEXED BY bindings_by_number WHERE number = ? AND seq < ?
       ORDER BY seq DESC LIMIT ?`,
      number,
      beforeSeq,
      limit,
    ).map(toBinding);
  }

  /**
   * Returns the bindings a pool starts with, by number, oldest first: the latest of each number, and with a shared one
   * those before it, any of which may have ended last. One index look-up a number, however long the log is.
   */
  latestOfEachNumber(): Map<E164, BindingRow[]> {
    const latest = this.all(
      `SELECT ${BINDING} FROM bindings WHERE seq IN (
         SELECT (SELECT max(b.seq) FROM bindings b INDEXED BY bindings_by_number WHERE b.number = n.number)
         FROM numbers n WHERE n.kind = 'pool')`,
    ).map(toBinding);
    return new Map(
      latest.map((row) => [
        row.number,
        row.kind === 'shared' ? this.ofNumber(row.number, row.seq + 1, SHARED_SEARCHED).reverse() : [row],
      ]),
    );
  }

  /** Returns a session's bindings, oldest first. */
  ofSession(session: Pick<SessionRow, 'bindings'>): BindingRow[] {
    const seqs = Object.values(session.bindings)
      .flat()
      .sort((a, b) => a - b);
    return seqs.map((seq) => this.get(seq)).filter((row) => row !== null);
  }

  /**
   * Returns the bindings of the visitors who may have called a number at a moment: its latest that began before, and if
   * many share it, more of those still live. After a number was given again a dozen times, earlier visitors no longer
   * call it.
   */
  callableAt(number: string, beforeSeq: number, at: EpochMs): BindingRow[] {
    const latest = this.ofNumber(number, beforeSeq, BINDINGS_WEIGHED);
    const oldest = latest.at(-1);
    if (latest.length < BINDINGS_WEIGHED || !oldest || oldest.expiresAt <= at) return latest;
    return [...latest, ...this.ofNumber(number, oldest.seq, SHARERS_WEIGHED).filter((row) => row.expiresAt > at)];
  }

  /** Returns which addresses and visitors were given numbers since a sequence number, oldest first. */
  givenSince(sinceSeq: number): { address: string | null; visitor: string | null; at: EpochMs }[] {
    return this.all(
      'SELECT address, visitor, started_at AS at FROM bindings WHERE seq >= ? ORDER BY seq',
      sinceSeq,
    ) as unknown as { address: string | null; visitor: string | null; at: EpochMs }[];
  }

  /** Counts pool leases since a sequence number, by target and by hours before `now`; at most the latest `limit` leases. */
  leasesByHour(
    sinceSeq: number,
    now: EpochMs,
    limit: number,
  ): { target: string; age: number; leases: number; heldMs: number }[] {
    return this.all(
      `SELECT target, CAST((? - started_at) / 3600000 AS INTEGER) AS age, count(*) AS leases,
         sum(expires_at - started_at) AS heldMs
       FROM (SELECT target, started_at, expires_at FROM bindings WHERE seq >= ? AND kind IN ('pool', 'shared')
             ORDER BY seq DESC LIMIT ?)
       GROUP BY target, age`,
      now,
      sinceSeq,
      limit,
    ) as never;
  }
}

function toBinding(row: Raw): BindingRow {
  return { ...row, early: row.early === 1 } as unknown as BindingRow;
}
