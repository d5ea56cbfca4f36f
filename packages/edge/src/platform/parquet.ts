/**
 * Parquet files (https://parquet.apache.org/docs/file-format/), a group of rows at a time, so that memory holds one group
 * however long the file is. All columns are optional and flat, in one page a group, compressed by Snappy; values that
 * repeat are written once. Of hyparquet-writer only what that needs: as a whole it is four times as large.
 */
import { ByteWriter } from 'hyparquet-writer/src/bytewriter.js';
import { writeRleBitPackedHybrid } from 'hyparquet-writer/src/encoding.js';
import { snappyCompress } from 'hyparquet-writer/src/snappy.js';
import { serializeTCompactProtocol } from 'hyparquet-writer/src/thrift.js';

export type ColumnKind = 'text' | 'int32' | 'int64' | 'double' | 'timestamp';

export interface Column {
  name: string;
  kind: ColumnKind;
}

export type Value = string | number | null;

/** Where a column of a group stands in the file, and how large it is. */
interface Chunk {
  /** The offset of its dictionary; null where values are written out. */
  dictionary: number | null;
  data: number;
  bytes: number;
  bytesUnpacked: number;
}

/** A group of rows that was written. */
export interface Group {
  rows: number;
  chunks: Chunk[];
}

/** Rows of a group, and characters of them: a page of 10,000 long addresses is still small. */
export const GROUP_ROWS = 10_000;
const GROUP_CHARACTERS = 8_000_000;

/** Returns whether rows are enough for a group. */
export class GroupSize {
  rows = 0;
  #characters = 0;

  add(row: readonly Value[]): void {
    this.rows++;
    for (const value of row) if (typeof value === 'string') this.#characters += value.length;
  }

  get isFull(): boolean {
    return this.rows >= GROUP_ROWS || this.#characters >= GROUP_CHARACTERS;
  }
}

/** What a file begins and ends with. */
export const MAGIC = new TextEncoder().encode('PAR1');

// Numbers of the format: types, encodings, pages.
const TYPES: Record<ColumnKind, number> = { int32: 1, int64: 2, timestamp: 2, double: 5, text: 6 };
const CONVERTED: Partial<Record<ColumnKind, number>> = { text: 0, timestamp: 9 };
const LOGICAL: Partial<Record<ColumnKind, object>> = {
  text: { field_1: {} },
  timestamp: { field_8: { field_1: true, field_2: { field_1: {} } } },
};
const OPTIONAL = 1;
const PLAIN = 0;
const RLE = 3;
const RLE_DICTIONARY = 8;
const SNAPPY = 1;
const DATA_PAGE = 0;
const DICTIONARY_PAGE = 2;

const WRITE: Record<ColumnKind, (writer: ByteWriter, value: never) => void> = {
  text: (writer, value: string) => {
    const bytes = encoder.encode(value);
    writer.appendUint32(bytes.length);
    writer.appendBytes(bytes);
  },
  int32: (writer, value: number) => writer.appendInt32(value),
  int64: (writer, value: number) => writer.appendInt64(BigInt(Math.trunc(value))),
  timestamp: (writer, value: number) => writer.appendInt64(BigInt(Math.trunc(value))),
  double: (writer, value: number) => writer.appendFloat64(value),
};
const encoder = new TextEncoder();

/**
 * Encodes a group, column by column, for the caller to give others their turn in between.
 * @param offset where in the file the group begins
 */
export function* encodeGroup(
  columns: readonly Column[],
  rows: readonly (readonly Value[])[],
  offset: number,
): Generator<Uint8Array, Group> {
  const chunks: Chunk[] = [];
  let at = offset;
  for (const [index, { kind }] of columns.entries()) {
    const { bytes, chunk } = encodeChunk(
      kind,
      rows.map((row) => ofKind(kind, row[index] ?? null)),
      at,
    );
    chunks.push(chunk);
    at += bytes.length;
    yield bytes;
  }
  return { rows: rows.length, chunks };
}

/** Returns a value as its column has it: SQLite takes any type in any column. */
function ofKind(kind: ColumnKind, value: Value): Value {
  if (value === null || kind === 'text') return value === null ? null : String(value);
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

function encodeChunk(kind: ColumnKind, values: readonly Value[], offset: number): { bytes: Uint8Array; chunk: Chunk } {
  const present = values.filter((value) => value !== null);
  const dictionary = dictionaryOf(present);
  const file = new ByteWriter();
  let unpacked = 0;
  if (dictionary) {
    const page = plain(kind, [...dictionary.keys()]);
    unpacked += writePage(file, DICTIONARY_PAGE, page, { field_7: { field_1: dictionary.size, field_2: PLAIN } });
  }
  const data = offset + file.offset;
  const page = new ByteWriter();
  const levels = new ByteWriter();
  writeRleBitPackedHybrid(
    levels,
    values.map((value) => (value === null ? 0 : 1)),
    1,
  );
  page.appendUint32(levels.offset);
  page.appendBytes(levels.getBytes());
  if (dictionary) {
    const width = Math.max(1, Math.ceil(Math.log2(dictionary.size)));
    page.appendUint8(width);
    writeRleBitPackedHybrid(
      page,
      present.map((value) => dictionary.get(value) as number),
      width,
    );
  } else page.appendBytes(plain(kind, present));
  unpacked += writePage(file, DATA_PAGE, page.getBytes(), {
    field_5: {
      field_1: values.length,
      field_2: dictionary ? RLE_DICTIONARY : PLAIN,
      field_3: RLE,
      field_4: RLE,
    },
  });
  const chunk = { dictionary: dictionary && offset, data, bytes: file.offset, bytesUnpacked: unpacked };
  return { bytes: file.getBytes(), chunk };
}

/** Numbers different values in the order in which they come. @returns null where they hardly repeat */
function dictionaryOf(values: readonly Value[]): Map<Value, number> | null {
  const numbers = new Map<Value, number>();
  for (const value of values) {
    if (!numbers.has(value)) numbers.set(value, numbers.size);
    if (numbers.size > values.length / 2) return null;
  }
  return numbers.size > 0 ? numbers : null;
}

function plain(kind: ColumnKind, values: readonly Value[]): Uint8Array {
  const writer = new ByteWriter();
  for (const value of values) WRITE[kind](writer, value as never);
  return writer.getBytes();
}

/** @returns its size before it was compressed, header included */
function writePage(file: ByteWriter, type: number, page: Uint8Array, more: object): number {
  const packed = snappyCompress(page);
  const before = file.offset;
  serializeTCompactProtocol(file, { field_1: type, field_2: page.length, field_3: packed.length, ...more });
  const header = file.offset - before;
  file.appendBytes(packed);
  return header + page.length;
}

/** Returns what stands after the last group. */
export function footer(columns: readonly Column[], groups: readonly Group[]): Uint8Array {
  const writer = new ByteWriter();
  const leaves = columns.map(({ name, kind }) => ({
    field_1: TYPES[kind],
    field_3: OPTIONAL,
    field_4: name,
    field_6: CONVERTED[kind],
    field_10: LOGICAL[kind],
  }));
  serializeTCompactProtocol(writer, {
    field_1: 1,
    field_2: [{ field_4: 'root', field_5: columns.length }, ...leaves],
    field_3: BigInt(groups.reduce((sum, { rows }) => sum + rows, 0)),
    // A list knows its type by its first element.
    field_4: groups.map((group) => rowGroup(columns, group)),
    field_6: 'dialmark',
  });
  writer.appendUint32(writer.offset);
  writer.appendBytes(MAGIC);
  return writer.getBytes();
}

function rowGroup(columns: readonly Column[], { rows, chunks }: Group): object {
  return {
    field_1: columns.map(({ name, kind }, index) => {
      const { dictionary, data, bytes, bytesUnpacked } = chunks[index] as Chunk;
      return {
        field_2: BigInt(dictionary ?? data),
        field_3: {
          field_1: TYPES[kind],
          field_2: dictionary === null ? [PLAIN, RLE] : [PLAIN, RLE, RLE_DICTIONARY],
          field_3: [name],
          field_4: SNAPPY,
          field_5: BigInt(rows),
          field_6: BigInt(bytesUnpacked),
          field_7: BigInt(bytes),
          field_9: BigInt(data),
          field_11: dictionary === null ? undefined : BigInt(dictionary),
        },
      };
    }),
    field_2: BigInt(chunks.reduce((sum, { bytesUnpacked }) => sum + bytesUnpacked, 0)),
    field_3: BigInt(rows),
  };
}

/** Returns a file of rows that come page by page, in parts, as fast as they are taken. */
export async function* parquetFile(
  columns: readonly Column[],
  pages: AsyncIterable<readonly (readonly Value[])[]>,
): AsyncGenerator<Uint8Array> {
  const groups: Group[] = [];
  let offset = MAGIC.length;
  yield MAGIC;
  async function* group(rows: readonly (readonly Value[])[]): AsyncGenerator<Uint8Array> {
    const encoding = encodeGroup(columns, rows, offset);
    for (;;) {
      const { value, done } = encoding.next();
      if (done) {
        groups.push(value);
        return;
      }
      offset += value.length;
      yield value;
      // On one machine everything is one thread: phones ring in between.
      await scheduler.wait(0);
    }
  }
  let rows: (readonly Value[])[] = [];
  let size = new GroupSize();
  for await (const page of pages) {
    for (const row of page) {
      rows.push(row);
      size.add(row);
      if (!size.isFull) continue;
      yield* group(rows);
      rows = [];
      size = new GroupSize();
    }
  }
  if (rows.length > 0) yield* group(rows);
  yield footer(columns, groups);
}
