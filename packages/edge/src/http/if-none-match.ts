/**
 * Returns whether a client has what would be sent already: `If-None-Match` by RFC 9110, section 13.1.2. Compared weakly, since
 * proxies weaken the tag of what they compress; `*` stands for anything that is there.
 */
export function hasAlready(header: string | null | undefined, etag: string): boolean {
  if (!header) return false;
  if (header.trim() === '*') return true;
  // A tag may hold commas, so a list is not split at them.
  return [...header.matchAll(/(?:W\/)?("[^"]*")/g)].some(([, tag]) => tag === opaque(etag));
}

const opaque = (etag: string) => etag.replace(/^W\//, '');
