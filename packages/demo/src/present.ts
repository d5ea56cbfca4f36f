import { api, type CarrierState } from '@dialmark/shared';
import type { Client } from '@dialmark/shared/client';
import { signedRequest } from '../../cli/src/simulate/sign.ts';
import { newCallId, webhooksOf } from '../../cli/src/simulate/webhooks.ts';
import { ADDRESS, AUTH_TOKEN, OFFICE_PATH } from './business.ts';
import { caller, LISTING } from './numbers.ts';

const OFFICE = 'office';

interface Caller {
  /** Landing page and referrer; null: nobody saw them come, they have the number from a listing. */
  visit: { path: string; referrer: string; taps: boolean } | null;
  talkSeconds: number;
}

const CALLERS_NOW: Caller[] = [
  { visit: null, talkSeconds: 47 },
  {
    visit: {
      path: '/roof-repair?utm_source=google&utm_medium=cpc&utm_campaign=Spring+Roofs&utm_term=roof+leak+repair&gclid=Cj0KCQ_demo_now',
      referrer: 'https://www.google.com/',
      taps: true,
    },
    talkSeconds: 182,
  },
  { visit: { path: '/', referrer: 'https://duckduckgo.com/', taps: false }, talkSeconds: 0 },
];

const BROWSER =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Version/18.5 Mobile Safari/604.1';

/**
 * After the past, the present: a few people visit and call just now, by the public API and by webhooks signed as Twilio
 * signs them, and the office gets each call. Once: from then on the carrier counts as connected.
 */
export async function playPresent(edge: string, admin: Client, site: string): Promise<void> {
  // Also on later starts, which may be on another port.
  await admin.call(api.putIntegration, {
    site,
    body: {
      id: OFFICE,
      kind: 'webhook',
      name: 'Demo: the office (answers and keeps nothing)',
      url: edge + OFFICE_PATH,
    },
  });
  const { items } = await admin.call(api.listCarriers, { site });
  if (!items.some(awaitsFirstCall)) return;
  for (const [index, { visit, talkSeconds }] of CALLERS_NOW.entries()) {
    const to = visit ? await arrive(admin, site, index, visit) : LISTING;
    const call = { id: newCallId('twilio'), from: caller(490 + index), to, startedAt: new Date(), talkSeconds };
    for (const webhook of webhooksOf('twilio', call)) {
      const url = `${edge}/v1/sites/${site}/carriers/twilio/${webhook.endpoint}`;
      const response = await fetch(signedRequest('twilio', webhook, url, { authToken: AUTH_TOKEN }, new Date()));
      if (!response.ok) throw new Error(`The demo's carrier was answered ${response.status}: ${await response.text()}`);
    }
  }
}

/** True if the carrier is configured and has sent nothing yet. Somebody who removed the demo's carrier wants no calls from it. */
const awaitsFirstCall = ({ carrier, configured, lastWebhookAt }: CarrierState) =>
  carrier === 'twilio' && configured && lastWebhookAt === null;

/** @returns the number this visit is shown */
async function arrive(
  admin: Client,
  site: string,
  index: number,
  { path, referrer, taps }: NonNullable<Caller['visit']>,
): Promise<string> {
  const url = ADDRESS + path;
  const who = { session: `s_demo_now_${index}`, visitor: `v_demo_now_${index}` };
  const client = { address: `203.0.113.${10 + index}`, userAgent: BROWSER };
  const page = { url, referrer };
  const { numbers } = await admin.call(api.lease, { site, body: { ...who, page, client } });
  if (taps) await admin.call(api.event, { site, body: { ...who, type: 'tel_click', page: { url } } });
  return numbers.main?.number ?? LISTING;
}
