import { DAY, type EpochMs } from '@dialmark/shared';
import { NightlyWork } from '../platform/nightly-work.ts';
import type { PoolCore } from './core.ts';

/** The pool keeps its log for the lookback, in which a visit still counts for a call, and this long more. */
const HOT_DAYS_MORE = 30;

/** The storage key of the time since when the pool's log is complete: older rows may be in the ledger only. */
const LET_GO_BEFORE = 'let_go_before';

/** Returns since when the pool's own log is complete; null if it has let go of nothing yet. */
export function logIsCompleteSince({ kv }: DurableObjectStorage): number | null {
  return kv.get<number>(LET_GO_BEFORE) ?? null;
}

/** A pool's nightly work: deletes rows past the site's retention, and rows that the ledger has. */
export function nightOf(core: PoolCore): NightlyWork {
  const { storage, outbox } = core;
  const { kv } = storage;
  return new NightlyWork(storage, () => core.memory?.site.id ?? '', [
    {
      name: 'forget',
      slice: (_, now) => {
        core.addresses.retire(now);
        const retentionDays = core.memory?.site.retentionDays;
        if (retentionDays === undefined) return null;
        return core.change(() => core.store.forgetOlder((now - retentionDays * DAY) as EpochMs, now)) ? 0 : null;
      },
    },
    {
      name: 'let_go',
      slice: (place, now) => {
        const lookbackDays = core.memory?.site.attribution.lookbackDays;
        // Only what the ledger has: while anything waits for it, the pool keeps all.
        if (lookbackDays === undefined || !outbox.isSettled) return null;
        const before = (now - (lookbackDays + HOT_DAYS_MORE) * DAY) as EpochMs;
        return core.change(() => {
          kv.put(LET_GO_BEFORE, Math.max(before, kv.get<number>(LET_GO_BEFORE) ?? 0));
          return core.store.letGo(before, now, Number(place ?? 0));
        });
      },
    },
    {
      name: 'let_go_forms',
      slice: (_, now) => {
        const lookbackDays = core.memory?.site.attribution.lookbackDays;
        if (lookbackDays === undefined || !outbox.isSettled) return null;
        const before = (now - (lookbackDays + HOT_DAYS_MORE) * DAY) as EpochMs;
        return core.change(() => core.store.forms.forgetBefore(before)) ? 0 : null;
      },
    },
    {
      name: 'take_up_again',
      slice: () => {
        core.change(() => outbox.takeUpAgain());
        return null;
      },
    },
  ]);
}
