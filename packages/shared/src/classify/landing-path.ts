/** The path of a landing page for reports, without query and fragment: `/roof`. Of an address that is none: `/`. */
export function landingPath(url: string): string {
  const base = 'http://relative.invalid';
  return URL.canParse(url, base) ? new URL(url, base).pathname || '/' : '/';
}
