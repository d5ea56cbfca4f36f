import {
  CarrierName,
  CarrierSecrets,
  type CarriersPut,
  type CarriersShown,
  type SiteSecrets,
} from '@dialmark/shared/wire/forwarding';
import * as v from 'valibot';
import { decrypt, encrypt, type WorkerKeys } from '../platform/encryption.ts';

export type { WorkerKeys } from '../platform/encryption.ts';

/**
 * Encrypts a site's carrier secrets for storage.
 * Throws `RangeError` where the Worker has no secret to encrypt with; that is a mistake of deployment.
 */
export function encryptSecrets(keys: WorkerKeys, site: string, secrets: SiteSecrets): Promise<string> {
  return encrypt(keys, { purpose: 'carriers', owner: site }, secrets);
}

/**
 * Decrypts what `encryptSecrets` made for this site.
 *
 * @returns the secrets, and whether they are still under the previous key and should be encrypted again;
 * null if the text was changed, is another site's, or neither key fits
 */
export async function decryptSecrets(
  keys: WorkerKeys,
  site: string,
  encrypted: string,
): Promise<{ secrets: SiteSecrets; stale: boolean } | null> {
  const opened = await decrypt(keys, { purpose: 'carriers', owner: site }, encrypted);
  const secrets = opened && v.safeParse(v.partial(v.object(CarrierSecrets)), opened.value);
  return secrets?.success ? { secrets: secrets.output, stale: opened?.stale === true } : null;
}

/** A site's secrets as they are stored: each carrier's encrypted alone, so that one changes without the others being read. */
export type EncryptedSecrets = { [N in CarrierName]?: string };

/** The changes in a PUT: a carrier's new secrets, encrypted; null to remove them. */
export type SecretChanges = { [N in CarrierName]?: string | null };

/** Encrypts what a PUT brings. `{ configured: true }` changes nothing, nor does a carrier left out. */
export async function encryptChanges(
  keys: WorkerKeys,
  site: string,
  put: CarriersPut | undefined,
): Promise<SecretChanges> {
  const changes: SecretChanges = {};
  for (const carrier of CarrierName.options) {
    const secrets = put?.[carrier];
    if (secrets === undefined || (secrets !== null && 'configured' in secrets)) continue;
    changes[carrier] = secrets === null ? null : await encryptSecrets(keys, site, { [carrier]: secrets });
  }
  return changes;
}

/** Returns whether a PUT brings secrets that would have to be encrypted. */
export function bringsSecrets(put: CarriersPut | undefined): boolean {
  return Object.values(put ?? {}).some((secrets) => secrets && !('configured' in secrets));
}

/** Returns the secrets as GET shows them: which carriers have any. The result can be PUT back. */
export function shownSecrets(stored: EncryptedSecrets): CarriersShown {
  const configured = CarrierName.options.filter((carrier) => stored[carrier] !== undefined);
  return Object.fromEntries(configured.map((carrier) => [carrier, { configured: true as const }]));
}
