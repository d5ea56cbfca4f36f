import type { Attribution, Call, CallStatus, Match } from '@dialmark/shared';
import { percent } from '../model/format.ts';

export const STATUS: Record<CallStatus, { text: string; tone: '' | 'good' | 'warn' | 'bad' | 'info' }> = {
  ringing: { text: 'Ringing', tone: 'info' },
  'in-progress': { text: 'In progress', tone: 'info' },
  completed: { text: 'Answered', tone: 'good' },
  missed: { text: 'Missed', tone: 'bad' },
  busy: { text: 'Busy', tone: 'bad' },
  failed: { text: 'Failed', tone: 'bad' },
  voicemail: { text: 'Voicemail', tone: 'warn' },
};

export const MATCH: Record<Match, string> = {
  active: 'On the site while calling',
  recent: 'Recent visit',
  shared: 'Shared number',
  source: 'Source number',
  caller: 'Returning caller',
  none: 'No visit',
};

/** Returns why this visit and no other, or why none. */
export function reasonOf({
  attribution: { match, session, candidates },
  hint,
}: Pick<Call, 'attribution' | 'hint'>): string {
  const others = candidates.length === 1 ? 'one other visit' : `${candidates.length} other visits`;
  switch (match) {
    case 'active':
      return 'This visit was showing the number when the call came in.';
    case 'recent':
      return candidates.length === 0
        ? 'The visit had ended, but no other visit is known to have shown the number.'
        : `No visit was showing the number anymore. This is the most likely of those that had; ${others} could have called too.`;
    case 'shared':
      return `The pool was full, so several visits shared this number; ${others} could have called too.`;
    case 'source':
      return session
        ? `Every visitor from one source sees this number. This visit was showing it when the call came in${candidates.length > 0 ? `; so were ${others}` : ''}.`
        : 'Every visitor from one source sees this number, so the source is certain. No visit was showing it at that moment, so the visit is unknown.';
    case 'caller':
      return `This caller has called before, from a visit that was showing the number${candidates.length > 0 ? `; ${others} could have called too` : ''}.`;
    case 'none':
      if (hint?.kind === 'printed')
        return 'The caller didn’t dial a tracking number, so the visit can’t be identified.';
      if (hint?.kind === 'no_number')
        return 'The carrier didn’t report the dialed number, so the visit can’t be identified.';
      if (hint?.kind === 'not_added') return 'No visit was ever shown this number.';
      return 'No visit was shown the number before the call.';
  }
}

/** Describes how a visit is related to a call. */
export function partOf({ attribution: { confidence }, spam }: Call): { text: string; tone: '' | 'good' | 'warn' } {
  if (spam) return { text: 'was showing the dialed number', tone: '' };
  if (confidence >= 0.8) return { text: 'led to this call', tone: 'good' };
  return confidence >= 0.5
    ? { text: 'likely led to this call', tone: 'warn' }
    : { text: 'may have led to this call', tone: '' };
}

/** Never claims certainty: `over 99%` where rounding would give 100%. */
export const likelihood = (confidence: number) => (confidence >= 0.995 ? 'over 99%' : percent(confidence));

export function sureness({ confidence, match, session }: Attribution): string {
  if (match === 'none') return '–';
  // Nobody is named, and nothing is left to be unsure of.
  return session ? `${likelihood(confidence)} sure` : 'visit unknown';
}

/** Returns where the call came from, in a few words. */
export function originOf(
  { to, attribution: { session, match } }: { to: string | null; attribution: Pick<Attribution, 'session' | 'match'> },
  names: ReadonlyMap<string, string> = new Map(),
): { channel: string; detail: string } {
  if (!session)
    return { channel: match === 'source' ? 'Source number' : 'Unknown', detail: (to && names.get(to)) ?? '' };
  const detail = [session.source, session.campaign, session.term].filter((part) => part && part !== '(direct)');
  return { channel: session.channel, detail: detail.join(' · ') };
}

export const isLive = ({ status }: Call) => status === 'ringing' || status === 'in-progress';
