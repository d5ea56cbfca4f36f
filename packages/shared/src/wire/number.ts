import * as v from 'valibot';
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
    coded('required', 'must name at least one condition'),
  ),
);
export type SourceRule = v.InferOutput<typeof SourceRule>;

export const NumberKind = v.picklist(['pool', 'source']);
export const NumberStatus = v.picklist(['active', 'draining', 'retired']);
export type NumberStatus = v.InferOutput<typeof NumberStatus>;

/** One row of `POST …/numbers`. */
export const NewNumber = v.pipe(
  v.object({
    number: E164,
    target: TargetId,
    kind: v.optional(NumberKind, 'pool'),
    name: v.optional(v.nullable(Name), null),
    match: v.optional(v.nullable(SourceRule), null),
  }),
  v.forward(
    v.check(
      ({ kind, match }) => kind === 'pool' || match !== null,
      coded('required', 'must say when a source number is shown'),
    ),
    ['match'],
  ),
  v.forward(
    v.check(
      ({ kind, match }) => kind === 'source' || match === null,
      coded('not_applicable', 'is only for source numbers'),
    ),
    ['match'],
  ),
);
export type NewNumber = v.InferOutput<typeof NewNumber>;

export const NUMBERS_AT_ONCE = 10_000;

/** `POST …/numbers`. Rows are judged one by one, so that a bad row never costs a good one. */
export const NewNumbers = v.object({
  numbers: v.pipe(v.array(v.unknown()), v.minLength(1), v.maxLength(NUMBERS_AT_ONCE)),
});

/** For files whose rows do not say it. */
export const NewNumbersQuery = v.object({
  /** What the numbers are for; left out: `main`, else the site's first target. */
  target: v.optional(TargetId),
});

/** `PATCH …/numbers/{number}`. */
export const NumberPatch = v.object({
  status: v.optional(NumberStatus),
  name: v.optional(v.nullable(Name)),
  target: v.optional(TargetId),
  match: v.optional(SourceRule),
});
export type NumberPatch = v.InferOutput<typeof NumberPatch>;

/** A tracking number with its live state. */
export const TrackingNumber = v.object({
  number: E164,
  target: v.string(),
  kind: NumberKind,
  name: v.nullable(v.string()),
  match: v.nullable(SourceRule),
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
