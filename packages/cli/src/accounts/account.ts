/** A number an account holds at a carrier. */
export interface AccountNumber {
  number: string;
  /** The carrier's own id of it. */
  id: string;
  /** Null if it may be taken; otherwise what serves its calls now, in words. */
  usedBy: string | null;
  /** Null if taking it is possible at all; otherwise why not. */
  unfit: string | null;
}

/** The URLs that a carrier should send its webhooks to. */
export interface Webhooks {
  voice: string;
  status: string;
}

/** The part of a carrier's API that importing its numbers needs. */
export interface CarrierAccount {
  readonly carrier: 'twilio' | 'telnyx';
  /** Every number of the account, page by page. */
  numbers(webhooks: Webhooks): AsyncIterable<AccountNumber>;
  /** Makes ready what all numbers share, once, before the first is pointed. */
  prepare(webhooks: Webhooks): Promise<void>;
  /** Has calls to the number go to the webhooks. */
  point(number: AccountNumber, webhooks: Webhooks): Promise<void>;
  /** The secret that verifies this account's webhooks; null if the environment has none. */
  readonly secret: Record<string, string> | null;
  /** The environment variable to set if `secret` is null. */
  readonly secretHint: string;
}
