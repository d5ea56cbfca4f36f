import { describe, expect, it } from 'vitest';
import { csvRecords } from './csv-lines.ts';

const read = (text: string) => [...csvRecords(text)];

describe('CSV of anybody', () => {
  it('reads quotes, doubled quotes, and line breaks within them, and tells the line', () => {
    expect(read('a,b\r\n"x, ""y""","1\n2"\r\nz,3')).toEqual([
      { line: 1, cells: ['a', 'b'] },
      { line: 2, cells: ['x, "y"', '1\n2'] },
      { line: 4, cells: ['z', '3'] },
    ]);
  });

  it('reads any line ending, tabs and semicolons, and past a byte order mark', () => {
    expect(read('\ufeffa\tb\rc\td').map(({ cells }) => cells)).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
    expect(read('a;b\n"1,5";2\n').map(({ cells }) => cells)).toEqual([
      ['a', 'b'],
      ['1,5', '2'],
    ]);
  });

  it('leaves out empty lines, and counts them', () => {
    expect(read('a,b\n\n,\n1,2')).toEqual([
      { line: 1, cells: ['a', 'b'] },
      { line: 4, cells: ['1', '2'] },
    ]);
  });

  it('survives a quote that never closes', () => {
    expect(read('a,"b\nc')).toEqual([{ line: 1, cells: ['a', 'b\nc'] }]);
    expect(read('')).toEqual([]);
  });
});
