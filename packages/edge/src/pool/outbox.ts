/** The key of a row that the ledger must hear of; of an erasure, whom to forget. */
export type Change =
  | { kind: 'session'; key: string }
  | { kind: 'binding'; key: number }
  | { kind: 'call'; key: string }
  | { kind: 'erasedVisitor'; key: string }
  | { kind: 'erasedCaller'; key: string };

/** Keys of one drain, with the outbox position they reach up to. */
export interface Batch {
  upTo: number;
  sessions: string[];
  bindings: number[];
  calls: string[];
  erasedVisitors: string[];
  erasedCallers: string[];
}

const LETTER = { session: 's', binding: 'b', call: 'c', erasedVisitor: 'v', erasedCaller: 'p' } as const;
type Letter = (typeof LETTER)[Change['kind']];

/**
 * The transactional outbox: each turn leaves the keys of the rows it changed, in the same commit. What the
 * ledger gets is the state of those rows when it is drained, so that repeating a drain is harmless and a row that
 * changed ten times is sent once.
 */
export class Outbox {
  /** Keys already waiting, not yet taken by a drain: they need not be written again. */
  #waiting = new Set<string>();
  #now: Change[] = [];

  readonly sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.sql = sql;
  }

  /** Notes a change made in this turn. One that is rolled back after all costs a look that finds nothing new. */
  note(change: Change): void {
    const id = LETTER[change.kind] + change.key;
    if (this.#waiting.has(id)) return;
    this.#waiting.add(id);
    this.#now.push(change);
  }

  /** Writes the notes of this turn as one row. True if there were any. */
  commit(): boolean {
    if (this.#now.length === 0) return false;
    const changes = this.#now.map(({ kind, key }) => [LETTER[kind], key]);
    this.sql.exec('INSERT INTO outbox (changes) VALUES (?)', JSON.stringify(changes));
    this.#now = [];
    return true;
  }

  /** Takes the oldest changes, at most `limit` rows' worth. Null when there is nothing to send. */
  take(limit: number): Batch | null {
    const rows = this.sql
      .exec<{ seq: number; changes: string }>('SELECT seq, changes FROM outbox ORDER BY seq LIMIT ?', limit)
      .toArray();
    const last = rows.at(-1);
    if (!last) return null;
    // From here on a change to any row must be written anew: this batch may have read it already.
    this.#waiting.clear();
    const sets = {
      s: new Set<string>(),
      b: new Set<number>(),
      c: new Set<string>(),
      v: new Set<string>(),
      p: new Set<string>(),
    };
    for (const row of rows) {
      for (const [letter, key] of JSON.parse(row.changes) as [Letter, never][]) sets[letter].add(key);
    }
    return {
      upTo: last.seq,
      sessions: [...sets.s],
      bindings: [...sets.b],
      calls: [...sets.c],
      erasedVisitors: [...sets.v],
      erasedCallers: [...sets.p],
    };
  }

  /** Forgets what the ledger has confirmed. */
  confirm(upTo: number): void {
    this.sql.exec('DELETE FROM outbox WHERE seq <= ?', upTo);
  }

  get isEmpty(): boolean {
    return this.sql.exec('SELECT 1 FROM outbox LIMIT 1').toArray().length === 0;
  }
}
