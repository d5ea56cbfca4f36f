import type { LeadStage } from '@dialmark/shared';

/** What became of somebody, as a site's own books say; as the ledger takes it. */
export interface Outcome {
  id: string;
  at: number;
  stage: LeadStage;
  value: number | null;
  /** As the site keeps its callers. */
  phone: string | null;
  /** In lower case. */
  email: string | null;
  /** A lead by its id, or else a call. */
  lead: string | null;
  call: string | null;
}

/** What became of outcomes, each by its place among those that were sent. */
export interface OutcomesTaken {
  matched: number;
  unchanged: number;
  unmatched: number[];
}
