import type { Form, FormContact } from '@dialmark/shared';
import { parsePhone } from '@dialmark/shared/parse-phone';
import type { CountryCode } from 'libphonenumber-js/core/es6';
import { keptCaller } from '../../calls/caller-hash.ts';
import { readPhones } from '../../phones/read-phones.ts';

/** The fields of a contact that a site keeps. */
export interface KeptContact {
  /** In lower case: by it a person is found again, and erased. */
  email: string | null;
  /** As the site keeps its callers. */
  phone: string | null;
  name: string | null;
}

/** Returns what is kept of a contact: addresses and numbers that are some, each in one form. */
export async function keptContact(
  site: { id: string; country: string; callers: 'full' | 'hashed' },
  workerKey: string | undefined,
  contact: FormContact | null | undefined,
): Promise<KeptContact> {
  const number = await phoneOf(contact?.phone ?? null, site.country);
  return {
    email: emailOf(contact?.email ?? null),
    phone: await keptCaller(site, workerKey, number),
    name: contact?.name ?? null,
  };
}

/** Returns a contact as the API gives it; null if nothing of it is kept. */
export function presentContact({ email, phone, name }: KeptContact): Form['contact'] {
  return email === null && phone === null && name === null ? null : { email, phone, name };
}

function emailOf(text: string | null): string | null {
  const email = text?.toLowerCase() ?? '';
  return /^[^\s@<>"]+@[^\s@<>"]+\.[^\s@<>".]{2,}$/.test(email) ? email : null;
}

/** Returns the number as E.164, read as people in the country write theirs; null for what can be no number. */
async function phoneOf(text: string | null, country: string): Promise<string | null> {
  if (text === null) return null;
  const parsed = parsePhone((await readPhones()).metadata, text, country as CountryCode);
  return parsed?.isPossible() ? parsed.number : null;
}
