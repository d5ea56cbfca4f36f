import { setInterval } from 'node:timers/promises';
import { api, dayOf, type EpochMs, type LeaseResponse } from '@dialmark/shared';
import { type Client, createClient } from '@dialmark/shared/client';

export const TOKEN = 'dashboard-test-token';
export const ORIGIN = 'https://acme.example';
const BROWSER =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36';

export const SITE = {
  name: 'Acme Roofing',
  origins: [ORIGIN],
  country: 'US',
  timeZone: 'America/New_York',
  currency: 'USD',
  targets: [{ id: 'main', number: '+14155550100' }],
  limits: { newLeasesPerAddressPerHour: 100_000 },
};

const ARRIVALS: [url: string, referrer: string | null][] = [
  [
    '/roof?utm_source=google&utm_medium=cpc&utm_campaign=Spring+Roofs&utm_term=roof+repair&gclid=abc',
    'https://www.google.com/',
  ],
  ['/', 'https://www.google.com/'],
  [
    '/storm?utm_source=bing&utm_medium=cpc&utm_campaign=Storm+Damage&utm_term=leaking+roof&msclkid=def',
    'https://www.bing.com/',
  ],
  ['/', null],
  ['/estimate?fbclid=xyz', 'https://www.facebook.com/'],
  ['/roof?utm_source=news&utm_medium=email&utm_campaign=October', null],
];

/** Visits and calls of today, and what the ads cost. */
export async function seed(edge: string, site: string): Promise<void> {
  const admin = createClient({ edge, token: TOKEN });
  const visitors = createClient({ edge });
  await admin.call(api.putSite, { site, body: SITE });
  const pool = Array.from({ length: 30 }, (_, i) => ({ number: `+1415555${1000 + i}`, target: 'main' }));
  const source = {
    number: '+14155551077',
    target: 'main',
    kind: 'source',
    name: 'Google Ads brand',
    match: { source: 'google', medium: 'cpc', campaign: 'brand' },
  };
  await admin.call(api.addNumbers, { site, body: { numbers: [...pool, source] } });
  const now = Date.now();
  const spent = dayOf(now as EpochMs, SITE.timeZone);
  await admin.call(api.addCosts, {
    site,
    body: {
      rows: [
        { date: spent, source: 'google', medium: 'cpc', campaign: 'Spring Roofs', term: 'roof repair', cost: 120.5 },
        { date: spent, source: 'bing', medium: 'cpc', campaign: 'Storm Damage', term: 'leaking roof', cost: 40 },
      ],
    },
  });
  for (let i = 0; i < 24; i++) {
    const [url, referrer] = ARRIVALS[(i * 7 + (i >> 2)) % ARRIVALS.length] as [string, string | null];
    const { numbers } = await visit(visitors, site, i, url, referrer);
    await visitors.call(api.event, {
      site,
      body: { type: 'pageview', session: `s_${i}`, visitor: `v_${i}`, page: { url: `${ORIGIN}/contact` } },
      headers: { Origin: ORIGIN, 'User-Agent': BROWSER },
    });
    if (i % 2 === 1) continue;
    await admin.call(api.reportCall, {
      site,
      body: {
        id: `call-${i}`,
        from: `+1212555${2000 + i}`,
        to: numbers.main?.number as string,
        startedAt: new Date().toISOString(),
        status:
          (['completed', 'completed', 'missed', 'completed', 'voicemail', 'completed'] as const)[(i / 2) % 6] ??
          'completed',
        durationSeconds: (i / 2) % 6 === 2 ? null : 95 + 11 * i,
        value: i % 8 === 0 ? 250 : null,
      },
    });
  }
  // Nobody held a number then: calls of the weeks before, so that the days have something to show.
  for (let i = 0; i < 16; i++) {
    await admin.call(api.reportCall, {
      site,
      body: {
        id: `past-${i}`,
        from: `+1212555${3000 + i}`,
        to: `+1415555${1000 + (i % 30)}`,
        startedAt: new Date(now - (2 + ((i * 7) % 50)) * 86_400_000).toISOString(),
        durationSeconds: 60 + i,
        status: i % 5 === 0 ? 'missed' : 'completed',
      },
    });
  }
  const listed = async () => (await admin.call(api.listCalls, { site, query: { limit: '200' } })).items.length;
  for await (const _ of setInterval(100)) if ((await listed()) === 28) break;
}

function visit(
  visitors: Client,
  site: string,
  i: number,
  url: string,
  referrer: string | null,
): Promise<LeaseResponse> {
  return visitors.call(api.lease, {
    site,
    body: {
      session: `s_${i}`,
      visitor: `v_${i}`,
      page: { url: ORIGIN + url, referrer },
      touch: { url: ORIGIN + url, referrer },
    },
    headers: { Origin: ORIGIN, 'User-Agent': BROWSER },
  });
}
