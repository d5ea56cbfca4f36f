import { fullWidth } from './expression.ts';
import type { Forms } from './forms.ts';

/**
 * Writes `to` the way a page printed `from`: its digits poured into the same punctuation where they fit, else in the
 * ready-made national form, or in the international one where a country code was printed or the country is another.
 *
 * @param dialled in a `tel:`, `callto:` or `sms:` link, where what does not fit becomes E.164
 */
export function render(printed: string, from: Forms, to: Forms, dialled?: boolean): string {
  if (to.number === from.number) return printed;
  const { significant } = to;
  const places = printed.replace(/\P{N}/gu, '').length;
  const sameCountry = to.countryCode === from.countryCode;
  // Negative over the country code and trunk zero, which stay; positive where letters stand for digits.
  let at = significant.length - places;
  if (sameCountry && to.trunk === from.trunk && significant.length === from.significant.length && at <= 0)
    return printed.replace(/\p{N}/gu, (place) => {
      const digit = significant[at++] ?? place;
      return place > '9' ? fullWidth(digit) : digit;
    });
  if (dialled) return to.number;
  const form = sameCountry && places <= (from.trunk + from.significant).length ? to.national : to.international;
  // A bracket that opens before the number and closes after it belongs to the page.
  return /^[([](?!.*[)\]])/.test(printed) ? printed[0] + form : form;
}
