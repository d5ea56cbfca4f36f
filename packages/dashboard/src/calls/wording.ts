import type { Attribution, Call, CallStatus, Match } from '@dialmark/shared';
import { percent } from '../format.ts';

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

/** Why this visit and no other. */
export function reasonOf({ match, candidates }: Attribution): string {
  const others = candidates.length === 1 ? 'one other visit' : `${candidates.length} other visits`;
  switch (match) {
    case 'active':
      return 'This visit held the number at the moment of the call.';
    case 'recent':
      return 'The visit was over, but nobody had been shown the number since.';
    case 'shared':
      return `The pool was full, so several visits were shown this number; ${others} could have called too.`;
    case 'source':
      return 'The number belongs to one source. Whoever dials it came from there; which visit it was, it cannot tell.';
    case 'caller':
      return `This caller had called before, from a visit that held the number then${candidates.length > 0 ? `; ${others} could have called too` : ''}.`;
    case 'none':
      return 'Nobody was shown this number around that time.';
  }
}

/** Nothing is certain: `over 99%` where rounding would say so. */
export const likelihood = (confidence: number) => (confidence >= 0.995 ? 'over 99%' : percent(confidence));

export function sureness({ confidence, match }: Attribution): string {
  return match === 'none' ? '–' : `${likelihood(confidence)} sure`;
}

/** Where the call came from, in a few words. */
export function originOf(
  { to, attribution: { session, match } }: Pick<Call, 'to' | 'attribution'>,
  names: ReadonlyMap<string, string> = new Map(),
): { channel: string; detail: string } {
  if (!session) return { channel: match === 'source' ? 'Source number' : 'Unknown', detail: names.get(to) ?? '' };
  const detail = [session.source, session.campaign, session.term].filter((part) => part && part !== '(direct)');
  return { channel: session.channel, detail: detail.join(' · ') };
}

export const isLive = ({ status }: Call) => status === 'ringing' || status === 'in-progress';
