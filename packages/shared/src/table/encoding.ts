/** The character encoding of a file. */
export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252' | 'gbk' | 'shift_jis';

const CHUNK_BYTES = 256 * 1024;
/** Text of this length reveals UTF-16 by its zero bytes, whatever the language: delimiters and line ends have them. */
const SAMPLE_BYTES = 64 * 1024;

/**
 * Returns the encoding of a file: by its byte-order mark, else by looking. Text that is not UTF-8 is Windows-1252,
 * unless its bytes can only be meant as Chinese (GBK) or Japanese (Shift-JIS).
 */
export function encodingOf(bytes: Uint8Array): Encoding {
  const [first, second, third] = bytes;
  if (first === 0xef && second === 0xbb && third === 0xbf) return 'utf-8';
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  const sample = bytes.subarray(0, SAMPLE_BYTES);
  const zeros = [0, 0];
  sample.forEach((byte, i) => {
    if (byte === 0) zeros[i % 2] = (zeros[i % 2] as number) + 1;
  });
  const [even = 0, odd = 0] = zeros;
  // Latin text has its zero byte last in UTF-16LE and first in UTF-16BE. No other encoding of text has any.
  if (even + odd > 0) return odd >= even ? 'utf-16le' : 'utf-16be';
  if (decodes(bytes, 'utf-8')) return 'utf-8';
  if (looksJapanese(sample) && decodes(bytes, 'shift_jis')) return 'shift_jis';
  if (looksChinese(sample) && decodes(bytes, 'gbk')) return 'gbk';
  return 'windows-1252';
}

/** Yields the text of a file piece by piece, without a byte-order mark, every line ending in `\n`. */
export function* textPieces(file: Uint8Array | string, encoding: Encoding): Generator<string> {
  let endsInReturn = false;
  for (const piece of typeof file === 'string' ? pieces(file.replace(/^\ufeff/, '')) : decoded(file, encoding)) {
    // A `\r\n` may fall on the border of two pieces.
    const text = endsInReturn && piece.startsWith('\n') ? piece.slice(1) : piece;
    if (piece !== '') endsInReturn = piece.endsWith('\r');
    yield text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
  }
}

/** Returns the whole text of a file, for a field that shows it. */
export function decodeText(bytes: Uint8Array): string {
  return new TextDecoder(encodingOf(bytes)).decode(bytes);
}

function* decoded(bytes: Uint8Array, encoding: Encoding): Generator<string> {
  const decoder = new TextDecoder(encoding);
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
    yield decoder.decode(bytes.subarray(at, at + CHUNK_BYTES), { stream: true });
  }
  yield decoder.decode();
}

function* pieces(text: string): Generator<string> {
  for (let at = 0; at < text.length; at += CHUNK_BYTES) yield text.slice(at, at + CHUNK_BYTES);
}

function decodes(bytes: Uint8Array, encoding: Encoding): boolean {
  const decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: false });
  try {
    for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
      decoder.decode(bytes.subarray(at, at + CHUNK_BYTES), { stream: true });
    }
    decoder.decode();
    return true;
  } catch {
    return false;
  }
}

/**
 * Distinguishes Chinese from Western European text: common characters are pairs of bytes from 0xA1 on (GB 2312), and stand next
 * to each other. In Windows-1252 four accented letters in a row do not happen, and single ones do.
 */
function looksChinese(sample: Uint8Array): boolean {
  let [run, longest] = [0, 0];
  for (let i = 0; i <= sample.length; i++) {
    const byte = sample[i] ?? 0;
    if (byte >= 0xa1) run++;
    else if (byte >= 0x80) return false;
    else {
      // A sample may end within a character.
      if (run % 2 === 1 && i < sample.length) return false;
      longest = Math.max(longest, run);
      run = 0;
    }
  }
  return longest >= 4;
}

/** Recognizes Japanese by its kana, which begin with 0x82 and 0x83: `‚` and `ƒ` in Windows-1252, never twice in a row. */
function looksJapanese(sample: Uint8Array): boolean {
  const isKana = (lead = 0, trail = 0) =>
    (lead === 0x82 && trail >= 0x9f && trail <= 0xf1) || (lead === 0x83 && trail >= 0x40 && trail <= 0x96);
  for (let i = 0; i + 3 < sample.length; i++) {
    if (isKana(sample[i], sample[i + 1]) && isKana(sample[i + 2], sample[i + 3])) return true;
  }
  return false;
}
