import type { Scope } from '@dialmark/shared';
import type { Env } from '../env.ts';
import { problem } from './problem.ts';

/**
 * Whether the request's bearer token may do this on this site. The operator's own token is checked here, the others in
 * the directory, which keeps only their hashes.
 *
 * @returns null where it may, else the answer to give: 401 without a good token, 403 where it does not reach
 */
export async function authorize(
  request: Request,
  env: Env,
  scope: Scope,
  site: string | null,
): Promise<Response | null> {
  const token = /^Bearer\s+(\S+)\s*$/i.exec(request.headers.get('Authorization') ?? '')?.[1];
  if (!token) return unauthorized('Send a token: Authorization: Bearer …');
  const hash = await sha256(token);
  if (env.ADMIN_TOKEN && equal(hash, await sha256(env.ADMIN_TOKEN))) return null;
  const grant = await env.DIRECTORY.getByName('directory').grantOf(hash);
  if (!grant) return unauthorized('The token is not known, or no longer.');
  if (!grant.scopes.includes('admin') && !grant.scopes.includes(scope)) {
    return problem(403, `The token's scopes do not include "${scope}".`);
  }
  if (grant.site !== null && grant.site !== site) return problem(403, 'The token is for another site.');
  return null;
}

function unauthorized(detail: string): Response {
  return problem(401, detail, undefined, { 'WWW-Authenticate': 'Bearer realm="dialmark"' });
}

/** Hex SHA-256. Tokens are long and random, so a plain hash is enough (no dictionary to try). */
export async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Compares hashes, so that how long it takes tells nothing of the token. */
function equal(a: string, b: string): boolean {
  let difference = a.length ^ b.length;
  for (let i = 0; i < a.length; i++) difference |= a.charCodeAt(i) ^ b.charCodeAt(i);
  return difference === 0;
}
