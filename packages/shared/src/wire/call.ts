import * as v from 'valibot';
import { E164, OpaqueId, Timestamp } from './primitives.ts';
import { Binding, Session } from './session.ts';

export const CallStatus = v.picklist(['ringing', 'in-progress', 'completed', 'missed', 'busy', 'failed', 'voicemail']);
export type CallStatus = v.InferOutput<typeof CallStatus>;

/** `POST …/calls`: idempotent by `id`; a later report of the same call adds what it knows. */
export const CallReport = v.object({
  id: OpaqueId,
  /** Null or left out where the caller withheld it. */
  from: v.optional(v.nullable(E164), null),
  to: E164,
  startedAt: Timestamp,
  status: v.optional(CallStatus, 'completed'),
  /** Talk time of the answered leg. */
  durationSeconds: v.optional(v.nullable(v.pipe(v.number(), v.minValue(0), v.maxValue(86_400 * 7))), null),
  /** In the site's currency. */
  value: v.optional(v.nullable(v.pipe(v.number(), v.finite())), null),
});
export type CallReport = v.InferOutput<typeof CallReport>;

export const Match = v.picklist(['active', 'recent', 'shared', 'source', 'caller', 'none']);
export type Match = v.InferOutput<typeof Match>;

export const Candidate = v.object({
  session: v.string(),
  visitor: v.nullable(v.string()),
  binding: v.string(),
  confidence: v.number(),
});
export type Candidate = v.InferOutput<typeof Candidate>;

/** Which visit a call came from. */
export const Attribution = v.object({
  match: Match,
  /** 0 to 1: the probability that `session` is right. */
  confidence: v.number(),
  binding: v.nullable(v.pick(Binding, ['id', 'number', 'kind', 'startedAt', 'endedAt'])),
  session: v.nullable(Session),
  visitor: v.nullable(v.object({ id: v.string(), sessions: v.number() })),
  /** The runners-up, most likely first. */
  candidates: v.array(Candidate),
});
export type Attribution = v.InferOutput<typeof Attribution>;

export const Call = v.object({
  id: v.string(),
  /** `api` where it was reported by `POST …/calls`. */
  carrier: v.string(),
  from: v.nullable(v.string()),
  to: v.string(),
  target: v.nullable(v.string()),
  startedAt: Timestamp,
  status: CallStatus,
  durationSeconds: v.nullable(v.number()),
  value: v.nullable(v.number()),
  /** The first call known of this caller to this site; false for withheld numbers. */
  firstTime: v.boolean(),
  spam: v.boolean(),
  attribution: Attribution,
});
export type Call = v.InferOutput<typeof Call>;
