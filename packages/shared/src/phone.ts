/**
 * Phone formatting by template: the digits of one number poured into the punctuation of another.
 * Pure text; no tables of national formats, so that the snippet can afford it.
 */

/**
 * Pours `digits` into the digit places of `template`, keeping everything else as it stands.
 *
 * @returns null where the counts differ: the caller then shows a ready-made form instead.
 * @example pour('(415) 555-0100', '4155550132') // '(415) 555-0132'
 */
export function pour(template: string, digits: string): string | null {
  let next = 0;
  const poured = template.replace(/\d/g, () => digits[next++] ?? '');
  return next === digits.length ? poured : null;
}
