import {
  type CallChange,
  type CallStatus,
  type DeliveryEvent,
  type EpochMs,
  type Integration,
  MINUTE,
} from '@dialmark/shared';
import type { DestinationOf } from './destinations/destination.ts';
import { counts, isWelcome } from './rules.ts';

/** A message that was planned before. */
export interface Planned {
  event: DeliveryEvent;
  revision: number;
  position: number;
  digest: string;
}

/** A message to plan: one that was never planned, or one that waits and should say what is known by now. */
export interface Plan {
  event: DeliveryEvent;
  revision: number;
  /** Not before. */
  dueAt: EpochMs;
}

const IS_OVER: Record<CallStatus, boolean> = {
  ringing: false,
  'in-progress': false,
  completed: true,
  missed: true,
  busy: true,
  failed: true,
  voicemail: true,
};

/**
 * Which message a destination should get of a call as it is now, if any. The same change twice plans the same message, so
 * that repeating it is harmless, and change older than what was planned from plans nothing.
 *
 * @param known the messages this destination was planned of this call before
 */
export function planFor(
  integration: Integration,
  destination: Pick<DestinationOf<never>, 'validate'>,
  { change, position, digest }: { change: CallChange; position: number; digest: string },
  known: readonly Planned[],
  now: EpochMs,
): Plan | null {
  const over = IS_OVER[change.call.status];
  if (integration.kind !== 'webhook') {
    if (!over || !counts(integration, change) || destination.validate(integration as never, change, now) !== null)
      return null;
    const dueAt = Math.max(now, Date.parse(change.call.startedAt) + integration.delayMinutes * MINUTE) as EpochMs;
    return { event: 'conversion', revision: 0, dueAt };
  }

  const wants = (event: DeliveryEvent) => (integration.events as DeliveryEvent[]).includes(event);
  if (change.call.status === 'ringing') {
    const fresh = known.length === 0 || known.some(({ event }) => event === 'call.ringing');
    return wants('call.ringing') && fresh && isWelcome(integration, change)
      ? { event: 'call.ringing', revision: 0, dueAt: now }
      : null;
  }
  if (!over) return null;

  const told = known
    .filter(({ event }) => event !== 'call.ringing')
    .reduce<Planned | null>((last, next) => (last && last.revision > next.revision ? last : next), null);
  if (told === null) {
    return wants('call.completed') && counts(integration, change)
      ? { event: 'call.completed', revision: 0, dueAt: now }
      : null;
  }
  // Told already, perhaps by a run that ended before the message was on its way.
  if (told.digest === digest) return { event: told.event, revision: told.revision, dueAt: now };
  if (told.position >= position || !wants('call.updated')) return null;
  return { event: 'call.updated', revision: told.revision + 1, dueAt: now };
}

/** Returns the fields of a call that a destination would notice a change of. */
export function noticeable({ call }: CallChange): unknown[] {
  const { match, binding, session, visitor } = call.attribution;
  return [
    call.from,
    call.to,
    call.target,
    call.startedAt,
    call.status,
    call.durationSeconds,
    call.value,
    call.firstTime,
    call.spam,
    call.tags,
    call.recordingUrl,
    match,
    binding?.id ?? null,
    session?.id ?? null,
    visitor?.id ?? null,
  ];
}
