import type { Env } from '../env.ts';
import { SHA256 } from '../generated/scripts.ts';
import type { Coding } from '../http/content-coding.ts';
import { fromBase64, toHex } from '../platform/signature.ts';

/** A script as it was built, the same for all sites, but for places that are filled in. */
export type Built = 'dialmark' | 'rest' | 'rest-forms' | 'debug' | 'consent-google' | 'consent-tcf' | 'ad-ids';

const SUFFIX = { br: '.br', gzip: '.gz' } as const;

/** Files that this isolate has read: bytes, no promises, which would end with the request that began them. */
const read = new Map<string, Uint8Array>();

/** Returns a script's hash in base64, as integrity is said by. */
export function hashOf(name: Built): string {
  return SHA256[name] as string;
}

/** Returns what a script is named by: twelve hex digits of its hash. */
export function versionOf(name: Built): string {
  return toHex((fromBase64(hashOf(name)) as Uint8Array).subarray(0, 6));
}

/** Reads a built script, compressed at its build or as it is: from the Worker's assets once, then from memory. */
export async function builtScript(
  { ASSETS }: Pick<Env, 'ASSETS'>,
  name: Built,
  coding: Coding | null = null,
): Promise<Uint8Array> {
  const file = `/scripts/${name}.${versionOf(name)}.js${coding ? SUFFIX[coding] : ''}`;
  const known = read.get(file);
  if (known) return known;
  const answer = await ASSETS.fetch(new URL(file, 'https://assets.local'));
  if (!answer.ok) throw new Error(`${file}: ${answer.status}`);
  const bytes = new Uint8Array(await answer.arrayBuffer());
  read.set(file, bytes);
  return bytes;
}

export async function builtText(env: Pick<Env, 'ASSETS'>, name: Built): Promise<string> {
  return new TextDecoder().decode(await builtScript(env, name));
}
