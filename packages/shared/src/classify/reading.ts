/** One reading of where a visit came from, before its channel is known. */
export interface Reading {
  source: string;
  medium: string;
  campaign: string | null;
  term: string | null;
  content: string | null;
  /** The evidence: `utm tags`, `click id gclid`, `referrer google.com`, `own site`, `direct`. */
  because: string;
}

/** GA4's names for a visit that came from nowhere. */
export const DIRECT = '(direct)';
export const NONE = '(none)';

export function direct(because: string): Reading {
  return { source: DIRECT, medium: NONE, campaign: null, term: null, content: null, because };
}
