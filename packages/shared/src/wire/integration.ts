import * as v from 'valibot';
import { CLICK_IDS } from '../classify/click-ids.ts';
import { Call, CallStatus } from './call.ts';
import { isReservedGa4Event } from './ga4-events.ts';
import { Paging } from './list.ts';
import { ListOf, Name, Seconds, SigningSecret, Timestamp } from './primitives.ts';
import { coded } from './problem.ts';
import { PageView } from './session.ts';

/** Chosen by who makes it or by us; stands in addresses, so letters, digits, `-` and `_` only. */
export const IntegrationId = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/, 'must be 1 to 63 letters, digits, - or _'),
);

export const IntegrationKind = v.picklist(['webhook', 'google_data_manager', 'ga4', 'meta', 'microsoft_ads']);
export type IntegrationKind = v.InferOutput<typeof IntegrationKind>;

const names = v.optional(v.nullable(ListOf(v.pipe(v.string(), v.minLength(1), v.maxLength(200)), 100, 1)), null);

/** When something is sent: on a call, on a lead's first contact, or on the stage that a lead reached. */
export const ConversionOn = v.picklist(['call', 'lead', 'qualified', 'booked', 'won']);
export type ConversionOn = v.InferOutput<typeof ConversionOn>;

const Rules = (answered: boolean) =>
  v.object({
    /** Subject of the conversions: each call, or each lead as it comes up (`lead`) or reaches a stage. */
    on: v.optional(ConversionOn, 'call'),
    /** Only calls that somebody picked up. This, `minSeconds` and `firstTimeOnly` are about calls: leads are not asked. */
    answered: v.optional(v.boolean(), answered),
    minSeconds: v.optional(Seconds(0, 86_400), 0),
    firstTimeOnly: v.optional(v.boolean(), false),
    /** Only calls whose visit came from one of these; null: any. */
    sources: names,
    channels: names,
    /** Only calls whose visitor came by an ad with this click id. */
    clickId: v.optional(v.nullable(v.picklist(CLICK_IDS)), null),
    /** True to count calls marked as spam. */
    spam: v.optional(v.boolean(), false),
  });
/** The rules of an integration. */
export type CallRules = v.InferOutput<ReturnType<typeof Rules>>;

/**
 * `required`: only calls whose visit carries a visitor id, which on a site that asks for consent is kept only once it
 * was given. `implied`: every call that counts.
 */
const ConsentRule = v.picklist(['implied', 'required']);

const base = {
  /** Left out: a new one is made. The id of one that exists: that one is replaced. */
  id: v.optional(IntegrationId),
  name: v.optional(v.nullable(Name), null),
  /** While true nothing is sent there; what was planned before is refused, and can be sent again afterwards. */
  paused: v.optional(v.boolean(), false),
};

const conversion = (delayMinutes: number) => ({
  ...base,
  rules: v.optional(Rules(true), {}),
  consent: v.optional(ConsentRule, 'required'),
  /** Value of a call that has none of its own, in the site's currency. */
  value: v.optional(v.nullable(v.pipe(v.number(), v.minValue(0), v.maxValue(1e9))), null),
  /**
   * Minutes between the call and its conversion: time for the ad platform to know the click, and for a value to come
   * in.
   */
  delayMinutes: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(720)), delayMinutes),
});

export const CallEventType = v.picklist(['call.ringing', 'call.completed', 'call.updated']);
export type CallEventType = v.InferOutput<typeof CallEventType>;

export const LeadEventType = v.picklist(['lead.created', 'lead.qualified', 'lead.booked', 'lead.won', 'lead.lost']);
export type LeadEventType = v.InferOutput<typeof LeadEventType>;

const secretText = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(4096));
const digits = v.pipe(
  v.string(),
  v.transform((text) => text.replaceAll('-', '').trim()),
  v.regex(/^\d{1,20}$/, 'must be a number such as 123-456-7890'),
);

const GoogleCredentials = v.union(
  [
    /** The key file of a service account, as Google hands it out. */
    v.object({
      serviceAccount: v.object({
        client_email: v.pipe(v.string(), v.email()),
        private_key: v.pipe(v.string(), v.startsWith('-----BEGIN PRIVATE KEY-----'), v.maxLength(8192)),
      }),
    }),
    v.object({ clientId: secretText, clientSecret: secretText, refreshToken: secretText }),
  ],
  'must contain serviceAccount, or clientId, clientSecret and refreshToken',
);

const eventName = v.pipe(
  v.string(),
  // GA4: 40 characters, letters, digits and underscores, a letter first.
  v.regex(/^[A-Za-z]\w{0,39}$/, 'must be up to 40 letters, digits or _, starting with a letter'),
);

const ga4EventName = v.pipe(
  eventName,
  v.check(
    (name) => !isReservedGa4Event(name),
    'must not be a name that Google Analytics reserves, such as session_start, or begin with ga_, google_ or firebase_',
  ),
);

const CONFIGS = {
  webhook: {
    ...base,
    kind: v.literal('webhook'),
    /** `https` to a public host; redirects are not followed. */
    url: v.pipe(v.string(), v.url(), v.maxLength(2048)),
    /** Of `call.*` while `rules.on` is `call`; `lead.*` in addition to the event of `rules.on`. */
    events: v.optional(
      v.pipe(
        ListOf(v.picklist([...CallEventType.options, ...LeadEventType.options]), 10, 1),
        v.check(
          (events) => !events.includes('call.updated') || events.includes('call.completed'),
          coded('not_applicable', 'must contain call.completed if it contains call.updated'),
        ),
      ),
      [...CallEventType.options],
    ),
    rules: v.optional(Rules(false), {}),
    consent: v.optional(ConsentRule, 'implied'),
  },
  google_data_manager: {
    ...conversion(360),
    kind: v.literal('google_data_manager'),
    /** The Google Ads account that the conversion action is in. */
    customerId: digits,
    /** The manager account whose user the credentials are; left out: the account itself. */
    loginCustomerId: v.optional(v.nullable(digits), null),
    conversionActionId: digits,
    /** Also the caller's number, hashed, for enhanced conversions for leads. */
    hashedCaller: v.optional(v.boolean(), false),
    /**
     * `by_click`: calls of visitors who came by an ad click. `from_ads`: only calls placed from the ad itself, to numbers
     * with the preset `google_call_asset`; the conversion action is then one for calls.
     */
    calls: v.optional(v.picklist(['by_click', 'from_ads']), 'by_click'),
    /** True to send a value again that changes within 55 days. Google restates no conversions of calls from ads. */
    adjust: v.optional(v.boolean(), false),
  },
  ga4: {
    ...conversion(0),
    kind: v.literal('ga4'),
    measurementId: v.pipe(v.string(), v.regex(/^G-[A-Z0-9]{4,20}$/, 'must be a measurement id such as G-ABC123DEF4')),
    eventName: v.optional(eventName, 'phone_call'),
  },
  meta: {
    ...conversion(0),
    kind: v.literal('meta'),
    /** The dataset (pixel) that the event is for. */
    datasetId: digits,
    eventName: v.optional(eventName, 'Contact'),
    /** From the events manager's test tab; events sent with it are only shown there. */
    testEventCode: v.optional(v.nullable(v.pipe(v.string(), v.regex(/^\w{1,40}$/))), null),
    apiVersion: v.optional(v.pipe(v.string(), v.regex(/^v\d{2}\.\d$/, 'must be a version such as v24.0')), 'v24.0'),
    hashedCaller: v.optional(v.boolean(), false),
  },
  microsoft_ads: {
    ...conversion(60),
    kind: v.literal('microsoft_ads'),
    customerId: digits,
    accountId: digits,
    /** The name of the offline conversion goal, exactly as it stands in Microsoft Advertising. */
    goalName: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(100)),
  },
};

const SECRETS = {
  /** Left out: one is made and shown in the answer, this once. */
  webhook: v.object({ signingSecret: SigningSecret }),
  google_data_manager: GoogleCredentials,
  ga4: v.object({ apiSecret: secretText }),
  meta: v.object({ accessToken: secretText }),
  microsoft_ads: v.object({
    developerToken: secretText,
    clientId: secretText,
    /** Left out for a public client. */
    clientSecret: v.optional(secretText),
    refreshToken: secretText,
  }),
};

/** Secrets are write-only: this is what is shown of them, and sent back it keeps them. */
const Configured = v.object({ configured: v.literal(true) });
const written = <T extends v.GenericSchema>(secrets: T) =>
  v.optional(v.union([Configured, secrets], 'must contain the secrets of this kind'));

/** `POST …/integrations`. Secrets may be left out where the id is of one that has them. */
export const NewIntegration = v.variant('kind', [
  v.object({ ...CONFIGS.webhook, secrets: written(SECRETS.webhook) }),
  v.object({ ...CONFIGS.google_data_manager, secrets: written(SECRETS.google_data_manager) }),
  v.object({ ...CONFIGS.ga4, eventName: v.optional(ga4EventName, 'phone_call'), secrets: written(SECRETS.ga4) }),
  v.object({ ...CONFIGS.meta, secrets: written(SECRETS.meta) }),
  v.object({ ...CONFIGS.microsoft_ads, secrets: written(SECRETS.microsoft_ads) }),
]);
export type NewIntegration = v.InferOutput<typeof NewIntegration>;
export type NewIntegrationInput = v.InferInput<typeof NewIntegration>;

const shown = {
  id: IntegrationId,
  secrets: Configured,
  createdAt: Timestamp,
  /** Since when nothing is sent there, because its receiver answered 410; saving it again enables it. */
  disabled: v.optional(v.nullable(v.object({ at: Timestamp, because: v.string() })), null),
};
export const Integration = v.variant('kind', [
  v.object({ ...CONFIGS.webhook, ...shown }),
  v.object({ ...CONFIGS.google_data_manager, ...shown }),
  v.object({ ...CONFIGS.ga4, ...shown }),
  v.object({ ...CONFIGS.meta, ...shown }),
  v.object({ ...CONFIGS.microsoft_ads, ...shown }),
]);
export type Integration = v.InferOutput<typeof Integration>;
export type IntegrationOf<K extends IntegrationKind> = Extract<Integration, { kind: K }>;
export type IntegrationSecrets = { [K in IntegrationKind]: v.InferOutput<(typeof SECRETS)[K]> };

/** `POST …/integrations/{id}/test`: the result of a message sent just now. */
export const IntegrationTested = v.object({
  /**
   * True if the platform accepted it, or would have. False where nothing can be tried without effect: nothing was sent.
   */
  delivered: v.boolean(),
  /** The platform's status; null if there was no answer, or nothing was sent. */
  status: v.nullable(v.number()),
  /** The platform's own words; null if it had none. */
  detail: v.nullable(v.string()),
  /** `detail` where it was not delivered. */
  error: v.nullable(v.string()),
});
export type IntegrationTested = v.InferOutput<typeof IntegrationTested>;

/** The integration as it is kept, with a signing secret that the Worker made shown this once. */
export const SavedIntegration = v.object({ integration: Integration, signingSecret: v.nullable(v.string()) });

const text = v.nullable(v.string());

/** The payload about a call: the body of a webhook is this with `type` and `timestamp`. */
export const CallChange = v.object({
  site: v.object({ id: v.string(), name: text, currency: v.string(), timeZone: v.string() }),
  call: Call,
  /** The visit the call came from; null if there is none. */
  visit: v.nullable(
    v.object({
      device: text,
      country: text,
      /** Tags attached by `tag()`. */
      tags: v.record(v.string(), v.unknown()),
      /** The latest, in order. */
      pageViews: v.array(PageView),
    }),
  ),
  /** The ad clicks known of the visitor up to this call, the latest of each kind. */
  clicks: v.array(v.object({ name: v.string(), value: v.string(), at: Timestamp })),
  /** Preset of the number that was called, such as `google_call_asset`; null if as nothing. */
  preset: text,
  /** Earlier calls of the same caller, latest first, at most ten. */
  earlierCalls: v.array(
    v.object({
      id: v.string(),
      startedAt: Timestamp,
      status: CallStatus,
      durationSeconds: v.nullable(v.number()),
      value: v.nullable(v.number()),
      source: text,
      campaign: text,
    }),
  ),
});
export type CallChange = v.InferOutput<typeof CallChange>;

/** The body of a webhook (Standard Webhooks, "Payload structure"). */
export const CallEvent = v.object({ type: CallEventType, timestamp: Timestamp, data: CallChange });
export type CallEvent = v.InferOutput<typeof CallEvent>;

/** The body of a webhook that somebody asked for, to see whether it comes in: of no call. */
export interface WebhookTest {
  type: 'webhook.test';
  timestamp: string;
  data: { site: { id: string; name: string | null } };
}

/**
 * `pending`: to be sent, or to be sent again. `delivered`: taken. `failed`: refused for good. `dead`: tried until the
 * retries were used up.
 */
export const DeliveryState = v.picklist(['pending', 'delivered', 'failed', 'dead']);
export type DeliveryState = v.InferOutput<typeof DeliveryState>;

export const DeliveryEvent = v.picklist([...CallEventType.options, ...LeadEventType.options, 'conversion']);
export type DeliveryEvent = v.InferOutput<typeof DeliveryEvent>;

/** One message to one destination. */
export const Delivery = v.object({
  /** Also the `webhook-id` of a webhook. */
  id: v.string(),
  integration: v.string(),
  /** Null if it has none, or was deleted. */
  integrationName: v.nullable(v.string()),
  kind: v.nullable(IntegrationKind),
  /** Of a lead the call that it began with; null if it began with a form. */
  call: v.nullable(v.string()),
  /** Null if it is about a call. */
  lead: v.nullable(v.string()),
  event: DeliveryEvent,
  /** 0, and one more with each `call.updated` and each new value. */
  revision: v.number(),
  state: DeliveryState,
  attempts: v.number(),
  createdAt: Timestamp,
  /** When it is to be sent next; null once it is delivered or has failed. */
  nextAttemptAt: v.nullable(Timestamp),
  deliveredAt: v.nullable(Timestamp),
  /** The destination's last HTTP status; null if there was no answer. */
  responseStatus: v.nullable(v.number()),
  lastError: text,
});
export type Delivery = v.InferOutput<typeof Delivery>;

/** `GET …/deliveries`. */
export const DeliveriesQuery = v.object({
  ...Paging,
  integration: v.optional(v.string()),
  call: v.optional(v.string()),
  event: v.optional(DeliveryEvent),
  state: v.optional(DeliveryState),
  from: v.optional(Timestamp),
  to: v.optional(Timestamp),
});
export type DeliveriesQuery = v.InferOutput<typeof DeliveriesQuery>;

/** Reasons why an integration was sent nothing about a call, in the order of the rules; then the other answers. */
export const ConversionCode = v.picklist([
  'before_integration',
  'paused',
  'disabled',
  'stage_not_reached',
  'test_call',
  'spam',
  'not_from_ads',
  'not_answered',
  'too_short',
  'not_first_time',
  'other_source',
  'other_channel',
  'reserved_name',
  'outside_window',
  'no_click_id',
  'no_caller',
  'consent',
  'no_visit',
  'event_not_wanted',
  /** The call still rings or is being talked on. */
  'not_over',
  /** The integration's rules or the call changed since: by now nothing would keep it back. */
  'changed_since',
  /** The platform refused it. */
  'rejected',
  /** The platform was never reached, or never took it. */
  'undeliverable',
  /** The caller was erased before it was sent. */
  'erased',
  /** The integration was deleted. */
  'deleted',
]);
export type ConversionCode = v.InferOutput<typeof ConversionCode>;

/** `GET …/calls/{id}/conversions`: what an integration was sent about a call, or why nothing. */
export const CallConversion = v.object({
  integration: v.string(),
  kind: IntegrationKind,
  /** `sent`: taken. Of Google that it was taken to be looked at: refused later, it turns into `failed`. */
  state: v.picklist(['sent', 'scheduled', 'not_sent', 'failed']),
  /** The first rule that kept it back, or why it failed; null where it was sent or will be. */
  code: v.nullable(ConversionCode),
  /** The same for people; of `failed` the platform's words. */
  reason: text,
  /** When it was sent, is to be sent, or failed. */
  at: v.nullable(Timestamp),
});
export type CallConversion = v.InferOutput<typeof CallConversion>;

const flag = (preset: 'true' | 'false') =>
  v.pipe(
    v.optional(v.picklist(['true', 'false']), preset),
    v.transform((value) => value === 'true'),
  );

/** `GET …/exports/google-ads.csv` and `…/microsoft-ads.csv`. */
export const ClickExportQuery = v.object({
  /** The conversion's name as it stands in the ad platform. */
  conversion: v.optional(
    v.pipe(v.string(), v.trim(), v.regex(/^[^\r\n]{1,100}$/, 'must be one line of up to 100 characters')),
    'Phone call',
  ),
  answered: flag('true'),
  firstTimeOnly: flag('false'),
  minSeconds: v.pipe(
    v.optional(
      v.pipe(v.string(), v.regex(/^\d{1,6}$/, coded('not_an_integer', 'must be a whole number of seconds'))),
      '0',
    ),
    v.transform(Number),
  ),
  /** Value of a call that has none of its own. */
  value: v.optional(
    v.pipe(
      v.string(),
      v.regex(/^\d{1,9}(\.\d{1,2})?$/, coded('not_a_number', 'must be an amount such as 25 or 25.50')),
      v.transform(Number),
    ),
  ),
  /** `required` leaves out calls without a visitor id. */
  consent: v.optional(ConsentRule, 'implied'),
});
export type ClickExportQuery = v.InferOutput<typeof ClickExportQuery>;
