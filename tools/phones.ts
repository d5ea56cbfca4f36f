/** What the edge reads of telephone numbers, as the build puts it together. */

import type { MetadataJson } from 'libphonenumber-js/core/es6';
import metadata from 'libphonenumber-js/min/metadata';
import { COUNTRY_PRINTING, LANGUAGES_AROUND, TELEPHONE_SIGNS } from '../packages/edge/src/phones/country-printing.ts';
import { EMERGENCY_NUMBERS } from '../packages/edge/src/phones/emergency-numbers.ts';
import type { Phones } from '../packages/edge/src/phones/phones.ts';

/** Positions in a country's metadata (version 4). */
const FORMATS = 4;
const TYPES = 11;
/** And in a format: the digits that a number begins with, an expression for each that were typed. */
const LEADING_DIGITS = 2;

/**
 * Leaves out of libphonenumber's metadata what neither parsing nor formatting reads: which kinds of numbers there are, by
 * which a country is distinguished from others of its calling code; and of the digits that a format is chosen by all but the last
 * expression, which alone is asked of a whole number.
 */
function phoneMetadata(): MetadataJson {
  const countries = Object.entries(metadata.countries as unknown as Record<string, unknown[]>).map(
    ([code, country]) => [
      code,
      country.map((part, at) => {
        if (at === FORMATS && Array.isArray(part)) return part.map(withLastDigits);
        return at === TYPES ? 0 : part;
      }),
    ],
  );
  return { ...metadata, countries: Object.fromEntries(countries) };
}

function withLastDigits(format: unknown[]): unknown[] {
  return format.map((part, at) => (at === LEADING_DIGITS && Array.isArray(part) ? part.slice(-1) : part));
}

export const PHONES: Phones = {
  metadata: phoneMetadata(),
  printing: COUNTRY_PRINTING,
  languages: LANGUAGES_AROUND,
  signs: TELEPHONE_SIGNS,
  emergency: EMERGENCY_NUMBERS,
};
