import fc from 'fast-check';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { expect, it } from 'vitest';
import { type Column, GROUP_ROWS, parquetFile, type Value } from './parquet.ts';

const COLUMNS: Column[] = [
  { name: 'text', kind: 'text' },
  { name: 'small', kind: 'int32' },
  { name: 'large', kind: 'int64' },
  { name: 'real', kind: 'double' },
  { name: 'at', kind: 'timestamp' },
];

async function written(pages: Value[][][], columns = COLUMNS): Promise<ArrayBuffer> {
  async function* given() {
    yield* pages;
  }
  const parts: Uint8Array[] = [];
  for await (const part of parquetFile(columns, given())) parts.push(part);
  return new Blob(parts as Uint8Array<ArrayBuffer>[]).arrayBuffer();
}

/** A row as a reader shows it. */
const shown = ([text, small, large, real, at]: Value[]) => ({
  text,
  small,
  large: large === null ? null : BigInt(large as number),
  real,
  at: at === null ? null : new Date(at as number),
});

const orNull = (values: fc.Arbitrary<Value>) => fc.oneof({ weight: 1, arbitrary: fc.constant(null) }, values);
const rows = fc.array(
  fc.tuple(
    orNull(fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('', 'Paid Search', 'é', '电话'))),
    orNull(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })),
    orNull(fc.maxSafeInteger()),
    orNull(fc.double({ noNaN: true, noDefaultInfinity: true })),
    orNull(fc.integer({ min: -(10 ** 12), max: 10 ** 13 })),
  ) as fc.Arbitrary<Value[]>,
);

it('is read back as it was written, whatever the values, and as valid with none', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(rows, { maxLength: 3 }), async (pages) => {
      const read = await parquetReadObjects({ file: await written(pages) });
      expect(read).toEqual(pages.flat().map(shown));
    }),
    { numRuns: 60 },
  );
});

it('has groups of 10,000 rows, and its types', async () => {
  const page = (from: number): Value[][] =>
    Array.from({ length: 7_000 }, (_, i) => [`t${(from + i) % 300}`, i, from * 1e6 + i, i / 7, 1_764_000_000_000 + i]);
  const pages = [page(0), page(1), page(2), page(3)];
  const file = await written(pages);
  const { row_groups, schema } = parquetMetadata(file);
  expect(row_groups.map(({ num_rows }) => Number(num_rows))).toEqual([GROUP_ROWS, GROUP_ROWS, 8_000]);
  expect(schema.slice(1).map(({ type, converted_type }) => [type, converted_type])).toEqual([
    ['BYTE_ARRAY', 'UTF8'],
    ['INT32', undefined],
    ['INT64', undefined],
    ['DOUBLE', undefined],
    ['INT64', 'TIMESTAMP_MILLIS'],
  ]);
  expect(await parquetReadObjects({ file })).toEqual(pages.flat().map(shown));
});

it('leaves out what a column of numbers cannot hold, and writes numbers as text where a column has text', async () => {
  const file = await written([
    [
      [7, 'x', Number.NaN, 'y', Number.POSITIVE_INFINITY],
      ['a', 1, 2.5, 3, 4],
    ],
  ]);
  expect(await parquetReadObjects({ file })).toEqual([
    { text: '7', small: null, large: null, real: null, at: null },
    { text: 'a', small: 1, large: 2n, real: 3, at: new Date(4) },
  ]);
});
