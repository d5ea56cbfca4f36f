import { visible } from './cell.ts';

/** Reads a digit of any script: a block of ten begins at …0, in the scripts of India at …6. */
function plainDigit(digit: string): string {
  const code = digit.charCodeAt(0);
  return String((code & 15) - (/\p{Nd}/u.test(String.fromCharCode(code & ~15)) ? 0 : 6));
}

/** Characters between the digits of a telephone number, dashes of every kind included. */
const BETWEEN = /[\s().\-‐‑‒–—−－/·]/g;

/**
 * Returns a telephone number's cell with what nobody sees taken out of it, and what a spreadsheet puts around it: marks
 * of text direction, special dashes and spaces, digits of other scripts, a leading apostrophe. Words stay, for a message to name them.
 */
export function telephoneText(cell: string): string {
  return visible(cell)
    .replace(/\p{Nd}/gu, plainDigit)
    .replace(/^[＋﹢]/, '+')
    .replace(/^['’`]/, '')
    .replace(/^tel:/i, '')
    .replace(/[‐‑‒–—−－]/g, '-')
    .replace(/\s+/g, ' ')
    .trim();
}

/** Returns the digits of a number that is written with its country code, as `+14155550132`; null of any other. */
export function internationalDigits(text: string, hasPlus = text.startsWith('+')): string | null {
  const digits = text.replace(/^\+/, '').replace(BETWEEN, '');
  return hasPlus && /^[1-9]\d{6,14}$/.test(digits) ? `+${digits}` : null;
}

/** Matches a number that a spreadsheet has rounded, `1.41556E+10`: its last digits are lost. */
export const isRounded = (text: string) => /^\d(?:[.,]\d+)?e\+?\d{1,2}$/i.test(text.replace(/\s/g, ''));
