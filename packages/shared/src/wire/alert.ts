import * as v from 'valibot';
import { Configured } from './forwarding.ts';
import { ListOf, Seconds, SigningSecret, Timestamp } from './primitives.ts';

/**
 * `alerts` of a site's configuration: the receiver of a site's alerts. Signed as webhooks are, with a secret that is
 * given, or else one of its own that `GET …/alerts` shows; sent by the pool itself, since what an alert is about may be the ledger or the queue.
 */
export const AlertSettings = v.object({
  /** `https` to a public host; redirects are not followed. */
  url: v.pipe(v.string(), v.url(), v.maxLength(2048)),
  /**
   * Signing secrets of messages, write-only: one secret, or the new one and the old one while the receiver changes over
   * (each message then carries both signatures). Left out, it stays as it is; null: the Worker's own.
   */
  signingSecret: v.optional(
    v.nullable(
      v.union(
        [Configured, SigningSecret, ListOf(SigningSecret, 2, 1)],
        'must be a secret (whsec_ and the base64 of 24 to 64 bytes) or a list of one or two',
      ),
    ),
  ),
  /** Alerts once this many visits within an hour found no number. */
  exhaustedPerHour: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1_000_000)), 5),
  /** Alerts once a carrier has been silent this long. */
  silentSeconds: v.optional(Seconds(60, 86_400 * 30), 4 * 3600),
  /** Alerts once the oldest change has waited this long for the ledger. */
  behindSeconds: v.optional(Seconds(10, 86_400), 300),
  /** Alerts once the pool's database or the ledger is this large. */
  databaseGigabytes: v.optional(v.pipe(v.number(), v.minValue(0.001), v.maxValue(10_000)), 7),
});
export type AlertSettings = v.InferOutput<typeof AlertSettings>;

export const AlertType = v.picklist([
  'alert.pool_exhausted',
  'alert.carrier_silent',
  'alert.ledger_behind',
  'alert.database_size',
]);
export type AlertType = v.InferOutput<typeof AlertType>;

/** One alert, from the moment something was found until it was resolved. */
export const Alert = v.object({
  /** The same for both messages of an episode. */
  id: v.string(),
  type: AlertType,
  /** In plain words, with what to do. */
  summary: v.string(),
  /** The number the words rest on: visits without a number, seconds of silence, seconds behind, bytes. */
  measured: v.number(),
  startedAt: Timestamp,
  /** Null while it is open. */
  resolvedAt: v.nullable(Timestamp),
});
export type Alert = v.InferOutput<typeof Alert>;

/** The body of an alert's message: one when it begins, one when it is over. `alert.test` when somebody asked for it. */
export const AlertEvent = v.object({
  type: v.picklist([...AlertType.options, 'alert.test']),
  timestamp: Timestamp,
  data: v.object({
    site: v.object({ id: v.string(), name: v.nullable(v.string()) }),
    state: v.picklist(['firing', 'resolved', 'test']),
    /** Null in a test. */
    alert: v.nullable(Alert),
  }),
});
export type AlertEvent = v.InferOutput<typeof AlertEvent>;

/** `GET …/alerts`. */
export const AlertsState = v.object({
  /**
   * Secret for checking signatures (`whsec_…`); made from the Worker's key, null if that has none, and where one was
   * given.
   */
  signingSecret: v.nullable(v.string()),
  /** Open alerts, and those resolved in the last 30 days; latest first, at most 100. */
  items: v.array(Alert),
});
export type AlertsState = v.InferOutput<typeof AlertsState>;

/** `POST …/alerts/test`: the result of a message sent just now. */
export const AlertTested = v.object({
  delivered: v.boolean(),
  /** The receiver's status; null if there was no answer. */
  status: v.nullable(v.number()),
  error: v.nullable(v.string()),
});
export type AlertTested = v.InferOutput<typeof AlertTested>;
