/** The demo business: made once, through the API like any other site, with a past that is played into it. */
import { api, type CostRow, type NewNumbers } from '@dialmark/shared';
import { type Client, createClient, DialmarkError } from '@dialmark/shared/client';
import type * as v from 'valibot';
import { ADDRESS, AUTH_TOKEN, OFFICE_PATH, TIME_ZONE } from './business.ts';
import type { Played } from './calendar.ts';
import { CALL_CAMPAIGN, LEAFLET, PROFILE, SPOT } from './market.ts';
import { CALL_ASSET, FLYER, LISTING, POOL, PRINTED, RADIO_NUMBER, RESERVE } from './numbers.ts';
import { playPresent } from './present.ts';

const SITE = 'demo';
/** Another seed, another past. */
const SEED = 1987;

export interface SeedOptions {
  /**
   * Plays its past into it, unless it has one; what an earlier start did not get done goes on. Afterwards a few people
   * call just now, by the carrier.
   */
  past?: boolean;
  /** Hears of the days played. */
  onProgress?: (played: Played) => void;
}

/** Makes the demo site where there is none. Needs the Worker of `packages/demo/src/worker.ts` for a past. */
export async function seedDemo(edge: string, token: string, { past, onProgress }: SeedOptions = {}): Promise<void> {
  const admin = createClient({ edge, token });
  const port = new URL(edge).port;
  await putSite(admin, edge, [`http://127.0.0.1:${port}`, `http://localhost:${port}`, ADDRESS]);
  // Also where there is a site: the start before may have ended between the two.
  const { items } = await admin.call(api.listNumbers, { site: SITE, query: { limit: '1' } });
  if (items.length === 0) await admin.call(api.addNumbers, { site: SITE, body: { numbers: numbers() } });
  if (!past) return;
  await playPast(edge, token, admin, onProgress);
  await playPresent(edge, admin, SITE);
}

async function putSite(admin: Client, edge: string, origins: string[]): Promise<void> {
  const alerts = { url: edge + OFFICE_PATH };
  const known = await admin.call(api.getSite, { site: SITE }).catch((error: unknown) => {
    if (error instanceof DialmarkError && error.problem.code === 'site_not_found') return null;
    throw error;
  });
  if (known) {
    // Started on another port: its pages now come from there, and its office is reached there.
    const { id: _, ...config } = known;
    if (origins.every((origin) => known.origins.includes(origin))) return;
    const alerting = known.alerts?.url.endsWith(OFFICE_PATH) ? { alerts: { ...known.alerts, ...alerts } } : {};
    await admin.call(api.putSite, { site: SITE, body: { ...config, origins, ...alerting } });
    return;
  }
  await admin.call(api.putSite, {
    site: SITE,
    body: {
      name: 'Demo: Hollis & Daughter Roofing',
      origins,
      country: 'US',
      timeZone: TIME_ZONE,
      currency: 'USD',
      targets: [{ id: 'main', number: PRINTED }],
      carriers: { twilio: { authToken: AUTH_TOKEN } },
      alerts,
      // Everyone who tries the demo comes from one address.
      limits: { newLeasesPerAddressPerHour: 10_000 },
    },
  });
}

function numbers(): v.InferInput<typeof NewNumbers>['numbers'] {
  const source = { target: 'main', kind: 'source' };
  return [
    ...POOL.map((number) => ({ number, target: 'main' })),
    { number: RESERVE, target: 'main' },
    { number: LISTING, ...source, name: PROFILE, preset: 'google_business_profile' },
    {
      number: CALL_ASSET,
      ...source,
      name: 'Call asset',
      preset: 'google_call_asset',
      counts: { campaign: CALL_CAMPAIGN },
    },
    { number: RADIO_NUMBER, ...source, name: SPOT, preset: 'radio', match: { landingPage: '/radio' } },
    { number: FLYER, ...source, name: LEAFLET, preset: 'direct_mail' },
  ];
}

async function playPast(
  edge: string,
  token: string,
  admin: Client,
  onProgress?: SeedOptions['onProgress'],
): Promise<void> {
  const ask = async <T>(path: string): Promise<T> => {
    const headers = { Authorization: `Bearer ${token}` };
    const response = await fetch(`${edge}/demo/past/${path}`, { method: 'POST', headers });
    if (!response.ok) throw new Error(`The demo's past was not played: ${await response.text()}`);
    return (await response.json()) as T;
  };
  const begun = await ask<{ played: Played; costs: CostRow[] } | null>(`begin?seed=${SEED}`);
  if (!begun) return;
  await admin.call(api.patchNumber, { site: SITE, number: RESERVE, body: { status: 'draining' } });
  await admin.call(api.addCosts, { site: SITE, body: { rows: begun.costs } });
  for (let { played } = begun; played.days < played.of; ) {
    onProgress?.(played);
    played = await ask<Played>('day');
  }
}
