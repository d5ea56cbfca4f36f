import type { E164 } from '@dialmark/shared';

/**
 * Digits that carriers send in place of a withheld number: the letters of ANONYMOUS, RESTRICTED, BLOCKED, UNKNOWN and
 * UNAVAILABLE on a keypad. Some of them look like numbers of Korea, Iran or China and are none.
 * Source: Twilio, "Why are calls arriving from +266696687 or +7378742833".
 */
const WITHHELD = new Set(['266696687', '7378742833', '2562533', '8656696', '86282452253']);

/**
 * A carrier's `from` or `to` as E.164, with the plus that Plivo and Vonage leave out.
 * Null for withheld numbers, SIP addresses, client names, short codes and anything else that is no number.
 */
export function e164OrNull(value: unknown): E164 | null {
  if (typeof value !== 'string') return null;
  const digits = /^\s*\+?([1-9]\d{6,14})\s*$/.exec(value)?.[1];
  return digits && !WITHHELD.has(digits) ? (`+${digits}` as E164) : null;
}
