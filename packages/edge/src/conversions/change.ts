import type { Call, CallChange } from '@dialmark/shared';

export type LeadStage = 'new' | 'qualified' | 'booked' | 'won' | 'lost';

/** The fields of a lead that conversions use; a webhook gets all that it was given. */
export interface LeadFacts {
  id: string;
  /** E.164, or a keyed hash where the site keeps its callers hashed. */
  phone: string | null;
  email: string | null;
  value: number | null;
  /** A set: which stages were ever entered, and when. */
  stages: readonly LeadStageFact[];
  touch: { source: string | null; channel: string | null } | null;
  visitor: string | null;
}

export interface LeadStageFact {
  stage: LeadStage;
  at: string;
  /** When it was said, if later: an outcome may be of last month. */
  receivedAt?: string;
}

/** The payload for a lead: as of a call, with the lead beside the call that it began with, if it did. */
export interface LeadChange extends Omit<CallChange, 'call'> {
  lead: LeadFacts;
  call: Call | null;
}

export type Change = CallChange | LeadChange;

export function isOfLead(change: Change): change is LeadChange {
  return 'lead' in change;
}
