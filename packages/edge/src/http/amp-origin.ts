/**
 * The origin that an AMP page's request stands for (https://amp.dev/documentation/guides-and-tutorials/learn/amp-caches-and-cors/amp-cors-requests):
 * the page's own; for a page shown by an AMP cache, the source origin it names, if the cache's subdomain is made of it.
 */
export function ampOrigin(origin: string | null, source: string | null): string | null {
  if (origin === null || source === null || origin === source) return origin ?? source;
  const cache = /^https:\/\/([a-z0-9-]+)\.(?:cdn\.ampproject\.org|www\.bing-amp\.com|amp\.cloudflare\.com)$/.exec(
    origin,
  );
  const host = URL.canParse(source) ? new URL(source).hostname : '';
  // The cache's subdomain: every dash doubled, every dot a dash.
  return cache?.[1] === host.replaceAll('-', '--').replaceAll('.', '-') ? source : origin;
}
