import type { Attribution, Call, CallStatus, Match } from '@dialmark/shared';
import { percent } from '../model/format.ts';

export const STATUS: Record<CallStatus, { text: string; tone: '' | 'good' | 'warn' | 'bad' | 'info' }> = {
  ringing: { text: 'Ringing', tone: 'info' },
  'in-progress': { text: 'Talking', tone: 'info' },
  completed: { text: 'Answered', tone: 'good' },
  missed: { text: 'Missed', tone: 'bad' },
  busy: { text: 'Busy', tone: 'bad' },
  failed: { text: 'Failed', tone: 'bad' },
  voicemail: { text: 'Voicemail', tone: 'warn' },
};

export const MATCH: Record<Match, string> = {
  active: 'Visit under way',
  recent: 'Recent visit',
  shared: 'Shared number',
  source: 'Source number',
  caller: 'Known caller',
  none: 'No visit',
};

/** Why this visit and no other, or why none. */
export function reasonOf({
  attribution: { match, session, candidates },
  hint,
}: Pick<Call, 'attribution' | 'hint'>): string {
  const others = candidates.length === 1 ? 'one other visit' : `${candidates.length} other visits`;
  switch (match) {
    case 'active':
      return 'This visit held the number at the moment of the call.';
    case 'recent':
      return candidates.length === 0
        ? 'The visit was over by then, and no other is known to have held the number.'
        : `No visit held the number any more. Of those that had, this is the likeliest; ${others} could have called too.`;
    case 'shared':
      return `The pool was full, so several visits were shown this number; ${others} could have called too.`;
    case 'source':
      return session
        ? `The number stands for a source, and whoever comes from there sees it. This visit had it before it at that moment${candidates.length > 0 ? `; so did ${others}` : ''}.`
        : 'The number stands for a source: whoever dials it came from there. No visit had it before it at that moment, so which one it was is not known.';
    case 'caller':
      return `This caller had called before, from a visit that held the number then${candidates.length > 0 ? `; ${others} could have called too` : ''}.`;
    case 'none':
      if (hint?.kind === 'printed')
        return 'It was no tracking number that was dialled, so no visit can be told from another.';
      if (hint?.kind === 'no_number')
        return 'The carrier did not say which number was dialled, so no visit can be told from another.';
      if (hint?.kind === 'not_added') return 'The number was never given to a visit.';
      return 'No visit had been shown the number before the call.';
  }
}

/** What a visit has to do with the call that it is taken for. */
export function partOf({ attribution: { confidence }, spam }: Call): { text: string; tone: '' | 'good' | 'warn' } {
  if (spam) return { text: 'held the number that was dialled', tone: '' };
  if (confidence >= 0.8) return { text: 'led to this call', tone: 'good' };
  return confidence >= 0.5
    ? { text: 'likely led to this call', tone: 'warn' }
    : { text: 'may have led to this call', tone: '' };
}

/** Nothing is certain: `over 99%` where rounding would say so. */
export const likelihood = (confidence: number) => (confidence >= 0.995 ? 'over 99%' : percent(confidence));

export function sureness({ confidence, match, session }: Attribution): string {
  if (match === 'none') return '–';
  // Nobody is named, and nothing is left to be unsure of.
  return session ? `${likelihood(confidence)} sure` : 'visit not known';
}

/** Where the call came from, in a few words. */
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
