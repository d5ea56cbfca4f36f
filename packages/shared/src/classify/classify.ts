import type { Touch } from '../wire/session.ts';

/** A landing page with its referrer; both as the browser gave them. */
export interface Arrival {
  url: string;
  referrer: string | null;
}
export interface ClassifyOptions {
  /** The site's own hosts: referrers from these and from their subdomains say nothing. */
  ownHosts?: readonly string[];
}
/** A classified touch and the rule that decided, for `GET …/classify`. */
export interface Classification extends Touch {
  /** E.g. `utm`, `click id: gclid`, `referrer: google.com`, `direct`. */
  rule: string;
}

export declare function classify(arrival: Arrival, options?: ClassifyOptions): Classification;
