import { type EpochMs, type FallbackReason, rfc3339, type Target } from '@dialmark/shared';
import type { BindingRow, SessionRow } from '../store/rows.ts';
import type { Assigned } from './assigned.ts';
import { bindingId } from './binding-id.ts';
import type { Leasing } from './leasing.ts';
import { isExclusive } from './renew.ts';

export function assigned(binding: BindingRow): Assigned {
  const common = {
    number: binding.number,
    binding: bindingId(binding.seq),
    expiresAt: rfc3339(binding.expiresAt),
  };
  return binding.kind === 'fallback'
    ? { kind: binding.kind, reason: binding.reason ?? 'exhausted', ...common }
    : { kind: binding.kind, ...common };
}

export function none(reason: FallbackReason): Assigned {
  return { kind: 'none', reason, number: null, binding: null, expiresAt: null };
}

export function isRejected(assignment: Assigned | undefined): boolean {
  return assignment?.kind === 'none' && assignment.reason === 'rate_limited';
}

/** Returns the assignment of a visit that gets no new number. */
export function shown({ store, allocator }: Leasing, session: SessionRow, target: Target, now: EpochMs): Assigned {
  const seq = session.bindings[target.id]?.at(-1);
  const binding = seq === undefined ? null : store.binding(seq);
  if (binding === null || binding.expiresAt <= now) return none('rate_limited');
  const isGone = isExclusive(binding.kind) && !allocator.holds(binding.number, binding.seq, now);
  return isGone ? none('rate_limited') : assigned(binding);
}
