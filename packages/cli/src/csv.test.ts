import { describe, expect, it } from 'vitest';
import { parseCsv } from './csv.ts';

const read = (text: string) => parseCsv(text).rows?.map(({ line, fields }) => [line, ...fields]);

describe('a CSV file', () => {
  it('is read with quotes, quotes within quotes, and line breaks within quotes, each row knowing its line', () => {
    expect(read('number,name\n+1,"Ads, ""brand"""\n+2,"two\nlines"\n+3,x')).toEqual([
      [1, 'number', 'name'],
      [2, '+1', 'Ads, "brand"'],
      [3, '+2', 'two\nlines'],
      [5, '+3', 'x'],
    ]);
  });

  it.each([
    ['Windows line ends', 'a,b\r\n1,2\r\n'],
    ['old Mac line ends', 'a,b\r1,2\r'],
    ['a byte order mark', '\uFEFFa,b\n1,2'],
    ['semicolons', 'a;b\n1;2'],
    ['tabs', 'a\tb\n1\t2'],
    ['empty last lines', 'a,b\n1,2\n\n  \n'],
  ])('is read with %s', (_, text) => {
    expect(read(text)).toEqual([
      [1, 'a', 'b'],
      [2, '1', '2'],
    ]);
  });

  it('keeps counting lines over those it skips', () => {
    expect(read('a,b\n\n\n1,2')).toEqual([
      [1, 'a', 'b'],
      [4, '1', '2'],
    ]);
  });

  it('names the line of a quote that is never closed', () => {
    expect(parseCsv('a,b\n1,"2\n3,4\n')).toEqual({ rows: null, line: 2 });
  });

  it('is no rows where it is empty', () => {
    expect(parseCsv('')).toEqual({ rows: [] });
  });
});
