import type { E164, EpochMs } from '@dialmark/shared';
import type { Forwarding } from '@dialmark/shared/wire/forwarding';
import { isOpen } from './hours.ts';

/** The steps of one call, in order: each begins if the one before was not answered. */
export interface CallPlan {
  steps: CallStep[];
  /** The number shown to the called party: the caller's own, or the tracking number that was dialled. */
  callerId: 'caller' | 'tracking';
  /** Read to the caller before anything is recorded; null if nothing is, or no announcement is wanted. */
  announcement: string | null;
  /** True if answered calls are recorded. */
  record: boolean;
  /** The language of everything read aloud, e.g. `en-US`. */
  language: string;
}

export type CallStep = Dial | Voicemail | Message;

/** A phone rings. */
export interface Dial {
  kind: 'dial';
  destination: E164;
  timeoutSeconds: number;
  /** Said to the called party before the caller is put through. */
  whisper: string | null;
}

/** The caller is asked to leave a message. */
export interface Voicemail {
  kind: 'voicemail';
  greeting: string;
  maxSeconds: number;
}

/** The caller hears a message and the call ends. */
export interface Message {
  kind: 'message';
  message: string;
}

/**
 * Returns the plan for a call that began at `startedAt`. Asked again with the same start it gives the same plan, so that a
 * call which runs past closing time is finished by the plan it began with.
 *
 * @param source where the call came from, for the whisper: `Google Ads`; null if that is not known
 * @param dialled the number that was dialled: ringing it would bring the call back here, round and round
 */
export function planFor(
  target: { destination: E164; forwarding: Forwarding },
  startedAt: EpochMs,
  timeZone: string,
  source: string | null,
  dialled: string | null = null,
): CallPlan {
  const { forwarding } = target;
  const { hours, voicemail, overflow } = forwarding;
  // A source may come from anybody's link, so it is kept short; the carriers' modules make it safe to write.
  const spoken = source === null ? 'your website' : [...source].slice(0, 60).join('');
  const whisper = forwarding.whisper?.replaceAll('{source}', () => spoken) ?? null;
  const dial = (destination: E164, timeoutSeconds: number): Dial => ({
    kind: 'dial',
    destination,
    timeoutSeconds,
    whisper,
  });
  const message: CallStep[] = voicemail ? [{ kind: 'voicemail', ...voicemail }] : [];

  const steps = ((): CallStep[] => {
    if (!hours || isOpen(hours, startedAt, timeZone)) {
      const second = overflow ? [dial(overflow.destination, overflow.timeoutSeconds)] : [];
      return [dial(target.destination, forwarding.timeoutSeconds), ...second, ...message];
    }
    const { whenClosed } = hours;
    if (whenClosed.kind === 'message') return [{ kind: 'message', message: whenClosed.message }];
    if (whenClosed.kind === 'destination') return [dial(whenClosed.destination, forwarding.timeoutSeconds), ...message];
    // Voicemail that is not set up would drop the call in silence; rule 4 of the design: a call always rings.
    return voicemail ? message : [dial(target.destination, forwarding.timeoutSeconds)];
  })();

  return {
    steps: steps.filter((step) => step.kind !== 'dial' || step.destination !== dialled),
    callerId: forwarding.callerId,
    announcement: forwarding.recording?.announcement ?? null,
    record: forwarding.recording !== null,
    language: forwarding.language,
  };
}

/** Index of the step after `index`, or null if that was the last. */
export function stepAfter(plan: CallPlan, index: number): number | null {
  return index + 1 < plan.steps.length ? index + 1 : null;
}
