import { type Hash, hmac } from './hmac.ts';

/** The few cryptographic steps the carriers' signatures are made of, by WebCrypto. */

const utf8 = new TextEncoder();

const BYTES: Record<Hash, number> = { 'SHA-1': 20, 'SHA-256': 32, 'SHA-512': 64 };

/**
 * Returns whether one of `signatures` is the HMAC of one of `messages` under one of `secrets`. Messages are tried in
 * their order and only taken as far as needed: one HMAC for each and each secret, however many signatures came.
 */
export async function hmacVerifies(
  hash: Hash,
  secrets: string | readonly string[],
  messages: Iterable<string>,
  ...signatures: (Uint8Array | null)[]
): Promise<boolean> {
  const stated = signatures.filter((signature) => signature?.length === BYTES[hash]) as Uint8Array[];
  if (stated.length === 0) return false;
  const valid = either(secrets);
  for (const message of messages) {
    for (const secret of valid) {
      const mac = await hmac(hash, secret, message);
      if (stated.some((signature) => sameBytes(mac, signature))) return true;
    }
  }
  return false;
}

/** Compares bytes of one length in a time that does not reveal how much of a guess was right. */
function sameBytes(left: Uint8Array, right: Uint8Array): boolean {
  let difference = 0;
  for (let i = 0; i < left.length; i++) difference |= (left[i] ?? 0) ^ (right[i] ?? 0);
  return difference === 0;
}

/** Returns whether `signature` is the Ed25519 signature of `message` by one of the base64 `publicKeys` (RFC 8032). */
export async function ed25519Verifies(
  publicKeys: string | readonly string[],
  message: string,
  signature: Uint8Array<ArrayBuffer> | null,
): Promise<boolean> {
  if (signature?.length !== 64) return false;
  for (const publicKey of either(publicKeys)) {
    const raw = fromBase64(publicKey);
    if (raw?.length !== 32) continue;
    try {
      const key = await crypto.subtle.importKey('raw', raw, 'Ed25519', false, ['verify']);
      if (await crypto.subtle.verify('Ed25519', key, signature, utf8.encode(message))) return true;
    } catch {
      // 32 bytes that are no point of the curve: some engines say so when the key is read.
    }
  }
  return false;
}

export async function sha256Hex(text: string): Promise<string> {
  return toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', utf8.encode(text))));
}

/** Returns whether two texts are equal, in a time that reveals nothing about either, not even the length of the secret one. */
export async function equalInConstantTime(a: string, b: string): Promise<boolean> {
  const [x, y] = await Promise.all([a, b].map((text) => crypto.subtle.digest('SHA-256', utf8.encode(text))));
  if (!x || !y) return false;
  return sameBytes(new Uint8Array(x), new Uint8Array(y));
}

/** Returns a secret as the list of those valid now: one, or the new and the old one. Empty ones never count. */
export function either(secrets: string | readonly string[]): readonly string[] {
  return (typeof secrets === 'string' ? [secrets] : secrets).filter((secret) => secret !== '');
}

/** Bytes of a base64 text, or null if it is none. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> | null {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return null;
  try {
    return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  } catch {
    return null;
  }
}

/** Bytes of an unpadded base64url text (RFC 7515, section 2), or null if it is none. */
export function fromBase64Url(text: string): Uint8Array<ArrayBuffer> | null {
  return /^[A-Za-z0-9_-]*$/.test(text) ? fromBase64(text.replaceAll('-', '+').replaceAll('_', '/')) : null;
}

export function toBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}

export function toBase64Url(bytes: Uint8Array): string {
  return toBase64(bytes).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/** Bytes of a hexadecimal text, or null if it is none. */
export function fromHex(text: string): Uint8Array<ArrayBuffer> | null {
  if (!/^([0-9a-f]{2})*$/i.test(text)) return null;
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The allowed clock difference, either way, before a signed request counts as replayed: 5 minutes. */
export const REPLAY_WINDOW_MS = 5 * 60 * 1000;

/** Returns whether a signed Unix time in seconds is close enough to now. */
export function isFresh(signedAtSeconds: number, nowMs: number): boolean {
  return Math.abs(nowMs - signedAtSeconds * 1000) <= REPLAY_WINDOW_MS;
}
