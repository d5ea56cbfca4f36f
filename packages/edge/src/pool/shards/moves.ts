import type { E164, EpochMs } from '@dialmark/shared';
import type { Memory } from '../store/memory.ts';
import type { BindingRow, NumberRow, PoolStore, SessionRow } from '../store/store.ts';
import { homeOf } from './layout.ts';

/** A number on its way to another shard, with what is known of who held it and called it. */
export interface Moved {
  row: NumberRow;
  bindings: BindingRow[];
  sessions: SessionRow[];
  /** Later webhooks will look for its calls there, with all that carriers told of them: row by row as they stand. */
  calls: Record<string, SqlStorageValue>[];
  events: Record<string, SqlStorageValue>[];
}

/** The holders of a number that move with it: as many as a call to it is weighed between. */
const HOLDS_MOVED = 50;

/** How many numbers still have to leave this shard, or are held here by a visit that belongs elsewhere. */
export function countMoving({ allocator, numbers, layout, shard }: Memory, now: EpochMs): number {
  allocator.settle(now);
  const isForeign = (key: string) => homeOf(key, layout.shards) !== shard;
  return [...numbers.keys()].filter(
    (number) =>
      isForeign(number) || allocator.get(number)?.holds.some((hold) => isForeign(hold.visitor ?? hold.session)),
  ).length;
}

/** What is to be handed to a number's new shard; null where it belongs here, or somebody still holds it. */
export function packNumber(pool: Memory, number: E164, now: EpochMs): { home: number; moved: Moved } | null {
  const { store, allocator, layout, shard } = pool;
  const row = pool.numbers.get(number);
  const home = homeOf(number, layout.shards);
  allocator.settle(now);
  if (!row || home === shard || (allocator.get(number)?.holds.length ?? 0) > 0) return null;
  const bindings = store.bindingsOf(number, Number.MAX_SAFE_INTEGER, HOLDS_MOVED);
  const sessions = [...new Set(bindings.map(({ session }) => session))].flatMap((id) => store.session(id) ?? []);
  const calls = store.sql.exec('SELECT * FROM calls WHERE number = ?', number).toArray();
  const events = store.sql
    .exec('SELECT * FROM call_events WHERE call IN (SELECT id FROM calls WHERE number = ?)', number)
    .toArray();
  return { home, moved: { row, bindings, sessions, calls, events } };
}

/** Takes in a number. May be told twice. */
export function unpackNumber(store: PoolStore, { row, bindings, sessions, calls, events }: Moved): void {
  store.saveNumber(row);
  store.adopt(bindings, sessions);
  // What they taught stays with the pool that learned it.
  for (const call of calls) insert(store.sql, 'calls', { ...call, taught: null });
  for (const event of events) insert(store.sql, 'call_events', event);
}

/** Forgets a number that has moved. */
export function dropNumber(store: PoolStore, { row, calls }: Moved): void {
  store.deleteNumber(row.number);
  for (const { id } of calls) {
    store.sql.exec('DELETE FROM call_events WHERE call = ?', id);
    store.sql.exec('DELETE FROM calls WHERE id = ?', id);
  }
}

function insert(sql: SqlStorage, table: 'calls' | 'call_events', row: Record<string, SqlStorageValue>): void {
  const columns = Object.keys(row);
  sql.exec(
    `INSERT OR IGNORE INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
    ...Object.values(row),
  );
}
