import type { EpochMs } from '@dialmark/shared';
import type { CarrierName, SecretsOf, SiteSecrets } from '@dialmark/shared/wire/forwarding';
import type { CallPlan } from '../calls/call-plan.ts';
import { type CarrierEvent, withoutFutureTimes } from '../calls/events.ts';
import { type Answer, type CarrierCommand, callback, reply } from './carrier.ts';
import { adapterFor } from './carriers.ts';
import { type Incoming, type RequestParts, readIncoming, statusUrlOf } from './incoming.ts';

/** A carrier's request and what it says. Nothing of it counts before `isGenuine`. */
export interface Webhook {
  carrier: CarrierName;
  incoming: Incoming;
  /** Null if the request says nothing of a call. */
  event: CarrierEvent | null;
  /** The tracking number it is about; null if it names none. */
  number: string | null;
  receivedAt: EpochMs;
  /** The address says that the call is a test: the command line's simulator makes it so. */
  test: boolean;
}

/** The answer to a carrier's request, and the commands to send to its API. */
export interface WebhookReply {
  answer: Answer;
  commands: CarrierCommand[];
}

/** The address note that names the tracking number. */
const NUMBER_NOTE = 'number';

/** The address note of a test call. */
const TEST_NOTE = 'test';

/** Reads a carrier's request, once. */
export function readWebhook(carrier: CarrierName, parts: RequestParts): Webhook {
  const incoming = readIncoming(parts);
  const { receivedAt } = parts;
  const event = adapterFor(carrier, incoming).parse(incoming);
  return {
    carrier,
    incoming,
    event: event && withoutFutureTimes(event, receivedAt),
    // Reports of dialed legs and recordings do not name the number; our own note in the URL does.
    number: event?.to ?? incoming.query.get(NUMBER_NOTE),
    receivedAt,
    test: incoming.query.get(TEST_NOTE) === 'true',
  };
}

/** Returns whether the carrier made the request, recently and with one of the site's secrets. */
export async function isGenuine(
  { carrier: name, incoming, receivedAt }: Webhook,
  secrets: SiteSecrets,
): Promise<boolean> {
  const own = secrets[name];
  return own !== undefined && adapterFor(name, incoming).verify(incoming, own, receivedAt);
}

/** Writes the reply to a genuine request. @param plan null if the request says nothing of a call */
export function replyTo(
  { carrier: name, incoming, event, number }: Webhook,
  plan: CallPlan | null,
  secrets: SiteSecrets,
): WebhookReply {
  const carrier = adapterFor(name, incoming);
  if (!event || !plan) return { answer: carrier.acknowledge(), commands: [] };
  const own = secrets[name] as SecretsOf<CarrierName>;
  const statusUrl = callback(statusUrlOf(incoming), { [NUMBER_NOTE]: number });
  const context = { statusUrl, secrets: own };
  return {
    answer: reply(carrier, plan, event, context),
    commands: carrier.commands?.(incoming, event, plan, context) ?? [],
  };
}
