import type { EpochMs } from '@dialmark/shared';
import type { CarrierName, SiteSecrets } from '@dialmark/shared/wire/forwarding';
import type { CarrierEvent } from '../../calls/events.ts';
import type { LastKnown } from '../../calls/last-known.ts';
import type { Carrier } from '../../carriers/carrier.ts';
import { CARRIERS } from '../../carriers/carriers.ts';
import type { Incoming } from '../../carriers/incoming.ts';
import { incomingOf, replyTo, type Webhook, type WebhookReply } from '../../carriers/webhook.ts';
import { fail, type Outcome } from '../../platform/result.ts';
import { type Attributing, isToCome, takeEvent } from './calls.ts';

/** The reply, and the configuration to remember where the isolate does not have it. */
export interface WebhookAnswer extends WebhookReply {
  lastKnown: LastKnown | null;
}

/** A request that its carrier made, and what it says. */
export interface ProvedWebhook {
  carrier: Carrier;
  incoming: Incoming;
  event: CarrierEvent | null;
  secrets: NonNullable<SiteSecrets[CarrierName]>;
}

export const unconfiguredCarrier = fail('carrier_not_configured');
export const notTheCarrier = fail('signature_invalid');

/** Proves that the carrier made the request with the site's secret, lately. */
export async function proveWebhook(
  { carrier: name, parts, event }: Webhook,
  secrets: SiteSecrets,
): Promise<Outcome<ProvedWebhook>> {
  const carrier = CARRIERS[name] as Carrier;
  const own = secrets[name];
  if (!own) return unconfiguredCarrier;
  const incoming = incomingOf(parts);
  if (!(await carrier.verify(incoming, own, parts.receivedAt))) return notTheCarrier;
  return { value: { carrier, incoming, event: event && timely(event, parts.receivedAt), secrets: own } };
}

/** What a carrier says will happen has happened when it is received: a clock that far off is of no use. */
function timely(event: CarrierEvent, receivedAt: EpochMs): CarrierEvent {
  const { at, startedAt } = event;
  return {
    ...event,
    at: isToCome(at, receivedAt) ? receivedAt : at,
    startedAt: startedAt !== null && isToCome(startedAt, receivedAt) ? null : startedAt,
  };
}

/** @param kept the event as it is to be kept: the caller in it may be a hash, which no answer could use */
export function takeWebhook(
  pool: Attributing,
  { carrier, incoming, event, secrets }: ProvedWebhook,
  kept: CarrierEvent | null,
): WebhookReply {
  return replyTo(carrier, incoming, event, kept && takeEvent(pool, kept), secrets);
}
