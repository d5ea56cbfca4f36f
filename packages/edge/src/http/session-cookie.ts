import { type Env, workerKeys } from '../env.ts';
import { seal, unseal } from '../sealed.ts';

const NAME = 'dialmark_session';
const LIFETIME_SECONDS = 7 * 86_400;
const SEALED_FOR = { purpose: 'dashboard', owner: 'session' } as const;

/** Sent with every request of the dashboard. No other origin's page can send it without asking by CORS, which is refused. */
const DASHBOARD_HEADER = 'Dialmark-Dashboard';

/**
 * `Set-Cookie` of a session that stands for the token of this hash. Sealed under the Worker's key, so it can be neither
 * made nor read by others; it holds no token, and ends at once when the token is revoked.
 *
 * @throws RangeError where the Worker has no key
 */
export async function sessionCookie(tokenHash: string, request: Request, env: Env): Promise<string> {
  const expiresAt = Date.now() + LIFETIME_SECONDS * 1000;
  const value = await seal(workerKeys(env), SEALED_FOR, { tokenHash, expiresAt });
  return cookie(value, LIFETIME_SECONDS, request, env);
}

/** `Set-Cookie` that ends the session. */
export function endedSessionCookie(request: Request, env: Env): string {
  return cookie('', 0, request, env);
}

function cookie(value: string, maxAge: number, request: Request, env: Env): string {
  const https = new URL(request.url).protocol === 'https:' || env.PUBLIC_URL?.startsWith('https:');
  return `${NAME}=${value}; Path=/; Max-Age=${maxAge}; HttpOnly; SameSite=Strict${https ? '; Secure' : ''}`;
}

/** The hash of the token that the request's session stands for; null without a good one, or from another origin. */
export async function sessionTokenHash(request: Request, env: Env): Promise<string | null> {
  const value = new RegExp(`(?:^|;\\s*)${NAME}=([\\w.-]+)`).exec(request.headers.get('Cookie') ?? '')?.[1];
  if (!value || !isFromDashboard(request)) return null;
  const opened = await unseal(workerKeys(env), SEALED_FOR, value);
  const session = opened?.value as { tokenHash: string; expiresAt: number } | undefined;
  return session && session.expiresAt > Date.now() ? session.tokenHash : null;
}

/**
 * Whether a page of this very origin sent the request. Browsers say so themselves (Fetch Metadata), though not over plain
 * HTTP, where `Origin` or the dashboard's own header tells; whatever changes something needs the header in any case.
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
