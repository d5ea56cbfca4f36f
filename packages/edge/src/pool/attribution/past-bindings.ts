import type { PastBindings as LedgerBindings } from '../../ledger/read/past-bindings.ts';
import { firstSeq } from '../leases/binding-id.ts';
import { NO_VIEWS } from '../store/page-views.ts';
import type { BindingRow, SessionRow } from '../store/rows.ts';

/** A number's bindings and their visits, as a pool stores them. */
export interface PastBindings {
  bindings: BindingRow[];
  sessions: SessionRow[];
}

/** Converts the ledger's rows to those of a pool. */
export function asKept({ bindings, sessions }: LedgerBindings): PastBindings {
  const held = bindings.map((row) => ({ ...row, address: null, early: false, reason: null }) as BindingRow);
  return {
    bindings: held,
    sessions: sessions.map(
      (row) =>
        ({
          ...row,
          seq: firstSeq(row.startedAt),
          views: NO_VIEWS,
          lastUrl: null,
          bindings: Object.fromEntries(
            [...Map.groupBy(held.filter(({ session }) => session === row.id).reverse(), ({ target }) => target)].map(
              ([target, of]) => [target, of.map(({ seq }) => seq)],
            ),
          ),
        }) as SessionRow,
    ),
  };
}
