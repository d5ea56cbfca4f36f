import { DAY, dayOf, type EpochMs } from '@dialmark/shared';
import * as ledgerRetention from '../ledger/forget/retention.ts';
import { learnWeights } from '../ledger/write/learn-weights.ts';
import { sumMonths } from '../ledger/write/visit-pairs.ts';
import { done, type Outcome, unknownSite } from '../platform/result.ts';
import type { PoolCore } from './core.ts';

/** The pool keeps its log for the lookback, in which a visit still counts for a call, and this long more. */
const HOT_DAYS_MORE = 30;

/** Where the pool notes, beside the tables, since when its log is complete: what was before may only be in the ledger. */
const LET_GO_BEFORE = 'let_go_before';

/** Returns since when the pool's own log is complete; null if it has let go of nothing yet. */
export function logIsCompleteSince({ kv }: DurableObjectStorage): number | null {
  return kv.get<number>(LET_GO_BEFORE) ?? null;
}

/** Does the nightly work of a site: forgets what is older than it keeps; the first shard also maintains the ledger. */
export async function maintain(core: PoolCore): Promise<Outcome<null>> {
  if (!core.memory) return unknownSite;
  const { site, shard } = core.memory;
  const { env, outbox } = core;
  const now = Date.now() as EpochMs;
  const before = (now - site.retentionDays * DAY) as EpochMs;
  core.addresses.retire(now);
  while (core.change(() => core.store.forgetOlder(before, now))) await scheduler.wait(1);
  const hotSince = (now - (site.attribution.lookbackDays + HOT_DAYS_MORE) * DAY) as EpochMs;
  // Only what the ledger has: while anything waits for it, the pool keeps all.
  while (outbox.isSettled && core.change(() => letGoBefore(core, hotSince, now))) await scheduler.wait(1);
  if (shard === 0) {
    await ledgerRetention.forgetOlder(env.LEDGER, site.id, before, dayOf(before, site.timeZone));
    await sumMonths(env.LEDGER, site.id, dayOf(now, site.timeZone));
    await learnWeights(env.LEDGER, site, now);
  }
  core.change(() => outbox.takeUpAgain());
  return done(null);
}

function letGoBefore({ store, storage: { kv } }: PoolCore, before: EpochMs, now: EpochMs): boolean {
  kv.put(LET_GO_BEFORE, Math.max(before, kv.get<number>(LET_GO_BEFORE) ?? 0));
  return store.letGo(before, now);
}
