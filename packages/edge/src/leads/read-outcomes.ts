import {
  addDays,
  ENGLISH,
  type EpochMs,
  type FieldCode,
  fieldErrors,
  momentIn,
  type OutcomeError,
  OutcomeRow,
  type OutcomesAnswer,
  type OutcomesQuery,
  type ProblemCode,
  parseRfc3339,
  startOfDay,
} from '@dialmark/shared';
import {
  type DecimalMark,
  decimalMark,
  noDecimalEvidence,
  readAmount,
  weighAmount,
} from '@dialmark/shared/table/amounts';
import { isBlank } from '@dialmark/shared/table/cell';
import { currenciesOf } from '@dialmark/shared/table/currency';
import { type DayOrder, dayOrder, noDayEvidence, readDay, weighDay } from '@dialmark/shared/table/days';
import { isRounded, telephoneText } from '@dialmark/shared/table/digits';
import { readTable, type Table } from '@dialmark/shared/table/read-table';
import { TableError } from '@dialmark/shared/table/records';
import * as v from 'valibot';
import { type OutcomeColumn, type OutcomeHeadings, outcomeHeadings } from './outcome-headings.ts';
import { readStage } from './stage-words.ts';

/** A row as it was sent, and where it stood. */
export interface SentOutcome {
  index: number;
  line?: number;
  row: Omit<OutcomeRow, 'at' | 'currency'>;
  at: EpochMs;
}

/** What a site's outcomes are read by. */
export interface Books {
  timeZone: string;
  currency: string;
}

export type FileShape = NonNullable<OutcomesAnswer['file']>;

/** Why a file as a whole is not taken. */
export interface OutcomesRejected {
  rejected: { code: FieldCode & ProblemCode; path: string; message: string };
}

export interface ReadOutcomes {
  rows: Iterable<SentOutcome | OutcomeError>;
  file?: FileShape;
}

/** Reads rows of JSON, each by itself. */
export function readJsonOutcomes(candidates: readonly unknown[], books: Books): ReadOutcomes {
  const moments = momentsIn(books.timeZone);
  function* rows(): Generator<SentOutcome | OutcomeError> {
    for (const [index, candidate] of candidates.entries()) yield* readRow(index, candidate, books, moments);
  }
  return { rows: rows() };
}

function* readRow(
  index: number,
  candidate: unknown,
  books: Books,
  moments: (day: string, time: string | null) => EpochMs,
): Generator<SentOutcome | OutcomeError> {
  const parsed = v.safeParse(OutcomeRow, candidate, ENGLISH);
  if (!parsed.success) {
    for (const error of fieldErrors(parsed.issues)) yield { index, ...error };
    return;
  }
  const { at, currency, ...row } = parsed.output;
  const found = currency?.trim() ? (currenciesOf(currency) ?? [currency]) : null;
  if (found && !found.includes(books.currency)) yield { index, ...otherCurrency(books.currency) };
  else yield { index, row, at: parseRfc3339(at) ?? moments(at, null) };
}

const otherCurrency = (currency: string) =>
  ({
    path: 'currency',
    code: 'currency_mismatch',
    message: `is not ${currency}, in which the site counts. Convert the amount first.`,
  }) as const;

/** Returns moments as a site's books mean them: a day stands for its end. Files repeat their days. */
function momentsIn(timeZone: string): (day: string, time: string | null) => EpochMs {
  const ends = new Map<string, EpochMs>();
  return (day, time) => {
    if (time !== null) return momentIn(`${day}T${time}`, timeZone);
    const known = ends.get(day) ?? ((startOfDay(addDays(day, 1), timeZone) - 1) as EpochMs);
    if (ends.size < 5000) ends.set(day, known);
    return known;
  };
}

// Files

/**
 * Reads a file: of ours, or as a CRM exports it. The order of days and the decimal mark are judged by all rows before any
 * is read.
 */
export function readOutcomeFile(
  bytes: Uint8Array,
  given: OutcomesQuery,
  books: Books,
): ReadOutcomes | OutcomesRejected {
  try {
    const table = readTable(bytes, (cells) => outcomeHeadings(cells) !== null);
    const headings = outcomeHeadings(table.headings) as OutcomeHeadings;
    const { columns, currencies } = headings;
    if (columns.stage.length === 0 && given.stage === undefined)
      return reject('source_required', 'stage', STAGE_NEEDED);
    if (currencies && !currencies.includes(books.currency)) {
      return reject('currency_mismatch', 'currency', `The amounts are not in ${books.currency}. Convert them first.`);
    }
    const judged = judge(table, headings, given);
    if ('rejected' in judged) return judged;
    return { rows: rowsOf(table, headings, judged, given, books), file: shapeOf(table, headings, judged) };
  } catch (error) {
    if (!(error instanceof TableError)) throw error;
    const { code, line, message } = error;
    return reject(code, line === null ? '' : `rows.${line}`, code === 'heading_not_found' ? HEADINGS_NEEDED : message);
  }
}

const reject = (code: FieldCode & ProblemCode, path: string, message: string): OutcomesRejected => ({
  rejected: { code, path, message },
});

const HEADINGS_NEEDED =
  'No line of the file has headings that are known. It needs who a row is about and what became of them, such as id,phone,at,stage,value, or the headings of a CRM’s export.';
const STAGE_NEEDED =
  'The file has no column for the stage. Add ?stage= for all of its rows, such as ?stage=won for a list of paid invoices.';

interface Judged {
  order: DayOrder | null;
  mark: DecimalMark | null;
}

function judge(table: Table, { columns }: OutcomeHeadings, given: OutcomesQuery): Judged | OutcomesRejected {
  const days = noDayEvidence();
  const decimals = noDecimalEvidence();
  const [at = -1, value = -1] = [columns.at[0], columns.value[0]];
  for (const { cells } of table.rows()) {
    weighDay(days, cells[at] ?? '');
    weighAmount(decimals, cells[value] ?? '');
  }
  const order = given.dates ?? dayOrder(days);
  if (order === 'undecided') return reject('dates_ambiguous', 'dates', 'Add ?dates=dmy or ?dates=mdy.');
  if (order === 'mixed') return reject('dates_mixed', 'dates', 'Correct the dates, or add ?dates=dmy or ?dates=mdy.');
  if (given.decimal) return { order, mark: given.decimal === 'comma' ? ',' : '.' };
  let mark = decimalMark(decimals);
  // Spreadsheets separate by semicolons where the comma is the decimal mark; English headings go with the point.
  if (mark === 'undecided') mark = table.delimiter === ';' ? ',' : isEnglish(table.headings[value] ?? '') ? '.' : mark;
  if (mark === 'undecided') return reject('decimals_ambiguous', 'decimal', 'Add ?decimal=point or ?decimal=comma.');
  return { order, mark: mark === 'mixed' ? null : mark };
}

const isEnglish = (heading: string) =>
  /\b(value|amount|revenue|price|sales?|subtotal|paid|job|invoice)\b/i.test(heading);

function shapeOf(table: Table, { columns }: OutcomeHeadings, { order, mark }: Judged): FileShape {
  const used = Object.entries(columns).filter(([, indexes]) => indexes.length > 0);
  const read = new Set(used.flatMap(([, indexes]) => indexes));
  return {
    columns: Object.fromEntries(
      used.map(([column, indexes]) => [column, indexes.map((index) => table.headings[index] as string)]),
    ),
    ignored: table.headings.filter((text, index) => text !== '' && !read.has(index)),
    headingLine: table.headingLine,
    dates: order,
    decimal: mark === null ? null : mark === '.' ? 'point' : 'comma',
  };
}

function* rowsOf(
  table: Table,
  { columns }: OutcomeHeadings,
  { order, mark }: Judged,
  given: OutcomesQuery,
  books: Books,
): Generator<SentOutcome | OutcomeError> {
  const moments = momentsIn(books.timeZone);
  const headings = table.headings.join('\n');
  let index = -1;
  for (const { line, cells } of table.rows()) {
    index++;
    const cellsOf = (column: OutcomeColumn) =>
      columns[column].map((at) => cells[at] ?? '').filter((text) => !isBlank(text));
    const cell = (column: OutcomeColumn) => cellsOf(column)[0] ?? null;
    if (cells.join('\n') === headings) continue;
    const phones = cellsOf('phone').map(telephoneText);
    // Some books have names in a column of this name.
    const lead = cellsOf('lead').find((text) => text.startsWith('l_')) ?? null;
    const named = [lead, cell('call'), phones[0], cell('email')].some((one) => one !== null && one !== undefined);
    // A line of totals, or a note below.
    if (!named && (cell('id') === null || cell('at') === null)) continue;
    const wrong = (path: string, code: FieldCode, message: string): OutcomeError => ({
      index,
      line,
      path,
      code,
      message,
    });
    const when = cell('at');
    const day = when === null ? null : readDay(when, order);
    if (when === null) {
      yield wrong('at', 'required', 'must be the day or time of the outcome');
      continue;
    }
    if (day === null) {
      yield wrong('at', 'invalid_time', 'must be a day such as 2026-11-24, with a time or without');
      continue;
    }
    const said = cell('stage');
    const stage = said === null ? (given.stage ?? null) : readStage(said);
    if (stage === null) {
      yield said === null
        ? wrong('stage', 'required', 'must be a stage such as won or lost')
        : wrong('stage', 'not_one_of', 'must be a stage that is known, such as new, qualified, booked, won or lost');
      continue;
    }
    const worth = cell('value');
    const amount = worth === null ? null : readAmount(worth, mark);
    if (worth !== null && amount === null) {
      yield wrong('value', 'not_a_number', 'must be an amount such as 120.50');
      continue;
    }
    const currency = cell('currency');
    const currencies = [currency === null ? null : (currenciesOf(currency) ?? [currency]), amount?.currencies ?? null];
    if (currencies.some((found) => found && !found.includes(books.currency))) {
      yield { index, line, ...otherCurrency(books.currency) };
      continue;
    }
    const lost = phones.length > 0 && phones.every(isRounded);
    if (lost && cell('email') === null && cell('call') === null && lead === null) {
      yield wrong('phone', 'rounded', 'was shortened by a spreadsheet: its last digits are lost');
      continue;
    }
    const row = {
      id: cell('id') ?? '',
      phone: phones.find((one) => !isRounded(one)) ?? null,
      email: cell('email'),
      call: cell('call'),
      lead,
      at: day.zone === null ? day.day : `${day.day}T${day.time}${day.zone}`,
      stage,
      value: amount?.amount ?? null,
    };
    for (const read of readRow(index, row, books, moments)) {
      if ('code' in read) yield { ...read, line };
      else yield { ...read, line, at: day.zone === null ? moments(day.day, day.time) : read.at };
    }
  }
}
