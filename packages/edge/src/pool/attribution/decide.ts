import { attribute, type CallerTie, countsAs, type E164, type EpochMs, fourDecimals } from '@dialmark/shared';
import type { Counted } from '../../calls/call-touch.ts';
import { bindingId, firstSeq } from '../leases/binding-id.ts';
import type { BindingRow, CallRow, NumberRow } from '../store/rows.ts';
import type { Attributing } from './attributing.ts';
import type { Taught } from './habits.ts';

/** The visit that a call came from, as stored with the call: keys only. */
export type Decision = Pick<
  CallRow,
  'match' | 'confidence' | 'binding' | 'session' | 'visitor' | 'candidates' | 'counted'
>;

/** A decision, with what the call taught where it is new. */
export type Decided = Decision & { taught: Taught | null };

const UNATTRIBUTED: Decision = {
  match: 'none',
  confidence: 0,
  binding: null,
  session: null,
  visitor: null,
  candidates: [],
  counted: null,
};

/** A caller's earlier visits searched for one that held the dialled number. */
const VISITS_SEARCHED = 20;

/**
 * Decides which visit a call came from.
 *
 * @param caller as it is kept; null if withheld
 * @param call the call's own id, which does not count among the caller's earlier ones; null for a question without one
 * @param isNew true if the site does not know this call yet: it then teaches how its visitors call
 */
export function decide(
  pool: Attributing,
  number: string,
  at: EpochMs,
  caller: string | null,
  call: string | null,
  isNew = false,
): Decided {
  const { store } = pool;
  const before = firstSeq((at + 1) as EpochMs);
  const bindings = store.bindings.callableAt(number, before, at);
  const ties = caller === null ? [] : store.calls.visitorsOfCaller(caller, at, call);
  // The caller's latest visitor that held this number; else the latest of all.
  const tie = ties.find(({ visitor }) => heldBy(pool, visitor, number, before, bindings)) ?? ties[0] ?? null;

  const row = pool.numbers.get(number as E164);
  const fixed = row?.kind === 'source';
  // A call to a source number belongs to its rule; only a visit that is shown it right now is named.
  const weighed = fixed ? bindings.filter((each) => each.expiresAt > at || each.visitor === tie?.visitor) : bindings;
  const { match, confidence, chosen, candidates } = attribute(weighed, at, tie, pool.habits.model);
  const taught = isNew && !tie && row?.kind === 'pool' ? pool.habits.teach(bindings, at, Date.now() as EpochMs) : null;
  if (!chosen) return { ...(fixed ? ofNumber(row, tie, pool.habits.model.callerTrust) : UNATTRIBUTED), taught };
  return {
    taught,
    counted: fixed ? countedAs(row, chosen.expiresAt > at) : null,
    match: fixed && match !== 'caller' ? 'source' : match,
    confidence,
    binding: chosen.seq,
    session: chosen.session,
    visitor: chosen.visitor,
    candidates: candidates.map((other) => ({
      session: other.binding.session,
      visitor: other.binding.visitor,
      binding: bindingId(other.binding.seq),
      confidence: other.confidence,
    })),
  };
}

/** A call to a source number that no visit was shown: the caller's, where the caller is known, else the number's alone. */
function ofNumber(row: NumberRow, tie: CallerTie | null, trust: number): Decision {
  const counted = countedAs(row, false);
  if (tie === null) return { ...UNATTRIBUTED, match: 'source', confidence: 1, counted };
  const confidence = fourDecimals(tie.confidence * trust);
  return { ...UNATTRIBUTED, match: 'caller', confidence, visitor: tie.visitor, counted };
}

/** Returns what a call to a source number counts as from now on. */
export function countedAs(row: NumberRow, shown: boolean): Counted {
  return { ...countsAs(row), name: row.name, shown };
}

/** Returns whether a visitor held the number; a binding too old to be among those weighed is added to them. */
function heldBy(
  { store }: Attributing,
  visitor: string,
  number: string,
  before: number,
  bindings: BindingRow[],
): boolean {
  if (bindings.some((each) => each.visitor === visitor)) return true;
  for (const visit of store.sessions.ofVisitor(visitor, VISITS_SEARCHED)) {
    for (const seq of Object.values(visit.bindings).flat()) {
      const binding = seq < before ? store.binding(seq) : null;
      if (binding?.number !== number) continue;
      bindings.push(binding);
      return true;
    }
  }
  return false;
}

/** Returns the decision that a row holds. */
export function pick({ match, confidence, binding, session, visitor, candidates, counted }: Decision): Decision {
  return { match, confidence, binding, session, visitor, candidates, counted };
}
