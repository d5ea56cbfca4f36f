import * as v from 'valibot';
import { Timestamp } from './primitives.ts';

const text = v.nullable(v.string());

/** A classified touch. Null wherever the touch says nothing. */
export const Touch = v.object({
  source: v.string(),
  medium: v.string(),
  campaign: text,
  term: text,
  content: text,
  channel: v.string(),
  /** Click ids by parameter name, as in the landing page's URL: `{ "gclid": "abc" }`. */
  clickIds: v.record(v.string(), v.string()),
});
export type Touch = v.InferOutput<typeof Touch>;

/** One visit. */
export const Session = v.object({
  id: v.string(),
  startedAt: Timestamp,
  landingPage: text,
  referrer: text,
  ...Touch.entries,
  /** Page views so far. */
  pages: v.number(),
});
export type Session = v.InferOutput<typeof Session>;

export const PageView = v.object({ url: v.string(), at: Timestamp });

export const BindingKind = v.picklist(['pool', 'source', 'shared', 'fallback']);
export type BindingKind = v.InferOutput<typeof BindingKind>;

/** A tap on a link to call: the last one of each number shown. */
export const TelClick = v.object({ number: v.string(), at: Timestamp });

/** The record that a number belonged to a session for a time. */
export const Binding = v.object({
  id: v.string(),
  number: v.string(),
  target: v.string(),
  kind: BindingKind,
  session: v.string(),
  visitor: v.nullable(v.string()),
  startedAt: Timestamp,
  /** Null while live. */
  endedAt: v.nullable(Timestamp),
  expiresAt: Timestamp,
  /** When the visit last tapped a link to call the number; null: never. */
  telClickAt: v.nullable(Timestamp),
});
export type Binding = v.InferOutput<typeof Binding>;
