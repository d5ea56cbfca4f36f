import { describe, expect, it } from 'vitest';
import { expressionOf } from './expression.ts';
import { formsOf } from './forms.ts';
import { findInLink } from './link.ts';
import * as sample from './sample-numbers.ts';

describe('links', () => {
  const href = (link: string, from = sample.US, to = sample.US_TRACKING) =>
    findInLink(link, expressionOf([formsOf(from)]))?.to(formsOf(to)) ?? link;

  it.each([
    ['tel:+14155550100', 'tel:+16285550132'],
    ['tel:4155550100', 'tel:6285550132'],
    ['tel:415-555-0100', 'tel:628-555-0132'],
    ['TEL:(415)%20555-0100', 'TEL:(628)%20555-0132'],
    ['tel:+1-415-555-0100;ext=5', 'tel:+1-628-555-0132;ext=5'],
    ['tel:+14155550100,,12', 'tel:+16285550132,,12'],
    ['tel:4155550100p12', 'tel:6285550132p12'],
    ['tel:+14155550100P12', 'tel:+16285550132P12'],
    ['tel:415-555-0100w12', 'tel:628-555-0132w12'],
    ['tel:415-555-0100pp12p3', 'tel:628-555-0132pp12p3'],
    ['tel:+14155550100,12#', 'tel:+16285550132,12#'],
    ['tel:+14155550100;12#', 'tel:+16285550132;12#'],
    ['tel:+14155550100%2C%2C12%23', 'tel:+16285550132%2C%2C12%23'],
    ['tel:+14155550100%3B100', 'tel:+16285550132%3B100'],
    ['tel:+14155550100;ext=12', 'tel:+16285550132;ext=12'],
    ['tel:+14155550100%20ext.%2012', 'tel:+16285550132%20ext.%2012'],
    ['tel:4155550100x12', 'tel:6285550132x12'],
    ['callto:+14155550100', 'callto:+16285550132'],
    ['sms:+14155550100?body=call%20415-555-0100', 'sms:+16285550132?body=call%20415-555-0100'],
    ['sms:+14155550100&body=hi', 'sms:+16285550132&body=hi'],
    ['https://wa.me/14155550100?text=4155550100', 'https://wa.me/16285550132?text=4155550100'],
    [
      'https://api.whatsapp.com/send?phone=14155550100&text=hi',
      'https://api.whatsapp.com/send?phone=16285550132&text=hi',
    ],
    [
      'https://api.whatsapp.com/send/?text=hi&phone=%2B14155550100',
      'https://api.whatsapp.com/send/?text=hi&phone=16285550132',
    ],
    ['http://www.wa.me/14155550100', 'http://www.wa.me/16285550132'],
    ['//wa.me/14155550100?text=hi', '//wa.me/16285550132?text=hi'],
    ['wa.me/14155550100', 'wa.me/16285550132'],
    ['https://whatsapp.com/send?phone=14155550100', 'https://whatsapp.com/send?phone=16285550132'],
    ['https://www.whatsapp.com/send/?phone=%2B14155550100', 'https://www.whatsapp.com/send/?phone=16285550132'],
    ['api.whatsapp.com/send?phone=14155550100', 'api.whatsapp.com/send?phone=16285550132'],
    ['//web.whatsapp.com/send?phone=14155550100', '//web.whatsapp.com/send?phone=16285550132'],
    ['whatsapp://send?phone=14155550100&text=hi', 'whatsapp://send?phone=16285550132&text=hi'],
    ['whatsapp://send/?text=hi&phone=14155550100', 'whatsapp://send/?text=hi&phone=16285550132'],
    ['https://shop.example/wa.me/14155550100', 'https://shop.example/wa.me/14155550100'],
    ['https://notwa.me/14155550100', 'https://notwa.me/14155550100'],
    ['https://whatsapp.com.example/send?phone=14155550100', 'https://whatsapp.com.example/send?phone=14155550100'],
    ['whatsapp://call?phone=14155550100', 'whatsapp://call?phone=14155550100'],
    ['tel:+524155550100', 'tel:+524155550100'],
    ['tel:+141555501001', 'tel:+141555501001'],
    ['tel:4155550100party', 'tel:4155550100party'],
    ['tel:+52,4155550100', 'tel:+52,4155550100'],
    ['https://shop.example/4155550100', 'https://shop.example/4155550100'],
    ['tel:', 'tel:'],
    ['tel:%E0%A4%A', 'tel:%E0%A4%A'],
  ])('%s', (before, after) => {
    expect(href(before)).toBe(after);
  });

  it('become E.164 where the number is from another country or of another length', () => {
    expect(href('tel:415-555-0100;ext=5', sample.US, sample.GB)).toBe('tel:+442079460958;ext=5');
    expect(href('tel:0351/655772', sample.DE, sample.DE_TRACKING)).toBe('tel:+493514188999');
    expect(href('tel:415-555-0100p12', sample.US, sample.GB)).toBe('tel:+442079460958p12');
    expect(href('https://wa.me/14155550100', sample.US, sample.GB)).toBe('https://wa.me/442079460958');
  });

  it('keep to the forms of real pages', () => {
    expect(href('tel:+0134530901', sample.FR, sample.FR_TRACKING)).toBe('tel:+0186650099');
    expect(href('tel:+49 (0) 351 / 655 772', sample.DE, sample.DE_TRACKING)).toBe('tel:+493514188999');
  });
});
