import type { E164, EpochMs } from '@dialmark/shared';
import type { Memory } from '../store/memory.ts';
import type { MovedCalls } from '../store/moved-calls.ts';
import type { BindingRow, NumberRow, SessionRow } from '../store/rows.ts';
import type { PoolStore } from '../store/store.ts';
import { homeOf } from './layout.ts';

/** A number on its way to another shard, with what is known of who held it and called it. */
export interface Moved extends MovedCalls {
  row: NumberRow;
  bindings: BindingRow[];
  sessions: SessionRow[];
}

/** The latest bindings of a number that move with it: as many as a call to it is weighed between. */
const HOLDS_MOVED = 50;

/** Returns how many numbers still have to leave this shard, or are held here by a visit of another shard. */
export function countMoving({ allocator, numbers, layout, shard }: Memory, now: EpochMs): number {
  allocator.expireDue(now);
  const isForeign = (key: string) => homeOf(key, layout.shards) !== shard;
  return [...numbers.keys()].filter(
    (number) =>
      isForeign(number) ||
      allocator.get(number)?.bindings.some((binding) => isForeign(binding.visitor ?? binding.session)),
  ).length;
}

/** Returns the rows to hand over to a number's new shard; null if it belongs here or is still leased. */
export function packNumber(pool: Memory, number: E164, now: EpochMs): { home: number; moved: Moved } | null {
  const { store, allocator, layout, shard } = pool;
  const row = pool.numbers.get(number);
  const home = homeOf(number, layout.shards);
  allocator.expireDue(now);
  if (!row || home === shard || (allocator.get(number)?.bindings.length ?? 0) > 0) return null;
  const bindings = store.bindings.ofNumber(number, Number.MAX_SAFE_INTEGER, HOLDS_MOVED);
  const sessions = [...new Set(bindings.map(({ session }) => session))].flatMap((id) => store.session(id) ?? []);
  return { home, moved: { row, bindings, sessions, ...store.movedCalls.pack(number) } };
}

/** Takes in a number. May be repeated. */
export function unpackNumber(store: PoolStore, { row, bindings, sessions, ...calls }: Moved): void {
  store.numbers.save(row);
  store.adopt(bindings, sessions);
  store.movedCalls.unpack(calls);
}

/** Forgets a number that has moved. */
export function dropNumber(store: PoolStore, { row, calls }: Moved): void {
  store.numbers.delete(row.number);
  store.movedCalls.drop({ calls });
}
