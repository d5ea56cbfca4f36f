import type { EpochMs } from '@dialmark/shared';
import type { PoolCore } from '../core.ts';
import { firstSeq } from '../leases/binding-id.ts';

/** The storage key of the sequence numbers from which the log still has to be sent again. */
const RESENDING = 'resending';
/** Rows noted at once. */
const SLICE = 500;

interface Progress {
  sessions: number | null;
  bindings: number | null;
  /** By their ids. */
  calls: string | null;
  /** By their ids; left out by earlier versions. */
  forms?: string | null;
  since: EpochMs;
}

/** Has everything sent again that began since a moment: the next alarms go on with it. */
export function resendSince(core: PoolCore, since: EpochMs): void {
  const from = firstSeq(since) - 1;
  core.storage.kv.put(RESENDING, { sessions: from, bindings: from, calls: '', forms: '', since } satisfies Progress);
  core.wakeIn(0);
}

/** Notes a slice of what is to be sent again for the ledger. @returns whether there is more */
export function resendSlice(core: PoolCore): boolean {
  const { kv } = core.storage;
  const at = kv.get<Progress>(RESENDING);
  if (!at || !core.memory) return false;
  return core.change(() => {
    const next: Progress = {
      sessions: at.sessions === null ? null : core.store.sessions.noteAfter(at.sessions, SLICE),
      bindings: at.bindings === null ? null : core.store.bindings.noteAfter(at.bindings, SLICE),
      calls: at.calls === null ? null : core.store.calls.noteAfter(at.calls, at.since, SLICE),
      forms: at.forms === null ? null : core.store.forms.noteAfter(at.forms ?? '', at.since, SLICE),
      since: at.since,
    };
    const more = next.sessions !== null || next.bindings !== null || next.calls !== null || next.forms !== null;
    if (more) kv.put(RESENDING, next);
    else kv.delete(RESENDING);
    return more;
  });
}
