/** A large table in the form that the Worker carries it in: brotli leaves a tenth less of it than its upload's gzip. */

import { brotliCompressSync, constants } from 'node:zlib';
import * as referrers from '../../packages/shared/src/classify/referrers.ts';

const UNPACK = `import { brotliDecompressSync } from 'node:zlib';
const unpacked = (text) =>
  JSON.parse(new TextDecoder().decode(brotliDecompressSync(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)))));
`;

/** Modules by the names that `packages/shared/package.json` imports them by. */
export const PACKED: Readonly<Record<string, string>> = {
  referrers: `${UNPACK}export const {${Object.keys(referrers).join(', ')}} = ${packed(referrers)};\n`,
};

function packed(value: unknown): string {
  const text = Buffer.from(JSON.stringify(value));
  const params = { [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT, [constants.BROTLI_PARAM_LGWIN]: 18 };
  return `unpacked(${JSON.stringify(brotliCompressSync(text, { params }).toString('base64'))})`;
}
