import type { EpochMs } from '@dialmark/shared';
import type { CallRow } from '../store/rows.ts';
import type { Attributing } from './attributing.ts';

/** A call as one of a caller's, to be set before or after the others. */
export interface InOrder {
  id: string;
  startedAt: EpochMs;
}

export function isBefore(a: InOrder, b: InOrder): boolean {
  return a.startedAt < b.startedAt || (a.startedAt === b.startedAt && a.id < b.id);
}

/** Returns whether this is the caller's first call; an earlier call that comes in late takes the mark from a later one. */
export function decideFirstTime(pool: Attributing, row: CallRow): boolean {
  if (row.from === null || row.test) return false;
  const earliest = pool.store.calls.firstOfCaller(row.from, row.id);
  const first = earliest === null || isBefore(row, earliest);
  if (earliest) mark(pool, earliest, !first && !earliest.stated.calledElsewhere);
  return first && !row.stated.calledElsewhere;
}

/**
 * Sets what another shard knows of a caller against what this one does; of two shards that ask each other about the
 * same caller, one call keeps the mark.
 *
 * @param theirs the caller's first call over there
 * @returns whether a call here came before it
 */
export function calledBefore(pool: Attributing, caller: string, theirs: InOrder): boolean {
  const ours = pool.store.calls.firstOfCaller(caller, theirs.id);
  if (ours && isBefore(theirs, ours)) markCalledElsewhere(pool, ours);
  return ours !== null && isBefore(ours, theirs);
}

/** Notes that another shard knows an earlier call of the caller. */
export function markCalledElsewhere(pool: Attributing, row: CallRow): void {
  mark(pool, { ...row, stated: { ...row.stated, calledElsewhere: true } }, false);
}

function mark(pool: Attributing, row: CallRow, firstTime: boolean): void {
  if (row.firstTime === firstTime) return;
  pool.store.calls.save({ ...row, firstTime });
}
