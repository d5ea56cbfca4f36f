import fc from 'fast-check';
import { expect, it } from 'vitest';
import { csvText } from './csv-write.ts';

const cell = (value: unknown) => csvText([[value]]).slice(0, -2);

it.each([
  '=1+1',
  '+1+HYPERLINK("a")',
  "-2+3+cmd|' /C calc'!A0",
  '@SUM(A1)',
  '-',
  '+',
  '+1-2',
  '-1e5(',
  '+44 20 7946 0958',
  '-2*A1',
  '+1.2.3',
  '-,5',
  '\t=1',
  '\r=1',
  '\n=1',
  ' =1+1',
  '\u00a0=1',
  '\ufeff=1',
  '\u200e+1+A1',
  '＝1+1',
  '＋1+A1',
  '－2+3',
  '＠SUM(A1)',
  '--1',
  '-x',
  '+name',
  '-2\n',
  '+1\r=2',
])('%j is kept text', (text) => {
  const written = cell(text);
  expect(written.startsWith('"') ? written.slice(1, -1).replaceAll('""', '"') : written).toBe(`'${text}`);
});

it.each(['-2', '+3', '-2.50', '+14155550132', '1-2', 'a=b', 'roof @ home', "O'Neil", '0', '', 'spring sale +20', '١٢'])(
  '%j stays as it is',
  (text) => {
    expect(cell(text)).toBe(text);
  },
);

it('leaves numbers bare and quotes what has to be quoted', () => {
  expect(csvText([[-1.5, 0, null, undefined, true, 'a,b', 'say "x"', 'two\nlines', '=A1,B1']])).toBe(
    '-1.5,0,,,true,"a,b","say ""x""","two\nlines","\'=A1,B1"\r\n',
  );
});

it('comes back as it was, but for the apostrophe, and never as a formula', () => {
  const text = fc.oneof(
    fc.string(),
    fc.tuple(fc.constantFrom(...'=+-@\t\r\n＝＋－＠ "\','), fc.string()).map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(fc.array(fc.array(text, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 4 }), (rows) => {
      const back = read(csvText(rows));
      expect(back.map((row) => row.length)).toEqual(rows.map((row) => row.length));
      rows.flat().forEach((given, index) => {
        const found = back.flat()[index] as string;
        expect([given, `'${given}`]).toContain(found);
        expect(/^[=+\-@\t\r＝＋－＠]/.test(found) && !/^[+-]\d+(\.\d+)?$/.test(found)).toBe(false);
      });
    }),
  );
});

/** A reader as RFC 4180 describes it. */
function read(csv: string): string[][] {
  const rows: string[][] = [[]];
  for (const [, field, quotes, end] of csv.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gs)) {
    rows.at(-1)?.push(field?.replaceAll('""', '"') ?? quotes ?? '');
    if (end === '\r\n') rows.push([]);
  }
  return rows.slice(0, -1);
}
