import { isWithheld } from '@dialmark/shared';
import { hmac } from '../platform/hmac.ts';
import { toBase64Url } from '../platform/signature.ts';
import type { CarrierEvent } from './events.ts';

/**
 * Returns the text stored in place of a caller's number if the site hashes callers: a keyed hash (HMAC-SHA-256 under the Worker's
 * key, 128 bits kept), the same for each call of one caller to one site and another for every other site. Without the
 * key it cannot be turned back by trying all numbers.
 */
export async function callerHash(workerKey: string, site: string, caller: string): Promise<string> {
  const mac = await hmac('SHA-256', `caller ${workerKey}`, `${site} ${caller}`);
  return `h_${toBase64Url(mac.subarray(0, 16))}`;
}

/**
 * Returns the caller as the site keeps it. Null if the number is withheld: strangers who withhold theirs are not one person;
 * and where it is to be hashed and the Worker has lost its key: a number that was
 * not to be kept is not kept.
 */
export async function keptCaller<C extends string>(
  { id, callers }: { id: string; callers: 'full' | 'hashed' },
  workerKey: string | undefined,
  caller: C | null,
): Promise<C | null> {
  if (caller === null || caller.startsWith('h_')) return caller;
  if (isWithheld(caller)) return null;
  if (callers === 'full') return caller;
  return workerKey ? ((await callerHash(workerKey, id, caller)) as C) : null;
}

/** Returns every form in which a site may hold a caller, none of who withheld the number: the number, and its hash under the Worker's key and the one before. */
export async function keptForms(
  site: string,
  { current, previous }: { current: string; previous?: string | undefined },
  caller: string,
): Promise<string[]> {
  if (isWithheld(caller)) return [];
  const keys = [current, previous].filter((key) => key !== undefined && key !== '') as string[];
  return [caller, ...(await Promise.all(keys.map((key) => callerHash(key, site, caller))))];
}

/** Returns an event as it is kept: the caller as the site wants it, nothing that only an answer needs, and no third number. */
export async function keptEvent(
  site: { id: string; callers: 'full' | 'hashed' },
  workerKey: string | undefined,
  event: CarrierEvent,
): Promise<CarrierEvent> {
  const kept = {
    ...event,
    from: await keptCaller(site, workerKey, event.from),
    forwardedFrom: site.callers === 'full' ? event.forwardedFrom : null,
  };
  return kept.kind === 'whisper' ? { ...kept, text: '' } : kept;
}
