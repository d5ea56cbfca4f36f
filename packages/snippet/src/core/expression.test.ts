import { describe, expect, it } from 'vitest';
import { expressionOf } from './expression.ts';
import { formsOf } from './forms.ts';
import { render } from './render.ts';
import * as sample from './sample-numbers.ts';

/** A text as it reads once `from` is swapped for `to`. */
function swapped(text: string, from = sample.US, to = sample.US_TRACKING): string {
  let after = '';
  let at = 0;
  for (const { start, end } of expressionOf([formsOf(from)]).find(text)) {
    after += text.slice(at, start) + render(text.slice(start, end), formsOf(from), formsOf(to));
    at = end;
  }
  return after + text.slice(at);
}

describe('printed forms', () => {
  it.each([
    ['(415) 555-0100', '(628) 555-0132'],
    ['Call (415)555-0100.', 'Call (628)555-0132.'],
    ['415-555-0100', '628-555-0132'],
    ['415.555.0100', '628.555.0132'],
    ['415 555 0100', '628 555 0132'],
    ['4155550100', '6285550132'],
    ['415/555-0100', '628/555-0132'],
    ['+1 415 555 0100', '+1 628 555 0132'],
    ['+1 (415) 555-0100', '+1 (628) 555-0132'],
    ['+14155550100', '+16285550132'],
    ['(+1) 415 555 0100', '(+1) 628 555 0132'],
    ['1-415-555-0100', '1-628-555-0132'],
    ['1 (415) 555-0100', '1 (628) 555-0132'],
    ['001 415 555 0100', '001 628 555 0132'],
    ['(415)\u00a0555\u20110100', '(628)\u00a0555\u20110132'],
    ['415\u2009555\u20130100', '628\u2009555\u20130132'],
    ['415\u2212555\u22120100', '628\u2212555\u22120132'],
    ['[415] 555\u202f0100', '[628] 555\u202f0132'],
    [
      '\uff14\uff11\uff15\uff0d\uff15\uff15\uff15\uff0d\uff10\uff11\uff10\uff10',
      '\uff16\uff12\uff18\uff0d\uff15\uff15\uff15\uff0d\uff10\uff11\uff13\uff12',
    ],
    ['Tel.415-555-0100', 'Tel.628-555-0132'],
    ['Tel:415-555-0100', 'Tel:628-555-0132'],
    ['(call 415-555-0100)', '(call 628-555-0132)'],
    ['Open 24/7 415-555-0100', 'Open 24/7 628-555-0132'],
    ['Since 1991 415-555-0100', 'Since 1991 628-555-0132'],
    ['Mon 8:00 (415) 555-0100', 'Mon 8:00 (628) 555-0132'],
    ['415-555-0100, 415-555-0100', '628-555-0132, 628-555-0132'],
    ['415-555-0100/415-555-0100', '628-555-0132/628-555-0132'],
    ['415-555-0100 ext. 12', '628-555-0132 ext. 12'],
    ['415-555-0100x12', '628-555-0132x12'],
    ['415-555-0100 24 hours', '628-555-0132 24 hours'],
    ['\u96fb\u8a71415-555-0100\u307e\u3067', '\u96fb\u8a71628-555-0132\u307e\u3067'],
  ])('%s', (before, after) => {
    expect(swapped(before)).toBe(after);
  });

  it.each([
    ['UK', '020 7946 0958', '020 7946 0011', sample.GB, sample.GB_TRACKING],
    ['UK', '(020) 7946 0958', '(020) 7946 0011', sample.GB, sample.GB_TRACKING],
    ['UK', '+44 20 7946 0958', '+44 20 7946 0011', sample.GB, sample.GB_TRACKING],
    ['UK', '+44 (0)20 7946 0958', '+44 (0)20 7946 0011', sample.GB, sample.GB_TRACKING],
    ['UK', '+44(0)2079460958', '+44(0)2079460011', sample.GB, sample.GB_TRACKING],
    ['UK', '0044 20 7946 0958', '0044 20 7946 0011', sample.GB, sample.GB_TRACKING],
    ['UK', '20 7946 0958', '20 7946 0011', sample.GB, sample.GB_TRACKING],
    ['French', '01.34.53.09.01', '01.86.65.00.99', sample.FR, sample.FR_TRACKING],
    ['French', '+33 1 34 53 09 01', '+33 1 86 65 00 99', sample.FR, sample.FR_TRACKING],
    ['French', '+33 (0)1 34 53 09 01', '+33 (0)1 86 65 00 99', sample.FR, sample.FR_TRACKING],
    ['French', '+0134530901', '+0186650099', sample.FR, sample.FR_TRACKING],
    ['Austrian', '+43 (0) 800 203088', '+43 (0) 800 203099', sample.AT, sample.AT_TRACKING],
    ['Austrian', '+ 43 800 20 30 88', '+ 43 800 20 30 99', sample.AT, sample.AT_TRACKING],
    ['Swiss', '(032) 262 4119', '(032) 262 9988', sample.CH, sample.CH_TRACKING],
    ['Italian', '06 1234 5678', '06 1234 0011', sample.IT, sample.IT_TRACKING],
    ['Italian', '+39 06 12345678', '+39 06 12340011', sample.IT, sample.IT_TRACKING],
    ['German of another length', '0351 / 655 772', '0351 4188999', sample.DE, sample.DE_TRACKING],
    ['German of another length', '+49 (0) 351 / 655 772-0', '+49 351 4188999-0', sample.DE, sample.DE_TRACKING],
    ['German extension', '0351 655772-0', '0351 655772-0', sample.DE, sample.DE],
    ['from another country', '(415) 555-0100', '+44 20 7946 0011', sample.US, sample.GB_TRACKING],
    ['from another country', '(call 415 555-0100)', '(call +44 20 7946 0011)', sample.US, sample.GB_TRACKING],
    ['from another country', '(415-555-0100)', '(+44 20 7946 0011)', sample.US, sample.GB_TRACKING],
    ['vanity', '1-800-FLOWERS', '(628) 555-0132', sample.US_VANITY, sample.US_TRACKING],
    ['vanity', '(800) Flowers', '(628) 555-0132', sample.US_VANITY, sample.US_TRACKING],
  ])('%s %s', (_, before, after, from, to) => {
    expect(swapped(before, from, to)).toBe(after);
  });

  it.each([
    ['a longer run', '14155550100123'],
    ['a longer run', '94155550100'],
    ['a longer run', '12-4155550100'],
    ['a longer run', '4155550100-12'],
    ['a decimal', '0.4155550100'],
    ['a decimal', '4155550100.5'],
    ['a decimal', '3,4155550100'],
    ['letters before', 'X4155550100'],
    ['letters after', '4155550100kg'],
    ['an underscore', 'id_4155550100'],
    ['an amount', '$4155550100'],
    ['an address', '4155550100@sms.example'],
    ['a parameter', 'phone=4155550100'],
    ['another country', '+52 415 555 0100'],
    ['another country', '(+52) 415 555 0100'],
    ['another country', '0052 415 555 0100'],
    ['another country', '+4155550100'],
    ['another number', '415-555-0101'],
    ['too wide a gap', '415 ..... ..... 5550100'],
    ['a word', '1-800-FLOWERSHOP'],
  ])('leaves %s alone: %s', (_, text) => {
    expect(swapped(text)).toBe(text);
    expect(swapped(text, sample.US_VANITY)).toBe(text);
  });
});
