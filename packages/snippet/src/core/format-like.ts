import type { Forms } from './forms.ts';

/**
 * Writes `to` the way a page printed `from`: its digits poured into the same punctuation and script where they fit, else
 * in the ready-made national form, or in the international one where a country code was printed or the country is
 * another.
 *
 * @param dialled in a `tel:`, `callto:` or `sms:` link, where what does not fit becomes E.164
 * @param digits of what was printed, 0 to 9
 */
export function formatLike(printed: string, digits: string, from: Forms, to: Forms, dialled?: boolean): string {
  if (to.number === from.number) return printed;
  const sameCountry = to.countryCode === from.countryCode;
  const variant = from.variants.findIndex((each) => each && digits.endsWith(each));
  const old = from.variants[variant] ?? '';
  const poured = to.variants[variant] ?? '';
  if (sameCountry && to.trunk === from.trunk && old && poured.length === old.length) {
    // Negative over the country code and trunk zero, which stay.
    let at = old.length - digits.length;
    return printed.replace(/\p{Nd}/gu, (place) => {
      const shift = +(poured[at] ?? 0) - +(old[at++] ?? 0);
      return String.fromCharCode(place.charCodeAt(0) + shift);
    });
  }
  if (dialled) return to.number;
  const form = sameCountry && digits.length <= from.national.replace(/\D/g, '').length ? to.national : to.international;
  // A bracket that opens before the number and closes after it belongs to the page.
  return /^[([](?!.*[)\]])/.test(printed) ? printed[0] + form : form;
}
