import * as v from 'valibot';
import { E164, ListOf, Seconds } from './primitives.ts';
import { coded } from './problem.ts';

/** Delivery of calls: the carriers' secrets and, for each target, what happens to a call. */

export const CarrierName = v.picklist(['twilio', 'telnyx', 'plivo', 'vonage', 'signalwire', 'bandwidth']);
export type CarrierName = v.InferOutput<typeof CarrierName>;

const OneSecret = v.pipe(
  v.string(),
  v.minLength(1, 'must not be empty'),
  v.maxLength(512, 'must be at most 512 characters'),
);

/** One secret, or the new one and the old one while the carrier changes over. The first is used where one is sent. */
const Secret = v.union([OneSecret, ListOf(OneSecret, 2, 1)], 'must be a secret or a list of one or two');
export type Secret = v.InferOutput<typeof Secret>;

/** The raw key as Telnyx's portal shows it; with the SPKI header of RFC 8410 that key tools put before it, that is cut. */
const Ed25519PublicKey = v.pipe(
  v.string(),
  v.regex(/^(MCowBQYDK2VwAyEA)?[A-Za-z0-9+/]{43}=$/, 'must be the base64 of a 32-byte Ed25519 public key'),
  v.transform((key) => key.slice(-44)),
);

/** Each carrier's secrets for proving its webhooks. Strict: a misspelt field must not look configured. */
export const CarrierSecrets = {
  twilio: v.strictObject({ authToken: Secret }),
  telnyx: v.strictObject({
    publicKey: v.union(
      [Ed25519PublicKey, ListOf(Ed25519PublicKey, 2, 1)],
      'must be the base64 of a 32-byte Ed25519 public key, or a list of one or two',
    ),
    /** Only for Call Control applications, whose calls are answered by commands to Telnyx's API. */
    apiKey: v.optional(OneSecret),
  }),
  plivo: v.strictObject({ authToken: Secret }),
  vonage: v.strictObject({ signatureSecret: Secret, apiKey: Secret }),
  signalwire: v.strictObject({ signingKey: Secret }),
  bandwidth: v.strictObject({ username: Secret, password: Secret }),
} satisfies Record<CarrierName, v.GenericSchema>;

export type SecretsOf<N extends CarrierName> = v.InferOutput<(typeof CarrierSecrets)[N]>;
/** The secrets of a site, in the clear: never on the wire outwards, never at rest. */
export type SiteSecrets = { [N in CarrierName]?: SecretsOf<N> | undefined };

/** Stands in for secrets that are never shown; sent back in a PUT it keeps them. */
export const Configured = v.strictObject({ configured: v.literal(true) });
export type Configured = v.InferOutput<typeof Configured>;

/** In a PUT: new secrets, `{ "configured": true }` to keep those stored, or null to remove them. */
const put = <const TSecrets extends v.GenericSchema>(secrets: TSecrets) =>
  v.optional(v.nullable(v.union([Configured, secrets])));

/** `carriers` in `PUT /v1/sites/{site}`. Left out, all secrets stay as they are; so does a carrier left out. */
export const CarriersPut = v.strictObject(
  Object.fromEntries(Object.entries(CarrierSecrets).map(([name, secrets]) => [name, put(secrets)])) as {
    [N in CarrierName]: ReturnType<typeof put<(typeof CarrierSecrets)[N]>>;
  },
);
export type CarriersPut = v.InferOutput<typeof CarriersPut>;

/** `carriers` in `GET /v1/sites/{site}`. */
export const CarriersShown = v.object(v.entriesFromList(CarrierName.options, v.optional(Configured)));
export type CarriersShown = v.InferOutput<typeof CarriersShown>;

/** Read aloud by the carrier. */
const Spoken = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(500));

const TimeOfDay = v.pipe(
  v.string(),
  v.regex(/^([01]\d|2[0-3]):[0-5]\d$/, coded('invalid_time', 'must be a time of day such as 09:00')),
);
const EndOfHours = v.pipe(
  v.string(),
  v.regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, coded('invalid_time', 'must be a time of day such as 17:30, or 24:00')),
);

export const Weekday = v.picklist(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']);
export type Weekday = v.InferOutput<typeof Weekday>;

const CalendarDay = v.pipe(
  v.string(),
  v.regex(/^\d{4}-\d{2}-\d{2}$/, coded('invalid_time', 'must be a day such as 2026-12-25')),
  v.check(
    (day) => {
      const at = new Date(`${day}T00:00:00Z`);
      return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(day);
    },
    coded('invalid_time', 'must be a day of the calendar'),
  ),
);

/** Opening hours by the clock on the wall in the site's time zone; `to` not after `from` runs past midnight. */
export const OpeningHours = v.object({
  days: ListOf(Weekday, 7, 1),
  from: TimeOfDay,
  to: EndOfHours,
});
export type OpeningHours = v.InferOutput<typeof OpeningHours>;

/** Treatment of a call outside the hours. */
export const WhenClosed = v.variant('kind', [
  /** Another phone rings: a call centre, a mobile. */
  v.object({ kind: v.literal('destination'), destination: E164 }),
  /** The target's voicemail. */
  v.object({ kind: v.literal('voicemail') }),
  /** The message is read out and the call ends. */
  v.object({ kind: v.literal('message'), message: Spoken }),
]);

/** Names of languages as carriers take them: `en-US`, `de-DE`. */
const Language = v.pipe(v.string(), v.regex(/^[a-z]{2,3}-[A-Z]{2}$/, 'must be a language such as en-US'));

/**
 * The path of a call to one of a target's tracking numbers: the target's destination rings, then the overflow
 * destination, then voicemail takes a message; whatever is not configured is skipped.
 */
export const Forwarding = v.object({
  /** The number shown to the called party: the caller's own, or the tracking number that was dialed. */
  callerId: v.optional(v.picklist(['caller', 'tracking']), 'caller'),
  /** Seconds that the destination rings. 5 to 120 is what every carrier takes. */
  timeoutSeconds: v.optional(Seconds(5, 120), 30),
  /** Said to the called party before the caller is put through; `{source}` is where the call came from. */
  whisper: v.optional(v.nullable(Spoken), null),
  /** Records answered calls. The announcement is read to the caller first; null only where the law asks for none. */
  recording: v.optional(
    v.nullable(v.object({ announcement: v.optional(v.nullable(Spoken), 'This call may be recorded.') })),
    null,
  ),
  overflow: v.optional(
    v.nullable(v.object({ destination: E164, timeoutSeconds: v.optional(Seconds(5, 120), 30) })),
    null,
  ),
  voicemail: v.optional(
    v.nullable(
      v.object({
        greeting: v.optional(Spoken, 'Please leave a message after the tone.'),
        maxSeconds: v.optional(Seconds(10, 600), 120),
      }),
    ),
    null,
  ),
  /** Null: always open. */
  hours: v.optional(
    v.nullable(
      v.object({
        open: ListOf(OpeningHours, 50),
        /** Days in the site's time zone on which nothing opens, such as holidays. */
        closedOn: v.optional(ListOf(CalendarDay, 366), []),
        whenClosed: WhenClosed,
      }),
    ),
    null,
  ),
  /** The language of everything read aloud. */
  language: v.optional(Language, 'en-US'),
});
export type Forwarding = v.InferOutput<typeof Forwarding>;
export type ForwardingInput = v.InferInput<typeof Forwarding>;
