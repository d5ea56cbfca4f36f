/** Reads a cookie; empty where there is none or cookies are out of reach. */
export function readCookie(name: string): string {
  try {
    return new RegExp(`(?:^|; )${name}=([^;]*)`).exec(document.cookie)?.[1] ?? '';
  } catch {
    return '';
  }
}

/**
 * Writes a first-party cookie for the whole registrable domain, found by trying from the shortest suffix of the host:
 * browsers refuse cookies for public suffixes, so the first that sticks is the widest there may be. Zero seconds
 * delete it. Values are opaque ids and digits and need no encoding.
 */
export function writeCookie(name: string, value: string, seconds: number): void {
  const labels = location.hostname.split('.');
  const secure = location.protocol === 'https:' ? ';secure' : '';
  try {
    for (let from = labels.length - 2; from > -2; from--) {
      const domain = from < 0 ? '' : `;domain=${labels.slice(from).join('.')}`;
      // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is asynchronous, too late for the first paint
      document.cookie = `${name}=${value};path=/;max-age=${seconds};samesite=lax${secure}${domain}`;
      if (seconds && readCookie(name) === value) return;
    }
  } catch {
    // A sandboxed page has no cookies: the visit is then as long as the page.
  }
}
