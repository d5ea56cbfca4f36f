import {
  type CallChange,
  CLICK_LIFE,
  type EpochMs,
  type IntegrationOf,
  type IntegrationSecrets,
  rfc3339,
} from '@dialmark/shared';
import { amountOf } from '../amount.ts';
import { type Click, clickOf } from '../click.ts';
import { conversionId } from '../conversion-id.ts';
import { type Answer, ask, json, unsuccessful } from './answer.ts';
import { batchesOf, bisect } from './bisect.ts';
import type { DestinationOf, Outcome, OutgoingMessage, SendContext } from './destination.ts';
import { callerForGoogle, hasCaller } from './hashed-caller.ts';
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
  validate({ hashedCaller }, change, now) {
    if (now - Date.parse(change.call.startedAt) > CLICK_LIFE) return 'the call is older than 90 days';
    return usableClick(change) || (hashedCaller && hasCaller(change)) ? null : 'no click of Google Ads is known';
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
};

/** The body of `events:ingest`. */
export async function ingestBody(
  integration: Integration,
  changes: readonly CallChange[],
): Promise<Record<string, unknown>> {
  const { customerId, loginCustomerId, conversionActionId } = integration;
  const account = (accountId: string) => ({ accountType: 'GOOGLE_ADS', accountId });
  const events = await Promise.all(changes.map((each) => event(integration, each)));
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

async function event(integration: Integration, change: CallChange): Promise<Record<string, unknown>> {
  const click = usableClick(change);
  const value = amountOf(change, integration);
  const caller = integration.hashedCaller ? await callerForGoogle(change) : null;
  return {
    transactionId: await conversionId(change.call.id),
    eventTimestamp: rfc3339(Date.parse(change.call.startedAt) as EpochMs),
    eventSource: 'PHONE',
    ...(click ? { adIdentifiers: { [click.name]: click.value } } : {}),
    ...(value === null ? {} : { conversionValue: value, currency: change.site.currency }),
    ...(caller === null ? {} : { userData: { userIdentifiers: [{ phoneNumber: caller }] } }),
    // Said only where it is known: a visitor id is kept where consent was given.
    ...(integration.consent === 'required'
      ? { consent: { adUserData: 'CONSENT_GRANTED', adPersonalization: 'CONSENT_GRANTED' } }
      : {}),
  };
}

function usableClick(change: CallChange): Click | null {
  const click = clickOf(change, CLICK_IDS);
  return click && Date.parse(change.call.startedAt) - click.at <= CLICK_LIFE ? click : null;
}

async function ingest(
  integration: Integration,
  token: string,
  messages: readonly OutgoingMessage[],
  context: SendContext,
): Promise<Outcome> {
  const body = await ingestBody(
    integration,
    messages.map(({ change }) => change),
  );
  const answer = await ask(context, `${API}/events:ingest`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  const receipt = json(answer)?.requestId;
  if (answer.status === 200 && typeof receipt === 'string') {
    return { became: 'accepted', status: 200, receipt, askAfterSeconds: ASK_AFTER_SECONDS };
  }
  return withoutAccess(answer, token);
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
  const error = json(answer)?.error as { message?: string; status?: string } | string | undefined;
  const detail = typeof error === 'string' ? error : error && [error.status, error.message].filter(Boolean).join(': ');
  const outcome = unsuccessful(answer, detail ? `answered ${answer.status}: ${detail.slice(0, 500)}` : undefined);
  // A rejected token request is fixed by new credentials; only a rejected event is itself wrong.
  return token === undefined && outcome.became === 'rejected' ? { ...outcome, became: 'postponed' } : outcome;
}
