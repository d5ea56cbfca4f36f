import { LruCache } from '../../platform/lru-cache.ts';
import type { Outbox } from '../sync/outbox.ts';
import { clickIdsOfRow, clickIdsToKeep } from './click-ids.ts';
import { pageViews } from './page-views.ts';
import type { SessionRow, Visit } from './rows.ts';
import { type Raw, Table } from './table.ts';

/** Rows kept in memory: some megabytes, were each a session with the longest addresses. */
const CACHED = 2000;

const SESSION = `seq, id, visitor, started_at AS startedAt, last_active_at AS lastActiveAt, landing_page AS landingPage,
  referrer, source, medium, campaign, term, content, channel, click_ids AS clickIds, pages, views, device, country, tags, holds`;

/** Sessions with their page views. Each change is noted for the ledger with it. */
export class SessionTable extends Table {
  readonly #outbox: Outbox;
  /** Rows lately read or written, as they are in the table: code that changes the table in another way clears them. */
  readonly #cache = new LruCache<string, SessionRow>(CACHED);

  constructor(sql: SqlStorage, outbox: Outbox) {
    super(sql);
    this.#outbox = outbox;
  }

  refresh(): void {
    this.#cache.clear();
  }

  hasSeq(seq: number): boolean {
    return this.all('SELECT 1 FROM sessions WHERE seq = ?', seq).length > 0;
  }

  /** Notes sessions for the ledger once more, from a sequence number on. @returns the last one's; null at the end */
  noteAfter(seq: number, limit: number): number | null {
    const rows = this.all('SELECT seq, id FROM sessions WHERE seq > ? ORDER BY seq LIMIT ?', seq, limit);
    for (const { id } of rows) this.#outbox.note({ kind: 'session', key: id as string });
    return rows.length < limit ? null : (rows.at(-1)?.seq as number);
  }

  /** Returns a session. Callers change the row only to save it. */
  get(id: string): SessionRow | null {
    const cached = this.#cache.get(id);
    if (cached) return cached;
    const [row] = this.all(`SELECT ${SESSION} FROM sessions WHERE id = ?`, id);
    return row ? this.#remember(row) : null;
  }

  /**
   * Returns a session, or if it is a new one its visitor's earlier ones, latest first. One query for both: the question
   * costs more than the answer.
   */
  arrival(id: string, visitor: string | null, limit: number): { known: SessionRow | null; earlier: Visit[] | null } {
    const cached = this.#cache.get(id) ?? null;
    if (cached || visitor === null) return { known: cached ?? this.get(id), earlier: null };
    const rows = this.all(
      `SELECT ${SESSION} FROM sessions WHERE id = ?1
       UNION ALL SELECT * FROM (SELECT ${SESSION} FROM sessions WHERE visitor = ?2 ORDER BY seq DESC LIMIT ?3)`,
      id,
      visitor,
      limit,
    );
    const known = rows.find((row) => row.id === id);
    return known ? { known: this.#remember(known), earlier: null } : { known: null, earlier: rows.map(toVisit) };
  }

  #remember(row: Raw): SessionRow {
    const views = pageViews(row.views as string | null, row as unknown as SessionRow);
    const session = {
      ...row,
      lastUrl: views.at(-1)?.url ?? null,
      clickIds: clickIdsOfRow(row.clickIds as string | null, row.landingPage as string | null),
      tags: row.tags === null ? null : JSON.parse(row.tags as string),
      bindings: JSON.parse(row.holds as string),
    } as unknown as SessionRow;
    this.#cache.set(session.id, session);
    return session;
  }

  insert(row: SessionRow): void {
    this.keep(row);
    this.#outbox.note({ kind: 'session', key: row.id });
  }

  /** Stores a session that the ledger has, or hears of from another shard. */
  keep(row: SessionRow): void {
    this.run(
      `INSERT INTO sessions (seq, id, visitor, started_at, last_active_at, landing_page, referrer, source, medium,
         campaign, term, content, channel, click_ids, pages, views, device, country, tags, holds)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      row.seq,
      row.id,
      row.visitor,
      row.startedAt,
      row.lastActiveAt,
      row.landingPage,
      row.referrer,
      row.source,
      row.medium,
      row.campaign,
      row.term,
      row.content,
      row.channel,
      clickIdsToKeep(row.clickIds as Record<string, string>, row.landingPage),
      row.pages,
      row.views,
      row.device,
      row.country,
      row.tags && JSON.stringify(row.tags),
      JSON.stringify(row.bindings),
    );
    this.#cache.set(row.id, row);
  }

  /** Saves what goes on in a session. Its visitor is in an index, so `setVisitor` alone writes it. */
  update(row: SessionRow): void {
    this.run(
      `UPDATE sessions SET last_active_at = ?, pages = ?, views = ?, tags = ?, holds = ?
       WHERE seq = ?`,
      row.lastActiveAt,
      row.pages,
      row.views,
      row.tags && JSON.stringify(row.tags),
      JSON.stringify(row.bindings),
      row.seq,
    );
    this.#cache.set(row.id, row);
    this.#outbox.note({ kind: 'session', key: row.id });
  }

  setVisitor(row: SessionRow, visitor: string | null): void {
    row.visitor = visitor;
    this.run('UPDATE sessions SET visitor = ? WHERE seq = ?', visitor, row.seq);
    this.#outbox.note({ kind: 'session', key: row.id });
  }

  /** Returns a visitor's latest sessions, latest first. */
  ofVisitor(visitor: string, limit: number): Visit[] {
    return this.all(
      'SELECT id, started_at AS startedAt, holds FROM sessions WHERE visitor = ? ORDER BY seq DESC LIMIT ?',
      visitor,
      limit,
    ).map(toVisit);
  }

  countOfVisitor(visitor: string): number {
    return this.all('SELECT count(*) AS n FROM sessions WHERE visitor = ?', visitor)[0]?.n as number;
  }
}

function toVisit({ id, startedAt, holds }: Raw): Visit {
  return { id, startedAt, bindings: JSON.parse(holds as string) } as Visit;
}
