import type { NumberPreset } from '@dialmark/shared';

/** Where a number stands that is not on the site, by kind of place: what a person picks from, and as part of a sentence. */
export const PLACES: readonly (readonly [
  kind: string,
  places: readonly (readonly [NumberPreset, string, string])[],
])[] = [
  [
    'Listings',
    [
      ['google_business_profile', 'Google Business Profile', 'in the Google Business Profile'],
      ['apple_business_connect', 'Apple Business Connect', 'on Apple Maps'],
      ['bing_places', 'Bing Places', 'on Bing Places'],
      ['yelp', 'Yelp', 'on Yelp'],
      ['directory', 'Another directory', 'in a directory'],
    ],
  ],
  [
    'Ads',
    [
      ['google_call_asset', 'Google Ads call asset', 'in a Google ad'],
      ['google_local_services', 'Google Local Services Ads', 'in a Local Services ad'],
      ['microsoft_call_asset', 'Microsoft Ads call asset', 'in a Microsoft ad'],
    ],
  ],
  [
    'Print and outdoor',
    [
      ['direct_mail', 'Flyer or direct mail', 'on the flyer'],
      ['print', 'Newspaper or magazine', 'in the print ad'],
      ['outdoor', 'Billboard or sign', 'on the sign'],
      ['vehicle', 'Vehicle', 'on the vehicle'],
      ['business_card', 'Business card', 'on the business card'],
      ['event', 'Event', 'at the event'],
    ],
  ],
  [
    'Broadcast',
    [
      ['radio', 'Radio', 'in the radio spot'],
      ['tv', 'TV', 'in the TV spot'],
      ['podcast', 'Podcast', 'in the podcast'],
    ],
  ],
  [
    'People',
    [
      ['email_signature', 'Email signature', 'in the email signature'],
      ['partner', 'Partner', 'from a partner'],
    ],
  ],
];

const WORDS = new Map(PLACES.flatMap(([, places]) => places.map(([preset, ...words]) => [preset, words] as const)));

/** Returns a place as a person picks it: `Flyer or direct mail`. */
export const placeName = (preset: NumberPreset) => WORDS.get(preset)?.[0] ?? preset;

/** Returns a place as part of a sentence: `on the flyer`. */
export const placeInWords = (preset: NumberPreset) => WORDS.get(preset)?.[1] ?? '';
