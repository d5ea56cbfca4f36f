import type { BindingKind, EpochMs } from '@dialmark/shared';
import type { Counting } from '../../admission/admission.ts';
import type { BindingRow } from '../store/rows.ts';
import type { Activity } from './allocator.ts';
import type { Leasing } from './leasing.ts';

/** Renews a binding. @returns null if its number is no longer the session's */
export function renew(
  pool: Leasing,
  binding: BindingRow,
  visitor: string | null,
  activity: Activity,
  counting: Counting,
  now: EpochMs,
): BindingRow | null {
  let { expiresAt } = binding;
  // A number is held longer for the first tap on it; who taps again and again keeps it as any activity does.
  const lasting = activity === 'tel_click' && binding.telClickAt !== null ? 'active' : activity;
  if (isExclusive(binding.kind)) {
    const held = pool.allocator.renew(binding.number, binding.seq, lasting, now);
    if (!held) return null;
    held.visitor = visitor;
    expiresAt = held.expiresAt;
    pool.admission.noteBinding(counting, binding.target, binding.seq, expiresAt, now);
  } else {
    expiresAt = pool.allocator.extended(binding.expiresAt, lasting, now);
  }
  const telClickAt = activity === 'tel_click' ? now : binding.telClickAt;
  // Consent given, or taken back, since the number was.
  if (binding.visitor !== visitor) pool.store.bindings.setVisitor(binding.seq, visitor);
  pool.store.bindings.renew(binding.seq, now, expiresAt, telClickAt);
  pool.counters.renewed();
  return { ...binding, visitor, lastActiveAt: now, expiresAt, telClickAt };
}

export function isExclusive(kind: BindingKind): boolean {
  return kind === 'pool' || kind === 'shared';
}
