/**
 * Returns whether a page's origin is one of the site's own. Exact on scheme, host and port;
 * `https://*.acme.example` fits every subdomain, not the bare domain.
 */
export function originAllowed(origins: readonly string[], origin: string): boolean {
  const asked = origin.toLowerCase();
  return origins.some((allowed) => {
    const star = allowed.indexOf('//*.');
    if (star < 0) return allowed === asked;
    const scheme = allowed.slice(0, star + 2);
    const suffix = allowed.slice(star + 3);
    return asked.startsWith(scheme) && asked.endsWith(suffix) && asked.length > scheme.length + suffix.length;
  });
}

/** Returns the hosts of a site's origins, for `classify`: a referrer from one of these, or below it, is no touch. */
export function hostsOf(origins: readonly string[]): string[] {
  return origins.flatMap((origin) => {
    const bare = origin.replace('//*.', '//');
    return URL.canParse(bare) ? [new URL(bare).hostname] : [];
  });
}
