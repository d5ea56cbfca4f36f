import { describe, expect, it } from 'vitest';
import { readNumberRows } from './number-rows.ts';

describe('a file of numbers', () => {
  it('is read by its headings, in any order and case', () => {
    expect(readNumberRows('Name,NUMBER,target\nSpare,+1 (415) 555-0132,main', null)).toEqual([
      { line: 2, number: { number: '+14155550132', target: 'main', kind: 'pool', name: 'Spare' } },
    ]);
  });

  it('makes a source number of a row with a rule', () => {
    const [row] = readNumberRows('number,source,medium,landing_page\n+14155550177,google,cpc,', 'main');
    expect(row?.number).toEqual({
      number: '+14155550177',
      target: 'main',
      kind: 'source',
      match: { source: 'google', medium: 'cpc' },
    });
  });

  it('takes the default target where a row names none', () => {
    const rows = readNumberRows('number,target\n+14155550132,\n+14155550133,sales', 'main');
    expect(rows.map(({ number }) => number.target)).toEqual(['main', 'sales']);
  });

  it.each([
    ['an empty file', '', /empty/],
    ['an unknown column', 'number,colour\n+1,red', /no column "colour".*number, target/],
    ['no number column', 'target\nmain', /No column is named "number"/],
    ['an unclosed quote', 'number\n"+1', /Line 2/],
  ])('says what is wrong with %s', (_, text, message) => {
    expect(() => readNumberRows(text, null)).toThrow(message);
  });
});
