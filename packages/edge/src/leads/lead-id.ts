import type { Contact } from './contact.ts';

/**
 * Returns the id of the lead that begins with a contact: the same whenever it is worked out, so that a ledger that is
 * built anew names its leads as before, and no conversion counts twice.
 */
export function leadId({ kind, id }: Pick<Contact, 'kind' | 'id'>): string {
  const text = `${kind} ${id}`;
  return `l_${hash(text, 0x9e3779b9)}${hash(text, 0x85ebca6b)}`;
}

/** 53 bits of a text, in base 36. */
function hash(text: string, seed: number): string {
  let [high, low] = [0xdeadbeef ^ seed, 0x41c6ce57 ^ seed];
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    high = Math.imul(high ^ unit, 2654435761);
    low = Math.imul(low ^ unit, 1597334677);
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  return (4294967296 * (2097151 & low) + (high >>> 0)).toString(36).padStart(11, '0');
}
