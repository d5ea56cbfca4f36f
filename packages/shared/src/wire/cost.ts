import * as v from 'valibot';
import { Amount } from './amount.ts';
import type { Operation } from './api.ts';
import { Day } from './primitives.ts';

const label = v.optional(v.nullable(v.pipe(v.string(), v.trim(), v.maxLength(500))), null);

/** What ads cost on a day, for as much of source, medium, campaign and term as is known. */
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
  rows: v.pipe(v.array(v.unknown()), v.minLength(1, 'must hold at least one row'), v.maxLength(200_000)),
});

/** For exports that do not say it: what the ads are tagged with. */
export const CostsQuery = v.object({
  source: v.optional(v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(100))),
  medium: v.optional(v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(100))),
});
export type CostsQuery = v.InferOutput<typeof CostsQuery>;

export const CostsAdded = v.object({
  /** Rows taken. */
  added: v.number(),
  /** Which layout the rows had. */
  layout: v.picklist(['dialmark', 'google_ads', 'microsoft_ads', 'meta_ads']),
  errors: v.array(
    v.object({
      /** Of a CSV the line, counted from 1; of JSON the place in `rows`, counted from 0. */
      line: v.number(),
      path: v.string(),
      message: v.string(),
    }),
  ),
});
export type CostsAdded = v.InferOutput<typeof CostsAdded>;

export const costOperations = {
  addCosts: {
    method: 'POST',
    path: '/v1/sites/{site}/costs',
    summary: 'Ad spend by day, JSON or CSV (also as Google, Microsoft and Meta export it); same day and tags replaces',
    access: 'admin',
    query: CostsQuery,
    body: NewCosts,
    csv: true,
    maxBytes: 32 * 1024 * 1024,
    response: CostsAdded,
    status: 200,
  },
} as const satisfies Record<string, Operation>;
