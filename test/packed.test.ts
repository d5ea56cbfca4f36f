import * as fc from 'fast-check';
import type { CountryCode } from 'libphonenumber-js/core';
import { parsePhoneNumberFromString } from 'libphonenumber-js/core/es6';
import whole from 'libphonenumber-js/min/metadata';
import { describe, expect, it } from 'vitest';
import * as referrers from '../packages/shared/src/classify/referrers.ts';
import { PHONES } from '../tools/phones.ts';

/** The Worker's tables, as written by the build. */
const packed = async (name: string) =>
  import(new URL(`../packages/shared/src/generated/${name}.js`, import.meta.url).href);

describe('what the Worker carries packed', () => {
  it('is every table of referrers', async () => {
    expect({ ...(await packed('referrers')) }).toEqual({ ...referrers });
  });

  it('reads and prints every number as the whole metadata does', () => {
    const less = PHONES.metadata;
    const said = (text: string, country: CountryCode | undefined, metadata: typeof whole) => {
      const parsed = country
        ? parsePhoneNumberFromString(text, country, metadata)
        : parsePhoneNumberFromString(text, metadata);
      return (
        parsed && [
          parsed.number,
          parsed.countryCallingCode,
          parsed.nationalNumber,
          parsed.isPossible(),
          parsed.formatNational(),
          parsed.formatInternational(),
        ]
      );
    };
    const countries = Object.keys(whole.countries) as CountryCode[];
    const codes = [...new Set(countries.map((country) => whole.countries[country]?.[0] as string)), '800', '882'];
    fc.assert(
      fc.property(
        fc.constantFrom(...codes),
        fc.constantFrom(...countries),
        fc.stringMatching(/^[0-9]{4,12}$/),
        fc.constantFrom('', '0', '00', '011', '8', '9', '1'),
        (code, country, digits, prefix) => {
          expect(said(`+${code}${digits}`, undefined, less)).toEqual(said(`+${code}${digits}`, undefined, whole));
          expect(said(prefix + digits, country, less)).toEqual(said(prefix + digits, country, whole));
        },
      ),
      { numRuns: 2000 },
    );
  });
});
