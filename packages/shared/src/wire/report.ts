import * as v from 'valibot';
import { QueryInteger } from './list.ts';
import type { Operation } from './operation.ts';
import { Day } from './primitives.ts';
import { Model } from './site.ts';

/** Dimensions of a report. `variant` (of a split test) is an extension of version 1. */
export const Dimension = v.picklist([
  'channel',
  'source',
  'medium',
  'campaign',
  'term',
  'content',
  'landing_page',
  'referrer',
  'target',
  'number',
  'hour',
  'day',
  'device',
  'country',
  'variant',
]);
export type Dimension = v.InferOutput<typeof Dimension>;

/** Dimensions that a report can be narrowed by, each with the key to keep; `(none)` for what is missing. */
export const FILTERS = [
  'channel',
  'source',
  'medium',
  'campaign',
  'term',
  'content',
  'landing_page',
  'referrer',
  'target',
  'number',
  'device',
  'country',
  'variant',
] as const satisfies readonly Dimension[];
export type Filter = (typeof FILTERS)[number];

const filter = v.optional(v.string());

const common = {
  /** Left out: the site's own. */
  model: v.optional(v.picklist(Model.options, `must be one of ${Model.options.join(', ')}`)),
  /** The first day, in the site's time zone. Left out: 29 days before `to`. */
  from: v.optional(Day),
  /** The last day, included. Left out: today. */
  to: v.optional(Day),
  channel: filter,
  source: filter,
  medium: filter,
  campaign: filter,
  term: filter,
  content: filter,
  landing_page: filter,
  referrer: filter,
  target: filter,
  number: filter,
  device: filter,
  country: filter,
  variant: filter,
  /** Spam calls are left out unless they are asked for. */
  spam: v.optional(v.picklist(['exclude', 'include', 'only'], 'must be one of exclude, include, only'), 'exclude'),
  /** From how many seconds on an answered call is qualified. Left out: the site's `values.qualifiedSeconds`. */
  qualifiedSeconds: v.optional(QueryInteger(0, 86_400)),
};

/** `GET …/reports/{dimension}`. */
export const ReportQuery = v.object({
  ...common,
  /** `previous`: each row also as it was in the period of the same length just before. */
  compare: v.optional(v.picklist(['previous'], 'must be previous')),
  /** True to count the visits that called. Left out: for periods of up to 92 days. */
  intervals: v.optional(
    v.pipe(
      v.picklist(['true', 'false'], 'must be one of true, false'),
      v.transform((text) => text === 'true'),
    ),
  ),
  /** Rows beyond this many are added up under `(other)`. */
  limit: v.optional(QueryInteger(1, 10_000), '1000'),
});
export type ReportQuery = v.InferOutput<typeof ReportQuery>;

/** `GET …/compare`: two keys of a dimension against each other. */
export const CompareQuery = v.object({
  ...common,
  dimension: v.optional(
    v.picklist(Dimension.options, `must be one of ${Dimension.options.join(', ')}`),
    'landing_page',
  ),
  a: v.string(),
  b: v.string(),
});
export type CompareQuery = v.InferOutput<typeof CompareQuery>;

const amount = v.nullable(v.number());

/** A row of a report. Calls are shared out by the model, so they may be fractions. */
export const ReportMetrics = v.object({
  visits: v.number(),
  calls: v.number(),
  answered: v.number(),
  missed: v.number(),
  firstTimeCalls: v.number(),
  qualified: v.number(),
  /** In the site's currency, as is `cost`. */
  value: v.number(),
  /** Null if costs are not known by this dimension or filter. */
  cost: amount,
  costPerCall: amount,
  /** An extension of version 1. */
  costPerFirstTimeCall: amount,
  /** (value - cost) / cost; null if nothing was spent. */
  roi: amount,
  /** Leads that began in the period: the day of a lead is that of its first contact, and its touches are those up to it. */
  leads: v.number(),
  /** Those that were ever qualified, booked or won. */
  qualifiedLeads: v.number(),
  /** Those that are won by now, and what they are worth. */
  won: v.number(),
  wonValue: v.number(),
  costPerLead: amount,
  costPerWon: amount,
  /** (wonValue - cost) / cost; null if nothing was spent. */
  wonRoi: amount,
  /** Calls per visit; null without visits. Above 1 where visits call several times. */
  callRate: amount,
  /**
   * The bounds of the 95 % Wilson interval of the share of visits that called, `callingVisits / visits`; where
   * `callingVisits` is null each call counts as a visit that called.
   */
  callRateLow: amount,
  callRateHigh: amount,
  /**
   * Of the visits, those that led to at least one call: each counts as its credits of all calls, and as one at most. An
   * extension of version 1. Null if `intervals` is not asked for.
   */
  callingVisits: amount,
});
export type ReportMetrics = v.InferOutput<typeof ReportMetrics>;

export const ReportRow = v.object({
  key: v.string(),
  ...ReportMetrics.entries,
  previous: v.optional(ReportMetrics),
});
export type ReportRow = v.InferOutput<typeof ReportRow>;

const frame = { dimension: Dimension, model: Model, from: Day, to: Day };

export const Report = v.object({
  ...frame,
  rows: v.array(ReportRow),
  /** The sums of the rows, and the rates of the sums. */
  totals: v.object({ ...ReportMetrics.entries, previous: v.optional(ReportMetrics) }),
});
export type Report = v.InferOutput<typeof Report>;

export const Comparison = v.object({
  ...frame,
  a: ReportRow,
  b: ReportRow,
  /** The probability that a visit of `a` is likelier to call than one of `b`. */
  probabilityBetter: v.number(),
});
export type Comparison = v.InferOutput<typeof Comparison>;

export const reportOperations = {
  compareReport: {
    method: 'GET',
    path: '/v1/sites/{site}/compare',
    summary: 'Compare two landing pages, variants or other keys, with the probability that one is better',
    access: 'read',
    query: CompareQuery,
    response: Comparison,
    status: 200,
  },
  report: {
    method: 'GET',
    path: '/v1/sites/{site}/reports/{dimension}',
    summary: 'Get a report: visits, calls, value and cost by a dimension. Send Accept: text/csv for CSV',
    access: 'read',
    query: ReportQuery,
    response: Report,
    status: 200,
  },
} as const satisfies Record<string, Operation>;
