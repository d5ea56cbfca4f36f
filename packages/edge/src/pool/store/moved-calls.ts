import { type Raw, Table } from './table.ts';

/** A number's calls with everything that carriers reported about them, row by row as they are stored. */
export interface MovedCalls {
  calls: Raw[];
  events: Raw[];
}

/** The calls of a number that moves to another shard, which reports them to the ledger itself. */
export class MovedCallTable extends Table {
  pack(number: string): MovedCalls {
    return {
      calls: this.all('SELECT * FROM calls WHERE number = ?', number),
      events: this.all('SELECT * FROM call_events WHERE call IN (SELECT id FROM calls WHERE number = ?)', number),
    };
  }

  /** Takes calls in. May be repeated. */
  unpack({ calls, events }: MovedCalls): void {
    // Habits learned from them stay with the pool that learned them.
    for (const call of calls) this.#insert('calls', { ...call, taught: null });
    for (const event of events) this.#insert('call_events', event);
  }

  drop({ calls }: Pick<MovedCalls, 'calls'>): void {
    for (const { id } of calls) {
      this.run('DELETE FROM call_events WHERE call = ?', id as string);
      this.run('DELETE FROM calls WHERE id = ?', id as string);
    }
  }

  #insert(table: 'calls' | 'call_events', row: Raw): void {
    const columns = Object.keys(row);
    this.run(
      `INSERT OR IGNORE INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
      ...Object.values(row),
    );
  }
}
