import { byPrecedence, type E164, type EpochMs, HOUR, SECOND } from '@dialmark/shared';
import { Admission } from '../../admission/admission.ts';
import { KeysOfDay } from '../../admission/keys-of-day.ts';
import type { Attributing } from '../attribution/attributing.ts';
import { Allocator, type LiveBinding } from '../leases/allocator.ts';
import { firstSeq, sequence } from '../leases/binding-id.ts';
import type { Leasing } from '../leases/leasing.ts';
import type { Counters } from '../monitoring/counters.ts';
import { hash, homeOf, type Layout } from '../shards/layout.ts';
import type { BindingRow, NumberRow } from './rows.ts';
import type { PoolStore } from './store.ts';

/** A pool's memory, all of which can be rebuilt from SQLite. */
export type Memory = Leasing & Attributing & { numbers: Map<E164, NumberRow>; layout: Layout; shard: number };

/** Builds the memory from SQLite in one pass; null if there is no site. */
export function readMemory(store: PoolStore, counters: Counters, now: EpochMs): Memory | null {
  const stored = store.sites.get();
  if (!stored) return null;
  const { site, layout, shard } = stored;
  const numbers = new Map(store.numbers.list().map((row) => [row.number, row]));
  const allocator = new Allocator({
    ttlMs: site.lease.ttlSeconds * SECOND,
    cooldownMs: site.lease.cooldownSeconds * SECOND,
    onExhausted: site.lease.onExhausted,
  });
  const latest = store.bindings.latestOfEachNumber();
  const pooled = [...numbers.values()]
    .filter((row) => row.kind === 'pool')
    .map((row) => ({ row, bindings: (latest.get(row.number) ?? []).map(toLiveBinding) }))
    .sort((a, b) => releasedAt(a.bindings) - releasedAt(b.bindings));
  for (const { row, bindings } of pooled) {
    // A number on its way to another shard is kept by the visit that holds it and given to no other.
    const leaving = row.status === 'active' && homeOf(row.number, layout.shards) !== shard;
    allocator.add(row.number, row.target, leaving ? 'draining' : row.status, bindings, now);
  }

  const admission = new Admission(site, layout.shards, counters.counts);
  for (const { at, ...given } of store.bindings.givenSince(firstSeq((now - HOUR) as EpochMs)))
    admission.remember(given, at);
  for (const { address, target, seq, expiresAt } of pooled.flatMap(({ row }) => latest.get(row.number) ?? [])) {
    if (expiresAt > now) admission.noteBinding({ address, block: null, visitor: null }, target, seq, expiresAt, now);
  }

  const sources = Map.groupBy(
    byPrecedence([...numbers.values()].flatMap((row) => (isActiveSource(row) ? [row] : []))),
    (row) => row.target,
  );
  return {
    site,
    layout,
    shard,
    store,
    counters,
    numbers,
    sources,
    allocator,
    habits: store.habits(),
    admission,
    keys: new KeysOfDay(hash),
    nextSeq: sequence(store.lastSeq(), shard, Math.random),
  };
}

function isActiveSource(row: NumberRow): row is NumberRow & { match: NonNullable<NumberRow['match']> } {
  return row.kind === 'source' && row.status === 'active' && row.match !== null;
}

function toLiveBinding(row: BindingRow): LiveBinding {
  const { seq, session, visitor, startedAt, lastActiveAt, expiresAt } = row;
  return { seq, session, visitor, startedAt, lastActiveAt, expiresAt };
}

function releasedAt(bindings: LiveBinding[]): number {
  return Math.max(0, ...bindings.map((binding) => binding.expiresAt));
}
