import * as v from 'valibot';
import { Worth } from './amount.ts';
import { FIELD_CODES } from './codes.ts';
import { LeadStage } from './lead.ts';
import type { Operation } from './operation.ts';
import { Day, OpaqueId, Timestamp } from './primitives.ts';
import { coded } from './problem.ts';

/** The most rows that one request takes. */
export const OUTCOMES_AT_ONCE = 200_000;

/** What became of somebody: a job, a sale, or none. */
export const OutcomeRow = v.object({
  /** The site's own: the same id again says anew what became of it. */
  id: v.pipe(
    v.string(),
    v.trim(),
    v.minLength(1, coded('required', 'must be the id of the job, deal or invoice')),
    v.maxLength(200, 'must be at most 200 characters long'),
  ),
  /** In any notation of the site's country, or international. */
  phone: v.optional(v.nullable(v.pipe(v.string(), v.maxLength(100, 'must be at most 100 characters long'))), null),
  email: v.optional(v.nullable(v.pipe(v.string(), v.maxLength(320, 'must be at most 320 characters long'))), null),
  /** The id of a call, or of a lead: these go before a telephone number or an address. */
  call: v.optional(v.nullable(OpaqueId), null),
  lead: v.optional(v.nullable(OpaqueId), null),
  /** A day stands for its end, in the site's time zone. */
  at: v.union(
    [Timestamp, Day],
    coded('invalid_time', 'must be an RFC 3339 time or a day such as 2026-11-24, in the years 1970 to 2999'),
  ),
  stage: LeadStage,
  value: v.optional(v.nullable(Worth), null),
  /** Left out: the site's. */
  currency: v.optional(v.nullable(v.string()), null),
});
export type OutcomeRow = v.InferOutput<typeof OutcomeRow>;

/** `POST …/outcomes`. Each row is checked by itself: bad ones come back, good ones land. */
export const NewOutcomes = v.object({
  rows: v.pipe(v.array(v.unknown()), v.minLength(1, 'must hold at least one row'), v.maxLength(OUTCOMES_AT_ONCE)),
});

/** For files that do not say it. */
export const OutcomesQuery = v.object({
  /** The stage of rows of a file that has no column for it: a list of paid invoices, say. */
  stage: v.optional(LeadStage),
  /** Which comes first in days such as 05/11/2026, the day or the month. */
  dates: v.optional(v.picklist(['dmy', 'mdy'], 'must be dmy or mdy')),
  /** The decimal mark, where all amounts are such as 1,234 or 1.234. */
  decimal: v.optional(v.picklist(['point', 'comma'], 'must be point or comma')),
});
export type OutcomesQuery = v.InferOutput<typeof OutcomesQuery>;

const place = {
  /** Counted from 0: in JSON `rows`, or of the rows below a file's headings. */
  index: v.number(),
  /** Files only: the line, counted from 1. */
  line: v.optional(v.number()),
};

/** A row that was not taken, and why. */
export const OutcomeError = v.object({
  ...place,
  path: v.string(),
  code: v.picklist(FIELD_CODES),
  message: v.string(),
});
export type OutcomeError = v.InferOutput<typeof OutcomeError>;

export const OutcomesAnswer = v.object({
  /** Rows that are about a lead, and say something new. */
  matched: v.number(),
  /** Rows that were known. */
  unchanged: v.number(),
  /** Rows that fit no lead. They wait for it for 90 days; sending them again changes nothing. The first 10,000. */
  unmatched: v.array(v.object({ ...place, id: v.string(), message: v.string() })),
  /** The first 10,000. */
  errors: v.array(OutcomeError),
  /** Files only: the heading that each value was read from, and those that were not read. */
  file: v.optional(
    v.object({
      columns: v.record(v.string(), v.array(v.string())),
      ignored: v.array(v.string()),
      headingLine: v.number(),
      dates: v.nullable(v.picklist(['dmy', 'mdy'])),
      decimal: v.nullable(v.picklist(['point', 'comma'])),
    }),
  ),
});
export type OutcomesAnswer = v.InferOutput<typeof OutcomesAnswer>;

export const outcomeOperations = {
  addOutcomes: {
    method: 'POST',
    path: '/v1/sites/{site}/outcomes',
    summary: 'Say what became of leads, as JSON or as exported by a CRM. Idempotent by id',
    access: 'calls',
    query: OutcomesQuery,
    body: NewOutcomes,
    csv: true,
    maxBytes: 48 * 1024 * 1024,
    response: OutcomesAnswer,
    status: 200,
  },
} as const satisfies Record<string, Operation>;
