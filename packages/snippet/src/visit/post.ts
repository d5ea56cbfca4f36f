import { type Plain, toJson } from '../core/json.ts';

const TIMEOUT_MS = 8000;

/**
 * Posts to a site's edge. Bodies go as text/plain, which needs no CORS preflight, and outlive the page.
 *
 * @param credentials whether cookies go along to an edge of another origin
 */
export async function post(address: string, content: object, credentials?: boolean): Promise<Response> {
  const abort = new AbortController();
  setTimeout(() => abort.abort(), TIMEOUT_MS);
  return fetch(address, {
    method: 'POST',
    body: toJson(content as Plain),
    keepalive: true,
    ...(credentials && { credentials: 'include' }),
    signal: abort.signal,
  });
}
