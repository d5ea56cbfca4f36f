import type {
  BindingKind,
  CallDetails,
  CallerTie,
  CallStatus,
  Candidate,
  E164,
  EpochMs,
  FallbackReason,
  Match,
  NumberStatus,
  Site,
  SourceRule,
  Touch,
} from '@dialmark/shared';
import { HOLDERS_WEIGHED } from '@dialmark/shared';
import { RowCache } from '../../platform/row-cache.ts';
import type { Taught } from '../attribution/habits.ts';
import type { PastHolders } from '../attribution/past-holders.ts';
import type { Layout } from '../shards/layout.ts';
import { NewsLog } from '../sync/change-log.ts';
import { type Change, Outbox } from '../sync/outbox.ts';
import { type Forgotten, forgetCaller, forgetVisitor } from './erasure.ts';

/**
 * Rows as the pool keeps them, and the SQL that reads and writes them. No rules here. Whoever changes a visit, a binding
 * or a call through this class need not think of the ledger: the change is noted in the outbox with it.
 */

export interface NumberRow {
  number: E164;
  target: string;
  kind: 'pool' | 'source';
  name: string | null;
  match: SourceRule | null;
  status: NumberStatus;
  addedAt: EpochMs;
  /** The request that added it, where that carried an `Idempotency-Key`. */
  addedBy: string | null;
  /** Its place in the order of adding. */
  position: number;
}

export interface BindingRow {
  seq: number;
  number: E164;
  target: string;
  kind: BindingKind;
  session: string;
  visitor: string | null;
  startedAt: EpochMs;
  lastActiveAt: EpochMs;
  expiresAt: EpochMs;
  telClickAt: EpochMs | null;
  address: string | null;
  early: boolean;
  reason: FallbackReason | null;
}

export interface SessionRow extends Touch {
  /** Ascends with the time of its arrival, as a binding's. */
  seq: number;
  id: string;
  visitor: string | null;
  startedAt: EpochMs;
  lastActiveAt: EpochMs;
  landingPage: string | null;
  referrer: string | null;
  pages: number;
  firstUrl: string | null;
  lastUrl: string | null;
  device: string | null;
  country: string | null;
  tags: Record<string, unknown> | null;
  /** Its bindings for each target, latest last. */
  holds: Record<string, number[]>;
}

/** What is asked of a visitor's other visits. */
export type Visit = Pick<SessionRow, 'id' | 'startedAt' | 'holds'>;

export interface CallRow {
  id: string;
  carrier: string;
  from: string | null;
  /** Null where the carrier named no number; `''` in SQL, so that the index by number has every call. */
  to: E164 | null;
  target: string | null;
  startedAt: EpochMs;
  status: CallStatus;
  durationSeconds: number | null;
  value: number | null;
  firstTime: boolean;
  spam: boolean;
  match: Match;
  confidence: number;
  binding: number | null;
  session: string | null;
  visitor: string | null;
  candidates: Candidate[];
  details: CallDetails;
  told: Told;
  /** Null of a call that taught nothing. */
  taught: Taught | null;
}

/** What people and the API said of a call, kept apart from what carriers told: the row is derived from both. */
export interface Told {
  /** All reports by `POST …/calls` in one. */
  report: Pick<CallRow, 'from' | 'to' | 'startedAt' | 'status' | 'durationSeconds'> | null;
  /** By hand; null: by the evidence. */
  spam: boolean | null;
  /** Its people were erased: what is told of it later names nobody. */
  erased: boolean;
  /** Whoever diverted it here was erased: what is told of it later names no such number. */
  undiverted?: boolean;
  /** Another shard knows of an earlier call of this caller. */
  calledElsewhere: boolean;
}

/** The first views of a session are kept, the rest only counted. */
const PAGE_VIEWS_KEPT = 50;

const SHARERS_WEIGHED = 100;

/** A caller's calls before these say little of who calls now. */
const CALLS_OF_CALLER = 50;

/** Scripts kept that nobody pinned: any address that the Worker is reached at makes one of its own. */
const SCRIPTS_KEPT = 50;

/** A shared number has as many holds as visits that found the pool empty; older ones than these have run out. */
const HOLDS_SEARCHED = 1000;

const BINDING = `seq, number, target, kind, session, visitor, started_at AS startedAt, last_active_at AS lastActiveAt,
  expires_at AS expiresAt, tel_click_at AS telClickAt, address, early, reason`;

const SESSION = `seq, id, visitor, started_at AS startedAt, last_active_at AS lastActiveAt, landing_page AS landingPage,
  referrer, source, medium, campaign, term, content, channel, click_ids AS clickIds, pages, first_url AS firstUrl,
  last_url AS lastUrl, device, country, tags, holds`;

type Raw = Record<string, SqlStorageValue>;

/** Rows kept in memory: some megabytes, were each a visit with the longest addresses. */
const SESSIONS_CACHED = 2000;
const BINDINGS_CACHED = 8000;

export class PoolStore {
  readonly sql: SqlStorage;
  readonly news: NewsLog;
  readonly outbox: Outbox;
  readonly #sessions = new RowCache<string, SessionRow>(SESSIONS_CACHED);
  readonly #bindings = new RowCache<number, BindingRow>(BINDINGS_CACHED);

  constructor(sql: SqlStorage) {
    this.sql = sql;
    this.news = new NewsLog(sql);
    this.outbox = new Outbox(sql);
  }

  #all(query: string, ...values: SqlStorageValue[]): Raw[] {
    return this.sql.exec(query, ...values).toArray();
  }

  #run(query: string, ...values: SqlStorageValue[]): void {
    this.sql.exec(query, ...values);
  }

  /** Reads from SQLite again: after a transaction that failed, or rows changed otherwise than through this class. */
  refresh(): void {
    this.#sessions.clear();
    this.#bindings.clear();
  }

  // Site

  site(): { site: Site; layout: Layout; shard: number } | null {
    const [row] = this.#all('SELECT config, layout, shard FROM site');
    return row
      ? {
          site: JSON.parse(row.config as string) as Site,
          layout: JSON.parse(row.layout as string) as Layout,
          shard: row.shard as number,
        }
      : null;
  }

  saveSite(site: Site, layout: Layout, shard: number): void {
    this.#run(
      'INSERT OR REPLACE INTO site (only, config, layout, shard) VALUES (1, ?, ?, ?)',
      JSON.stringify(site),
      JSON.stringify(layout),
      shard,
    );
  }

  /** Keeps a script, and of those that no page ever asked for by their version the latest. */
  saveScript(version: string, script: string, now: EpochMs): void {
    const { rowsWritten } = this.sql.exec(
      'INSERT OR IGNORE INTO scripts (version, script, kept_at, pinned) VALUES (?, ?, ?, 0)',
      version,
      script,
      now,
    );
    if (rowsWritten === 0) return;
    this.#run(
      `DELETE FROM scripts WHERE pinned = 0 AND version NOT IN (
         SELECT version FROM scripts WHERE pinned = 0 ORDER BY kept_at DESC, version = ? DESC LIMIT ?)`,
      version,
      SCRIPTS_KEPT,
    );
  }

  /** A script by its version; asked for so, it is pinned by a page. */
  script(version: string): string | null {
    const [row] = this.#all('SELECT script, pinned FROM scripts WHERE version = ?', version);
    if (row?.pinned === 0) this.#run('UPDATE scripts SET pinned = 1 WHERE version = ?', version);
    return (row?.script as string | undefined) ?? null;
  }

  // Numbers

  numbers(): NumberRow[] {
    return this.#all(
      'SELECT number, target, kind, name, match, status, added_at AS addedAt, added_by AS addedBy, position FROM numbers ORDER BY position',
    ).map((row) => ({ ...row, match: row.match === null ? null : JSON.parse(row.match as string) })) as NumberRow[];
  }

  saveNumber(row: NumberRow): void {
    this.#run(
      'INSERT OR REPLACE INTO numbers (number, target, kind, name, match, status, added_at, added_by, position) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
      row.number,
      row.target,
      row.kind,
      row.name,
      row.match && JSON.stringify(row.match),
      row.status,
      row.addedAt,
      row.addedBy,
      row.position,
    );
  }

  deleteNumber(number: string): void {
    this.#run('DELETE FROM numbers WHERE number = ?', number);
  }

  // Bindings

  insertBinding(row: BindingRow): void {
    this.#keepBinding(row);
    this.outbox.note({ kind: 'binding', key: row.seq });
  }

  #keepBinding(row: BindingRow): void {
    this.#run(
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
    this.#bindings.set(row.seq, row);
  }

  renewBinding(seq: number, lastActiveAt: EpochMs, expiresAt: EpochMs, telClickAt: EpochMs | null): void {
    this.#run(
      `UPDATE bindings SET last_active_at = ?, expires_at = ?, tel_click_at = coalesce(?, tel_click_at) WHERE seq = ?`,
      lastActiveAt,
      expiresAt,
      telClickAt,
      seq,
    );
    this.#changed(seq, telClickAt === null ? { lastActiveAt, expiresAt } : { lastActiveAt, expiresAt, telClickAt });
  }

  markShared(seq: number): void {
    this.#run("UPDATE bindings SET kind = 'shared' WHERE seq = ?", seq);
    this.#changed(seq, { kind: 'shared' });
  }

  setBindingVisitor(seq: number, visitor: string | null): void {
    this.#run('UPDATE bindings SET visitor = ? WHERE seq = ?', visitor, seq);
    this.#changed(seq, { visitor });
  }

  #changed(seq: number, change: Partial<BindingRow>): void {
    this.outbox.note({ kind: 'binding', key: seq });
    const row = this.#bindings.get(seq);
    if (row) this.#bindings.set(seq, { ...row, ...change });
  }

  binding(seq: number): BindingRow | null {
    const cached = this.#bindings.get(seq);
    if (cached) return cached;
    const [row] = this.#all(`SELECT ${BINDING} FROM bindings WHERE seq = ?`, seq);
    if (!row) return null;
    const binding = toBinding(row);
    this.#bindings.set(seq, binding);
    return binding;
  }

  /** Holds of a number that began before a sequence number, latest first. */
  bindingsOf(number: string, beforeSeq: number, limit: number): BindingRow[] {
    return this.#all(
      `SELECT ${BINDING} FROM bindings INDEXED BY bindings_by_number WHERE number = ? AND seq < ?
       ORDER BY seq DESC LIMIT ?`,
      number,
      beforeSeq,
      limit,
    ).map(toBinding);
  }

  /**
   * The holds a pool starts with, by number, oldest first: the latest of each number, and with a shared one those
   * before it, any of which may have ended last. One index look-up a number, whatever the length of the log.
   */
  latestHolds(): Map<E164, BindingRow[]> {
    const latest = this.#all(
      `SELECT ${BINDING} FROM bindings WHERE seq IN (
         SELECT (SELECT max(b.seq) FROM bindings b INDEXED BY bindings_by_number WHERE b.number = n.number)
         FROM numbers n WHERE n.kind = 'pool')`,
    ).map(toBinding);
    return new Map(
      latest.map((row) => [
        row.number,
        row.kind === 'shared' ? this.bindingsOf(row.number, row.seq + 1, HOLDS_SEARCHED).reverse() : [row],
      ]),
    );
  }

  /** A visit's bindings, oldest first. */
  bindingsOfSession(session: Pick<SessionRow, 'holds'>): BindingRow[] {
    const seqs = Object.values(session.holds)
      .flat()
      .sort((a, b) => a - b);
    return seqs.map((seq) => this.binding(seq)).filter((row) => row !== null);
  }

  /**
   * Who may have called a number at a moment: its latest holds that began before, and where many share it, more of
   * those still live. A number given again a dozen times since is not its old holder's to call.
   */
  holdersOf(number: string, beforeSeq: number, at: EpochMs): BindingRow[] {
    const latest = this.bindingsOf(number, beforeSeq, HOLDERS_WEIGHED);
    const oldest = latest.at(-1);
    if (latest.length < HOLDERS_WEIGHED || !oldest || oldest.expiresAt <= at) return latest;
    return [...latest, ...this.bindingsOf(number, oldest.seq, SHARERS_WEIGHED).filter((row) => row.expiresAt > at)];
  }

  /** The latest sequence number of a binding or a session. */
  lastSeq(): number {
    const [row] = this.#all(
      `SELECT max(coalesce((SELECT max(seq) FROM bindings), 0), coalesce((SELECT max(seq) FROM sessions), 0)) AS seq`,
    );
    return row?.seq as number;
  }

  /** What was given since a sequence number, by address and by visitor, oldest first. */
  givenSince(sinceSeq: number): { address: string | null; visitor: string | null; at: EpochMs }[] {
    return this.#all(
      'SELECT address, visitor, started_at AS at FROM bindings WHERE seq >= ? ORDER BY seq',
      sinceSeq,
    ) as unknown as { address: string | null; visitor: string | null; at: EpochMs }[];
  }

  /** Takes back bindings and visits that were let go; what is here already stays as it is. The ledger has them. */
  takeBack({ bindings, sessions }: PastHolders): void {
    for (const binding of bindings) if (!this.binding(binding.seq)) this.#keepBinding(binding);
    for (const session of sessions) {
      if (this.session(session.id)) continue;
      let { seq } = session;
      while (this.#all('SELECT 1 FROM sessions WHERE seq = ?', seq).length > 0) seq++;
      this.#keepSession({ ...session, seq });
    }
  }

  /** Takes in bindings and visits from another shard, which tells the ledger of them itself. May be repeated. */
  adopt(bindings: readonly BindingRow[], sessions: readonly SessionRow[]): void {
    for (const binding of bindings) this.#keepBinding(binding);
    for (const session of sessions) if (!this.session(session.id)) this.#keepSession(session);
  }

  // Sessions

  /** A visit; what it is given is not changed except to be saved. */
  session(id: string): SessionRow | null {
    const cached = this.#sessions.get(id);
    if (cached) return cached;
    const [row] = this.#all(`SELECT ${SESSION} FROM sessions WHERE id = ?`, id);
    return row ? this.#remember(row) : null;
  }

  /**
   * A visit, and where it is a new one, its visitor's latest others, latest first: both by one question, since asking
   * costs more than answering.
   */
  arrival(id: string, visitor: string | null, limit: number): { known: SessionRow | null; earlier: Visit[] | null } {
    const cached = this.#sessions.get(id) ?? null;
    if (cached || visitor === null) return { known: cached ?? this.session(id), earlier: null };
    const rows = this.#all(
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
    const session = {
      ...row,
      clickIds: JSON.parse(row.clickIds as string),
      tags: row.tags === null ? null : JSON.parse(row.tags as string),
      holds: JSON.parse(row.holds as string),
    } as unknown as SessionRow;
    this.#sessions.set(session.id, session);
    return session;
  }

  insertSession(row: SessionRow): void {
    this.#keepSession(row);
    this.outbox.note({ kind: 'session', key: row.id });
  }

  #keepSession(row: SessionRow): void {
    this.#run(
      `INSERT INTO sessions (seq, id, visitor, started_at, last_active_at, landing_page, referrer, source, medium,
         campaign, term, content, channel, click_ids, pages, first_url, last_url, device, country, tags, holds)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
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
      JSON.stringify(row.clickIds),
      row.pages,
      row.firstUrl,
      row.lastUrl,
      row.device,
      row.country,
      row.tags && JSON.stringify(row.tags),
      JSON.stringify(row.holds),
    );
    this.#sessions.set(row.id, row);
  }

  /** Saves what goes on in a visit. Its visitor stands in an index, so it is written only when it changes. */
  updateSession(row: SessionRow): void {
    this.#run(
      `UPDATE sessions SET last_active_at = ?, pages = ?, first_url = ?, last_url = ?, tags = ?, holds = ?
       WHERE seq = ?`,
      row.lastActiveAt,
      row.pages,
      row.firstUrl,
      row.lastUrl,
      row.tags && JSON.stringify(row.tags),
      JSON.stringify(row.holds),
      row.seq,
    );
    this.#sessions.set(row.id, row);
    this.outbox.note({ kind: 'session', key: row.id });
  }

  setSessionVisitor(row: SessionRow, visitor: string | null): void {
    row.visitor = visitor;
    this.#run('UPDATE sessions SET visitor = ? WHERE seq = ?', visitor, row.seq);
    this.outbox.note({ kind: 'session', key: row.id });
  }

  addPageView(session: string, n: number, url: string, at: EpochMs): void {
    if (n > 1 && n <= PAGE_VIEWS_KEPT) {
      this.#run('INSERT OR IGNORE INTO page_views (session, n, url, at) VALUES (?, ?, ?, ?)', session, n, url, at);
    }
  }

  pageViews(session: Pick<SessionRow, 'id' | 'firstUrl' | 'startedAt' | 'pages'>): { url: string; at: EpochMs }[] {
    const later =
      session.pages > 1 ? this.#all('SELECT url, at FROM page_views WHERE session = ? ORDER BY n', session.id) : [];
    const first = session.firstUrl === null ? [] : [{ url: session.firstUrl, at: session.startedAt }];
    return [...first, ...later] as { url: string; at: EpochMs }[];
  }

  /** The visitor's latest visits, latest first. */
  sessionsOf(visitor: string, limit: number): Visit[] {
    return this.#all(
      'SELECT id, started_at AS startedAt, holds FROM sessions WHERE visitor = ? ORDER BY seq DESC LIMIT ?',
      visitor,
      limit,
    ).map(toVisit);
  }

  countSessionsOf(visitor: string): number {
    return this.#all('SELECT count(*) AS n FROM sessions WHERE visitor = ?', visitor)[0]?.n as number;
  }

  // Calls

  call(id: string): CallRow | null {
    const [row] = this.#all(`${CALL} WHERE id = ?`, id);
    return row ? toCall(row) : null;
  }

  /** The caller's earliest call other than one. */
  firstCallOf(caller: string, except: string): CallRow | null {
    const [row] = this.#all(`${CALL} WHERE caller = ? AND id <> ? ORDER BY started_at, id LIMIT 1`, caller, except);
    return row ? toCall(row) : null;
  }

  /** The visitors whom a caller's attributed calls up to a moment belonged to, latest first, one call left aside. */
  tiesOf(caller: string, at: EpochMs, except: string | null): CallerTie[] {
    const rows = this.#all(
      `SELECT visitor, confidence FROM calls WHERE caller = ? AND started_at <= ? AND visitor IS NOT NULL AND id IS NOT ?
       ORDER BY started_at DESC LIMIT ?`,
      caller,
      at,
      except,
      CALLS_OF_CALLER,
    ) as unknown as CallerTie[];
    return rows.filter((row, index) => rows.findIndex((other) => other.visitor === row.visitor) === index);
  }

  callsOfSession(session: string): CallRow[] {
    return this.#all(`${CALL} WHERE session = ? ORDER BY started_at, id`, session).map(toCall);
  }

  /** The caller's calls before this one, latest first. */
  callsBefore({ from, startedAt, id }: CallRow, limit: number): CallRow[] {
    return this.#all(
      `${CALL} WHERE caller = ? AND (started_at, id) < (?, ?) ORDER BY started_at DESC, id DESC LIMIT ?`,
      from,
      startedAt,
      id,
      limit,
    ).map(toCall);
  }

  /** Saves a call, for the ledger and the conversions to learn of. */
  saveCall(row: CallRow): void {
    this.news.append(row);
    this.outbox.note({ kind: 'call', key: row.id });
    this.#run(
      `INSERT OR REPLACE INTO calls (id, carrier, caller, number, target, started_at, status, duration_seconds, value,
         first_time, spam, match, confidence, binding, session, visitor, candidates, details, told,
         taught)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      row.id,
      row.carrier,
      row.from,
      row.to ?? '',
      row.target,
      row.startedAt,
      row.status,
      row.durationSeconds,
      row.value,
      row.firstTime ? 1 : 0,
      row.spam ? 1 : 0,
      row.match,
      row.confidence,
      row.binding,
      row.session,
      row.visitor,
      JSON.stringify(row.candidates),
      JSON.stringify(row.details),
      JSON.stringify(row.told),
      row.taught && JSON.stringify(row.taught),
    );
  }

  // People

  /** Forgets a visitor, here and, by way of the outbox, in the ledger. */
  forgetVisitor(visitor: string): void {
    this.#noteErasure({ kind: 'erasedVisitor', key: visitor }, forgetVisitor(this.sql, visitor));
  }

  /** Forgets a caller, as `forgetVisitor`. */
  forgetCaller(caller: string): void {
    this.#noteErasure({ kind: 'erasedCaller', key: caller }, forgetCaller(this.sql, caller));
  }

  #noteErasure(erasure: Change, { untied, changed }: Forgotten): void {
    // The ledger may not know yet whose calls they were, or may learn first that they are nobody's.
    for (const call of untied) this.outbox.note({ kind: 'erasedCall', key: call });
    for (const call of [...untied, ...changed]) this.outbox.note({ kind: 'call', key: call });
    this.outbox.note(erasure);
    // The keys of rows that the ledger refused may be theirs, too.
    this.outbox.takeUpAgain();
  }

  // Pressure

  countPressure(hour: number, target: string, kind: 'exhausted' | 'shared' | 'early'): void {
    this.#run(
      `INSERT INTO pressure (hour, target, exhausted, shared, early) VALUES (?1, ?2, ?3, ?4, ?5)
       ON CONFLICT (hour, target) DO UPDATE SET exhausted = exhausted + ?3, shared = shared + ?4, early = early + ?5`,
      hour,
      target,
      kind === 'early' ? 0 : 1,
      kind === 'shared' ? 1 : 0,
      kind === 'early' ? 1 : 0,
    );
  }

  pressureSince(hour: number): { hour: number; target: string; exhausted: number; shared: number; early: number }[] {
    return this.#all('SELECT hour, target, exhausted, shared, early FROM pressure WHERE hour >= ?', hour) as never;
  }

  /** Pool leases since a sequence number, by target and by hours before `now`; at most the latest `limit` leases. */
  leasesByHour(
    sinceSeq: number,
    now: EpochMs,
    limit: number,
  ): { target: string; age: number; leases: number; heldMs: number }[] {
    return this.#all(
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

const CALL = `SELECT id, carrier, caller AS "from", nullif(number, '') AS "to", target, started_at AS startedAt, status,
  duration_seconds AS durationSeconds, value, first_time AS firstTime, spam, match, confidence, binding, session, visitor,
  candidates, details, told, taught FROM calls`;

function toVisit({ id, startedAt, holds }: Raw): Visit {
  return { id, startedAt, holds: JSON.parse(holds as string) } as Visit;
}

function toBinding(row: Raw): BindingRow {
  return { ...row, early: row.early === 1 } as unknown as BindingRow;
}

function toCall(row: Raw): CallRow {
  return {
    ...row,
    firstTime: row.firstTime === 1,
    spam: row.spam === 1,
    candidates: JSON.parse(row.candidates as string),
    details: JSON.parse(row.details as string),
    told: JSON.parse(row.told as string),
    taught: row.taught === null ? null : JSON.parse(row.taught as string),
  } as unknown as CallRow;
}
