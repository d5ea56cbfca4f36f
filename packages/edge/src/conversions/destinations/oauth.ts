import { SECOND } from '@dialmark/shared';
import { fromBase64, sha256Hex, toBase64Url } from '../../platform/signature.ts';
import { type Answer, ask, json } from './answer.ts';
import type { SendContext } from './destination.ts';

/** A token, or the answer that there is none. */
export type Access = { token: string } | { failure: Answer };

export interface ServiceAccount {
  client_email: string;
  private_key: string;
}

export interface RefreshToken {
  tokenUrl: string;
  clientId: string;
  clientSecret?: string | undefined;
  refreshToken: string;
  scope?: string;
}

const GOOGLE_TOKENS = 'https://oauth2.googleapis.com/token';
const utf8 = new TextEncoder();

/** An access token by a refresh token (RFC 6749, section 6). */
export function byRefreshToken(given: RefreshToken, context: SendContext): Promise<Access> {
  const { tokenUrl, clientId, clientSecret, refreshToken, scope } = given;
  return remembered(JSON.stringify(given), context, () =>
    exchange(context, tokenUrl, {
      grant_type: 'refresh_token',
      client_id: clientId,
      ...(clientSecret === undefined ? {} : { client_secret: clientSecret }),
      refresh_token: refreshToken,
      ...(scope === undefined ? {} : { scope }),
    }),
  );
}

/** An access token for a Google service account, by a JWT that it signs itself (RFC 7523, section 2.1). */
export function byServiceAccount(account: ServiceAccount, scope: string, context: SendContext): Promise<Access> {
  return remembered(JSON.stringify([account, scope]), context, async () => {
    const key = await importServiceKey(account.private_key);
    if (!key) return { failure: { status: null, error: 'the private key of the service account cannot be read' } };
    const issuedAt = Math.floor(context.now / SECOND);
    const claims = { iss: account.client_email, scope, aud: GOOGLE_TOKENS, iat: issuedAt, exp: issuedAt + 3600 };
    const unsigned = [{ alg: 'RS256', typ: 'JWT' }, claims]
      .map((part) => toBase64Url(utf8.encode(JSON.stringify(part))))
      .join('.');
    const signature = await crypto.subtle.sign('RSASSA-PKCS1-v1_5', key, utf8.encode(unsigned));
    return exchange(context, GOOGLE_TOKENS, {
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      assertion: `${unsigned}.${toBase64Url(new Uint8Array(signature))}`,
    });
  });
}

/** The key of a service account's key file (PKCS #8 in PEM); null where it is none. */
export async function importServiceKey(pem: string): Promise<CryptoKey | null> {
  const der = fromBase64(pem.replace(/-----[A-Z ]+-----|\s/g, ''));
  if (!der || der.length === 0) return null;
  try {
    return await crypto.subtle.importKey('pkcs8', der, { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }, false, ['sign']);
  } catch {
    return null;
  }
}

type Exchanged = { token: string; expiresInSeconds: number } | { failure: Answer };

async function exchange(context: SendContext, url: string, fields: Record<string, string>): Promise<Exchanged> {
  const answer = await ask(context, url, { method: 'POST', body: new URLSearchParams(fields) });
  const body = json(answer);
  if (answer.status !== 200 || typeof body?.access_token !== 'string') return { failure: answer };
  return { token: body.access_token, expiresInSeconds: Number(body.expires_in ?? 0) };
}

/** Tokens this isolate holds, by a hash of what they were got with. */
const tokens = new Map<string, { token: string; until: number }>();
/** A token is not used in its last minute. */
const SPARE_SECONDS = 60;

async function remembered(by: string, { now }: SendContext, get: () => Promise<Exchanged>): Promise<Access> {
  const key = await sha256Hex(by);
  const known = tokens.get(key);
  if (known && known.until > now) return { token: known.token };
  const got = await get();
  if ('failure' in got) return got;
  tokens.set(key, { token: got.token, until: now + (got.expiresInSeconds - SPARE_SECONDS) * SECOND });
  return { token: got.token };
}

/** Forgets a token that was not accepted. */
export function forgetToken(token: string): void {
  for (const [key, known] of tokens) if (known.token === token) tokens.delete(key);
}
