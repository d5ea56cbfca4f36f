import type { Problem, Scope } from '@dialmark/shared';
import { DialmarkError } from '@dialmark/shared/client';

/** The session's token: its id, its name and its scopes. */
export interface SessionGrant {
  scopes: Scope[];
  /** Null: every site. */
  site: string | null;
  /** Null: the deployment's admin token. */
  token: { id: string; name: string | null } | null;
}

const ADDRESS = '/app/session';
const HEADERS = { 'Dialmark-Dashboard': '1' };

/** Returns the session that the browser holds; null without one. */
export async function readSession(): Promise<SessionGrant | null> {
  const response = await fetch(ADDRESS, { headers: HEADERS });
  if (response.status === 401) return null;
  return grantIn(response);
}

/** @throws DialmarkError where the token is not good */
export async function openSession(token: string): Promise<SessionGrant> {
  return grantIn(await fetch(ADDRESS, { method: 'POST', headers: HEADERS, body: JSON.stringify({ token }) }));
}

export async function endSession(): Promise<void> {
  await fetch(ADDRESS, { method: 'DELETE', headers: HEADERS });
}

async function grantIn(response: Response): Promise<SessionGrant> {
  if (!response.ok) throw new DialmarkError((await response.json()) as Problem);
  return (await response.json()) as SessionGrant;
}

/** The name under which the session's owner is shown. */
export const nameOf = ({ token }: SessionGrant) => (token === null ? 'Admin token' : (token.name ?? token.id));

export const mayAdmin = (grant: SessionGrant) => grant.scopes.includes('admin');
export const mayCorrectCalls = (grant: SessionGrant) => mayAdmin(grant) || grant.scopes.includes('calls');
