import { describe, expect, it } from 'vitest';
import { decodeText, encodingOf } from './encoding.ts';

const utf16 = (text: string, isLittle: boolean) =>
  new Uint8Array(
    [...text].flatMap((char) => {
      const code = char.charCodeAt(0);
      return isLittle ? [code & 255, code >> 8] : [code >> 8, code & 255];
    }),
  );
const bytes = (text: string) => new Uint8Array([...text].map((char) => char.charCodeAt(0)));

describe('the encoding of a file is told', () => {
  it.each([
    ['plain letters', bytes('Day,Cost'), 'utf-8', 'Day,Cost'],
    ['UTF-8', new TextEncoder().encode('Währung;日本'), 'utf-8', 'Währung;日本'],
    ['UTF-8 with a mark', new TextEncoder().encode('\ufeffWährung'), 'utf-8', 'Währung'],
    ['UTF-16LE with a mark', utf16('\ufeffWährung', true), 'utf-16le', 'Währung'],
    ['UTF-16LE without', utf16('Day\tCost', true), 'utf-16le', 'Day\tCost'],
    ['UTF-16BE with a mark', utf16('\ufeffWährung', false), 'utf-16be', 'Währung'],
    ['UTF-16BE without', utf16('Day\tCost', false), 'utf-16be', 'Day\tCost'],
    ['Windows-1252', bytes('W\xe4hrung;Co\xfbt;\x80'), 'windows-1252', 'Währung;Coût;€'],
    // 日期,费用
    ['GBK', bytes('\xc8\xd5\xc6\xda,\xb7\xd1\xd3\xc3'), 'gbk', '日期,费用'],
    // ひらがな,カタカナ
    [
      'Shift-JIS',
      bytes('\x82\xd0\x82\xe7\x82\xaa\x82\xc8,\x83\x4a\x83\x5e\x83\x4a\x83\x69'),
      'shift_jis',
      'ひらがな,カタカナ',
    ],
    [
      'single letters of Western Europe',
      bytes('M\xfcller,Stra\xdfe,\xc0 c\xf4t\xe9'),
      'windows-1252',
      'Müller,Straße,À côté',
    ],
    ['nothing', new Uint8Array(), 'utf-8', ''],
  ])('%s', (_what, file, encoding, text) => {
    expect(encodingOf(file)).toBe(encoding);
    expect(decodeText(file)).toBe(text);
  });
});
