import * as v from 'valibot';
import { CHANNELS } from '../classify/channel.ts';
import { E164, Name, TargetId, Timestamp } from './primitives.ts';
import { coded, FieldError } from './problem.ts';

const Exact = v.pipe(v.string(), v.minLength(1), v.maxLength(500));

/** When a `source` number is shown. A rule needs all of its fields; at least one. */
export const SourceRule = v.pipe(
  v.object({
    /** An exact path, or one with `*`. */
    landingPage: v.optional(Exact),
    /** A host suffix on a dot: `google.com` fits `www.google.com`, not `notgoogle.com`. */
    referrer: v.optional(Exact),
    source: v.optional(Exact),
    medium: v.optional(Exact),
    campaign: v.optional(Exact),
    channel: v.optional(Exact),
    /** The name of a click id parameter that must be there, such as `gclid`. */
    clickId: v.optional(Exact),
  }),
  v.check(
    (rule) => Object.values(rule).some((field) => field !== undefined),
    coded('required', 'must have at least one condition'),
  ),
);
export type SourceRule = v.InferOutput<typeof SourceRule>;

export const NumberKind = v.picklist(['pool', 'source']);
export const NumberStatus = v.picklist(['active', 'draining', 'retired']);
export type NumberStatus = v.InferOutput<typeof NumberStatus>;

/** Purposes of a number that is published outside the site; what each counts as is in number-source.ts. */
export const NumberPreset = v.picklist([
  'google_business_profile',
  'apple_business_connect',
  'bing_places',
  'yelp',
  'directory',
  'google_call_asset',
  'google_local_services',
  'microsoft_call_asset',
  'print',
  'direct_mail',
  'radio',
  'tv',
  'podcast',
  'outdoor',
  'vehicle',
  'event',
  'business_card',
  'email_signature',
  'partner',
]);
export type NumberPreset = v.InferOutput<typeof NumberPreset>;

/** Names that reports give to unknown values, so that no number may use them. */
export const UNATTRIBUTED = '(unattributed)';

const Counted = v.optional(
  v.nullable(
    v.pipe(
      Exact,
      v.trim(),
      v.minLength(1),
      v.check((text) => text !== UNATTRIBUTED, coded('not_applicable', 'is reserved for calls without a source')),
    ),
  ),
);
const KnownChannel = v.optional(
  v.nullable(
    v.pipe(
      v.string(),
      v.check((channel) => CHANNELS.includes(channel), coded('not_one_of', `must be one of ${CHANNELS.join(', ')}`)),
    ),
  ),
);

/** The touch of calls to a source number: fills or overrides the preset. Null clears a field of the preset. */
export const NumberCounts = v.object({
  source: Counted,
  medium: Counted,
  campaign: Counted,
  term: Counted,
  content: Counted,
  channel: KnownChannel,
});
export type NumberCounts = v.InferOutput<typeof NumberCounts>;

/** A touch as a number makes it; null wherever it says nothing. */
export const CountsAs = v.object({
  source: v.nullable(v.string()),
  medium: v.nullable(v.string()),
  campaign: v.nullable(v.string()),
  term: v.nullable(v.string()),
  content: v.nullable(v.string()),
  channel: v.string(),
});
export type CountsAs = v.InferOutput<typeof CountsAs>;

const ONLY_SOURCE = 'is only for source numbers';

/** One row of `POST …/numbers`. */
export const NewNumber = v.pipe(
  v.object({
    number: E164,
    target: TargetId,
    kind: v.optional(NumberKind, 'pool'),
    name: v.optional(v.nullable(Name), null),
    /** When a source number is shown on the site; null: never, because it is published outside the site. */
    match: v.optional(v.nullable(SourceRule), null),
    preset: v.optional(v.nullable(NumberPreset), null),
    counts: v.optional(v.nullable(NumberCounts), null),
  }),
  v.forward(
    v.check(
      ({ kind, ...source }) => kind === 'pool' || hasSource(source),
      coded('required', 'must say when a source number is shown, unless `preset` or `counts` is set'),
    ),
    ['match'],
  ),
  v.forward(
    v.check(({ kind, match }) => kind === 'source' || match === null, coded('not_applicable', ONLY_SOURCE)),
    ['match'],
  ),
  v.forward(
    v.check(({ kind, preset }) => kind === 'source' || preset === null, coded('not_applicable', ONLY_SOURCE)),
    ['preset'],
  ),
  v.forward(
    v.check(({ kind, counts }) => kind === 'source' || counts === null, coded('not_applicable', ONLY_SOURCE)),
    ['counts'],
  ),
);
export type NewNumber = v.InferOutput<typeof NewNumber>;

/** The origin of calls to a source number. */
export interface NumberSource {
  match: SourceRule | null;
  preset: NumberPreset | null;
  counts: NumberCounts | null;
}

/** Tells whether anything says where calls to a number come from: `counts` without a field says nothing. */
export function hasSource({ match, preset, counts }: NumberSource): boolean {
  return match !== null || preset !== null || Object.values(counts ?? {}).some((value) => value !== undefined);
}

export const NUMBERS_AT_ONCE = 10_000;

/** `POST …/numbers`. Rows are judged one by one, so that a bad row never costs a good one. */
export const NewNumbers = v.object({
  numbers: v.pipe(v.array(v.unknown()), v.minLength(1), v.maxLength(NUMBERS_AT_ONCE)),
});

/** For files whose rows do not say it. */
export const NewNumbersQuery = v.object({
  /** Target of the numbers; left out: `main`, else the site's first target. */
  target: v.optional(TargetId),
});

/** `PATCH …/numbers/{number}`. */
export const NumberPatch = v.object({
  status: v.optional(NumberStatus),
  name: v.optional(v.nullable(Name)),
  target: v.optional(TargetId),
  /** Null: not shown on the site any more. */
  match: v.optional(v.nullable(SourceRule)),
  preset: v.optional(v.nullable(NumberPreset)),
  counts: v.optional(v.nullable(NumberCounts)),
});
export type NumberPatch = v.InferOutput<typeof NumberPatch>;

/** A tracking number with its live state. */
export const TrackingNumber = v.object({
  number: E164,
  target: v.string(),
  kind: NumberKind,
  name: v.nullable(v.string()),
  match: v.nullable(SourceRule),
  preset: v.nullable(NumberPreset),
  counts: v.nullable(NumberCounts),
  /** The touch of calls to it without a visit that was shown it; null for pool numbers. */
  countsAs: v.nullable(CountsAs),
  status: NumberStatus,
  addedAt: Timestamp,
  /** `leased` while a session holds it, `cooling` within the cooldown after, else `free`; source numbers are `fixed`. */
  state: v.picklist(['free', 'leased', 'cooling', 'fixed', 'retired']),
  /** The visit that has it now, or had it last. */
  session: v.nullable(v.string()),
  binding: v.nullable(v.string()),
  leasedAt: v.nullable(Timestamp),
  expiresAt: v.nullable(Timestamp),
});
export type TrackingNumber = v.InferOutput<typeof TrackingNumber>;

/** Rows that could not be taken: by their place, counted from 0, and in a file by their line, counted from 1. */
export const RowErrors = v.array(v.object({ index: v.number(), line: v.optional(v.number()), ...FieldError.entries }));
export const NumbersAdded = v.object({
  added: v.number(),
  errors: RowErrors,
  /** Headings that were not read; files only. */
  ignored: v.optional(v.array(v.string())),
});
export type NumbersAdded = v.InferOutput<typeof NumbersAdded>;

/** `POST …/numbers/{number}/recount`. */
export const NumberRecounted = v.object({
  /** The calls that count otherwise than before. */
  recounted: v.number(),
});
