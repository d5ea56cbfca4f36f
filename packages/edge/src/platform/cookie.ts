/** A cookie to be set, without its spelling as a header. */
export interface CookiePolicy {
  name: string;
  value: string;
  maxAgeSeconds: number;
  /** Null for a cookie of one host only. */
  domain: string | null;
  secure: boolean;
}

/** Writes a cookie as a `Set-Cookie` header. Its name and value hold nothing that a header could be split by. */
export function setCookie({ name, value, maxAgeSeconds, domain, secure }: CookiePolicy): string {
  const parts = [`${name}=${value}`, 'Path=/', `Max-Age=${maxAgeSeconds}`, 'SameSite=Lax'];
  if (secure) parts.push('Secure');
  if (domain !== null) parts.push(`Domain=${domain}`);
  return parts.join('; ');
}
