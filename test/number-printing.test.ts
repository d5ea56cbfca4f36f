import type { E164 } from '@dialmark/shared';
import googleLibrary from 'google-libphonenumber';
import examples from 'libphonenumber-js/examples.mobile.json' with { type: 'json' };
import { type CountryCode, getExampleNumber, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import maxMetadata from 'libphonenumber-js/metadata.max.json' with { type: 'json' };
import { describe, expect, it } from 'vitest';
import { printed, printingOf } from '../packages/edge/src/phones/printed.ts';
import { expressionOf } from '../packages/snippet/src/core/expression.ts';
import { formsOf } from '../packages/snippet/src/core/forms.ts';
import { findInLink } from '../packages/snippet/src/core/link.ts';
import { render } from '../packages/snippet/src/core/render.ts';
import { PHONES } from '../tools/phones.ts';

const formsAt = (number: string) => formsOf(printed(PHONES, number), printingOf(PHONES, number as E164));

/** Reads a text as it is once one number is shown for the other. */
function swapped(text: string, number: string, shown: string): string {
  const from = formsAt(number);
  const to = formsOf(printed(PHONES, shown), from.printing);
  let after = '';
  let at = 0;
  for (const { start, end } of expressionOf([from]).find(text)) {
    after += text.slice(at, start) + render(text.slice(start, end), from, to);
    at = end;
  }
  return after + text.slice(at);
}

/** The same number but for its last digit. */
const neighbour = (number: string) => number.slice(0, -1) + ((+number.slice(-1) + 1) % 10);

const countries = Object.keys(maxMetadata.countries) as CountryCode[];
const exampleOf = (country: CountryCode) => getExampleNumber(country, examples)?.number as string;

describe('every country', () => {
  it.each(countries)('%s: example numbers are found as the library prints them, and swapped in place', (country) => {
    const number = exampleOf(country);
    const parsed = parsePhoneNumberFromString(number);
    const other = neighbour(number);
    for (const form of [parsed?.formatNational() as string, parsed?.formatInternational() as string]) {
      expect(swapped(form, number, other), form).toBe(form.slice(0, -1) + other.slice(-1));
      expect(swapped(`Call ${form}, toll free.`, number, other)).toBe(
        `Call ${form.slice(0, -1)}${other.slice(-1)}, toll free.`,
      );
    }
  });

  it.each(countries)('%s: what is no telephone is left alone', (country) => {
    const number = exampleOf(country);
    const digits = parsePhoneNumberFromString(number)?.nationalNumber as string;
    const half = Math.floor(digits.length / 2);
    const plain = digits.startsWith('0') ? `1${digits}` : digits;
    for (const text of [
      `${plain.slice(0, half)}.${plain.slice(half)}`,
      `$${digits}`,
      `€${digits}`,
      `${digits} €`,
      `${digits}.50`,
      `${digits},99`,
      `0.${digits}`,
      `#${digits}`,
      `id_${digits}`,
      `ref=${digits}`,
      `${country}${digits}`,
      `v${digits}`,
      `ISBN 978${digits}`,
      `${digits}${digits}`,
      `${digits}-4711`,
      `4711-${digits}`,
      `${digits}kg`,
      `${digits}%`,
      `10.0.${digits}`,
      `52.${digits}, 13.${digits}`,
      '2024-11-05',
      '05.11.2024',
      '192.168.10.24',
      '978-3-16-148410-0',
      'DE 123 456 788',
    ])
      expect(swapped(text, number, neighbour(number)), text).toBe(text);
  });

  it('of the metadata is tried', () => {
    expect(countries.length).toBeGreaterThan(240);
  });
});

/** Google's own library has an example of every type of number that a country has; ours of mobile ones alone. */
describe('every type of number of every country', () => {
  const { PhoneNumberFormat, PhoneNumberType, PhoneNumberUtil } = googleLibrary;
  const library = PhoneNumberUtil.getInstance();
  const types = ['FIXED_LINE', 'MOBILE', 'TOLL_FREE', 'PREMIUM_RATE', 'SHARED_COST', 'VOIP', 'PERSONAL_NUMBER', 'UAN'];
  const all = library.getSupportedRegions().flatMap((region) =>
    types.flatMap((type) => {
      const example = library.getExampleNumberForType(region, PhoneNumberType[type as keyof typeof PhoneNumberType]);
      if (!example) return [];
      const inFormat = (format: keyof typeof PhoneNumberFormat) => library.format(example, PhoneNumberFormat[format]);
      return [[region, type, inFormat('E164'), inFormat('NATIONAL'), inFormat('INTERNATIONAL'), inFormat('RFC3966')]];
    }),
  ) as [string, string, E164, string, string, string][];

  it.each(all)('%s %s %s: %s, %s, %s', (_region, _type, number, national, international, link) => {
    const other = neighbour(number);
    const last = (text: string) => text.slice(0, -1) + other.slice(-1);
    for (const form of [national, international]) {
      expect(swapped(form, number, other)).toBe(last(form));
      expect(swapped(`Call ${form}, day and night.`, number, other)).toBe(`Call ${last(form)}, day and night.`);
    }
    const from = formsAt(number);
    const to = formsOf(printed(PHONES, other), from.printing);
    for (const href of [link, `tel:${number}`]) expect(findInLink(href, expressionOf([from]))?.to(to)).toBe(last(href));
  });

  it('is there', () => {
    expect(all.length).toBeGreaterThan(1000);
  });
});

describe('what a country prints beside its international form', () => {
  const AR = ['+5491155550100', '+5491144440199'] as const;
  const MX = ['+525512345678', '+525587654321'] as const;
  const JP = ['+81312345678', '+81398765432'] as const;
  const US = ['+14155550100', '+16285550132'] as const;
  const TAXI = ['+61132227', '+61139988'] as const;

  it.each([
    [AR, '011 15-5555-0100', '011 15-4444-0199'],
    [AR, '15-5555-0100', '15-4444-0199'],
    [AR, '11 5555-0100', '11 4444-0199'],
    [AR, '+54 11 5555-0100', '+54 11 4444-0199'],
    [AR, '+54 9 11 5555-0100', '+54 9 11 4444-0199'],
    [AR, '(011) 15 5555 0100', '(011) 15 4444 0199'],
    [AR, '0 11 5555-0100', '0 11 4444-0199'],
    [['+5492215550100', '+5491144440199'] as const, '0221 15-555-0100', '011 15-4444-0199'],
    [['+5492215550100', '+5493415550199'] as const, '0221 15-555-0100', '0341 15-555-0199'],
    [['+5492215550100', '+5493415550199'] as const, '15-555-0100', '0341 15-555-0199'],
    [MX, '+52 1 55 1234 5678', '+52 1 55 8765 4321'],
    [MX, '+5215512345678', '+5215587654321'],
    [MX, '01-55-1234-5678', '01-55-8765-4321'],
    [MX, '044 55 1234 5678', '044 55 8765 4321'],
    [MX, '55 1234 5678', '55 8765 4321'],
    [JP, '03ー1234ー5678', '03ー9876ー5432'],
    [JP, '03ｰ1234ｰ5678', '03ｰ9876ｰ5432'],
    [JP, '03・1234・5678', '03・9876・5432'],
    [JP, '03~1234~5678', '03~9876~5432'],
    [JP, '０３（１２３４）５６７８', '０３（９８７６）５４３２'],
    [US, '٤١٥-٥٥٥-٠١٠٠', '٦٢٨-٥٥٥-٠١٣٢'],
    [US, '+١ ٤١٥ ٥٥٥ ٠١٠٠', '+١ ٦٢٨ ٥٥٥ ٠١٣٢'],
    [US, '۴۱۵ ۵۵۵ ۰۱۰۰', '۶۲۸ ۵۵۵ ۰۱۳۲'],
    [US, '४१५ ५५५ ०१००', '६२८ ५५५ ०१३२'],
    [US, '৪১৫ ৫৫৫ ০১০০', '৬২৮ ৫৫৫ ০১৩২'],
    [US, '๔๑๕ ๕๕๕ ๐๑๐๐', '๖๒๘ ๕๕๕ ๐๑๓๒'],
    [TAXI, '13 CABS', '13 99 88'],
    [TAXI, '13CABS', '13 99 88'],
    [TAXI, '13 22 27', '13 99 88'],
    [['+5511912345678', '+5511987654321'] as const, '(0xx11) 91234-5678', '(0xx11) 98765-4321'],
    [['+5511912345678', '+5511987654321'] as const, '0-15-11-91234-5678', '0-15-11-98765-4321'],
    [['+74951234567', '+74957654321'] as const, '8 (495) 123-45-67', '8 (495) 765-43-21'],
    [['+3611234567', '+3617654321'] as const, '06-1-123-4567', '06-1-765-4321'],
    [['+448001111', '+448081570192'] as const, '0800 1111', '0808 157 0192'],
    [['+611300123456', '+611300654321'] as const, '1300 123 456', '1300 654 321'],
  ])('%j: %s', ([number, shown], before, after) => {
    expect(swapped(before, number, shown)).toBe(after);
  });

  it.each([
    ['another area', '+5492215550100', '(0291) 15-555-0100'],
    ['another country', '+14155550100', '+٥٢ ٤١٥ ٥٥٥ ٠١٠٠'],
    ['a longer run', '+14155550100', '٩٤١٥٥٥٥٠١٠٠'],
    ['another country’s marks', '+14155550100', '415ー555ー0100'],
    ['a count of taxis', '+61132227', 'We run 13 cabs in town'],
  ])('leaves %s alone', (_, number, text) => {
    expect(swapped(text, number, neighbour(number))).toBe(text);
  });

  it('keeps the digit that Mexico put before mobile numbers in links too', () => {
    const from = formsAt(MX[0]);
    const to = formsOf(printed(PHONES, MX[1] as string), from.printing);
    for (const [before, after] of [
      ['https://wa.me/5215512345678', 'https://wa.me/5215587654321'],
      ['https://wa.me/525512345678?text=Hola', 'https://wa.me/525587654321?text=Hola'],
      ['https://api.whatsapp.com/send?phone=5215512345678', 'https://api.whatsapp.com/send?phone=5215587654321'],
      ['tel:+5215512345678', 'tel:+5215587654321'],
      ['tel:0445512345678', 'tel:0445587654321'],
    ] as const)
      expect(findInLink(before, expressionOf([from]))?.to(to)).toBe(after);
    expect(findInLink('https://wa.me/5255123456789', expressionOf([from]))).toBeUndefined();
  });

  it('travels only with the numbers that need it', () => {
    expect(Object.keys(printingOf(PHONES, '+14155550100' as E164))).toEqual([
      'extensions',
      'between',
      'emergency',
      'called',
    ]);
    expect(printingOf(PHONES, '+541155550100' as E164).also).toBeUndefined();
    expect(JSON.stringify(printingOf(PHONES, '+14155550100' as E164)).length).toBeLessThan(250);
  });
});

describe('what follows a number', () => {
  const behind = [
    ['+14155550100', '415-555-0100\u00b9'],
    ['+14155550100', '415-555-0100\u00b2\u2077'],
    ['+14155550100', '415-555-0100 \u00b3'],
    ['+14155550100', '415-555-0100*'],
    ['+14155550100', '415-555-0100**'],
    ['+14155550100', '415-555-0100\u2020'],
    ['+14155550100', '415-555-0100\u2021'],
    ['+14155550100', '415-555-0100\u00a7'],
    ['+14155550100', '415-555-0100[1]'],
    ['+14155550100', '415-555-0100(1)'],
    ['+14155550100', '415-555-0100\u2460'],
    ['+14155550100', '415-555-0100\u2122'],
    ['+14155550100', '4155550100\u00b9'],
    ['+14155550100', '415-555-0100extension 12'],
    ['+14155550100', '415-555-0100Extension: 12'],
    ['+14155550100', '415-555-0100ext12'],
    ['+14155550100', '415-555-0100ext.12'],
    ['+14155550100', '415-555-0100EXT. 12'],
    ['+14155550100', '415-555-0100extn 12'],
    ['+14155550100', '415-555-0100x2'],
    ['+14155550100', '415-555-0100X 12'],
    ['+14155550100', '415-555-0100#12'],
    ['+14155550100', '415-555-0100\u201324 hours'],
    ['+14155550100', '415-555-0100,,12#'],
    ['+14155550100', '415-555-0100;ext=12'],
    ['+14155550100', '415-555-0100poste 12'],
    ['+14155550100', '415-555-0100extensi\u00f3n 12'],
    ['+33134530901', '01 34 53 09 01poste 12'],
    ['+4930123456', '030 123456Durchwahl 12'],
    ['+43512123456', '0512 123456DW12'],
    ['+541155550100', '011 5555-0100int. 12'],
    ['+5622345678', '(2) 2345 678anexo 12'],
    ['+551123456789', '(11) 2345-6789ramal 12'],
    ['+31201234567', '020 123 4567toestel 12'],
    ['+74951234567', '8 (495) 123-45-67\u0434\u043e\u0431. 12'],
    ['+902121234567', '0212 123 45 67dahili 12'],
    ['+14155550100', '415-555-0100 or 911'],
    ['+442079460958', '020 7946 0958 or 999'],
    ['+442079460958', '020 7946 0958 or 112'],
    ['+61291234567', '(02) 9123 4567 or 000'],
    ['+6493001234', '09 300 1234 or 111'],
    ['+33134530901', '01 34 53 09 01 ou 15'],
    ['+33134530901', '01 34 53 09 01 ou 17'],
    ['+33134530901', '01 34 53 09 01 et 18'],
    ['+81312345678', '03-1234-5678 / 119'],
    ['+49351655772', '0351 655772 oder 110'],
  ];
  it.each(behind)('%s is found in: %s', (number, text) => {
    const other = neighbour(number);
    const after = [...swapped(text, number, other)];
    expect(after.filter((char, at) => char !== [...text][at])).toEqual([other.slice(-1)]);
  });

  const alone = [
    ['+14155550100', '415-555-0100abc'],
    ['+14155550100', '415-555-0100kg 12'],
    ['+14155550100', '415-555-0100xl'],
    ['+14155550100', '415-555-0100ext'],
    ['+14155550100', '415-555-01001'],
    ['+14155550100', '415-555-0100\uff11'],
    ['+14155550100', '415-555-0100Durchwahl'],
    ['+14155550100', '415-555-0100 o 0101'],
    ['+14155550100', '415-555-0100\u20130105'],
    ['+442079460958', '020 7946 0958\u201460'],
    ['+14155550100', '415-555-0100 or 999-0101'],
    ['+14155550100', '415-555-0100 or 9112'],
    ['+442079460958', '020 7946 0958 or 0959'],
    ['+442079460958', '020 7946 0958 or 998'],
    ['+61291234567', '(02) 9123 4567 or 001'],
    ['+33134530901', '01 34 53 09 01 ou 02'],
    ['+33134530901', '01 34 53 09 01 \u00e0 05'],
    ['+49351655772', '0351 655772 oder 73'],
    ['+48221234567', '22 123 45 67 lub 68'],
    ['+74951234567', '8 (495) 123-45-67 \u0438\u043b\u0438 68'],
    ['+902121234567', '0212 123 45 67 veya 68'],
    ['+31201234567', '020 123 4567 of 68'],
    ['+81312345678', '03-1234-5678 \u307e\u305f\u306f 5679'],
  ];
  it.each(alone)('%s is left alone in: %s', (number, text) => {
    expect(swapped(text, number, neighbour(number))).toBe(text);
  });
});

describe('short numbers and dates', () => {
  const called = [
    ['+61131114', '13 11 14'],
    ['+61131114', '13 11 14 for help, day and night'],
    ['+61131114', '+61 131114'],
    ['+61131114', 'Call 131 114'],
    ['+61131114', 'Call us now on 131114'],
    ['+61131114', 'Tel. 131114'],
    ['+61131114', '☎ 131114'],
    ['+49116117', 'Ärztlicher Bereitschaftsdienst 116 117'],
    ['+49116117', '116 117 anrufen'],
    ['+49116117', 'Bitte wählen Sie 116117'],
    ['+33116117', 'Appelez le 116 117'],
    ['+376312345', '312 345'],
    ['+3545551234', '555-1234'],
    ['+4520241105', '20 24 11 05'],
    ['+4520241105', '20241105'],
    ['+4520241105', '2024 1105'],
    ['+4520241105', '+45 2024-11-05'],
    ['+4520991105', '2099-1105'],
  ];
  it.each(called)('%s is called in: %s', (number, text) => {
    expect(swapped(text, number, neighbour(number))).not.toBe(text);
  });

  const alone = [
    ['+61131114', '13.11.14'],
    ['+61131114', '13-11-14'],
    ['+61131114', '13/11/14'],
    ['+61131114', '131 114 likes'],
    ['+61131114', '131,114 likes'],
    ['+61131114', 'Order 131114 was sent'],
    ['+61131114', '1311.14'],
    ['+61131114', 'From 1311.14 a month'],
    ['+61131114', 'Version 1.3.1.1.1.4'],
    ['+61131114', 'We call it a day. Order 131114'],
    ['+49116117', '116 117 Einwohner'],
    ['+49116117', '116.117 Einwohner'],
    ['+4520241105', '2024-11-05'],
    ['+4520241105', '2024/11/05'],
    ['+4520241105', '2024.11.05'],
    ['+4505112024', '05.11.2024'],
    ['+4520241105', '2024\u201111\u201105'],
    ['+4520241105', '202411.05'],
  ];
  it.each(alone)('%s is not called in: %s', (number, text) => {
    expect(swapped(text, number, neighbour(number))).toBe(text);
  });
});
