import { sha256Hex } from '../../platform/signature.ts';
import type { Occasion } from '../occasion.ts';

/** By whom a platform may find a person: hashed, each as the platform normalizes it. */
export interface HashedPerson {
  phone: string | null;
  email: string | null;
}

type Person = Pick<Occasion, 'phone' | 'email'>;

/** Returns true if there is anything that can be hashed. */
export function hasPerson(person: Person): boolean {
  return phoneOf(person) !== null || emailOf(person) !== null;
}

/** A number in E.164; null where it was withheld or the site keeps callers hashed with its own key. */
export function phoneOf({ phone }: Person): string | null {
  return phone !== null && /^\+[1-9]\d{6,14}$/.test(phone) ? phone : null;
}

function emailOf({ email }: Person): string | null {
  const address = email?.trim().toLowerCase() ?? '';
  return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(address) ? address : null;
}

/** As Google wants it: E.164 with its plus; of its own mail domains the name without dots. */
export async function personForGoogle(person: Person): Promise<HashedPerson> {
  const [name, domain] = (emailOf(person) ?? '').split('@');
  const isGmail = domain === 'gmail.com' || domain === 'googlemail.com';
  const email = domain === undefined ? null : `${isGmail ? name?.replaceAll('.', '') : name}@${domain}`;
  return hashed(phoneOf(person), email);
}

/** As Meta wants it: the digits with the country code, without plus or leading zeros. */
export function personForMeta(person: Person): Promise<HashedPerson> {
  return hashed(phoneOf(person)?.slice(1) ?? null, emailOf(person));
}

async function hashed(phone: string | null, email: string | null): Promise<HashedPerson> {
  const hash = async (text: string | null) => (text === null ? null : sha256Hex(text));
  return { phone: await hash(phone), email: await hash(email) };
}
