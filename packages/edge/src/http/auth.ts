import type { Scope } from '@dialmark/shared';
import type { Grant } from '../directory/directory.ts';
import type { Env } from '../env.ts';
import { problem } from './problem.ts';
import { sessionTokenHash } from './session-cookie.ts';

/**
 * Whether the request's bearer token may do this on this site, or else the dashboard's session, which stands for the
 * token it was opened with.
 *
 * @returns null where it may, else the answer to give: 401 without a good token, 403 where it does not reach
 */
export async function authorize(
  request: Request,
  env: Env,
  scope: Scope,
  site: string | null,
  also: Scope = scope,
): Promise<Response | null> {
  const hash = await presentedHash(request, env);
  if (hash === null) return unauthorized('Send a token: Authorization: Bearer …');
  const grant = await grantOf(hash, env);
  if (!grant) return unauthorized('The token is not known, or no longer.');
  if (!(['admin', scope, also] as const).some((each) => grant.scopes.includes(each))) {
    return problem(403, `The token's scopes do not include "${scope}".`);
  }
  if (grant.site !== null && grant.site !== site) return problem(403, 'The token is for another site.');
  return null;
}

/** The hash of the token that the request carries, by itself or by the dashboard's session; null without one. */
export async function presentedHash(request: Request, env: Env): Promise<string | null> {
  const authorization = request.headers.get('Authorization');
  if (authorization === null) return sessionTokenHash(request, env);
  const token = /^Bearer\s+(\S+)\s*$/i.exec(authorization)?.[1];
  return token ? sha256(token) : null;
}

/**
 * What the token of a hash may do; null where it is not known. The operator's own token is checked here, the others in
 * the directory, which keeps only their hashes.
 */
export async function grantOf(hash: string, env: Env): Promise<Grant | null> {
  if (env.ADMIN_TOKEN && equal(hash, await sha256(env.ADMIN_TOKEN))) return { scopes: ['admin'], site: null };
  return env.DIRECTORY.getByName('directory').grantOf(hash);
}

/** 401, saying how a token is sent. */
export function unauthorized(detail: string): Response {
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
