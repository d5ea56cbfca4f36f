import type { CountryCode, MetadataJson } from 'libphonenumber-js/core/es6';
import { parsePhone } from './parse-phone.ts';
import { isBlank } from './table/cell.ts';
import { internationalDigits, isRounded, telephoneText } from './table/digits.ts';
import { columnNamed, readHeading } from './table/heading.ts';
import { readTable, type Table } from './table/read-table.ts';
import { TableError, type TableRow } from './table/records.ts';
import type { FieldError } from './wire/problem.ts';
import type { Site } from './wire/site.ts';

/** A number to add, as `POST …/numbers` takes it, with its place among the rows, from 0, and its line, from 1. */
export interface NumberRow {
  index: number;
  line: number;
  number: Record<string, unknown>;
}

/** The contents of a file of numbers: every row is in one of the two lists. */
export interface NumberRows {
  rows: NumberRow[];
  errors: (FieldError & { index: number; line: number })[];
  /** Headings that were not read, in a file of somebody else's. */
  ignored: string[];
  /** True if there are more rows than were requested; what is beyond them was not read. */
  hasMore: boolean;
}

const PLAIN = ['number', 'target', 'kind', 'name', 'preset'] as const;
const RULE = ['landingPage', 'referrer', 'source', 'medium', 'campaign', 'channel', 'clickId'] as const;
/** The columns of a file of numbers; `number` is needed, the order is free. */
export const NUMBER_COLUMNS: readonly string[] = [...PLAIN, ...RULE];

/**
 * Column headers for a telephone number: the exports of Twilio, Telnyx, Plivo, Vonage, Bandwidth and SignalWire, and
 * people in English, German, French, Spanish, Italian, Portuguese and Dutch.
 */
const NUMBER_NAMES = [
  ...['number', 'phone number', 'phonenumber', 'full number', 'e164', 'e 164', 'msisdn', 'did', 'tn', 'did number'],
  ...['telephone number', 'telephone', 'phone', 'tracking number', 'numbers', 'phone numbers', 'national number'],
  ...['telefonnummer', 'rufnummer', 'nummer', 'telefon', 'numero de telephone', 'numero', 'telephone'],
  ...['numero de telefono', 'telefono', 'numero di telefono', 'numero de telefone', 'telefone', 'telefoonnummer'],
];
/** Columns of numbers that are written with their country code and without a plus. */
const WITHOUT_PLUS = new Set(['msisdn', 'e164', 'e 164']);
const NAME_NAMES = ['name', 'friendly name', 'alias', 'label', 'nickname', 'friendlyname'];

/** Columns that carriers' files have beside a `number`. */
const CARRIERS = new Set([
  ...['sid', 'account sid', 'friendly name', 'capabilities', 'status', 'type', 'country', 'country code', 'region'],
  ...['voice', 'sms', 'mms', 'fax', 'voice url', 'sms url', 'monthly rental rate', 'added on', 'application', 'alias'],
  ...['id', 'phone number', 'created at', 'purchased at', 'updated at', 'connection name', 'connection id', 'tags'],
  ...['features', 'app id', 'city', 'state', 'lata', 'rate center', 'tier', 'vendor name', 'billing group id'],
  ...['number type', 'sub account', 'carrier', 'resource uri', 'locality', 'postal code', 'notes', 'comment'],
]);

export interface NumberRowsOptions {
  /** For numbers that name none. */
  target: string | null;
  /** That of the site: numbers may be written as people there write them. */
  country: string;
  /** Libphonenumber's. */
  metadata: MetadataJson;
  /** True if the text was typed: its first line is then a row, whatever it says, unless it is headings. */
  isPasted?: boolean;
  /** Maximum number of rows to read. */
  most?: number;
}

/** Returns the target that numbers are for where nothing says so: `main`, else the first. */
export function usualTarget({ targets }: Pick<Site, 'targets'>): string {
  return targets.find(({ id }) => id === 'main')?.id ?? targets[0]?.id ?? 'main';
}

/**
 * Reads a file of numbers: ours, a carrier's export, or a list without headings. A row with a rule is a `source` number
 * even where it does not say so.
 *
 * @throws TableError where the file as a whole cannot be understood
 */
export function readNumberRows(
  file: Uint8Array | string,
  { target, country, metadata, isPasted = false, most = Number.POSITIVE_INFINITY }: NumberRowsOptions,
): NumberRows {
  const columns = columnsOf(file, isPasted);
  const result: NumberRows = { rows: [], errors: [], ignored: columns.ignored, hasMore: false };
  for (const { line, cells } of columns.rows()) {
    const index = result.rows.length + result.errors.length;
    if (index >= most) {
      result.hasMore = true;
      break;
    }
    const given: Record<string, string> = {};
    columns.names.forEach((column, i) => {
      const value = cells[i] ?? '';
      if (column !== null && given[column] === undefined && !(column !== 'number' && isBlank(value)))
        given[column] = value;
    });
    const written = telephoneText(given.number ?? '');
    if (isRounded(written)) {
      const message =
        'was rounded by a spreadsheet, and its last digits are lost. Format the column as text and export it again.';
      result.errors.push({ index, line, path: 'number', code: 'rounded', message });
      continue;
    }
    result.rows.push({
      index,
      line,
      number: numberOf(given, toE164(metadata, written, country, columns.hasNoPlus), target),
    });
  }
  return result;
}

function numberOf(given: Record<string, string>, number: string, target: string | null): Record<string, unknown> {
  const rule = Object.fromEntries(RULE.flatMap((name) => (given[name] === undefined ? [] : [[name, given[name]]])));
  const hasRule = Object.keys(rule).length > 0;
  // Carriers name a number by itself until somebody names it.
  const isNamed = given.name !== undefined && given.name.replace(/\D/g, '') !== number.replace(/\D/g, '');
  return {
    number,
    target: given.target ?? target ?? undefined,
    kind: given.kind?.toLowerCase() ?? (hasRule || given.preset !== undefined ? 'source' : 'pool'),
    ...(isNamed ? { name: given.name } : {}),
    ...(given.preset === undefined ? {} : { preset: given.preset.toLowerCase().replace(/[\s-]+/g, '_') }),
    ...(hasRule ? { match: rule } : {}),
  };
}

/** Returns a number in E.164; what is none stays as it is, for the API to say so. */
function toE164(metadata: MetadataJson, text: string, country: string, hasNoPlus = false): string {
  const international = internationalDigits(text, text.startsWith('+') || hasNoPlus);
  if (international) return international;
  if (!/\d{3}/.test(text.replace(/[^\d]/g, '')) || /\p{L}/u.test(text)) return text;
  const national = parsePhone(metadata, text, country as CountryCode);
  if (national?.isPossible()) return national.number;
  return internationalDigits(text, true) && parsePhone(metadata, `+${text}`)?.isPossible()
    ? (internationalDigits(text, true) as string)
    : (national?.number ?? text);
}

interface FileColumns {
  names: (string | null)[];
  hasNoPlus: boolean;
  ignored: string[];
  rows: () => Iterable<TableRow>;
}

function columnsOf(file: Uint8Array | string, isPasted: boolean): FileColumns {
  let table: Table;
  try {
    table = readTable(file, (cells) => numberColumn(cells) !== null);
  } catch (error) {
    if (!(error instanceof TableError) || error.code !== 'heading_not_found') throw error;
    // A list without headings: the number comes first.
    table = withoutHeadings(file, isPasted);
    const { headings: cells, headingLine: line } = table;
    const rows = function* () {
      yield { line, cells };
      yield* table.rows();
    };
    return { names: ['number', 'target', 'kind', 'name'], hasNoPlus: false, ignored: [], rows };
  }
  const headings = table.headings.map(readHeading);
  const number = numberColumn(table.headings) as number;
  const isOurs = headings[number]?.name === 'number';
  const name = columnNamed(headings, NAME_NAMES);
  const names = headings.map((heading, i) => {
    if (i === number) return 'number';
    if (i === name) return 'name';
    const column = NUMBER_COLUMNS.find((known) => readHeading(known).name === heading.name && known !== 'number');
    if (column || !isOurs || heading.name === '' || CARRIERS.has(heading.name)) return column ?? null;
    // In a file of ours it would be a rule that is not kept.
    throw new TableError(
      'heading_not_found',
      `There is no column "${table.headings[i]}". Columns are: ${NUMBER_COLUMNS.join(', ')}`,
      table.headingLine,
    );
  });
  return {
    names,
    hasNoPlus: WITHOUT_PLUS.has(headings[number]?.name ?? ''),
    ignored: table.headings.filter((text, i) => text !== '' && names[i] === null),
    rows: () => table.rows(),
  };
}

/** Opens a list that begins with a number; its first row stands in the headings' place. */
function withoutHeadings(file: Uint8Array | string, isPasted: boolean): Table {
  let first: readonly string[] | null = null;
  try {
    return readTable(file, (cells) => {
      first ??= cells;
      return startsWithNumber(cells);
    });
  } catch (error) {
    if (!(error instanceof TableError) || error.code !== 'heading_not_found') throw error;
    if (first === null) throw new TableError('heading_not_found', `The file is empty. ${HEADINGS_NEEDED}`);
    if (isPasted) return readTable(file, () => true);
    throw new TableError('heading_not_found', `No column is named "number". ${HEADINGS_NEEDED}`);
  }
}

const HEADINGS_NEEDED = 'The first line must name the columns, such as: number,target,kind,name';

const numberColumn = (cells: readonly string[]) => columnNamed(cells.map(readHeading), NUMBER_NAMES);

const startsWithNumber = ([first = '']: readonly string[]) =>
  /^\+?[\d\s().\-‑–/]{7,}$/.test(telephoneText(first)) || isRounded(telephoneText(first));
