import type {
  ConversionCode,
  EpochMs,
  IntegrationKind,
  IntegrationOf,
  IntegrationSecrets,
  IntegrationTested,
  Site,
} from '@dialmark/shared';
import type { Change } from '../change.ts';
import type { Occasion } from '../occasion.ts';

/** A message about to be sent. */
export interface OutgoingMessage {
  /** The same however often it is sent. */
  id: string;
  /** The text of what was planned: a webhook's body as it is, `{ type, timestamp, data }`. */
  payload: string;
  change: Change;
  occasion: Occasion;
  /** Of a destination that answers later: what it said to ask by. */
  receipt: string | null;
}

/** The outcome of a message. */
export type Outcome =
  | { became: 'delivered'; status: number; note?: string }
  /** Taken, and judged later: to be asked about by the receipt. */
  | { became: 'accepted'; status: number; receipt: string; askAfterSeconds: number }
  /** Not wanted, and never will be; `code`: by ourselves; `gone`: nor will anything else be. */
  | { became: 'rejected'; status: number | null; error: string; code?: ConversionCode; gone?: true }
  | { became: 'postponed'; status: number | null; error: string; afterSeconds?: number };

/** The context that a destination sends in, besides its own configuration. */
export interface SendContext {
  fetch: (url: string, init: RequestInit) => Promise<Response>;
  now: EpochMs;
  /** True if it is too late to begin another request: what was claimed must be recorded before the claim runs out. */
  isLate: () => boolean;
  /** Webhooks may go to this machine. */
  local: boolean;
}

/** Rules of which each kind of destination has its own form, or none (rules.ts has their order). */
export type KindRule = 'not_from_ads' | 'reserved_name' | 'outside_window' | 'no_click_id' | 'no_caller' | 'no_visit';

type AskKind<K extends IntegrationKind> = (
  integration: IntegrationOf<K>,
  change: Change,
  occasion: Occasion,
  now: EpochMs,
) => string | null;

/** Result of a test. */
export type Trial = Omit<IntegrationTested, 'error'>;

/** One kind of destination. */
export interface DestinationOf<K extends IntegrationKind> {
  /** Each returns why something can never be sent there; null where it can. Asked before a message is planned. */
  rules: Partial<Record<KindRule, AskKind<K>>>;
  /** Names of its own cookies on the site's pages whose values join a call to the visit it saw; sent as tags (ad-ids.ts). */
  cookies?(integration: IntegrationOf<K>): readonly string[];
  /** Sends messages, in as few requests as the destination allows. Never throws; one outcome for each message, by id. */
  send(
    integration: IntegrationOf<K>,
    secrets: IntegrationSecrets[K],
    messages: readonly OutgoingMessage[],
    context: SendContext,
  ): Promise<Map<string, Outcome>>;
  /** Tries the integration out without an effect on what it counts; sends nothing where that cannot be. Never throws. */
  test(
    integration: IntegrationOf<K>,
    secrets: IntegrationSecrets[K],
    site: Pick<Site, 'id' | 'name' | 'currency' | 'timeZone'>,
    context: SendContext,
  ): Promise<Trial>;
}
