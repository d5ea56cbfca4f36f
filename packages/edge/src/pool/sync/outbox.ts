import type { EpochMs } from '@dialmark/shared';
import { momentOf, sequence } from '../leases/binding-id.ts';

/** The key of a row that the ledger must hear of; of an erasure, whom to forget, or whose call it was. */
export type Change =
  | { kind: 'session'; key: string }
  | { kind: 'binding'; key: number }
  | { kind: 'call'; key: string }
  | { kind: 'form'; key: string }
  | { kind: 'deletedCall'; key: string }
  | { kind: 'erasedCall'; key: string }
  | { kind: 'erasedVisitor'; key: string }
  | { kind: 'erasedCaller'; key: string }
  | { kind: 'erasedEmail'; key: string };

/** Urgency of a change: visits can wait for more of their kind. */
export type Urgency = 'none' | 'later' | 'soon';

/** The changes of one drain, each once, with the outbox position they reach up to. */
export interface Batch {
  upTo: number;
  changes: Change[];
}

const LETTER = {
  session: 's',
  binding: 'b',
  call: 'c',
  form: 'f',
  deletedCall: 'd',
  erasedCall: 'e',
  erasedVisitor: 'v',
  erasedCaller: 'p',
  erasedEmail: 'm',
} as const;
type Letter = (typeof LETTER)[Change['kind']];
const KIND = new Map(Object.entries(LETTER).map(([kind, letter]) => [letter, kind as Change['kind']]));

const KEYS_AT_ONCE = 500;

/**
 * The transactional outbox: each turn leaves the keys of the rows it changed, in the same commit. What the
 * ledger gets is the state of those rows when it is drained, so that repeating a drain is harmless and a row that
 * changed ten times is sent once.
 */
export class Outbox {
  /** Keys already waiting, not yet taken by a drain: they need not be written again. */
  #waiting = new Set<string>();
  #now: Change[] = [];
  #next: ((now: EpochMs) => number) | null = null;

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

  /**
   * Writes the notes of this turn as one row. Its sequence number ascends with time, so that of two states of a row that
   * has moved between shards the ledger keeps the later.
   * @returns how soon the ledger should get them
   */
  commit(now: EpochMs): Urgency {
    if (this.#now.length === 0) return 'none';
    const isVisit = this.#now.every(({ kind }) => kind === 'session' || kind === 'binding');
    const changes = this.#now.map(({ kind, key }) => [LETTER[kind], key]);
    this.sql.exec('INSERT INTO outbox (seq, changes) VALUES (?, ?)', this.#nextSeq(now), JSON.stringify(changes));
    this.#now = [];
    return isVisit ? 'later' : 'soon';
  }

  #nextSeq(now: EpochMs): number {
    this.#next ??= sequence(
      this.sql.exec<{ seq: number | null }>('SELECT max(seq) AS seq FROM outbox').one().seq ?? 0,
      0,
      Math.random,
    );
    return this.#next(now);
  }

  /** Takes the oldest changes: of at most `limit` turns, and no more than some hundreds of keys. Null when none wait. */
  take(limit: number): Batch | null {
    const waiting = this.sql
      .exec<{ seq: number; changes: string }>('SELECT seq, changes FROM outbox ORDER BY seq LIMIT ?', limit)
      .toArray()
      .map(({ seq, changes }) => ({ seq, changes: JSON.parse(changes) as [Letter, never][] }));
    let keys = 0;
    const rows = waiting.filter(({ changes }, index) => {
      keys += changes.length;
      return index === 0 || keys <= KEYS_AT_ONCE;
    });
    const last = rows.at(-1);
    if (!last) return null;
    // From here on a change to any row must be noted again: this batch may have read it already.
    this.#waiting.clear();
    const changes = new Map<string, Change>();
    for (const [letter, key] of rows.flatMap((row) => row.changes)) {
      changes.set(letter + key, { kind: KIND.get(letter) as Change['kind'], key });
    }
    return { upTo: last.seq, changes: [...changes.values()] };
  }

  /** Sets a change aside that the ledger refuses. */
  setAside({ kind, key }: Change): void {
    this.sql.exec('INSERT OR REPLACE INTO set_aside (change) VALUES (?)', JSON.stringify([LETTER[kind], key]));
  }

  /** Notes again what was set aside: the row, or the ledger, may have changed since. */
  takeUpAgain(): void {
    for (const { change } of this.sql.exec<{ change: string }>('SELECT change FROM set_aside').toArray()) {
      const [letter, key] = JSON.parse(change) as [Letter, never];
      this.note({ kind: KIND.get(letter) as Change['kind'], key });
    }
    this.sql.exec('DELETE FROM set_aside');
  }

  /** After everything was deleted: what waited waits no more. */
  reset(): void {
    this.#waiting.clear();
    this.#now = [];
  }

  /** Forgets what the ledger has confirmed. */
  confirm(upTo: number): void {
    this.sql.exec('DELETE FROM outbox WHERE seq <= ?', upTo);
  }

  /** Since when the oldest change waits; null where none does. */
  get oldest(): EpochMs | null {
    const { seq } = this.sql.exec<{ seq: number | null }>('SELECT min(seq) AS seq FROM outbox').one();
    return seq === null ? null : momentOf(seq);
  }

  /** The number of batches waiting, the age of the oldest, and the number of changes that the ledger has rejected. */
  backlog(): { waiting: number; since: EpochMs | null; refused: number } {
    const { waiting, refused } = this.sql
      .exec<{ waiting: number; refused: number }>(
        'SELECT (SELECT count(*) FROM outbox) AS waiting, (SELECT count(*) FROM set_aside) AS refused',
      )
      .one();
    return { waiting, since: this.oldest, refused };
  }

  /** Returns true if the ledger has everything. */
  get isSettled(): boolean {
    return this.isEmpty && this.sql.exec('SELECT 1 FROM set_aside LIMIT 1').toArray().length === 0;
  }

  get isEmpty(): boolean {
    return this.sql.exec('SELECT 1 FROM outbox LIMIT 1').toArray().length === 0;
  }
}
