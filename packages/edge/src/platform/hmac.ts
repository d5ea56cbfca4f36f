const utf8 = new TextEncoder();

export type Hash = 'SHA-1' | 'SHA-256' | 'SHA-512';

/** Keys that one isolate keeps: importing one costs more than a signature. */
const KEYS_KEPT = 500;
const keys = new Map<string, Promise<CryptoKey>>();

/** Returns the HMAC of a text under a secret: a text whose imported key is kept, or bytes. */
export async function hmac(hash: Hash, secret: string | BufferSource, text: string): Promise<Uint8Array<ArrayBuffer>> {
  return hmacBy(await (typeof secret === 'string' ? keptKey(hash, secret) : hmacKey(hash, secret)), text);
}

/** Returns the HMAC of a text by a key that the caller keeps. */
export async function hmacBy(key: CryptoKey, text: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.sign('HMAC', key, utf8.encode(text)));
}

export function hmacKey(hash: Hash, secret: BufferSource): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', secret, { name: 'HMAC', hash }, false, ['sign']);
}

function keptKey(hash: Hash, secret: string): Promise<CryptoKey> {
  const name = `${hash} ${secret}`;
  let key = keys.get(name);
  if (!key) {
    key = hmacKey(hash, utf8.encode(secret));
    if (keys.size >= KEYS_KEPT) keys.clear();
    keys.set(name, key);
  }
  return key;
}
