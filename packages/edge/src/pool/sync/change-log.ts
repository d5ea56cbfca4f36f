/** What the queue of news carries: keys only, so that no personal data waits in it and the newest state is read. */
export interface CallNewsMessage {
  about: 'call';
  site: string;
  /** The Durable Object the call is in: one of the site's, whichever way it is sharded. */
  pool: string;
  call: string;
}

/** News since it was last asked: `urgent` while a phone is ringing. */
export type Freshness = 'none' | 'some' | 'urgent';

/** Messages a queue takes at once. */
const AT_ONCE = 100;

/**
 * The log of calls that changed and that the conversions have not dealt with yet: one row with each save of a call, in
 * its transaction. A row stays until it is confirmed, so that nothing hangs on the queue's own memory: what was sent and
 * not confirmed is sent again after a restart. Sending may be repeated: the message carries nothing of the call's state.
 */
export class NewsLog {
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

  /** What was appended since this was last asked. */
  takeFreshness(): Freshness {
    const fresh = this.#fresh;
    this.#fresh = 'none';
    return fresh;
  }

  /** Sends what was not sent yet, each call once. Throws what the queue throws; what waits stays. */
  async send(queue: Queue<CallNewsMessage>, site: string, pool: string): Promise<void> {
    for (let batch = this.#take(); batch; batch = this.#take()) {
      const before = this.#sentUpTo;
      // While the queue takes it nobody else is to send it, too.
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

  /** Forgets what was dealt with: a call as it was read at a position. */
  confirm(call: string, position: number): void {
    this.sql.exec('DELETE FROM call_news WHERE call = ? AND seq <= ?', call, position);
  }

  /** The storage was emptied: what is remembered of it is, too. */
  reset(): void {
    this.#sentUpTo = 0;
    this.#fresh = 'none';
  }

  /** Changes that the conversions have not dealt with. */
  get waiting(): number {
    return this.sql.exec<{ n: number }>('SELECT count(*) AS n FROM call_news').one().n;
  }

  get isSent(): boolean {
    return this.sql.exec('SELECT 1 FROM call_news WHERE seq > ? LIMIT 1', this.#sentUpTo).toArray().length === 0;
  }

  /** How many saves there ever were: of two readings of a call, the one at the higher position is not the older. */
  get position(): number {
    const [row] = this.sql.exec<{ seq: number }>("SELECT seq FROM sqlite_sequence WHERE name = 'call_news'").toArray();
    return row?.seq ?? 0;
  }
}
