import { Amount, type Site } from '@dialmark/shared';
import * as v from 'valibot';
import { decryptSiteSecrets } from '../../people/site-secrets.ts';
import type { WorkerKeys } from '../../platform/encryption.ts';
import { fromHex, hmacVerifies } from '../../platform/signature.ts';

type Tags = Record<string, unknown>;

/**
 * Tags as they are kept. Anybody can send tags in a page's name, so what shifts money or joins people is judged here, once:
 * `countedValue` is what a visit's call may be worth, `signedUserId` who the site's server says the visitor is. Both are
 * only ever written here; `value` and `userId` stay what the page said.
 *
 * @param trusted the request carries a token: the site's server itself
 */
export async function judgeTags(tags: Tags, site: Site, keys: WorkerKeys, trusted: boolean): Promise<Tags> {
  const { countedValue: _, signedUserId: __, userIdSignature, ...kept } = tags;
  const value = countedValue(kept.value, site.values.tagMax, trusted);
  const user = textOf(kept.userId);
  const isSigned =
    user !== null &&
    (trusted || (await isSignedBy(await decryptSiteSecrets(keys, site, 'users'), user, userIdSignature)));
  return {
    ...kept,
    ...(value === null ? {} : { countedValue: value }),
    ...(isSigned ? { signedUserId: user } : {}),
  };
}

/** At least nothing, at most what the site allows; null for what is no amount, and where pages give none. */
export function countedValue(given: unknown, most: number | null, trusted: boolean): number | null {
  const value = typeof given === 'string' && given.trim() !== '' ? Number(given) : given;
  if (!v.is(Amount, value) || value < 0) return null;
  if (trusted) return value;
  return most === null ? null : Math.min(value, most);
}

/** Returns whether a signature is the hex of HMAC-SHA-256 over a user id with one of the secrets; compared in constant time. */
async function isSignedBy(secrets: readonly string[], user: string, signature: unknown): Promise<boolean> {
  return typeof signature === 'string' && hmacVerifies('SHA-256', secrets, [user], fromHex(signature));
}

/** Returns a user id as text; null if it is none. */
function textOf(id: unknown): string | null {
  if (typeof id === 'number' && Number.isFinite(id)) return String(id);
  return typeof id === 'string' && id.trim() !== '' ? id.trim() : null;
}
