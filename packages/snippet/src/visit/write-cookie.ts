import Cookies from 'js-cookie';
import { readCookie } from './read-cookie.ts';

/**
 * Writes a first-party cookie for the whole registrable domain, found by trying from the shortest suffix of the host:
 * browsers refuse cookies for public suffixes, so the first that sticks is the widest there may be. Zero seconds
 * delete it.
 */
export function writeCookie(name: string, value: string, seconds: number): void {
  const labels = location.hostname.split('.');
  // Properties that a page has added to every object are not attributes.
  const attributes: Record<string, string | boolean> = {};
  for (const inherited in attributes) attributes[inherited] = false;
  attributes['max-age'] = `${seconds}`;
  attributes.sameSite = 'lax';
  attributes.secure = location.protocol === 'https:';
  try {
    for (let from = labels.length - 2; from > -2; from--) {
      attributes.domain = from >= 0 && labels.slice(from).join('.');
      Cookies.set(name, value, attributes);
      if (seconds && readCookie(name) === value) return;
    }
  } catch {
    // A sandboxed page has no cookies: the visit is then as long as the page.
  }
}
