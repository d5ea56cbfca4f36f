import type { CallChange } from '@dialmark/shared';
import { sha256Hex } from '../../platform/signature.ts';

/** Whether the caller's number is known. */
export function hasCaller(change: CallChange): boolean {
  return callerOf(change) !== null;
}

/** A caller's number in E.164; null where it was withheld or the site keeps callers hashed with its own key. */
function callerOf({ call }: CallChange): string | null {
  return call.from !== null && /^\+[1-9]\d{6,14}$/.test(call.from) ? call.from : null;
}

/** Hashes a caller the way Google requires: SHA-256 of E.164 with its plus. */
export async function callerForGoogle(change: CallChange): Promise<string | null> {
  const caller = callerOf(change);
  return caller === null ? null : sha256Hex(caller);
}

/** Hashes a caller the way Meta requires: SHA-256 of the digits with the country code, without plus or leading zeros. */
export async function callerForMeta(change: CallChange): Promise<string | null> {
  const caller = callerOf(change);
  return caller === null ? null : sha256Hex(caller.slice(1));
}
