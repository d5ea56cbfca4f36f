import {
  CarrierName,
  CarrierSecrets,
  type CarriersPut,
  type CarriersShown,
  type SiteSecrets,
} from '@dialmark/shared/wire/forwarding';
import * as v from 'valibot';
import { fromBase64Url, toBase64Url } from './signature.ts';

/** The Worker's secrets that carrier secrets are encrypted under at rest. */
export interface WorkerKeys {
  /** Encrypts, and is tried first. A long random text: HKDF spreads what randomness there is and adds none. */
  current: string;
  /** The key before, while what it encrypted is still around. */
  previous?: string | undefined;
}

const VERSION = 'v1';
const utf8 = new TextEncoder();

/**
 * A key for one site, so that one site's ciphertext is of no use in another's row.
 * HKDF-SHA-256 (RFC 5869); AES-256-GCM (NIST SP 800-38D).
 */
async function siteKey(secret: string, site: string): Promise<CryptoKey> {
  const master = await crypto.subtle.importKey('raw', utf8.encode(secret), 'HKDF', false, ['deriveKey']);
  return crypto.subtle.deriveKey(
    { name: 'HKDF', hash: 'SHA-256', salt: utf8.encode('dialmark carriers'), info: utf8.encode(`${VERSION} ${site}`) },
    master,
    { name: 'AES-GCM', length: 256 },
    false,
    ['encrypt', 'decrypt'],
  );
}

/**
 * Encrypts a site's carrier secrets for storage: `v1.<nonce>.<ciphertext>`.
 * Throws `RangeError` where the Worker has no secret to encrypt with; that is a mistake of deployment.
 */
export async function sealSecrets(keys: WorkerKeys, site: string, secrets: SiteSecrets): Promise<string> {
  if (keys.current === '') throw new RangeError('the Worker has no secret to encrypt carrier secrets with');
  const nonce = crypto.getRandomValues(new Uint8Array(12));
  const sealed = await crypto.subtle.encrypt(
    { name: 'AES-GCM', iv: nonce, additionalData: utf8.encode(`${VERSION} ${site}`) },
    await siteKey(keys.current, site),
    utf8.encode(JSON.stringify(secrets)),
  );
  return [VERSION, toBase64Url(nonce), toBase64Url(new Uint8Array(sealed))].join('.');
}

/**
 * Decrypts what `sealSecrets` made for this site.
 *
 * @returns the secrets, and whether they are still under the previous key and should be sealed anew;
 * null where the text was changed, is another site's, or neither key fits
 */
export async function openSecrets(
  keys: WorkerKeys,
  site: string,
  sealed: string,
): Promise<{ secrets: SiteSecrets; stale: boolean } | null> {
  const [version, nonceText, ciphertextText, ...rest] = sealed.split('.');
  const iv = fromBase64Url(nonceText ?? '');
  const ciphertext = fromBase64Url(ciphertextText ?? '');
  if (version !== VERSION || rest.length > 0 || iv?.length !== 12 || !ciphertext) return null;

  for (const secret of [keys.current, keys.previous]) {
    if (!secret) continue;
    try {
      const plain = await crypto.subtle.decrypt(
        { name: 'AES-GCM', iv, additionalData: utf8.encode(`${VERSION} ${site}`) },
        await siteKey(secret, site),
        ciphertext,
      );
      const secrets = v.safeParse(v.partial(v.object(CarrierSecrets)), JSON.parse(new TextDecoder().decode(plain)));
      if (secrets.success) return { secrets: secrets.output, stale: secret !== keys.current };
    } catch {
      // Not under this key.
    }
  }
  return null;
}

/** A site's secrets as they are stored: each carrier's sealed alone, so that one changes without the others being read. */
export type SealedSecrets = { [N in CarrierName]?: string };

/** What a PUT changes of them: a carrier's new secrets, sealed; null to remove them. */
export type SealedChanges = { [N in CarrierName]?: string | null };

/** Seals what a PUT brings. `{ configured: true }` changes nothing, nor does a carrier left out. */
export async function sealChanges(
  keys: WorkerKeys,
  site: string,
  put: CarriersPut | undefined,
): Promise<SealedChanges> {
  const changes: SealedChanges = {};
  for (const carrier of CarrierName.options) {
    const secrets = put?.[carrier];
    if (secrets === undefined || (secrets !== null && 'configured' in secrets)) continue;
    changes[carrier] = secrets === null ? null : await sealSecrets(keys, site, { [carrier]: secrets });
  }
  return changes;
}

/** Whether a PUT brings secrets that would have to be sealed. */
export function bringsSecrets(put: CarriersPut | undefined): boolean {
  return Object.values(put ?? {}).some((secrets) => secrets && !('configured' in secrets));
}

/** What is stored after the changes. */
export function applyChanges(stored: SealedSecrets, changes: SealedChanges): SealedSecrets {
  const merged: SealedSecrets = { ...stored };
  for (const carrier of CarrierName.options) {
    const change = changes[carrier];
    if (change === null) delete merged[carrier];
    else if (change !== undefined) merged[carrier] = change;
  }
  return merged;
}

/** What GET shows of the secrets: which carriers have any. It can be PUT back. */
export function shownSecrets(stored: SealedSecrets): CarriersShown {
  const configured = CarrierName.options.filter((carrier) => stored[carrier] !== undefined);
  return Object.fromEntries(configured.map((carrier) => [carrier, { configured: true as const }]));
}
