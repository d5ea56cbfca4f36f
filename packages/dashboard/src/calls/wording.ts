import type { Attribution, Call, CallStatus, CallTouch, Match, NumberPreset } from '@dialmark/shared';
import { percent } from '../model/format.ts';
import { placeInWords, placeName } from '../numbers/places.ts';

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
        : 'This number stands for one source, so the source is certain. No visit was showing it at that moment, so the visit is unknown.';
    case 'caller':
      if (!session)
        return 'This caller is known from an earlier call, and so are the visits before it. The number comes last.';
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

/** Returns where a call came from, in a few words. */
export function originOf(
  { to, attribution: { touch } }: { to: string | null; attribution: Pick<Attribution, 'touch'> },
  names: ReadonlyMap<string, string> = new Map(),
): { channel: string; detail: string } {
  if (!touch) return { channel: 'Unknown', detail: (to && names.get(to)) ?? '' };
  return { channel: touch.channel, detail: detailOf(touch) };
}

/** Returns what a touch says beside its channel. A number has one name where a visit has a source and a campaign. */
export function detailOf({
  source,
  campaign,
  term,
  numberName = null,
}: Pick<CallTouch, 'source' | 'campaign' | 'term'> & { numberName?: string | null }): string {
  const parts = [numberName ?? source, campaign === numberName ? null : campaign, term];
  return parts.filter((part) => part && part !== '(direct)').join(' · ');
}

/** Returns where a caller saw the source number that a call counts as: `on the flyer, Spring flyer`. Null of visits. */
export function seenWhere(touch: CallTouch, preset: NumberPreset | null): string | null {
  if (touch.number === null) return null;
  const name = touch.numberName;
  const place = preset && placeInWords(preset);
  if (!place) return name ? `of ${name}` : 'that stands for one source';
  return name && name.toLowerCase() !== placeName(preset).toLowerCase() ? `${place}, ${name}` : place;
}

export const isLive = ({ status }: Call) => status === 'ringing' || status === 'in-progress';
