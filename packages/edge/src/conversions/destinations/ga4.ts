import { type CallChange, HOUR, type IntegrationOf, isReservedGa4Event } from '@dialmark/shared';
import { amountOf } from '../amount.ts';
import { inParallel } from '../in-parallel.ts';
import { tagText } from '../tag-text.ts';
import { ask, unsuccessful } from './answer.ts';
import type { DestinationOf, Outcome } from './destination.ts';

/**
 * GA4 Measurement Protocol
 * (https://developers.google.com/analytics/devguides/collection/protocol/ga4/sending-events). It answers 2xx whatever it
 * is sent, so that its limits are kept here.
 */

const COLLECT = 'https://www.google-analytics.com/mp/collect';
/** The maximum age of an event. */
const BACKDATE_MS = 72 * HOUR;
const VALUE_LENGTH = 100;
const PARALLEL = 4;

type Integration = IntegrationOf<'ga4'>;

export const ga4: DestinationOf<'ga4'> = {
  validate({ eventName }, change, now) {
    if (isReservedGa4Event(eventName)) return `Google Analytics reserves the event name ${eventName}`;
    if (now - Date.parse(change.call.startedAt) > BACKDATE_MS) return 'the call is older than 72 hours';
    return change.call.attribution.session || change.call.attribution.visitor ? null : 'the call belongs to no visit';
  },

  cookies: (integration) => ['_ga', sessionCookie(integration)],

  async send(integration, { apiSecret }, messages, context) {
    const address = new URL(COLLECT);
    address.searchParams.set('measurement_id', integration.measurementId);
    address.searchParams.set('api_secret', apiSecret);
    const outcomes = new Map<string, Outcome>();
    // One call a request: events of one request share a client id.
    await inParallel(messages, PARALLEL, async ({ id, change }) => {
      if (context.now - Date.parse(change.call.startedAt) > BACKDATE_MS) {
        outcomes.set(id, { became: 'rejected', status: null, error: 'the call is older than 72 hours' });
        return;
      }
      const answer = await ask(context, address.href, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(await collectBody(integration, change)),
      });
      const taken = answer.status !== null && answer.status >= 200 && answer.status < 300;
      outcomes.set(id, taken ? { became: 'delivered', status: answer.status } : unsuccessful(answer));
    });
    return outcomes;
  },
};

/** The body of `mp/collect`. Holds no phone number: GA4 forbids what identifies a person. */
export async function collectBody(integration: Integration, change: CallChange): Promise<Record<string, unknown>> {
  const { call } = change;
  const { session } = call.attribution;
  const value = amountOf(change, integration);
  const text = (given: string | null | undefined) => (given ? given.slice(0, VALUE_LENGTH) : undefined);
  const params: Record<string, string | number | undefined> = {
    call_id: text(call.id),
    session_id: sessionId(integration, change),
    // Without it the event is left out of realtime reports.
    engagement_time_msec: 1,
    value: value ?? undefined,
    currency: value === null ? undefined : change.site.currency,
    call_status: call.status,
    duration_seconds: call.durationSeconds ?? undefined,
    first_time: call.firstTime ? 1 : 0,
    call_target: text(call.target),
    attribution_match: call.attribution.match,
    source: text(session?.source),
    medium: text(session?.medium),
    campaign: text(session?.campaign),
    term: text(session?.term),
    content: text(session?.content),
    channel: text(session?.channel),
    landing_page: text(session?.landingPage && withoutQuery(session.landingPage)),
  };
  return {
    client_id: await clientId(change),
    timestamp_micros: Date.parse(call.startedAt) * 1000,
    non_personalized_ads: integration.consent !== 'required',
    events: [{ name: integration.eventName, params }],
  };
}

/**
 * The visitor's own id in Google Analytics, where the page told it (`gaClientId`) or the script its cookie, of which
 * it is the last two parts; otherwise one of ours, the same for every call of this visitor, which Analytics sees as another user.
 */
async function clientId(change: CallChange): Promise<string> {
  const { call } = change;
  const told = /(\d{1,12}\.\d{1,12})$/.exec(tagText(change, 'gaClientId', '_ga'))?.[1];
  if (told) return told;
  const own = call.attribution.visitor?.id ?? call.attribution.session?.id ?? call.id;
  const digest = new DataView(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(own)));
  return `${digest.getUint32(0)}.${digest.getUint32(4)}`;
}

/** Each stream keeps its session in a cookie of its own. */
function sessionCookie({ measurementId }: Integration): string {
  return measurementId.replace(/^G-/, '_ga_');
}

/** As the page told it, or the second in which the session began, from `GS1.1.<second>.…` or `GS2.1.s<second>$…`. */
function sessionId(integration: Integration, change: CallChange): string | undefined {
  const told = tagText(change, 'gaSessionId', sessionCookie(integration));
  return /^(?:GS\d\.\d+\.s?)?(\d{1,12})(?![^.$])/.exec(told)?.[1];
}

function withoutQuery(address: string): string {
  return address.replace(/[?#].*$/s, '');
}
