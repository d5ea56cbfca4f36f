import type { Counted } from '../../calls/call-touch.ts';
import type { SiteRules } from '../core.ts';
import type { Erasures } from '../forget/erase.ts';

/** A batch of changes from a pool; every time in epoch milliseconds. */
export interface LedgerBatch {
  /** The outbox position: a row never goes back to an older state. */
  rev: number;
  rules: SiteRules;
  /** Rows that the pool has deleted, for the ledger to delete. Applied first: rows that come after are new. */
  erasures: Erasures;
  sessions: LedgerSession[];
  bindings: LedgerBinding[];
  calls: LedgerCall[];
  /** Left out by pools of an earlier version, which may still run while this one is deployed. */
  forms?: LedgerForm[];
  /** Ids of test calls that were deleted. */
  deleted?: string[];
}

export interface LedgerSession {
  seq: number;
  id: string;
  visitor: string | null;
  startedAt: number;
  lastActiveAt: number;
  landingPage: string | null;
  referrer: string | null;
  source: string;
  medium: string;
  campaign: string | null;
  term: string | null;
  content: string | null;
  channel: string;
  clickIds: Record<string, string>;
  pages: number;
  device: string | null;
  country: string | null;
  tags: Record<string, unknown> | null;
  /** As the pool keeps them (pool/store/page-views.ts). */
  views: string | null;
}

export interface LedgerBinding {
  seq: number;
  number: string;
  target: string;
  kind: string;
  session: string;
  startedAt: number;
  lastActiveAt: number;
  expiresAt: number;
  telClickAt: number | null;
}

export interface LedgerForm {
  id: string;
  at: number;
  session: string | null;
  visitor: string | null;
  form: { id: string | null; name: string | null; action: string | null };
  page: { url: string; referrer: string | null; title: string | null } | null;
  email: string | null;
  phone: string | null;
  name: string | null;
  erased: boolean;
}

export interface LedgerCall {
  id: string;
  carrier: string;
  caller: string | null;
  number: string;
  target: string | null;
  startedAt: number;
  status: string;
  durationSeconds: number | null;
  value: number | null;
  firstTime: boolean;
  spam: boolean;
  test: boolean;
  match: string;
  confidence: number;
  binding: string | null;
  session: string | null;
  visitor: string | null;
  candidates: unknown[];
  /** Its touch, for a call to a source number. */
  counted: Counted | null;
  details: object;
}
