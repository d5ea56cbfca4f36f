import { pour } from '@dialmark/shared/phone';
import type { Forms } from './forms.ts';

/** Digits of a text in ASCII, full-width ones included. */
function digitsOf(text: string): string {
  return text.normalize('NFKC').replace(/\D/g, '');
}

/** `to` poured into the punctuation that `printed` gives `from`; null where its digits do not fit there. */
function repoured(printed: string, from: Forms, to: Forms): string | null {
  return to.countryCode === from.countryCode &&
    to.trunk === from.trunk &&
    to.significant.length === from.significant.length
    ? pour(printed, digitsOf(printed).slice(0, -from.significant.length) + to.significant)
    : null;
}

/**
 * Writes `to` the way a page printed `from`: poured into the same punctuation where it fits, else in the ready-made
 * national form, or in the international one where a country code was printed or the country is another.
 */
export function render(printed: string, from: Forms, to: Forms): string {
  if (to.number === from.number) return printed;
  const poured = repoured(printed, from, to);
  if (poured) return poured;
  const national =
    to.countryCode === from.countryCode && digitsOf(printed).length <= (from.trunk + from.significant).length;
  const form = national ? to.national : to.international;
  // A bracket that opens before the number and closes after it belongs to the page.
  return /^[([](?!.*[)\]])/.test(printed) ? printed[0] + form : form;
}

/** The same inside a `tel:`, `callto:` or `sms:` link, where anything that does not fit becomes E.164. */
export function renderDialled(printed: string, from: Forms, to: Forms): string {
  return repoured(printed, from, to) ?? to.number;
}
