import type { PrintedNumber, Printing } from './contract.ts';

/** A number taken apart: what a page may print of it, and what is poured into a page's punctuation. */
export interface Forms extends PrintedNumber {
  countryCode: string;
  /**
   * The digits that a page may print: those dialled inside the country without trunk prefix, then what each of the
   * country's `also` rules makes of them, empty where one does not fit.
   */
  variants: readonly string[];
  /** Prefix of the national form before the significant digits: `0` in most of Europe, nothing in the US. */
  trunk: string;
  printing: Printing;
}

/** Takes a number apart by its own three forms; what else its country prints is in `printing`. */
export function formsOf<Printed extends PrintedNumber>(
  printed: Printed,
  printing: Printing = (printed as { printing?: Printing }).printing ?? {},
): Printed & Forms {
  const countryCode = /^\+(\d{1,3})\D/.exec(printed.international)?.[1] ?? '';
  const significant = printed.number.slice(1 + countryCode.length);
  const national = printed.national.replace(/\D/g, '');
  return {
    ...printed,
    printing,
    countryCode,
    variants: [
      significant,
      ...(printing.also ?? []).map(({ pattern, replacement }) => {
        const fits = new RegExp(pattern);
        return fits.test(significant) ? significant.replace(fits, replacement) : '';
      }),
    ],
    trunk: national.endsWith(significant) ? national.slice(0, -significant.length) : '',
  };
}
