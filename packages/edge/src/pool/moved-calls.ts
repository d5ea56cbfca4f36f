/** The calls of a number with all that carriers told of them, row by row as they stand. */
export interface PackedCalls {
  calls: Record<string, SqlStorageValue>[];
  events: Record<string, SqlStorageValue>[];
}

/** The calls that go along when their number moves to another shard: later webhooks will look for them there. */
export function packCalls(sql: SqlStorage, number: string): PackedCalls {
  return {
    calls: sql.exec('SELECT * FROM calls WHERE number = ?', number).toArray(),
    events: sql
      .exec('SELECT * FROM call_events WHERE call IN (SELECT id FROM calls WHERE number = ?)', number)
      .toArray(),
  };
}

export function unpackCalls(sql: SqlStorage, { calls, events }: PackedCalls): void {
  // What they taught stays with the pool that learned it.
  for (const row of calls) insert(sql, 'calls', { ...row, taught: null });
  for (const row of events) insert(sql, 'call_events', row);
}

/** Forgets calls that have moved. */
export function dropCalls(sql: SqlStorage, { calls }: PackedCalls): void {
  for (const { id } of calls) {
    sql.exec('DELETE FROM call_events WHERE call = ?', id);
    sql.exec('DELETE FROM calls WHERE id = ?', id);
  }
}

function insert(sql: SqlStorage, table: 'calls' | 'call_events', row: Record<string, SqlStorageValue>): void {
  const columns = Object.keys(row);
  sql.exec(
    `INSERT OR IGNORE INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
    ...Object.values(row),
  );
}
