import * as v from 'valibot';
import { isWithheld } from '../party.ts';
import { Worth } from './amount.ts';
import { CountsAs } from './number.ts';
import { CustomData, E164, OpaqueId, Timestamp } from './primitives.ts';
import { Binding, Session } from './session.ts';

export const CallStatus = v.picklist(['ringing', 'in-progress', 'completed', 'missed', 'busy', 'failed', 'voicemail']);
export type CallStatus = v.InferOutput<typeof CallStatus>;

/** E.164; null, and with it every placeholder that carriers write, where the caller withheld the number. */
const Caller = v.pipe(
  v.nullable(v.string()),
  v.transform((text) => (text === null || isWithheld(text) ? null : text)),
  v.nullable(E164),
);

/** `POST …/calls`: idempotent by `id`; a later report of the same call adds what it knows. */
export const CallReport = v.object({
  id: OpaqueId,
  /** Null, left out, or a carrier's placeholder such as `anonymous` where the caller withheld it. */
  from: v.optional(Caller, null),
  to: E164,
  startedAt: Timestamp,
  status: v.optional(CallStatus, 'completed'),
  /** Talk time of the answered leg. */
  durationSeconds: v.optional(v.nullable(v.pipe(v.number(), v.minValue(0), v.maxValue(86_400 * 7))), null),
  /** In the site's currency; ad platforms take none below zero. */
  value: v.optional(v.nullable(Worth), null),
  /** A call that was made to try something out. Fixed by the first report. */
  test: v.optional(v.boolean(), false),
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

/**
 * The touch that a call counts as: the values of its visit, or of the number that was dialed. Null wherever it says
 * nothing.
 */
export const CallTouch = v.object({
  ...CountsAs.entries,
  /** The number that carries the source; null where the touch is that of a visit. */
  number: v.nullable(v.string()),
  /** Name of the number when the call came in. */
  numberName: v.nullable(v.string()),
});
export type CallTouch = v.InferOutput<typeof CallTouch>;

/** The visit that a call came from. */
export const Attribution = v.object({
  match: Match,
  /** 0 to 1: the probability that `session` is right. */
  confidence: v.number(),
  binding: v.nullable(v.pick(Binding, ['id', 'number', 'kind', 'startedAt', 'endedAt'])),
  session: v.nullable(Session),
  visitor: v.nullable(v.object({ id: v.string(), sessions: v.number() })),
  /** The touch that the call counts as; null where nothing is known of where it came from. */
  touch: v.nullable(CallTouch),
  /** The runners-up, most likely first. */
  candidates: v.array(Candidate),
});
export type Attribution = v.InferOutput<typeof Attribution>;

/** STIR/SHAKEN: how far the caller's carrier vouches for the number; `none` where the call came unsigned. */
export const Attestation = v.picklist(['A', 'B', 'C', 'failed', 'none']);
export type Attestation = v.InferOutput<typeof Attestation>;

/** One sign that a call is spam, or is not. */
export const SpamEvidence = v.object({
  kind: v.picklist(['attestation_failed', 'attestation_gateway', 'many_numbers', 'hang_ups', 'conversation']),
  /** Likelihood of spam on this evidence alone; of a `conversation`, the share of the score that it leaves. */
  weight: v.number(),
  /** For people. */
  detail: v.string(),
});
export type SpamEvidence = v.InferOutput<typeof SpamEvidence>;

/**
 * Why a call likely reached a number that nobody was shown at that moment.
 *
 * - `copied`: the number stands on a page, in an ad or in a listing that was written once.
 * - `stray`: a single such call: misdialed, or the first to a copied number.
 * - `printed`: the caller dialed the target's own printed number, which every visitor sees.
 * - `retired`: the number is no longer the site's.
 * - `not_added`: the carrier brings calls to a number that the site was never given.
 * - `no_number`: the carrier did not say which number was dialed.
 */
export const CallHintKind = v.picklist(['copied', 'stray', 'printed', 'retired', 'not_added', 'no_number']);
export const CallHint = v.object({ kind: CallHintKind, detail: v.string() });
export type CallHint = v.InferOutput<typeof CallHint>;

/** Fields of a call beyond the contract's: known where a carrier brought it, else null. */
export const CallDetails = v.object({
  /** Seconds that the destination rang until it was answered or given up. */
  ringSeconds: v.nullable(v.number()),
  /** The conversation of an answered call, otherwise the message; at the carrier, under the carrier's own access rules. */
  recordingUrl: v.nullable(v.string()),
  attestation: v.nullable(Attestation),
  /** The number the call was diverted from before it came to the tracking number. */
  forwardedFrom: v.nullable(v.string()),
  /** 0 to 1, from the evidence; `spam` may say otherwise by hand. */
  spamScore: v.number(),
  spamEvidence: v.array(SpamEvidence),
  /** Kept as given by `PATCH`. */
  tags: v.nullable(v.record(v.string(), v.unknown())),
  /** The likely reason why a call belongs to no visit, or only with low confidence. */
  hint: v.nullable(CallHint),
});
export type CallDetails = v.InferOutput<typeof CallDetails>;

export const Call = v.object({
  id: v.string(),
  /** `api` where it was reported by `POST …/calls`. */
  carrier: v.string(),
  /** Null if withheld; a keyed hash, `h_…`, where the site keeps its callers hashed. */
  from: v.nullable(v.string()),
  /** Null if the carrier did not say which number was dialed. */
  to: v.nullable(v.string()),
  target: v.nullable(v.string()),
  startedAt: Timestamp,
  status: CallStatus,
  durationSeconds: v.nullable(v.number()),
  value: v.nullable(v.number()),
  /** The first call known of this caller to this site; false for withheld numbers. */
  firstTime: v.boolean(),
  spam: v.boolean(),
  /** Made from one of the site's own phones, or to try something out: in no report, and told to nobody. */
  test: v.boolean(),
  /** The lead it is a contact of; null of spam and of withheld numbers, and before it was read once. */
  lead: v.nullable(v.string()),
  attribution: Attribution,
  ...CallDetails.entries,
});
export type Call = v.InferOutput<typeof Call>;

/** `PATCH …/calls/{id}`: a correction by a person. Fields left out stay as they are. */
export const CallPatch = v.object({
  /** Null: decided by the evidence again. */
  spam: v.optional(v.nullable(v.boolean())),
  /** In the site's currency. */
  value: v.optional(v.nullable(Worth)),
  /** Added to the call's tags; a tag that is null is removed, `tags: null` removes all (RFC 7396). */
  tags: v.optional(v.nullable(CustomData)),
});
export type CallPatch = v.InferOutput<typeof CallPatch>;
