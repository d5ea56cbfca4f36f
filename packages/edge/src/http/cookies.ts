import type { Env } from '../env.ts';
import type { Session } from '../people/directory.ts';
import { directoryOf } from '../people/remote-directory.ts';
import { sha256Hex, toBase64Url } from '../platform/signature.ts';

const LIFETIME_SECONDS = 7 * 86_400;

/** Sent with every request of the dashboard. No other origin's page can send it without asking by CORS, which is refused. */
const DASHBOARD_HEADER = 'Dialmark-Dashboard';

/**
 * Opens a session for the token with this hash, in place of the one that the browser had. The cookie is
 * random and holds nothing; the directory keeps its hash, until the session is closed, or ends, or its token does.
 *
 * @returns its `Set-Cookie`
 */
export async function openSession(tokenHash: string, request: Request, env: Env): Promise<string> {
  await forget(request, env);
  const secret = toBase64Url(crypto.getRandomValues(new Uint8Array(32)));
  await directoryOf(env).openSession(await sha256Hex(secret), tokenHash, Date.now() + LIFETIME_SECONDS * 1000);
  return cookie(secret, LIFETIME_SECONDS, request, env);
}

/** Ends the request's session for good, here and in the browser. @returns the `Set-Cookie` that takes it away */
export async function closeSession(request: Request, env: Env): Promise<string> {
  await forget(request, env);
  return cookie('', 0, request, env);
}

/** Returns the request's session; null without a good one, or from another origin. */
export async function sessionOf(request: Request, env: Env): Promise<Session | null> {
  const value = secretIn(request, env);
  if (value === null || !isFromDashboard(request)) return null;
  return directoryOf(env).session(await sha256Hex(value), Date.now());
}

async function forget(request: Request, env: Env): Promise<void> {
  const value = secretIn(request, env);
  if (value !== null) await directoryOf(env).closeSession(await sha256Hex(value));
}

/**
 * Over TLS, a cookie with a name that browsers accept only from this very host (`__Host-`, RFC 6265bis, section
 * 4.1.3.2): a page of a sibling subdomain cannot put a session of its own in the place of this one. Without TLS, on a
 * machine of one's own, browsers accept no such cookie, and anybody in between could set one.
 */
function nameOf(request: Request, env: Env): string {
  return isByTls(request, env) ? '__Host-dialmark_session' : 'dialmark_session';
}

function isByTls(request: Request, env: Env): boolean {
  return new URL(request.url).protocol === 'https:' || env.PUBLIC_URL?.startsWith('https:') === true;
}

function cookie(value: string, maxAge: number, request: Request, env: Env): string {
  const secure = isByTls(request, env) ? '; Secure' : '';
  return `${nameOf(request, env)}=${value}; Path=/; Max-Age=${maxAge}; HttpOnly; SameSite=Strict${secure}`;
}

function secretIn(request: Request, env: Env): string | null {
  const start = `${nameOf(request, env)}=`;
  const pairs = (request.headers.get('Cookie') ?? '').split(';').map((pair) => pair.trim());
  const value = pairs.find((pair) => pair.startsWith(start))?.slice(start.length);
  return value && /^[\w-]{43}$/.test(value) ? value : null;
}

/**
 * Returns whether a page of this very origin sent the request. Browsers say so themselves (Fetch Metadata), though not over plain
 * HTTP, where `Origin` or the dashboard's own header shows it; a request that changes something needs the header in any case.
 */
export function isFromDashboard(request: Request): boolean {
  const { headers } = request;
  const marked = headers.get(DASHBOARD_HEADER) === '1';
  if (!marked && request.method !== 'GET' && request.method !== 'HEAD') return false;
  const site = headers.get('Sec-Fetch-Site');
  if (site !== null) return site === 'same-origin';
  const origin = headers.get('Origin');
  return origin === null ? marked : URL.canParse(origin) && new URL(origin).host === new URL(request.url).host;
}
