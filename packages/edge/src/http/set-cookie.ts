import type { CookiePolicy } from '../pool/leases/visitor-cookie.ts';

/** Writes a cookie as a `Set-Cookie` header. Its name and value hold nothing that a header could be split by. */
export function setCookie({ name, value, maxAgeSeconds, domain, secure }: CookiePolicy): string {
  const parts = [`${name}=${value}`, 'Path=/', `Max-Age=${maxAgeSeconds}`, 'SameSite=Lax'];
  if (secure) parts.push('Secure');
  if (domain !== null) parts.push(`Domain=${domain}`);
  return parts.join('; ');
}
