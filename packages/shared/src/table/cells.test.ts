import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decimalMark, noDecimalEvidence, readAmount, weighAmount } from './amounts.ts';
import { cellText, isBlank, visible } from './cell.ts';
import { currenciesOf } from './currency.ts';
import { dayOrder, noDayEvidence, readDay, weighDay } from './days.ts';
import { internationalDigits, isRounded, telephoneText } from './digits.ts';
import { columnNamed, readHeading } from './heading.ts';

describe('a cell', () => {
  it.each([
    [' a ', 'a'],
    ['\u00a0a\u200f', 'a'],
    ['="+14155550100"', '+14155550100'],
    ['="a ""b"""', 'a "b"'],
    ["'+1", '+1'],
    ["'tis", "'tis"],
    ['=1+1', '=1+1'],
  ])('%j says %j', (raw, text) => {
    expect(cellText(raw)).toBe(text);
  });

  it('is blank where it says that there is nothing', () => {
    for (const text of ['', ' ', '-', '--', '—', '(not set)', 'N/A', 'null', undefined])
      expect(isBlank(text)).toBe(true);
    for (const text of ['0', '-1', 'none', '----', 'nullable']) expect(isBlank(text)).toBe(false);
    expect(visible('\u202a1\u202c')).toBe('1');
  });
});

describe('a heading', () => {
  it('is the same however it is spelled', () => {
    for (const text of ['CampaignName', 'campaign_name', 'Campaign name', ' CAMPAIGN-NAME ', 'campaign.name']) {
      expect(readHeading(text)).toEqual({ name: 'campaign name', unit: null });
    }
    expect(readHeading('Montant dépensé (EUR)')).toEqual({ name: 'montant depense', unit: 'eur' });
  });

  it('is found by the first of the names that there is', () => {
    const headings = ['Clicks', 'Spend', 'Cost'].map(readHeading);
    expect(columnNamed(headings, ['cost', 'spend'])).toBe(2);
    expect(columnNamed(headings, ['day'])).toBe(null);
  });
});

describe('a day', () => {
  it.each([
    ['2026-11-24', '2026-11-24'],
    ['2026/11/4', '2026-11-04'],
    ['20261124', '2026-11-24'],
    ['24.11.2026', '2026-11-24'],
    ['2026年11月24日', '2026-11-24'],
    ['Nov 24, 2026', '2026-11-24'],
    ['24. November 2026', '2026-11-24'],
    ['24 de noviembre de 2026', '2026-11-24'],
    ['24-Nov-26', '2026-11-24'],
    ['1er août 2026', '2026-08-01'],
    ['mar. 24 nov. 2026', '2026-11-24'],
    ['05/05/2026', '2026-05-05'],
    ['2026-11-24T10:00:00Z', '2026-11-24'],
    ['05/11/2026', null],
    ['2026-02-30', null],
    ['31/31/2026', null],
    ['roof', null],
    ['', null],
    ['202611', null],
  ])('%j is %j without an order', (text, day) => {
    expect(readDay(text, null)?.day ?? null).toBe(day);
  });

  it('follows the order of its column, which all cells tell together', () => {
    const order = (...texts: string[]) => {
      const evidence = noDayEvidence();
      for (const text of texts) weighDay(evidence, text);
      return dayOrder(evidence);
    };
    expect(order('05/11/2026', '24/11/2026')).toBe('dmy');
    expect(order('05/11/2026', '11/24/2026')).toBe('mdy');
    expect(order('05/11/2026')).toBe('undecided');
    expect(order('24/11/2026', '11/24/2026')).toBe('mixed');
    expect(order('2026-11-24', '05/05/2026')).toBe(null);
    expect(readDay('05/11/2026', 'dmy')?.day).toBe('2026-11-05');
    expect(readDay('05/11/2026', 'mdy')?.day).toBe('2026-05-11');
    expect(readDay('24/11/2026', 'mdy')).toBe(null);
  });

  it('reads the same the second time', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('1', '2', '0', '/', '.', '-', ' ', 'n', 'o', 'v') }), (text) => {
        for (const order of ['dmy', 'mdy', null] as const) expect(readDay(text, order)).toEqual(readDay(text, order));
      }),
    );
  });
});

describe('an amount', () => {
  it.each([
    ['1,234.56', 1234.56, null],
    ['1.234,56', 1234.56, null],
    ['1\u202f234,56', 1234.56, null],
    ["1'234.56", 1234.56, null],
    ['1,23,456.00', 123456, null],
    ['(3.50)', -3.5, null],
    ['3,50-', -3.5, null],
    ['−3,50', -3.5, null],
    ['R$ 12,50', 12.5, ['BRL']],
    ['A$12.50', 12.5, ['AUD']],
    ['₹99', 99, ['INR']],
    ['12,50 zł', 12.5, ['PLN']],
    ['CHF 12.50', 12.5, ['CHF']],
    ['.5', 0.5, null],
    ['--', 0, null],
  ])('%j is %d', (text, amount, currencies) => {
    expect(readAmount(text, null)).toEqual({ amount, currencies });
  });

  it.each(['1.2E+05', '12%', 'roof', '1 2', '1,23,4', '12 clicks', '--5', '1.234.5', ''])('is not %j', (text) => {
    expect(readAmount(text, null)?.amount ?? null).toBe(text === '' ? null : null);
  });

  it('that reads both ways takes the mark of its column', () => {
    expect(readAmount('1,234', null)).toBe(null);
    expect(readAmount('1,234', '.')?.amount).toBe(1234);
    expect(readAmount('1,234', ',')?.amount).toBe(1.234);
    const evidence = noDecimalEvidence();
    weighAmount(evidence, '1,234');
    expect(decimalMark(evidence)).toBe('undecided');
    weighAmount(evidence, '3,5');
    expect(decimalMark(evidence)).toBe(',');
    weighAmount(evidence, '3.5');
    expect(decimalMark(evidence)).toBe('mixed');
  });

  it('may be in the currencies of its sign', () => {
    expect(currenciesOf('kr')).toEqual(['SEK', 'NOK', 'DKK', 'ISK']);
    expect(currenciesOf('usd')).toEqual(['USD']);
    expect(currenciesOf('xyz')).toBe(null);
  });
});

describe('a telephone number', () => {
  it('is what is left without marks, special dashes and what spreadsheets add', () => {
    expect(telephoneText('\u202a+1\u2011415\u2011555\u20110132\u202c')).toBe('+1-415-555-0132');
    expect(internationalDigits(telephoneText("'+44 (20) 7946 0018"))).toBe('+442079460018');
    expect(internationalDigits('415-555-0132')).toBe(null);
    expect(internationalDigits('+1 call us')).toBe(null);
    expect(isRounded('1,41556E+10')).toBe(true);
    expect(isRounded('14155550132')).toBe(false);
  });
});
