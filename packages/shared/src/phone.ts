/**
 * Phone formatting by template: the digits of one number poured into the punctuation of another.
 * Pure text; no tables of national formats, so that the snippet can afford it.
 */

/**
 * Pours `digits` into the digit places of `template`, keeping everything else as it stands; full-width places get
 * full-width digits.
 *
 * @returns null where the counts differ: the caller then shows a ready-made form instead.
 * @example pour('(415) 555-0100', '4155550132') // '(415) 555-0132'
 */
export function pour(template: string, digits: string): string | null {
  let next = 0;
  const poured = template.replace(/[\d\uff10-\uff19]/g, (place) => {
    const digit = digits[next++] ?? '';
    return digit && place > '9' ? String.fromCharCode(digit.charCodeAt(0) + 0xfee0) : digit;
  });
  return next === digits.length ? poured : null;
}
