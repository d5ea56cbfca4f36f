import { type SourceKind, sourceOfTag } from './registry.ts';

/** The three tags that GA4's rules look at; null if there is none. */
export interface ChannelTags {
  source: string | null;
  medium: string | null;
  campaign: string | null;
}

interface Facts {
  source: string;
  medium: string;
  campaign: string;
  kind: SourceKind | null;
}

const paid = ({ medium }: Facts) => /^(.*cp.*|ppc|retargeting|paid.*)$/s.test(medium);
const shopCampaign = ({ campaign }: Facts) => /([^a-df-z]|^)shop|shopping/.test(campaign);
const mail = ['email', 'e-mail', 'e_mail', 'e mail'];

/**
 * GA4's default channel groups for manual traffic, in GA4's order: the first rule that fits decides.
 * Source: https://support.google.com/analytics/answer/9756891. `AI Assistants` stands after everything paid;
 * GA4 has such a channel since May 2026, by the medium `ai-assistant`: https://support.google.com/analytics/answer/9164320.
 */
const RULES: readonly [channel: string, fits: (facts: Facts) => boolean][] = [
  ['Direct', ({ source, medium }) => source === '(direct)' && ['(none)', '(not set)', ''].includes(medium)],
  // Ours, before everything that reads the source: a listing at Google is no search, whatever it is called.
  ['Local Listings', ({ medium }) => medium === 'local'],
  ['Offline', ({ medium }) => medium === 'offline'],
  ['Cross-network', ({ campaign }) => campaign.includes('cross-network')],
  ['Paid Shopping', (facts) => (facts.kind === 'shopping' || shopCampaign(facts)) && paid(facts)],
  ['Paid Search', (facts) => facts.kind === 'search' && paid(facts)],
  ['Paid Social', (facts) => facts.kind === 'social' && paid(facts)],
  ['Paid Video', (facts) => facts.kind === 'video' && paid(facts)],
  ['Display', ({ medium }) => ['display', 'banner', 'expandable', 'interstitial', 'cpm'].includes(medium)],
  ['Paid Other', paid],
  ['AI Assistants', ({ kind, medium }) => kind === 'ai' || medium === 'ai-assistant'],
  ['Organic Shopping', (facts) => facts.kind === 'shopping' || shopCampaign(facts)],
  [
    'Organic Social',
    ({ kind, medium }) =>
      kind === 'social' ||
      ['social', 'social-network', 'social-media', 'sm', 'social network', 'social media'].includes(medium),
  ],
  ['Organic Video', ({ kind, medium }) => kind === 'video' || medium.includes('video')],
  ['Organic Search', ({ kind, medium }) => kind === 'search' || medium === 'organic'],
  ['Referral', ({ medium }) => ['referral', 'app', 'link'].includes(medium)],
  ['Email', ({ source, medium }) => mail.includes(source) || mail.includes(medium)],
  ['Affiliates', ({ medium }) => medium === 'affiliate'],
  ['Audio', ({ medium }) => medium === 'audio'],
  ['SMS', ({ source, medium }) => source === 'sms' || medium === 'sms'],
  [
    'Mobile Push Notifications',
    ({ source, medium }) =>
      medium.endsWith('push') || medium.includes('mobile') || medium.includes('notification') || source === 'firebase',
  ],
];

const UNASSIGNED = 'Unassigned';

/** The name of every channel. */
export const CHANNELS: readonly string[] = [...RULES.map(([channel]) => channel), UNASSIGNED];

/** Returns the channel that tags belong to, whatever their case; `Unassigned` where no rule fits. */
export function channelOf(tags: ChannelTags): string {
  const lower = (text: string | null) => (text ?? '').trim().toLowerCase();
  const source = lower(tags.source);
  const facts: Facts = {
    source,
    medium: lower(tags.medium),
    campaign: lower(tags.campaign),
    kind: sourceOfTag(source)?.kind ?? null,
  };
  return RULES.find(([, fits]) => fits(facts))?.[0] ?? UNASSIGNED;
}
