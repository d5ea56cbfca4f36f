import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readTable } from './read-table.ts';
import { records, TableError } from './records.ts';

const rows = (text: string | Uint8Array, delimiter = ',') => [...records(text, 'utf-8', delimiter)];
const cells = (text: string, delimiter = ',') => rows(text, delimiter).map((row) => row.cells);

describe('rows', () => {
  it.each<[string, string[][]]>([
    [
      'a,b\nc,d',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    [
      'a,b\r\nc,d\r\n',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    [
      'a,b\rc,d\r',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    [
      'a,,\n,,b\n',
      [
        ['a', '', ''],
        ['', '', 'b'],
      ],
    ],
    ['"a,b","c\nd"\n', [['a,b', 'c\nd']]],
    ['"a ""b""",""\n', [['a "b"', '']]],
    ['"a" ,b\n', [['a', 'b']]],
    [
      '5" pipe,b\nc,d\n',
      [
        ['5" pipe', 'b'],
        ['c', 'd'],
      ],
    ],
    ['"5" pipe",b\n', [['5" pipe', 'b']]],
    [' a , b \n\n,,\n', [['a', 'b']]],
    ['="0012",\'-5\n', [['0012', '-5']]],
    ['a', [['a']]],
    ['a,', [['a', '']]],
    ['', []],
    ['\n\n', []],
  ])('of %j', (text, expected) => {
    expect(cells(text)).toEqual(expected);
  });

  it('are on the line they begin on', () => {
    expect(rows('a\n"b\nc"\n\nd\n').map(({ line }) => line)).toEqual([1, 2, 5]);
  });

  it('are refused from a quotation mark on that is never closed', () => {
    for (const text of ['a\n"b,c\nd,e\n', 'a\n"b" c\nd,"e"\n']) expect(() => rows(text)).toThrow(TableError);
    expect(() => rows(`a\n"${'b\n'.repeat(600_000)}`)).toThrow('never closed');
  });

  it('are what was written, wherever a piece of the file ends', () => {
    const cell = fc.oneof(
      fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', 'ü', '元', '5'), maxLength: 5 }),
      fc.constantFrom('x'.repeat(1000)),
    );
    fc.assert(
      fc.property(
        fc.array(fc.array(cell, { minLength: 1, maxLength: 4 }), { maxLength: 5 }),
        fc.nat(1100),
        (table, gap) => {
          const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
          const before = 'p'.repeat(256 * 1024 - gap);
          const text = [[before], ...table].map((row) => row.map(quoted).join(',')).join('\n');
          const expected = table
            .map((row) => row.map((each) => each.trim()))
            .filter((row) => row.some((each) => each !== ''));
          fc.pre(!table.flat().some((each) => /^="/.test(each.trim())));
          expect(cells(text).slice(1)).toEqual(expected);
          expect(
            rows(new TextEncoder().encode(text))
              .slice(1)
              .map((row) => row.cells),
          ).toEqual(expected);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('are read to the last of a long file', () => {
    expect(cells('a\n'.repeat(200_000)).length).toBe(200_000);
    expect(cells(`${'a;'.repeat(200_000)}\n`)[0]?.[0]?.length).toBe(400_000);
    expect(cells('"a""",\n'.repeat(100_000)).length).toBe(100_000);
  });
});

describe('a table', () => {
  const isHeading = (row: readonly string[]) => row.includes('number');

  it.each([',', ';', '\t', '|'] as const)('is read with %j between its cells', (delimiter) => {
    const text = `Numbers of Acme\n\nnumber${delimiter}name\n1${delimiter}"a${delimiter}b"\n`;
    for (const file of [text, `sep=${delimiter}\n${text}`, `\ufeff"sep=${delimiter}"\r\n${text}`]) {
      const table = readTable(file, isHeading);
      expect([...table.rows()].map((row) => row.cells)).toEqual([['1', `a${delimiter}b`]]);
      expect(table.delimiter).toBe(delimiter);
    }
  });

  it('keeps its rows for a second reading', () => {
    const table = readTable('number\n1\n2\n', isHeading);
    expect([...table.rows()]).toEqual([...table.rows()]);
  });

  it.each([
    ['PK\u0003\u0004', 'not_a_table'],
    ['%PDF-1.7', 'not_a_table'],
    ['a,b\n1,2\n', 'heading_not_found'],
    ['', 'heading_not_found'],
  ])('is not %j', (text, code) => {
    expect(() => readTable(new TextEncoder().encode(text), isHeading)).toThrow(expect.objectContaining({ code }));
  });
});
