import { HOUR, type IntegrationOf, isReservedGa4Event } from '@dialmark/shared';
import { amountOf } from '../amount.ts';
import type { Change } from '../change.ts';
import { inParallel } from '../in-parallel.ts';
import type { Occasion } from '../occasion.ts';
import { sampleOf } from '../sample.ts';
import { tagText } from '../tag-text.ts';
import { ask, json, trialOf, unsuccessful } from './answer.ts';
import type { DestinationOf, Outcome, OutgoingMessage } from './destination.ts';

/**
 * GA4 Measurement Protocol
 * (https://developers.google.com/analytics/devguides/collection/protocol/ga4/sending-events). It answers 2xx whatever it
 * is sent, so that its limits are kept here.
 */

const COLLECT = 'https://www.google-analytics.com/mp/collect';
/** Takes the same and keeps nothing; says what is wrong with it, but nothing of the secret. */
const VALIDATE = 'https://www.google-analytics.com/debug/mp/collect';
/** Maximum age of an event. */
const BACKDATE_MS = 72 * HOUR;
const VALUE_LENGTH = 100;
const PARALLEL = 4;

type Integration = IntegrationOf<'ga4'>;

export const ga4: DestinationOf<'ga4'> = {
  rules: {
    reserved_name: ({ eventName }) =>
      isReservedGa4Event(eventName) ? `Google Analytics reserves the event name ${eventName}.` : null,
    outside_window: (_, __, { at }, now) =>
      now - at > BACKDATE_MS ? 'It is older than 72 hours, which Google Analytics does not accept.' : null,
    no_visit: (_, __, { visitor, call }) =>
      visitor !== null || call?.attribution.session ? null : 'It does not belong to a visit.',
  },

  cookies: (integration) => ['_ga', sessionCookie(integration)],

  async send(integration, { apiSecret }, messages, context) {
    const address = addressOf(COLLECT, integration, apiSecret);
    const outcomes = new Map<string, Outcome>();
    // One call a request: events of one request share a client id.
    await inParallel(messages, PARALLEL, async ({ id, change, occasion }) => {
      if (context.now - occasion.at > BACKDATE_MS) {
        outcomes.set(id, {
          became: 'rejected',
          status: null,
          error: 'it is older than 72 hours by now',
          code: 'outside_window',
        });
        return;
      }
      const answer = await ask(context, address, await posted(integration, { change, occasion }));
      const taken = answer.status !== null && answer.status >= 200 && answer.status < 300;
      outcomes.set(id, taken ? { became: 'delivered', status: answer.status } : unsuccessful(answer));
    });
    return outcomes;
  },

  async test(integration, { apiSecret }, site, context) {
    const address = addressOf(VALIDATE, integration, apiSecret);
    const answer = await ask(context, address, await posted(integration, sampleOf(site, 'gclid', context.now)));
    const messages = (json(answer)?.validationMessages ?? null) as
      | { fieldPath?: string; description?: string }[]
      | null;
    const errors = Array.isArray(messages)
      ? messages.map(({ fieldPath, description }) => [fieldPath, description].filter(Boolean).join(': '))
      : null;
    return trialOf(answer, answer.status === 200 && errors?.length === 0, errors?.join('; '));
  },
};

function addressOf(base: string, { measurementId }: Integration, apiSecret: string): string {
  const address = new URL(base);
  address.searchParams.set('measurement_id', measurementId);
  address.searchParams.set('api_secret', apiSecret);
  return address.href;
}

async function posted(
  integration: Integration,
  { change, occasion }: Pick<OutgoingMessage, 'change' | 'occasion'>,
): Promise<RequestInit> {
  return {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(await collectBody(integration, change, occasion)),
  };
}

/** The body of `mp/collect`. Holds no phone number: GA4 forbids what identifies a person. */
async function collectBody(
  integration: Integration,
  change: Change,
  occasion: Occasion,
): Promise<Record<string, unknown>> {
  const { call, lead } = occasion;
  const session = call?.attribution.session;
  const value = amountOf(occasion, integration);
  const text = (given: string | null | undefined) => (given ? given.slice(0, VALUE_LENGTH) : undefined);
  const params: Record<string, string | number | undefined> = {
    call_id: text(call?.id),
    lead_id: text(lead?.id),
    lead_stage: lead?.stage,
    session_id: sessionId(integration, change),
    // Without it the event is left out of realtime reports.
    engagement_time_msec: 1,
    value: value ?? undefined,
    currency: value === null ? undefined : change.site.currency,
    call_status: call?.status,
    duration_seconds: call?.durationSeconds ?? undefined,
    first_time: call === null ? undefined : call.firstTime ? 1 : 0,
    call_target: text(call?.target),
    attribution_match: call?.attribution.match,
    source: text(occasion.source),
    medium: text(session?.medium),
    campaign: text(session?.campaign),
    term: text(session?.term),
    content: text(session?.content),
    channel: text(occasion.channel),
    landing_page: text(session?.landingPage && withoutQuery(session.landingPage)),
  };
  return {
    client_id: await clientId(change, occasion),
    timestamp_micros: occasion.at * 1000,
    non_personalized_ads: integration.consent !== 'required',
    events: [{ name: integration.eventName, params }],
  };
}

/**
 * The visitor's own id in Google Analytics, if the page sent it (`gaClientId`) or the script its cookie, of which
 * it is the last two parts; otherwise one of ours, the same for every call of this visitor, which Analytics sees as another user.
 */
async function clientId(change: Change, { name, visitor, call }: Occasion): Promise<string> {
  const tagged = /(\d{1,12}\.\d{1,12})$/.exec(tagText(change, 'gaClientId', '_ga'))?.[1];
  if (tagged) return tagged;
  const own = visitor ?? call?.attribution.session?.id ?? name;
  const digest = new DataView(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(own)));
  return `${digest.getUint32(0)}.${digest.getUint32(4)}`;
}

/** Each stream keeps its session in a cookie of its own. */
function sessionCookie({ measurementId }: Integration): string {
  return measurementId.replace(/^G-/, '_ga_');
}

/** As sent by the page, or the second in which the session began, from `GS1.1.<second>.…` or `GS2.1.s<second>$…`. */
function sessionId(integration: Integration, change: Change): string | undefined {
  const tagged = tagText(change, 'gaSessionId', sessionCookie(integration));
  return /^(?:GS\d\.\d+\.s?)?(\d{1,12})(?![^.$])/.exec(tagged)?.[1];
}

function withoutQuery(address: string): string {
  return address.replace(/[?#].*$/s, '');
}
