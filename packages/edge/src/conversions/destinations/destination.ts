import type { CallChange, EpochMs, IntegrationKind, IntegrationOf, IntegrationSecrets } from '@dialmark/shared';

/** A message about to be sent. */
export interface OutgoingMessage {
  /** The same however often it is sent. */
  id: string;
  /** The text of what was planned: a webhook's body as it is, `{ type, timestamp, data }`. */
  payload: string;
  change: CallChange;
  /** The receipt of a destination that reports results later. */
  receipt: string | null;
}

/** The outcome of a message. */
export type Outcome =
  | { became: 'delivered'; status: number; note?: string }
  /** Taken, and judged later: to be asked about by the receipt. */
  | { became: 'accepted'; status: number; receipt: string; askAfterSeconds: number }
  /** Not wanted, and never will be; `gone`: nor will anything else be. */
  | { became: 'rejected'; status: number | null; error: string; gone?: true }
  | { became: 'postponed'; status: number | null; error: string; afterSeconds?: number };

/** The context that a destination sends in, besides its own configuration. */
export interface SendContext {
  fetch: (url: string, init: RequestInit) => Promise<Response>;
  now: EpochMs;
  /** Whether it is too late to begin another request: what was claimed must be recorded before the claim runs out. */
  isLate: () => boolean;
  /** Webhooks may go to this machine. */
  local: boolean;
}

/** One kind of destination. */
export interface DestinationOf<K extends IntegrationKind> {
  /** Why this call can never be sent there; null where it can. Asked before a message is planned. */
  validate(integration: IntegrationOf<K>, change: CallChange, now: EpochMs): string | null;
  /** Names of its own cookies on the site's pages whose values join a call to the visit it saw: told as tags (ad-ids.ts). */
  cookies?(integration: IntegrationOf<K>): readonly string[];
  /** Sends messages, in as few requests as the destination allows. Never throws; one outcome for each message, by id. */
  send(
    integration: IntegrationOf<K>,
    secrets: IntegrationSecrets[K],
    messages: readonly OutgoingMessage[],
    context: SendContext,
  ): Promise<Map<string, Outcome>>;
}
