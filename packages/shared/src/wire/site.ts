import * as v from 'valibot';
import { AlertSettings } from './alert.ts';
import { Worth } from './amount.ts';
import { FormsMode } from './form.ts';
import { CarriersPut, CarriersShown, Configured, Forwarding } from './forwarding.ts';
import { E164, ListOf, Name, Seconds, TargetId } from './primitives.ts';
import { coded } from './problem.ts';

const Origin = v.pipe(
  v.string(),
  v.transform((text) => text.replace(/\/$/, '').toLowerCase()),
  v.regex(
    /^https?:\/\/(\*\.)?[^\s/?#@]+$/,
    'must be an origin such as https://acme.example (or https://*.acme.example for every subdomain)',
  ),
  // The form that browsers send: without the scheme's default port, international names in their ASCII form.
  v.transform((text) => {
    const bare = text.replace('//*.', '//');
    if (!URL.canParse(bare)) return text;
    const { origin } = new URL(bare);
    return bare === text ? origin : origin.replace('//', '//*.');
  }),
);

/** `pay.example`; an address or a `*.` before it is read as its host. */
const HostName = v.pipe(
  v.string(),
  v.transform((text) =>
    text
      .trim()
      .toLowerCase()
      .replace(/^https?:\/\//, '')
      .replace(/^\*\./, '')
      .replace(/[/:].*$/, ''),
  ),
  v.regex(/^[^\s/?#@]{1,253}$/, 'must be a host such as pay.example'),
);

const OneUserSecret = v.pipe(
  v.string(),
  v.minLength(32, 'must be at least 32 characters'),
  v.maxLength(512, 'must be at most 512 characters'),
);
const UserSecret = v.union(
  [Configured, OneUserSecret, ListOf(OneUserSecret, 2, 1)],
  'must be a secret of 32 to 512 characters or a list of one or two',
);

const TimeZone = v.pipe(
  v.string(),
  v.check(
    (zone) => {
      try {
        new Intl.DateTimeFormat('en', { timeZone: zone });
        // `Intl` also takes offsets such as +05:30, which know nothing of summer time and are no zones of IANA's.
        return /^[A-Za-z]/.test(zone);
      } catch {
        return false;
      }
    },
    coded('unknown_time_zone', 'must be an IANA time zone such as America/New_York'),
  ),
);

/** A number printed on the site's pages, and where calls to its tracking numbers ring. */
export const Target = v.object({
  id: TargetId,
  /** As printed on the pages. */
  number: E164,
  /** Number that calls are forwarded to. Default: the printed number. */
  destination: v.optional(E164),
  /** Handed out when the pool is used up; null: the page keeps its printed number. */
  fallback: v.optional(v.nullable(E164), null),
  /** Links to write to are swapped only where the tracking number takes messages: texts to one that does not are lost. */
  links: v.optional(v.object({ sms: v.optional(v.boolean(), false), whatsapp: v.optional(v.boolean(), false) }), {}),
  /** Forwarding of calls: who rings, for how long, and what comes after. */
  forwarding: v.optional(Forwarding, {}),
});
export type Target = v.InferOutput<typeof Target>;

export const OnExhausted = v.picklist(['fallback', 'share', 'none']);
export const Consent = v.picklist(['implied', 'required']);
export const Model = v.picklist([
  'first',
  'last',
  'last_non_direct',
  'linear',
  'time_decay',
  'position_based',
  'data_driven',
]);
export type Model = v.InferOutput<typeof Model>;

/** `PUT /v1/sites/{site}`: the whole configuration; what is left out takes its default. */
export const SiteConfig = v.object({
  name: v.optional(Name),
  /** The origins that the snippet may call from. An empty list: only requests that carry a token. */
  origins: v.optional(ListOf(Origin, 100), []),
  /** ISO 3166-1 alpha-2. */
  country: v.optional(v.pipe(v.string(), v.regex(/^[A-Z]{2}$/, 'must be a two-letter country code such as US')), 'US'),
  timeZone: v.optional(TimeZone, 'UTC'),
  /** ISO 4217. */
  currency: v.optional(
    v.pipe(v.string(), v.regex(/^[A-Z]{3}$/, 'must be a three-letter currency code such as USD')),
    'USD',
  ),
  targets: v.pipe(
    ListOf(Target, 50, 1, 'must have at least one target'),
    v.check(
      (targets) => new Set(targets.map((t) => t.id)).size === targets.length,
      coded('duplicate', 'must not contain the same target id twice'),
    ),
    v.check(
      (targets) => new Set(targets.map((t) => t.number)).size === targets.length,
      coded('duplicate', 'must not contain the same number in two targets'),
    ),
  ),
  lease: v.optional(
    v.object({
      /** Seconds that a visit keeps its number after the last activity. */
      ttlSeconds: v.optional(Seconds(1, 86_400 * 30), 1800),
      /** A number idle for less is used only if no other is free. */
      cooldownSeconds: v.optional(Seconds(0, 86_400 * 365), 3600),
      onExhausted: v.optional(OnExhausted, 'fallback'),
    }),
    {},
  ),
  session: v.optional(v.object({ timeoutSeconds: v.optional(Seconds(1, 86_400), 1800) }), {}),
  attribution: v.optional(
    v.object({
      lookbackDays: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(730)), 90),
      model: v.optional(Model, 'last_non_direct'),
    }),
    {},
  ),
  limits: v.optional(
    v.object({
      newLeasesPerAddressPerHour: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1)), 60),
      /** New visits stored in an hour; left out: by what is usual for the site. An extension of version 1. */
      newVisitsPerHour: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
    }),
    {},
  ),
  /**
   * Further hosts that visits only pass through (a booking or payment service): as referrers, and with what is below
   * them, they say nothing of where the visit came from. An extension of version 1.
   */
  ignoredReferrers: v.optional(ListOf(HostName, 200), []),
  /** The value of a call if neither its report nor a tag gives one. An extension of version 1. */
  values: v.optional(
    v.object({
      /** In the site's currency, for each qualified call. */
      qualifiedCall: v.optional(v.nullable(Worth), null),
      /** An answered call of at least so many seconds is qualified. */
      qualifiedSeconds: v.optional(Seconds(0, 86_400), 60),
      /**
       * The most that the tag `value` of a page may make a call worth; null: nothing. Anybody can send tags in a page's
       * name, so what they are worth is bounded by the site.
       */
      tagMax: v.optional(v.nullable(Worth), null),
    }),
    {},
  ),
  /** Pool objects that the site is spread over; more than one only for sites too busy for one (see docs/operate.md). */
  shards: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(32)), 1),
  /** The behavior of the script on the site's pages (docs/snippet.md). */
  snippet: v.optional(
    v.object({
      lease: v.optional(v.picklist(['target', 'load', 'visible'])),
      hydration: v.optional(v.picklist(['auto', 'now', 'idle'])),
      /** False: the visitor's ids in Analytics and Meta are not sent, even if an integration uses them. */
      adIds: v.optional(v.boolean()),
      cookie: v.optional(
        v.object({
          days: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(730))),
          /** The edge is on the site's own domain and sets the visitor cookie again itself. */
          firstParty: v.optional(v.boolean()),
        }),
      ),
    }),
    {},
  ),
  consent: v.optional(Consent, 'implied'),
  /** Storage of forms that visitors send (docs/forms.md). */
  forms: v.optional(FormsMode, 'off'),
  /** A lead that was quiet for so many days is over: the next contact opens a new one (docs/leads.md). */
  leads: v.optional(
    v.object({
      reopenDays: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(3650)), 90),
    }),
    {},
  ),
  retentionDays: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(3650)), 395),
  /** `hashed`: callers' numbers are stored only as a keyed hash from then on. Returning callers are still recognized. */
  callers: v.optional(v.picklist(['full', 'hashed']), 'full'),
  /** The business's own telephones: their calls are test calls. */
  ownPhones: v.optional(ListOf(E164, 100), []),
  /**
   * Secret with which the site's server signs the tag `userId` (docs/attribution-models.md), write-only; a new secret
   * and the old one while it changes. Visitors are joined by signed ids only. Left out, it stays as it is.
   */
  signedUsers: v.optional(v.nullable(v.strictObject({ secret: UserSecret }))),
  /** Address for alerts (docs/operate.md); null for nowhere. */
  alerts: v.optional(v.nullable(AlertSettings), null),
  /** The carriers' secrets: written, never read. Left out, all stay as they are. */
  carriers: v.optional(CarriersPut),
});
export type SiteConfigInput = v.InferInput<typeof SiteConfig>;
export type SiteConfig = v.InferOutput<typeof SiteConfig>;

/** Response of `GET /v1/sites/{site}`: the configuration with its id; it can be PUT back as it is. */
export const Site = v.object({
  id: v.string(),
  ...SiteConfig.entries,
  /** Secrets are shown as `{ "configured": true }`; `url` is empty for those who may not change the site. */
  alerts: SiteConfig.entries.alerts,
  carriers: CarriersShown,
});
export type Site = v.InferOutput<typeof Site>;
