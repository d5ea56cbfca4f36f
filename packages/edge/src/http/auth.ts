import { type Scope, SECOND } from '@dialmark/shared';
import { adminTokenError } from '../admission/admin-token.ts';
import { closed, pass } from '../admission/gates.ts';
import type { Env } from '../env.ts';
import type { Grant } from '../people/directory.ts';
import { directoryOf, isInPlace } from '../people/remote-directory.ts';
import { log } from '../platform/log.ts';
import { sha256Hex } from '../platform/signature.ts';
import { sessionOf } from './cookies.ts';
import { problem } from './problems.ts';

/**
 * Returns whether the request's bearer token may do this on this site, or else the dashboard's session, which acts for the
 * token it was opened with.
 *
 * @returns null if it may, else the answer to give: 401 without a good token, 403 where it does not reach
 */
export async function authorize(
  request: Request,
  env: Env,
  scope: Scope,
  site: string | null,
  also: Scope = scope,
): Promise<Response | null> {
  if (!(await isKnownInPlace(env))) return problem('jurisdiction_changed');
  const grant = await grantIn(request, env);
  if (grant === null) return unauthorized();
  if (grant instanceof Response) return grant;
  if (!(['admin', scope, also] as const).some((each) => grant.scopes.includes(each))) {
    return problem('forbidden', `The token does not have the scope "${scope}".`);
  }
  if (grant.site !== null && grant.site !== site) return problem('forbidden', 'The token is for another site.');
  return null;
}

/** Asked once by each isolate: a deployment that looks for its data in another jurisdiction would find it empty. */
let inPlace: boolean | null = null;

async function isKnownInPlace(env: Env): Promise<boolean> {
  inPlace ??= await isInPlace(env);
  return inPlace;
}

/**
 * Returns the rights of the request's bearer token or, without one, of its dashboard session; null if it has neither.
 *
 * @returns the answer to give where the token is not known
 */
export async function grantIn(request: Request, env: Env): Promise<Grant | Response | null> {
  const authorization = request.headers.get('Authorization');
  if (authorization !== null) {
    const token = /^Bearer\s+(\S+)\s*$/i.exec(authorization)?.[1];
    return token ? grantOf(await sha256Hex(token), request, env) : null;
  }
  const session = await sessionOf(request, env);
  return session && (session.grant ?? grantOf(session.token, request, env));
}

/**
 * Returns the rights of the token with this hash. The directory keeps only hashes.
 *
 * @returns the answer to give where it is not known: 401, and 429 to an address that has tried many
 */
export async function grantOf(hash: string, request: Request, env: Env): Promise<Grant | Response> {
  const turnedAway = closed('unknownTokens', request);
  if (turnedAway) return turnedAway;
  const grant = (await operatorsGrant(hash, env)) ?? (await tokensGrant(hash, env));
  if (grant) return grant;
  pass('unknownTokens', request);
  return unauthorized(INVALID_TOKEN);
}

/** Grants from the directory, cached: a server that leases with a token would otherwise ask it for each visit. */
const GRANTS_KEPT_MS = 5 * SECOND;
const GRANTS_KEPT = 1000;
const grants = new Map<string, { grant: Grant; until: number }>();

async function tokensGrant(hash: string, env: Env): Promise<Grant | null> {
  const known = grants.get(hash);
  if (known && Date.now() < known.until) return known.grant;
  const grant = await directoryOf(env).grantOf(hash);
  if (grants.size >= GRANTS_KEPT) grants.clear();
  if (grant) grants.set(hash, { grant, until: Date.now() + GRANTS_KEPT_MS });
  return grant;
}

/** Forgets what tokens may do: one was revoked. Other isolates ask again within five seconds. */
export function forgetGrants(): void {
  grants.clear();
}

/** Checks the operator's own token, which no directory has. One that can be guessed opens nothing. */
async function operatorsGrant(hash: string, env: Env): Promise<Grant | null> {
  if (!env.ADMIN_TOKEN || !equal(hash, await sha256Hex(env.ADMIN_TOKEN))) return null;
  // On the machine it is tried out on it may be as short as one likes.
  const error = env.LOCAL_WEBHOOKS === 'on' ? null : adminTokenError(env.ADMIN_TOKEN);
  if (error) log.error('admin_token_too_weak', { reason: error });
  return error ? null : { scopes: ['admin'], site: null, token: null };
}

export const INVALID_TOKEN = 'Token is invalid or was revoked.';

/** Answers 401, saying how a token is sent. */
export function unauthorized(detail?: string): Response {
  return problem('unauthenticated', detail, undefined, { 'WWW-Authenticate': 'Bearer realm="dialmark"' });
}

/** Compares hashes, so that the time taken reveals nothing about the token. */
function equal(a: string, b: string): boolean {
  let difference = a.length ^ b.length;
  for (let i = 0; i < a.length; i++) difference |= a.charCodeAt(i) ^ b.charCodeAt(i);
  return difference === 0;
}
