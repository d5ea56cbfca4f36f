import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseXml } from '../../test/carriers/fixtures.ts';
import { element, xmlDocument } from './xml.ts';

describe('an XML answer', () => {
  it('leaves out attributes without a value and closes empty elements', () => {
    expect(element('Dial', { timeout: 30, callerId: null, action: undefined }).text).toBe('<Dial timeout="30"/>');
  });

  it('is well formed and gives back any text, in content and in attributes', () => {
    const writable = fc.string({ unit: 'grapheme' }).filter((text) => text.trim() === text && text !== '');
    fc.assert(
      fc.property(writable, (text) => {
        // Characters that XML 1.0 cannot represent are dropped; the reader turns no text at all into no child.
        const kept = text.replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '');
        const written = xmlDocument(element('Say', { text }, text));
        expect(written).not.toMatch(/<(?!\?xml|\/?Say)/);
        expect(parseXml(written).name).toBe('Say');
        expect(unescaped(written)).toContain(kept);
      }),
    );
  });

  it('drops what XML has no way to write', () => {
    expect(element('Say', {}, 'a\u0000b\u001fc\ud800d\ufffee').text).toBe('<Say>abcde</Say>');
  });
});

function unescaped(text: string): string {
  const names: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
  return text
    .replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)))
    .replace(/&(amp|lt|gt|quot|apos);/g, (_, name) => names[name] ?? '');
}
