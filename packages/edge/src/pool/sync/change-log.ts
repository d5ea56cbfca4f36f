/** A message about a changed call. It has keys only, so that the queue holds no personal data and the newest state is read. */
export interface CallChangeMessage {
  about: 'call';
  site: string;
  /** The Durable Object the call is in: one of the site's, whichever way it is sharded. */
  pool: string;
  call: string;
}

/** Tells if calls have changed since the last look; `urgent` while a phone is ringing. */
export type Freshness = 'none' | 'some' | 'urgent';

/** Messages a queue takes at once. */
const AT_ONCE = 100;

/**
 * The log of calls that changed and that the conversions have not dealt with yet: one row with each save of a call, in
 * its transaction. A row stays until it is confirmed, so that nothing hangs on the queue's own memory: what was sent and
 * not confirmed is sent again after a restart. Sending may be repeated: the message carries nothing of the call's state.
 */
export class ChangeLog {
  readonly sql: SqlStorage;
  #fresh: Freshness = 'none';
  #sentUpTo = 0;

  constructor(sql: SqlStorage) {
    this.sql = sql;
  }

  append(call: { id: string; status: string }): void {
    this.sql.exec('INSERT INTO call_news (call) VALUES (?)', call.id);
    if (this.#fresh !== 'urgent') this.#fresh = call.status === 'ringing' ? 'urgent' : 'some';
  }

  /** Returns whether anything was appended since the last call of this method. */
  takeFreshness(): Freshness {
    const fresh = this.#fresh;
    this.#fresh = 'none';
    return fresh;
  }

  /** Sends the changes not sent yet, each call once. Throws what the queue throws; unsent changes stay. */
  async send(queue: Queue<CallChangeMessage>, site: string, pool: string): Promise<void> {
    for (let batch = this.#take(); batch; batch = this.#take()) {
      const before = this.#sentUpTo;
      // Set first, so that a concurrent call does not send the same batch.
      this.#sentUpTo = batch.upTo;
      try {
        await queue.sendBatch(batch.calls.map((call) => ({ body: { about: 'call', site, pool, call } })));
      } catch (error) {
        this.#sentUpTo = Math.min(this.#sentUpTo, before);
        throw error;
      }
    }
  }

  #take(): { upTo: number; calls: string[] } | null {
    const rows = this.sql
      .exec<{ seq: number; call: string }>(
        'SELECT seq, call FROM call_news WHERE seq > ? ORDER BY seq LIMIT ?',
        this.#sentUpTo,
        AT_ONCE,
      )
      .toArray();
    const last = rows.at(-1);
    return last ? { upTo: last.seq, calls: [...new Set(rows.map(({ call }) => call))] } : null;
  }

  /** Removes the changes of a call up to the position at which it was read. */
  confirm(call: string, position: number): void {
    this.sql.exec('DELETE FROM call_news WHERE call = ? AND seq <= ?', call, position);
  }

  /** Tells whether a change of a call is not confirmed yet. */
  waits(call: string): boolean {
    return this.sql.exec('SELECT 1 FROM call_news WHERE call = ? LIMIT 1', call).toArray().length > 0;
  }

  /** Resets the memory after the storage was emptied. */
  reset(): void {
    this.#sentUpTo = 0;
    this.#fresh = 'none';
  }

  /** The number of changes that are not confirmed yet. */
  get waiting(): number {
    return this.sql.exec<{ n: number }>('SELECT count(*) AS n FROM call_news').one().n;
  }

  get isSent(): boolean {
    return this.sql.exec('SELECT 1 FROM call_news WHERE seq > ? LIMIT 1', this.#sentUpTo).toArray().length === 0;
  }

  /** The number of saves so far: of two readings of a call, the one at the higher position is not the older. */
  get position(): number {
    const [row] = this.sql.exec<{ seq: number }>("SELECT seq FROM sqlite_sequence WHERE name = 'call_news'").toArray();
    return row?.seq ?? 0;
  }
}
