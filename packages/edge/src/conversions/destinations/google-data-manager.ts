import { CLICK_LIFE, type IntegrationOf, type IntegrationSecrets, rfc3339 } from '@dialmark/shared';
import { amountOf } from '../amount.ts';
import type { Change } from '../change.ts';
import { type Click, clickOf } from '../click.ts';
import { conversionId } from '../conversion-id.ts';
import type { Occasion } from '../occasion.ts';
import { sampleOf } from '../sample.ts';
import { type Answer, ask, json, trialOf, unsuccessful } from './answer.ts';
import { batchesOf, bisect } from './bisect.ts';
import type { DestinationOf, Outcome, OutgoingMessage, SendContext } from './destination.ts';
import { hasPerson, personForGoogle, phoneOf } from './hashed-caller.ts';
import { type Access, byRefreshToken, byServiceAccount, forgetToken } from './oauth.ts';

/**
 * Google Ads offline conversions through the Data Manager API
 * (https://developers.google.com/data-manager/api/reference/rest/v1/events/ingest): no developer token. A request fails
 * whole for one bad event, and a good one is only taken; what became of its events is asked later.
 */

type Integration = IntegrationOf<'google_data_manager'>;

const API = 'https://datamanager.googleapis.com/v1';
const SCOPE = 'https://www.googleapis.com/auth/datamanager';
const EVENTS_MAX = 2000;
/** When results are first asked for; they take minutes to hours. */
const ASK_AFTER_SECONDS = 1800;
const CLICK_IDS = ['gclid', 'gbraid', 'wbraid'];

export const googleDataManager: DestinationOf<'google_data_manager'> = {
  rules: {
    not_from_ads: ({ calls }, change) =>
      calls === 'from_ads' && !isFromAd(change) ? 'The call did not come to a number of a Google call asset.' : null,
    outside_window(integration, change, occasion, now) {
      if (now - occasion.at > CLICK_LIFE) return 'It is older than 90 days.';
      if (integration.calls === 'from_ads' || !clickOf(change, CLICK_IDS)) return null;
      return isPlaced(integration, change, occasion) ? null : 'The ad click is older than 90 days.';
    },
    no_click_id: (integration, change, occasion) =>
      integration.calls === 'from_ads' || isPlaced(integration, change, occasion)
        ? null
        : 'No ad click of Google (gclid, gbraid or wbraid) is known.',
    no_caller: ({ calls }, _, occasion) =>
      calls === 'from_ads' && phoneOf(occasion) === null
        ? 'The caller withheld the number, or the site keeps callers hashed.'
        : null,
  },

  async send(integration, secrets, messages, context) {
    const access = await accessFor(secrets, context);
    if ('failure' in access) {
      const outcome = withoutAccess(access.failure);
      return new Map(messages.map(({ id }) => [id, outcome]));
    }
    const outcomes = new Map<string, Outcome>();
    const taken = Map.groupBy(messages, ({ receipt }) => receipt);
    for (const [receipt, group] of taken) {
      if (receipt === null) {
        for (const batch of batchesOf(group, EVENTS_MAX)) {
          await bisect(batch, (part) => ingest(integration, access.token, part, context), outcomes);
        }
      } else {
        const outcome = await retrieve(access.token, receipt, context);
        for (const { id } of group) outcomes.set(id, outcome);
      }
    }
    return outcomes;
  },

  async test(integration, secrets, site, context) {
    const access = await accessFor(secrets, context);
    if ('failure' in access) return trialOf(access.failure, false, saidBy(access.failure));
    const body = await ingestBody(integration, [sampleOf(site, 'gclid', context.now)]);
    const answer = await post(access.token, { ...body, validateOnly: true }, context);
    if (answer.status === 401) forgetToken(access.token);
    return trialOf(answer, answer.status === 200, saidBy(answer));
  },
};

/** Returns true if Google can tell whose conversion it is. */
function isPlaced({ hashedCaller }: Integration, change: Change, occasion: Occasion): boolean {
  return usableClick(change, occasion) !== null || (hashedCaller && hasPerson(occasion));
}

/** Returns true if a call was placed from the ad itself, to a number in a call asset. */
function isFromAd(change: Change): boolean {
  return change.preset === 'google_call_asset';
}

type MessageContent = Pick<OutgoingMessage, 'change' | 'occasion'>;

/** The body of `events:ingest`. */
async function ingestBody(
  integration: Integration,
  messages: readonly MessageContent[],
): Promise<Record<string, unknown>> {
  const { customerId, loginCustomerId, conversionActionId } = integration;
  const account = (accountId: string) => ({ accountType: 'GOOGLE_ADS', accountId });
  const events = await Promise.all(messages.map((each) => event(integration, each)));
  return {
    destinations: [
      {
        operatingAccount: account(customerId),
        ...(loginCustomerId === null ? {} : { loginAccount: account(loginCustomerId) }),
        productDestinationId: conversionActionId,
      },
    ],
    events,
    ...(events.some((each) => 'userData' in each) ? { encoding: 'HEX' } : {}),
  };
}

async function event(integration: Integration, { change, occasion }: MessageContent): Promise<Record<string, unknown>> {
  const { call, at } = occasion;
  const value = amountOf(occasion, integration);
  const fromAds = integration.calls === 'from_ads';
  // A call from an ad is found by who called and when, and by nothing else.
  const click = fromAds ? null : usableClick(change, occasion);
  const person = fromAds || integration.hashedCaller ? await personForGoogle(occasion) : null;
  const identifiers = [
    ...(person?.phone ? [{ phoneNumber: person.phone }] : []),
    ...(person?.email && !fromAds ? [{ emailAddress: person.email }] : []),
  ];
  return {
    transactionId: await conversionId(occasion.name),
    eventTimestamp: fromAds && call ? call.startedAt : rfc3339(at),
    eventSource: call ? 'PHONE' : 'OTHER',
    ...(click ? { adIdentifiers: { [click.name]: click.value } } : {}),
    ...(value === null ? {} : { conversionValue: value, currency: change.site.currency }),
    ...(identifiers.length === 0 ? {} : { userData: { userIdentifiers: identifiers } }),
    // Said only where it is known: a visitor id is kept where consent was given.
    ...(integration.consent === 'required' && !fromAds
      ? { consent: { adUserData: 'CONSENT_GRANTED', adPersonalization: 'CONSENT_GRANTED' } }
      : {}),
  };
}

function usableClick(change: Change, { at }: Occasion): Click | null {
  const click = clickOf(change, CLICK_IDS);
  return click && at - click.at <= CLICK_LIFE ? click : null;
}

async function ingest(
  integration: Integration,
  token: string,
  messages: readonly OutgoingMessage[],
  context: SendContext,
): Promise<Outcome> {
  const answer = await post(token, await ingestBody(integration, messages), context);
  const receipt = json(answer)?.requestId;
  if (answer.status === 200 && typeof receipt === 'string') {
    return { became: 'accepted', status: 200, receipt, askAfterSeconds: ASK_AFTER_SECONDS };
  }
  return withoutAccess(answer, token);
}

function post(token: string, body: object, context: SendContext): Promise<Answer> {
  return ask(context, `${API}/events:ingest`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
}

/** https://developers.google.com/data-manager/api/reference/rest/v1/requestStatus/retrieve */
async function retrieve(token: string, receipt: string, context: SendContext): Promise<Outcome> {
  const url = `${API}/requestStatus:retrieve?requestId=${encodeURIComponent(receipt)}`;
  const answer = await ask(context, url, { headers: { Authorization: `Bearer ${token}` } });
  if (answer.status !== 200) return withoutAccess(answer, token);
  const [result] = (json(answer)?.requestStatusPerDestination ?? []) as {
    requestStatus?: string;
    errorInfo?: { errorCounts?: { reason?: string; recordCount?: string }[] };
  }[];
  const reasons = (result?.errorInfo?.errorCounts ?? []).map(({ reason, recordCount }) => `${recordCount} ${reason}`);
  switch (result?.requestStatus) {
    case 'SUCCESS':
      return { became: 'delivered', status: 200 };
    case 'PARTIAL_SUCCESS':
      // Google says how many of the request's events it could not use, not which.
      return {
        became: 'delivered',
        status: 200,
        note: `some events of this request were not used: ${reasons.join(', ')}`,
      };
    case 'FAILED':
      return { became: 'rejected', status: 200, error: reasons.join(', ') || 'processing failed' };
    default:
      // Asked again at the usual, ever longer intervals: it may take a day.
      return { became: 'postponed', status: 200, error: 'still processing' };
  }
}

function accessFor(secrets: IntegrationSecrets['google_data_manager'], context: SendContext): Promise<Access> {
  return 'serviceAccount' in secrets
    ? byServiceAccount(secrets.serviceAccount, SCOPE, context)
    : byRefreshToken({ tokenUrl: 'https://oauth2.googleapis.com/token', ...secrets }, context);
}

function withoutAccess(answer: Answer, token?: string): Outcome {
  if (answer.status === 401 && token) forgetToken(token);
  const detail = saidBy(answer);
  const outcome = unsuccessful(answer, detail ? `answered ${answer.status}: ${detail.slice(0, 500)}` : undefined);
  // A rejected token request is fixed by new credentials; only a rejected event is itself wrong.
  return token === undefined && outcome.became === 'rejected' ? { ...outcome, became: 'postponed' } : outcome;
}

/** Google's own words, of its API or of its token endpoint. */
function saidBy(answer: Answer): string | undefined {
  const { error, error_description: more } = (json(answer) ?? {}) as {
    error?: { message?: string; status?: string } | string;
    error_description?: string;
  };
  const said = typeof error === 'string' ? [error, more] : [error?.status, error?.message];
  return said.filter(Boolean).join(': ') || undefined;
}
