import * as v from 'valibot';
import { Amount } from './amount.ts';
import { FIELD_CODES } from './codes.ts';
import type { Operation } from './operation.ts';
import { Day } from './primitives.ts';

const label = v.optional(v.nullable(v.pipe(v.string(), v.trim(), v.maxLength(500))), null);

/** The cost of ads on a day, by as much of source, medium, campaign and term as is known. */
export const CostRow = v.object({
  /** In the site's time zone. */
  date: Day,
  source: label,
  medium: label,
  campaign: label,
  term: label,
  /** In the site's currency. */
  cost: v.pipe(Amount, v.minValue(0)),
});
export type CostRow = v.InferOutput<typeof CostRow>;

/** `POST …/costs`. Each row is checked by itself: bad ones come back, good ones land. */
export const NewCosts = v.object({
  rows: v.pipe(v.array(v.unknown()), v.minLength(1, 'must have at least one row'), v.maxLength(200_000)),
});

/** For files that do not say it. */
export const CostsQuery = v.object({
  /** Tags of the ads: their utm_source and utm_medium. */
  source: v.optional(v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(100))),
  medium: v.optional(v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(100))),
  /** Order of day and month in dates such as 05/11/2026. */
  dates: v.optional(v.picklist(['dmy', 'mdy'], 'must be dmy or mdy')),
  /** The decimal mark, where all amounts are such as 1,234 or 1.234. */
  decimal: v.optional(v.picklist(['point', 'comma'], 'must be point or comma')),
});
export type CostsQuery = v.InferOutput<typeof CostsQuery>;

/** A row that was not booked, and why. */
const RowNote = v.object({
  /** The line of a CSV file, counted from 1, or the index in JSON `rows`, counted from 0. */
  line: v.number(),
  path: v.string(),
  code: v.picklist(FIELD_CODES),
  message: v.string(),
});
export type RowNote = v.InferOutput<typeof RowNote>;

/** The interpretation of a file, for its sender to check. */
export const FileRead = v.object({
  encoding: v.string(),
  delimiter: v.string(),
  /** The line that the headings are on, counted from 1. */
  headingLine: v.number(),
  /** The heading that each value was read from. */
  columns: v.record(v.string(), v.string()),
  /** Headings that were not read. Rows that differ in these only are added up. */
  ignored: v.array(v.string()),
  /** The order of days such as 05/11/2026; null if the file has none. */
  dates: v.nullable(v.picklist(['dmy', 'mdy'])),
  decimal: v.nullable(v.picklist(['point', 'comma'])),
  /** The currency that the file names; null if it names none, and the site's is taken. */
  currency: v.nullable(v.string()),
  /** Every row below the headings is in one of the last three. */
  rows: v.object({ read: v.number(), booked: v.number(), skipped: v.number(), failed: v.number() }),
  /** Rows that are no costs: totals, headings repeated, notes below. The first hundred. */
  skipped: v.array(v.object({ line: v.number(), code: v.picklist(FIELD_CODES), message: v.string() })),
});
export type FileRead = v.InferOutput<typeof FileRead>;

export const COST_LAYOUTS = [
  'dialmark',
  'google_ads',
  'microsoft_ads',
  'meta_ads',
  'tiktok_ads',
  'linkedin_ads',
  'pinterest_ads',
  'reddit_ads',
  'x_ads',
  'snapchat_ads',
  'apple_search_ads',
  'amazon_ads',
] as const;

export const CostsAdded = v.object({
  /** Rows booked. */
  added: v.number(),
  /** The platform whose layout the rows had; `dialmark` for generic columns. */
  layout: v.picklist(COST_LAYOUTS),
  /** Rows that could not be booked; at most 10,000 are listed. */
  errors: v.array(RowNote),
  /** Files only. */
  file: v.optional(FileRead),
});
export type CostsAdded = v.InferOutput<typeof CostsAdded>;

export const costOperations = {
  addCosts: {
    method: 'POST',
    path: '/v1/sites/{site}/costs',
    summary:
      'Add ad costs by day, as JSON or as exported by an ad platform. Rows for the same day and tags are replaced',
    access: 'admin',
    query: CostsQuery,
    body: NewCosts,
    csv: true,
    maxBytes: 32 * 1024 * 1024,
    response: CostsAdded,
    status: 200,
  },
} as const satisfies Record<string, Operation>;
