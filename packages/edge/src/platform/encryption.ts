import { fromBase64Url, toBase64Url } from './signature.ts';

/** The Worker's secrets that other secrets are encrypted under at rest. */
export interface WorkerKeys {
  /** Encrypts, and is tried first. A long random text: HKDF spreads what randomness there is and adds none. */
  current: string;
  /** The key before, while what it encrypted is still around. */
  previous?: string | undefined;
}

/** The purpose and the owner of an encrypted text. It cannot be decrypted for any other. */
export interface EncryptedFor {
  purpose: 'carriers' | 'integrations' | 'alerts' | 'users';
  owner: string;
}

const VERSION = 'v1';
const utf8 = new TextEncoder();

/** Returns a key for one owner. HKDF-SHA-256 (RFC 5869); AES-256-GCM (NIST SP 800-38D). */
async function keyFor(secret: string, { purpose, owner }: EncryptedFor): Promise<CryptoKey> {
  const master = await crypto.subtle.importKey('raw', utf8.encode(secret), 'HKDF', false, ['deriveKey']);
  const info = utf8.encode(`${VERSION} ${owner}`);
  return crypto.subtle.deriveKey(
    { name: 'HKDF', hash: 'SHA-256', salt: utf8.encode(`dialmark ${purpose}`), info },
    master,
    { name: 'AES-GCM', length: 256 },
    false,
    ['encrypt', 'decrypt'],
  );
}

/**
 * Encrypts a JSON value for storage: `v1.<nonce>.<ciphertext>`.
 * Throws `RangeError` where the Worker has no secret to encrypt with; that is a mistake of deployment.
 */
export async function encrypt(keys: WorkerKeys, encryptedFor: EncryptedFor, value: unknown): Promise<string> {
  if (keys.current === '') throw new RangeError('the Worker has no secret to encrypt secrets with');
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const additionalData = utf8.encode(`${VERSION} ${encryptedFor.owner}`);
  const key = await keyFor(keys.current, encryptedFor);
  const plain = utf8.encode(JSON.stringify(value));
  const encrypted = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData }, key, plain);
  return [VERSION, toBase64Url(iv), toBase64Url(new Uint8Array(encrypted))].join('.');
}

/**
 * Decrypts what `encrypt` made for this owner.
 *
 * @returns the value, and whether it is still under the previous key and should be encrypted again;
 * null if the text was changed, is another owner's, or neither key fits
 */
export async function decrypt(
  keys: WorkerKeys,
  encryptedFor: EncryptedFor,
  encrypted: string,
): Promise<{ value: unknown; stale: boolean } | null> {
  const [version, nonceText, ciphertextText, ...rest] = encrypted.split('.');
  const iv = fromBase64Url(nonceText ?? '');
  const ciphertext = fromBase64Url(ciphertextText ?? '');
  if (version !== VERSION || rest.length > 0 || iv?.length !== 12 || !ciphertext) return null;
  const additionalData = utf8.encode(`${VERSION} ${encryptedFor.owner}`);
  for (const secret of [keys.current, keys.previous]) {
    if (!secret) continue;
    try {
      const key = await keyFor(secret, encryptedFor);
      const plain = await crypto.subtle.decrypt({ name: 'AES-GCM', iv, additionalData }, key, ciphertext);
      return { value: JSON.parse(new TextDecoder().decode(plain)), stale: secret !== keys.current };
    } catch {
      // Not under this key.
    }
  }
  return null;
}
