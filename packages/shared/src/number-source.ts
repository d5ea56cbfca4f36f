import { CHANNELS, channelOf } from './classify/channel.ts';
import { plainName } from './classify/tags.ts';
import type { CountsAs, NumberPreset, NumberSource } from './wire/number.ts';

type Counted = Pick<CountsAs, 'source' | 'medium' | 'channel'>;

const listing = (source: string): Counted => ({ source, medium: 'local', channel: 'Local Listings' });
const ad = (source: string): Counted => ({ source, medium: 'cpc', channel: 'Paid Search' });
const offline = (source: string): Counted => ({ source, medium: 'offline', channel: 'Offline' });

/** The touch that calls to a number count as, by its preset. */
export const PRESETS: Record<NumberPreset, Counted> = {
  google_business_profile: listing('google'),
  apple_business_connect: listing('apple'),
  bing_places: listing('bing'),
  yelp: listing('yelp'),
  directory: listing('directory'),
  google_call_asset: ad('google'),
  google_local_services: ad('google'),
  microsoft_call_asset: ad('bing'),
  print: offline('print'),
  direct_mail: offline('direct_mail'),
  radio: offline('radio'),
  tv: offline('tv'),
  podcast: offline('podcast'),
  outdoor: offline('outdoor'),
  vehicle: offline('vehicle'),
  event: offline('event'),
  business_card: offline('business_card'),
  email_signature: { source: 'email', medium: 'email', channel: 'Email' },
  partner: { source: 'partner', medium: 'affiliate', channel: 'Affiliates' },
};

/**
 * Returns what a call to a source number counts as: what its preset says, or without one what its rule names, with the
 * fields of `counts` in their place. Source and medium are written as tags and costs are, so that they meet in reports.
 *
 * ```ts
 * countsAs({ preset: 'radio', name: 'Spring spot', match: null, counts: null });
 * // { source: 'radio', medium: 'offline', campaign: 'Spring spot', term: null, content: null, channel: 'Offline' }
 * ```
 */
export function countsAs({ name, match, preset, counts }: NumberSource & { name: string | null }): CountsAs {
  const nothing = { source: null, medium: null, campaign: null, term: null, content: null };
  const base: Partial<CountsAs> = preset
    ? { ...PRESETS[preset], campaign: name }
    : {
        source: match?.source ?? null,
        medium: match?.medium ?? null,
        campaign: match?.campaign ?? null,
        ...(match?.channel === undefined ? {} : { channel: channelNamed(match.channel) }),
      };
  const given = Object.fromEntries(Object.entries(counts ?? {}).filter(([, value]) => value !== undefined));
  const { channel, ...said } = { ...nothing, ...base, ...given } as Omit<CountsAs, 'channel'> & {
    channel?: string | null;
  };
  const tags = {
    ...said,
    source: said.source === null ? null : plainName(said.source),
    medium: said.medium?.toLowerCase() ?? null,
  };
  const isAnother = !('channel' in given) && ('source' in given || 'medium' in given);
  return { ...tags, channel: (isAnother ? null : channel) ?? channelOf(tags) };
}

/** Returns a channel as reports write it; rules may be written in any case. */
function channelNamed(text: string): string {
  return CHANNELS.find((name) => name.toLowerCase() === text.toLowerCase()) ?? text;
}
