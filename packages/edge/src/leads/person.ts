import type { Contact } from './contact.ts';

/**
 * By what a contact is found: `p+12125550123`, `eana@example.com`. A person is everybody that these join: a form with a
 * telephone number and an address makes one person of who calls from the one and writes from the other.
 */
export type Key = string;

/** An address that came with more telephone numbers than this says nothing of who they are, nor the reverse. */
export const MOST_JOINED = 5;

export const phoneKey = (phone: string): Key => `p${phone}`;
export const emailKey = (email: string): Key => `e${email}`;

/**
 * Returns the keys that a contact may be found by.
 * @param given an address that a person added to its lead
 */
export function keysOf({ phone, email, makes }: Contact, given: string | null): Key[] {
  const keys = [
    ...(phone === null ? [] : [phoneKey(phone)]),
    ...[...new Set([email, given])].flatMap((each) => (each === null ? [] : [emailKey(each)])),
  ];
  // What makes no lead joins nobody.
  return makes ? keys : keys.slice(0, 1);
}

/**
 * Returns those of a contact's keys that say who it is: all but those that many share, or the first if there is no other.
 */
export function telling(keys: readonly Key[], isShared: (key: Key) => boolean): readonly Key[] {
  const own = keys.filter((key) => !isShared(key));
  return own.length > 0 ? own : keys.slice(0, 1);
}
