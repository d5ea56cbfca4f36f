/**
 * Returns the path of a landing page for reports, without query and fragment: `https://acme.example/roof?a=1` is `/roof`.
 * A relative address counts from the root; of what is no web address the path is `/`.
 */
export function landingPath(url: string): string {
  const base = 'http://relative.invalid';
  if (!URL.canParse(url, base)) return '/';
  const { protocol, pathname } = new URL(url, base);
  return protocol === 'https:' || protocol === 'http:' ? pathname : '/';
}
