import type { E164 } from './wire/primitives.ts';

/**
 * One end of a call as carriers write it: a number with or without its plus, a SIP or telephone address, a client's
 * name, or what stands in place of a caller who withheld the number.
 */
interface Party {
  /**
   * The part of the address that identifies the person: `+14155550132` of `<sip:+14155550132@acme.example;region=us1>`.
   */
  user: string;
  /** In lower case; empty where there is none. */
  host: string;
  /** True if it is a name in an app, where digits alone need not be a telephone number. */
  isClient: boolean;
  /** The country code that a number without one is to be read with (RFC 3966, section 5.1.5). */
  context: string;
}

/** Carriers' replacements for a withheld number, as a word or as the digits under its letters on a keypad. */
const WORDS = ['anonymous', 'restricted', 'blocked', 'unknown', 'unavailable', 'private'];
const MORE_WORDS = ['withheld', 'hidden', 'suppressed', 'anon', 'none', 'null', 'undefined'];
const WITHHELD_WORD = new RegExp(`\\b(${[...WORDS, ...MORE_WORDS].join('|')}|no caller id|out of area)\\b`);

const KEYPAD = ['abc', 'def', 'ghi', 'jkl', 'mno', 'pqrs', 'tuv', 'wxyz'];
const keyOf = (letter: string) => KEYPAD.findIndex((letters) => letters.includes(letter)) + 2;
/** ANONYMOUS is 266696687, RESTRICTED 7378742833: some look like numbers of Korea, Iran or China and are none. */
const WITHHELD_DIGITS = new Set(WORDS.map((word) => Array.from(word, keyOf).join('')));

/**
 * Returns whether a caller is nobody: nothing, a word such as `anonymous`, its digits on a keypad (with or without the country
 * code 1, which some carriers put before them), zeros alone, or an address that hides the caller (RFC 3323, section 4.1).
 * Source: Twilio, "Why are calls arriving from +266696687 or +7378742833".
 *
 * @example isWithheld('+266696687') // true
 */
export function isWithheld(identity: string): boolean {
  const party = partyOf(identity);
  const { user, host } = party;
  if (user === '' || host === 'anonymous.invalid') return true;
  if (!/\d/.test(user)) return WITHHELD_WORD.test(user.toLowerCase().replaceAll(/[^a-z]+/g, ' '));
  const digits = digitsOf(party);
  return digits !== null && (/^1?0+$/.test(digits) || WITHHELD_DIGITS.has(digits.replace(/^1(?=[2-9])/, '')));
}

/**
 * Returns the telephone number in a carrier's `from` or `to`; null if there is none: withheld numbers, names, short
 * numbers of a telephone system, and national forms, whose country nobody says.
 *
 * @example numberIn('sip:+14155550132@acme.sip.twilio.example;region=us1') // '+14155550132'
 */
export function numberIn(identity: unknown): E164 | null {
  if (typeof identity !== 'string' || identity.length > 512 || isWithheld(identity)) return null;
  const party = partyOf(identity);
  if (party.isClient && !party.user.startsWith('+')) return null;
  const digits = digitsOf(party);
  return digits !== null && /^[1-9]\d{6,14}$/.test(digits) ? (`+${digits}` as E164) : null;
}

function partyOf(identity: string): Party {
  const text = decoded(identity).trim();
  const address = /<([^<>]*)>[^<>]*$/.exec(text)?.[1]?.trim() ?? text;
  const scheme = /^([a-z]+):(?:\/\/)?/i.exec(address);
  const [bare = ''] = address.slice(scheme?.[0].length ?? 0).split('?', 1);
  const at = bare.lastIndexOf('@');
  const user = at < 0 ? bare : bare.slice(0, at);
  return {
    // Without what follows the name: parameters, or a password.
    user: (/^[^;:,]*/.exec(user)?.[0] ?? '').trim(),
    host: at < 0 ? '' : (/^[^;:]*/.exec(bare.slice(at + 1))?.[0] ?? '').toLowerCase(),
    isClient: scheme?.[1]?.toLowerCase() === 'client',
    context: /;phone-context=\+(\d{1,3})(?=[;@]|$)/i.exec(bare)?.[1] ?? '',
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Returns the digits of a number with its country code; null if it is no number, or a national one. */
function digitsOf({ user, context }: Party): string | null {
  const digits = user.replace('(0)', '').replaceAll(/[\s().\u00a0\u2010-\u2015-]/g, '');
  if (user.startsWith('+')) return /^\+\d+$/.test(digits) ? digits.slice(1) : null;
  if (!/^\d+$/.test(digits) || user.includes('.')) return null;
  if (context !== '') return context + digits;
  if (/^00[1-9]/.test(digits)) return digits.slice(2);
  // Spelled out for people, a number of ten digits or fewer is a national one; carriers run theirs together.
  return digits === user || digits.length > 10 ? digits : null;
}
