import type { LedgerBatch } from '../ledger/ledger.ts';
import { bindingId } from './binding-id.ts';
import type { Leasing } from './leasing.ts';
import type { Batch } from './outbox.ts';

/** The rows that a batch of changes names, as they are now, in the ledger's form. Erased rows are left out. */
export function snapshot(pool: Pick<Leasing, 'site' | 'store'>, batch: Batch): LedgerBatch {
  const { store } = pool;
  const present = <T>(row: T | null): row is T => row !== null;
  const sessions = batch.sessions.map((id) => store.session(id)).filter(present);
  return {
    site: pool.site.id,
    rev: batch.upTo,
    timeZone: pool.site.timeZone,
    lookbackDays: pool.site.attribution.lookbackDays,
    erasures: { visitors: batch.erasedVisitors, callers: batch.erasedCallers },
    sessions,
    pageViews: sessions.flatMap((session) =>
      store.pageViews(session).map(({ url, at }, index) => ({ session: session.id, n: index + 1, url, at })),
    ),
    bindings: batch.bindings
      .map((seq) => store.binding(seq))
      .filter(present)
      .map((row) => ({ ...row, id: bindingId(row.seq) })),
    calls: batch.calls
      .map((id) => store.call(id))
      .filter(present)
      .map(({ from, to, binding, ...row }) => ({
        ...row,
        caller: from,
        number: to,
        binding: binding === null ? null : bindingId(binding),
      })),
  };
}
