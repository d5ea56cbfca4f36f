import { type CallChange, CLICK_LIFE, DAY, type EpochMs, type IntegrationOf } from '@dialmark/shared';
import { sha256Hex } from '../../platform/signature.ts';
import { amountOf } from '../amount.ts';
import { clickOf } from '../click.ts';
import { conversionId } from '../conversion-id.ts';
import { tagText } from '../tag-text.ts';
import { type Answer, ask, json, unsuccessful } from './answer.ts';
import { batchesOf, bisect } from './bisect.ts';
import type { DestinationOf, Outcome, OutgoingMessage, SendContext } from './destination.ts';
import { callerForMeta, hasCaller } from './hashed-caller.ts';

/**
 * Meta Conversions API (https://developers.facebook.com/documentation/ads-commerce/conversions-api/parameters): one bad
 * event fails its whole request, so a rejected batch is halved.
 */

const GRAPH = 'https://graph.facebook.com';
const EVENTS_MAX = 1000;
/** Meta takes events of the last seven days. */
const BACKDATE_MS = 7 * DAY;

type Integration = IntegrationOf<'meta'>;

export const meta: DestinationOf<'meta'> = {
  validate({ hashedCaller }, change, now) {
    if (now - Date.parse(change.call.startedAt) > BACKDATE_MS) return 'the call is older than seven days';
    const known = fbc(change) !== null || fbp(change) !== null || (hashedCaller && hasCaller(change));
    return known ? null : 'nothing Meta could match is known: no fbclid, and hashedCaller is off';
  },

  cookies: () => ['_fbp', '_fbc'],

  async send(integration, { accessToken }, messages, context) {
    const outcomes = new Map<string, Outcome>();
    const [late, timely] = [true, false].map((isLate) =>
      messages.filter(({ change }) => context.now - Date.parse(change.call.startedAt) > BACKDATE_MS === isLate),
    ) as [OutgoingMessage[], OutgoingMessage[]];
    for (const { id } of late) {
      outcomes.set(id, { became: 'rejected', status: null, error: 'the call is older than seven days' });
    }
    for (const batch of batchesOf(timely, EVENTS_MAX)) {
      await bisect(batch, (part) => post(integration, accessToken, part, context), outcomes);
    }
    return outcomes;
  },
};

async function post(
  integration: Integration,
  accessToken: string,
  messages: readonly OutgoingMessage[],
  context: SendContext,
): Promise<Outcome> {
  const answer = await ask(context, `${GRAPH}/${integration.apiVersion}/${integration.datasetId}/events`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    // In the body, where no log of addresses keeps it.
    body: JSON.stringify({
      ...(await eventsBody(
        integration,
        messages.map(({ change }) => change),
      )),
      access_token: accessToken,
    }),
  });
  if (answer.status === 200) return { became: 'delivered', status: 200 };
  return rejection(answer);
}

/** Graph API error codes of the caller's making, not the event's: tokens, permissions, limits. */
const MENDABLE = new Set([1, 2, 4, 10, 17, 102, 190, 200, 341, 613]);

function rejection(answer: Answer): Outcome {
  const error = json(answer)?.error as { message?: string; code?: number; error_user_msg?: string } | undefined;
  const said = error && [error.code, error.message, error.error_user_msg].filter(Boolean).join(': ').slice(0, 500);
  const outcome = unsuccessful(answer, said ? `answered ${answer.status}: ${said}` : undefined);
  const mendable = outcome.became === 'rejected' && error?.code !== undefined && MENDABLE.has(error.code);
  return mendable ? { ...outcome, became: 'postponed' } : outcome;
}

/** The body of `POST /{dataset}/events`, without the token. */
export async function eventsBody(
  integration: Integration,
  changes: readonly CallChange[],
): Promise<Record<string, unknown>> {
  return {
    data: await Promise.all(changes.map((each) => event(integration, each))),
    ...(integration.testEventCode === null ? {} : { test_event_code: integration.testEventCode }),
  };
}

async function event(integration: Integration, change: CallChange): Promise<Record<string, unknown>> {
  const { call } = change;
  const value = amountOf(change, integration);
  const visitor = call.attribution.visitor;
  const caller = integration.hashedCaller ? await callerForMeta(change) : null;
  const click = fbc(change);
  const browser = fbp(change);
  return {
    event_name: integration.eventName,
    event_time: Math.floor(Date.parse(call.startedAt) / 1000),
    event_id: await conversionId(call.id),
    action_source: 'phone_call',
    user_data: {
      ...(caller === null ? {} : { ph: [caller] }),
      ...(visitor === null ? {} : { external_id: [await sha256Hex(visitor.id)] }),
      ...(click === null ? {} : { fbc: click }),
      ...(browser === null ? {} : { fbp: browser }),
    },
    ...(value === null ? {} : { custom_data: { value, currency: change.site.currency } }),
  };
}

/**
 * `fb.<subdomain index>.<milliseconds>.<fbclid>`, and since 2025 a fifth part that Meta's own libraries append: two
 * letters or eight (github.com/facebook/capi-param-builder).
 */
const FBC = /^fb\.[0-2]\.(\d{13})\.([\w-]{1,500})(\.(?:AQ|Ag|Aw|BA|BQ|Bg|[\w-]{8}))?$/;
const FBP = /^fb\.[0-2]\.\d{13}\.\d{1,20}(\.(?:AQ|Ag|Aw|BA|BQ|Bg|[\w-]{8}))?$/;

/**
 * The cookie's own value where the page (`fbc`) or the script (`_fbc`) told it and it is of the latest click; otherwise made
 * from the click we know, with the time of its visit, as Meta tells servers to. The click id's case is kept.
 */
function fbc(change: CallChange): string | null {
  const cookie = FBC.exec(tagText(change, 'fbc', '_fbc'));
  const click = clickOf(change, ['fbclid']);
  if (cookie && (click === null || cookie[2] === click.value)) return cookie[0];
  if (click === null || (Date.parse(change.call.startedAt) as EpochMs) - click.at > CLICK_LIFE) return null;
  return `fb.1.${click.at}.${click.value}`;
}

function fbp(change: CallChange): string | null {
  return FBP.exec(tagText(change, 'fbp', '_fbp'))?.[0] ?? null;
}
