import type { PrintedNumber } from './contract.ts';

/** A number taken apart: what a page may print of it, and what is poured into a page's punctuation. */
export interface Forms extends PrintedNumber {
  countryCode: string;
  /** The digits dialled inside the country, without trunk prefix. */
  significant: string;
  /** What the national form puts before the significant digits: `0` in most of Europe, nothing in the US. */
  trunk: string;
}

/** Takes a number apart by its own three forms, so that no table of countries is needed. */
export function formsOf<Printed extends PrintedNumber>(printed: Printed): Printed & Forms {
  const countryCode = /^\+(\d{1,3})\D/.exec(printed.international)?.[1] ?? '';
  const significant = printed.number.slice(1 + countryCode.length);
  const national = printed.national.replace(/\D/g, '');
  return {
    ...printed,
    countryCode,
    significant,
    trunk: national.endsWith(significant) ? national.slice(0, -significant.length) : '',
  };
}
