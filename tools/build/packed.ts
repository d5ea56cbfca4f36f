/** Large tables in the form that the Worker carries them in: brotli leaves a tenth less of them than its upload's gzip. */

import { brotliCompressSync, constants } from 'node:zlib';
import type { MetadataJson } from 'libphonenumber-js/core/es6';
import phones from 'libphonenumber-js/min/metadata';
import * as referrers from '../../packages/shared/src/classify/referrers.ts';

/** Positions in a country's metadata (version 4). */
const FORMATS = 4;
const TYPES = 11;
/** And in a format: the digits that a number begins with, an expression for each that were typed. */
const LEADING_DIGITS = 2;

const UNPACK = `import { brotliDecompressSync } from 'node:zlib';
const unpacked = (text) =>
  JSON.parse(new TextDecoder().decode(brotliDecompressSync(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)))));
`;

/** Modules by the names that `packages/shared/package.json` imports them by. */
export const PACKED: Readonly<Record<string, string>> = {
  referrers: `${UNPACK}export const {${Object.keys(referrers).join(', ')}} = ${packed(referrers)};\n`,
  'phone-metadata': `${UNPACK}export default ${packed(phoneMetadata())};\n`,
};

/**
 * Leaves out of libphonenumber's metadata what neither parsing nor formatting reads: which kinds of numbers there are, by
 * which a country is distinguished from others of its calling code; and of the digits that a format is chosen by all but the last
 * expression, which alone is asked of a whole number.
 */
function phoneMetadata(): MetadataJson {
  const countries = Object.entries(phones.countries as unknown as Record<string, unknown[]>).map(([code, country]) => [
    code,
    country.map((part, at) => {
      if (at === FORMATS && Array.isArray(part)) return part.map(withLastDigits);
      return at === TYPES ? 0 : part;
    }),
  ]);
  return { ...phones, countries: Object.fromEntries(countries) };
}

function withLastDigits(format: unknown[]): unknown[] {
  return format.map((part, at) => (at === LEADING_DIGITS && Array.isArray(part) ? part.slice(-1) : part));
}

function packed(value: unknown): string {
  const text = Buffer.from(JSON.stringify(value));
  const params = { [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT, [constants.BROTLI_PARAM_LGWIN]: 18 };
  return `unpacked(${JSON.stringify(brotliCompressSync(text, { params }).toString('base64'))})`;
}
