import type {
  BindingKind,
  CallDetails,
  CallStatus,
  Candidate,
  E164,
  EpochMs,
  FallbackReason,
  FormSent,
  Match,
  NumberCounts,
  NumberPreset,
  NumberStatus,
  SourceRule,
  Touch,
} from '@dialmark/shared';
import type { Counted } from '../../calls/call-touch.ts';
import type { Taught } from '../attribution/habits.ts';

/** Rows as the pool keeps them. */

export interface NumberRow {
  number: E164;
  target: string;
  kind: 'pool' | 'source';
  name: string | null;
  match: SourceRule | null;
  preset: NumberPreset | null;
  counts: NumberCounts | null;
  status: NumberStatus;
  addedAt: EpochMs;
  /** The request that added it, where that carried an `Idempotency-Key`. */
  addedBy: string | null;
  /** Its place in the order of adding. */
  position: number;
}

export interface BindingRow {
  seq: number;
  number: E164;
  target: string;
  kind: BindingKind;
  session: string;
  visitor: string | null;
  startedAt: EpochMs;
  lastActiveAt: EpochMs;
  expiresAt: EpochMs;
  telClickAt: EpochMs | null;
  address: string | null;
  early: boolean;
  reason: FallbackReason | null;
}

export interface SessionRow extends Touch {
  /** Ascends with the time of its arrival, as a binding's. */
  seq: number;
  id: string;
  visitor: string | null;
  startedAt: EpochMs;
  lastActiveAt: EpochMs;
  landingPage: string | null;
  referrer: string | null;
  pages: number;
  /** The pages viewed (page-views.ts). */
  views: string | null;
  /** The page viewed last, kept or not; in memory only. */
  lastUrl: string | null;
  device: string | null;
  country: string | null;
  tags: Record<string, unknown> | null;
  /** Its bindings for each target, latest last. */
  bindings: Record<string, number[]>;
}

/** The fields needed from a visitor's other visits. */
export type Visit = Pick<SessionRow, 'id' | 'startedAt' | 'bindings'>;

export interface CallRow {
  id: string;
  carrier: string;
  from: string | null;
  /** Null if the carrier named no number; `''` in SQL, so that the index by number has every call. */
  to: E164 | null;
  target: string | null;
  startedAt: EpochMs;
  status: CallStatus;
  durationSeconds: number | null;
  value: number | null;
  firstTime: boolean;
  spam: boolean;
  /** Made from one of the site's own phones, or to try something out. */
  test: boolean;
  match: Match;
  confidence: number;
  binding: number | null;
  session: string | null;
  visitor: string | null;
  candidates: Candidate[];
  /** Of a call to a source number; null for others. */
  counted: Counted | null;
  details: CallDetails;
  stated: Stated;
  /** Null of a call that taught nothing. */
  taught: Taught | null;
}

/** The statements of people and the API about a call, apart from carriers' reports. The row is derived from both. */
export interface Stated {
  /** All reports by `POST …/calls` in one. */
  report: Pick<CallRow, 'from' | 'to' | 'startedAt' | 'status' | 'durationSeconds'> | null;
  /** By hand; null: by the evidence. */
  spam: boolean | null;
  /** Its people were erased: later reports of it name nobody. */
  erased: boolean;
  /** The party that diverted the call was erased: later reports leave that number out. */
  undiverted?: boolean;
  /** Another shard knows of an earlier call of this caller. */
  calledElsewhere: boolean;
  /** When the first report of it came; left out of a call that its carrier reported live. */
  reportedAt?: EpochMs;
}

/** A form that a visitor sent. */
export interface FormRow {
  id: string;
  at: EpochMs;
  session: string | null;
  visitor: string | null;
  form: FormSent;
  page: { url: string; referrer: string | null; title: string | null } | null;
  email: string | null;
  /** As the site keeps callers. */
  phone: string | null;
  name: string | null;
  /** True if its sender was erased: later reports of it say nothing. */
  erased: boolean;
}
