/** A landing page with its referrer; both as the browser gave them. */
export interface Arrival {
  url: string;
  referrer: string | null;
}

export interface ClassifyOptions {
  /** The site's own hosts: referrers from these and their subdomains say nothing. `*.`, `www.`, ports do not count. */
  ownHosts?: readonly string[];
  /** Further hosts that visits only pass through, such as the site's booking service: as payment and login. */
  ignoredHosts?: readonly string[];
}
