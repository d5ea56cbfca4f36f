import type { CarrierName, SecretsOf } from '@dialmark/shared/wire/forwarding';
import type { CallPlan } from '../calls/call-plan.ts';
import type { CarrierEvent } from '../calls/events.ts';
import { type Answer, type Carrier, callback, reply } from './carrier.ts';
import { CARRIERS } from './carriers.ts';
import { type Incoming, type RequestParts, readIncoming, statusUrlOf } from './incoming.ts';
import { type CarrierCommand, callControlCommands } from './telnyx-commands.ts';

/** A carrier's request in plain values, so that it can be handed from the Worker to a pool. */
export interface WebhookParts extends Omit<RequestParts, 'headers'> {
  headers: [name: string, value: string][];
}

/** A carrier's request and what it says, read once: nothing of it counts before the parts have proved it. */
export interface Webhook {
  carrier: CarrierName;
  parts: WebhookParts;
  event: CarrierEvent | null;
  /** The tracking number it is about; null where it names none. */
  number: string | null;
}

export function readWebhook(carrier: CarrierName, parts: WebhookParts): Webhook {
  const incoming = incomingOf(parts);
  const event = CARRIERS[carrier].parse(incoming);
  return { carrier, parts, event, number: numberOf(incoming, event) };
}

/** What a carrier is told: the answer to its request, and what else is to be asked of its API. */
export interface WebhookReply {
  answer: Answer;
  commands: CarrierCommand[];
}

export function incomingOf(parts: WebhookParts): Incoming {
  return readIncoming({ ...parts, headers: new Headers(parts.headers) });
}

/**
 * The tracking number a request is about: as the event says, else as our own note in the address does, since what
 * carriers report of dialled legs and recordings does not name it.
 */
function numberOf(incoming: Incoming, event: CarrierEvent | null): string | null {
  return event?.to ?? incoming.query.get(NUMBER_NOTE);
}

const NUMBER_NOTE = 'number';

/** What to say to a request that is proved; one that says nothing of a call has no event and no plan. */
export function replyTo<N extends CarrierName>(
  carrier: Carrier<N>,
  incoming: Incoming,
  event: CarrierEvent | null,
  plan: CallPlan | null,
  secrets: SecretsOf<N>,
): WebhookReply {
  if (!event || !plan) return { answer: carrier.acknowledge(null), commands: [] };
  const statusUrl = callback(statusUrlOf(incoming), { [NUMBER_NOTE]: numberOf(incoming, event) });
  const { apiKey } = secrets as Partial<SecretsOf<'telnyx'>>;
  const commands = event.control && apiKey ? callControlCommands(event, plan, { apiKey, statusUrl }) : [];
  return { answer: reply(carrier, plan, event, { statusUrl, secrets }), commands };
}
