import { CLICK_LIFE, DAY, type IntegrationOf } from '@dialmark/shared';
import { sha256Hex } from '../../platform/signature.ts';
import { amountOf } from '../amount.ts';
import type { Change } from '../change.ts';
import { clickOf } from '../click.ts';
import { conversionId } from '../conversion-id.ts';
import type { Occasion } from '../occasion.ts';
import { sampleOf } from '../sample.ts';
import { tagText } from '../tag-text.ts';
import { type Answer, ask, json, trialOf, unsuccessful, untried } from './answer.ts';
import { batchesOf, bisect } from './bisect.ts';
import type { DestinationOf, Outcome, OutgoingMessage, SendContext } from './destination.ts';
import { hasPerson, personForMeta } from './hashed-caller.ts';

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
  rules: {
    outside_window: (_, __, { at }, now) =>
      now - at > BACKDATE_MS ? 'It is older than seven days, which Meta does not accept.' : null,
    no_click_id({ hashedCaller }, change, occasion) {
      const known = fbc(change, occasion) !== null || fbp(change) !== null || (hashedCaller && hasPerson(occasion));
      return known ? null : `Meta has nothing to match it by: no fbclid, and ${noCaller(hashedCaller)}.`;
    },
  },

  cookies: () => ['_fbp', '_fbc'],

  async send(integration, { accessToken }, messages, context) {
    const outcomes = new Map<string, Outcome>();
    const [late, timely] = [true, false].map((isLate) =>
      messages.filter(({ occasion }) => context.now - occasion.at > BACKDATE_MS === isLate),
    ) as [OutgoingMessage[], OutgoingMessage[]];
    for (const { id } of late) {
      const error = 'it is older than seven days by now';
      outcomes.set(id, { became: 'rejected', status: null, error, code: 'outside_window' });
    }
    for (const batch of batchesOf(timely, EVENTS_MAX)) {
      await bisect(batch, (part) => post(integration, accessToken, part, context), outcomes);
    }
    return outcomes;
  },

  async test(integration, { accessToken }, site, context) {
    if (integration.testEventCode === null) {
      return untried('Meta would count it. Set `testEventCode`, as the events manager shows it under Test events.');
    }
    const sample = sampleOf(site, 'fbclid', context.now);
    const answer = await postEvents({ ...integration, hashedCaller: true }, accessToken, [sample], context);
    return trialOf(answer, answer.status === 200, saidBy(answer));
  },
};

function noCaller(hashedCaller: boolean): string {
  return hashedCaller ? 'no caller' : '`hashedCaller` is off';
}

async function post(
  integration: Integration,
  accessToken: string,
  messages: readonly OutgoingMessage[],
  context: SendContext,
): Promise<Outcome> {
  const answer = await postEvents(integration, accessToken, messages, context);
  if (answer.status === 200) return { became: 'delivered', status: 200 };
  return rejection(answer);
}

async function postEvents(
  integration: Integration,
  accessToken: string,
  messages: readonly MessageContent[],
  context: SendContext,
): Promise<Answer> {
  return ask(context, `${GRAPH}/${integration.apiVersion}/${integration.datasetId}/events`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    // In the body, where no log of addresses keeps it.
    body: JSON.stringify({
      ...(await eventsBody(integration, messages)),
      access_token: accessToken,
    }),
  });
}

/** Graph API error codes of the caller's making, not the event's: tokens, permissions, limits. */
const MENDABLE = new Set([1, 2, 4, 10, 17, 102, 190, 200, 341, 613]);

function rejection(answer: Answer): Outcome {
  const error = json(answer)?.error as { code?: number } | undefined;
  const said = saidBy(answer);
  const outcome = unsuccessful(answer, said ? `answered ${answer.status}: ${said}` : undefined);
  const mendable = outcome.became === 'rejected' && error?.code !== undefined && MENDABLE.has(error.code);
  return mendable ? { ...outcome, became: 'postponed' } : outcome;
}

function saidBy(answer: Answer): string | undefined {
  const error = json(answer)?.error as { message?: string; code?: number; error_user_msg?: string } | undefined;
  return error && [error.code, error.message, error.error_user_msg].filter(Boolean).join(': ').slice(0, 500);
}

type MessageContent = Pick<OutgoingMessage, 'change' | 'occasion'>;

/** The body of `POST /{dataset}/events`, without the token. */
async function eventsBody(
  integration: Integration,
  messages: readonly MessageContent[],
): Promise<Record<string, unknown>> {
  return {
    data: await Promise.all(messages.map((each) => event(integration, each))),
    ...(integration.testEventCode === null ? {} : { test_event_code: integration.testEventCode }),
  };
}

async function event(integration: Integration, { change, occasion }: MessageContent): Promise<Record<string, unknown>> {
  const { visitor, call } = occasion;
  const value = amountOf(occasion, integration);
  const person = integration.hashedCaller ? await personForMeta(occasion) : null;
  const click = fbc(change, occasion);
  const browser = fbp(change);
  return {
    event_name: integration.eventName,
    event_time: Math.floor(occasion.at / 1000),
    event_id: await conversionId(occasion.name),
    action_source: call === null ? 'system_generated' : 'phone_call',
    user_data: {
      ...(person?.phone ? { ph: [person.phone] } : {}),
      ...(person?.email ? { em: [person.email] } : {}),
      ...(visitor === null ? {} : { external_id: [await sha256Hex(visitor)] }),
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
 * The cookie's own value if the page (`fbc`) or the script (`_fbc`) sent it and it is from the latest click; otherwise made
 * from the click we know, with the time of its visit, as Meta asks servers to do. The click id's case is kept.
 */
function fbc(change: Change, { at }: Occasion): string | null {
  const cookie = FBC.exec(tagText(change, 'fbc', '_fbc'));
  const click = clickOf(change, ['fbclid']);
  if (cookie && (click === null || cookie[2] === click.value)) return cookie[0];
  if (click === null || at - click.at > CLICK_LIFE) return null;
  return `fb.1.${click.at}.${click.value}`;
}

function fbp(change: Change): string | null {
  return FBP.exec(tagText(change, 'fbp', '_fbp'))?.[0] ?? null;
}
