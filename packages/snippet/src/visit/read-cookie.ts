/** Reads a cookie as it stands; empty where there is none or cookies are out of reach. */
export function readCookie(name: string): string {
  try {
    return new RegExp(`(?:^|; )${name}=([^;]*)`).exec(document.cookie)?.[1] ?? '';
  } catch {
    return '';
  }
}
