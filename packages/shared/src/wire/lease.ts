import * as v from 'valibot';
import { ListOf, OpaqueId, PageAddress, TargetId, Timestamp } from './primitives.ts';

/** The page the visitor is on. */
export const Page = v.object({
  url: PageAddress,
  referrer: v.optional(v.nullable(PageAddress)),
  title: v.optional(v.nullable(v.pipe(v.string(), v.maxLength(1000)))),
});
export type Page = v.InferOutput<typeof Page>;

/** The start of this session, as noted by the snippet on its first page. */
export const TouchEvidence = v.object({ url: PageAddress, referrer: v.optional(v.nullable(PageAddress)) });
export type TouchEvidence = v.InferOutput<typeof TouchEvidence>;

/** `POST /v1/sites/{site}/lease`. */
export const LeaseRequest = v.object({
  /** Null without consent. */
  visitor: v.optional(v.nullable(OpaqueId), null),
  session: OpaqueId,
  /** Left out: every target of the site. */
  targets: v.optional(ListOf(TargetId, 50)),
  page: Page,
  touch: v.optional(v.nullable(TouchEvidence)),
  /** True while the page is prerendered and nobody has seen it: nothing is leased. */
  prerender: v.optional(v.boolean()),
  /** Only with a token: the visitor's own address and browser, where a server asks on their behalf. */
  client: v.optional(
    v.object({
      address: v.optional(v.pipe(v.string(), v.maxLength(100))),
      userAgent: v.optional(v.pipe(v.string(), v.maxLength(4096))),
    }),
  ),
});
export type LeaseRequest = v.InferOutput<typeof LeaseRequest>;
export type LeaseRequestInput = v.InferInput<typeof LeaseRequest>;

export const FallbackReason = v.picklist(['exhausted', 'bot', 'rate_limited', 'no_rule', 'consent']);
export type FallbackReason = v.InferOutput<typeof FallbackReason>;

const formats = { number: v.string(), national: v.string(), international: v.string() };
const held = { binding: v.string(), expiresAt: Timestamp };

/** The number to show in a target's places on the page. */
export const Assignment = v.variant('kind', [
  v.object({ kind: v.literal('pool'), ...formats, ...held }),
  v.object({ kind: v.literal('source'), ...formats, ...held }),
  v.object({ kind: v.literal('shared'), ...formats, ...held }),
  v.object({ kind: v.literal('fallback'), reason: FallbackReason, ...formats, ...held }),
  v.object({
    kind: v.literal('none'),
    reason: FallbackReason,
    number: v.null(),
    national: v.null(),
    international: v.null(),
    binding: v.null(),
    expiresAt: v.null(),
  }),
]);
export type Assignment = v.InferOutput<typeof Assignment>;
export type AssignmentKind = Assignment['kind'];

export const LeaseResponse = v.object({
  visitor: v.nullable(v.string()),
  session: v.string(),
  numbers: v.record(v.string(), Assignment),
  /** Ask again, or send an event, this long after the last one to keep the numbers. */
  renewAfterSeconds: v.number(),
});
export type LeaseResponse = v.InferOutput<typeof LeaseResponse>;
