import type { CostsQuery } from '@dialmark/shared';
import { type DecimalMark, decimalMark, noDecimalEvidence, weighAmount } from '@dialmark/shared/table/amounts';
import { type DayOrder, dayOrder, noDayEvidence, weighDay } from '@dialmark/shared/table/days';
import type { Table } from '@dialmark/shared/table/read-table';
import type { TableRow } from '@dialmark/shared/table/records';
import type { CostHeadings } from './headings.ts';
import { type CostsRejected, reject } from './rejected.ts';

/** Rows that reveal the decimal mark of a file whose costs do not. */
const ROWS_SAMPLED = 2000;

/** The reading of a file's days and amounts. */
export interface Judged {
  order: DayOrder | null;
  mark: DecimalMark | null;
}

/** Judges the order of days and the decimal mark, by every row of the file. */
export function judge(table: Table, { columns }: CostHeadings, given: CostsQuery): Judged | CostsRejected {
  const days = noDayEvidence();
  const decimals = noDecimalEvidence();
  const otherColumns = noDecimalEvidence();
  let [openDay, openAmount]: (TableRow | null)[] = [null, null];
  const labels = new Set([columns.campaign, columns.term, columns.source, columns.medium, columns.date]);
  let rows = 0;
  for (const row of table.rows()) {
    const { cells } = row;
    const [openDays, openAmounts] = [days.open, decimals.open];
    weighDay(days, cells[columns.date] ?? '');
    weighAmount(decimals, cells[columns.cost] ?? '');
    if (days.open > openDays) openDay ??= row;
    if (decimals.open > openAmounts) openAmount ??= row;
    if (rows++ < ROWS_SAMPLED) {
      cells.forEach((cell, index) => {
        if (index !== columns.cost && !labels.has(index)) weighAmount(otherColumns, cell.replace(/\s*%$/, ''));
      });
    }
  }
  const order = given.dates ?? dayOrder(days);
  const exampleDay = openDay ? `${openDay.cells[columns.date]} in line ${openDay.line}` : '';
  if (order === 'undecided')
    return reject(
      'dates_ambiguous',
      'dates',
      `Days such as ${exampleDay} could start with the day or the month. Add ?dates=dmy or ?dates=mdy.`,
    );
  if (order === 'mixed')
    return reject(
      'dates_mixed',
      'dates',
      'Some dates start with the day and some with the month. Correct them, or add ?dates=dmy or ?dates=mdy to import the rows that fit.',
    );

  if (given.decimal) return { order, mark: given.decimal === 'comma' ? ',' : '.' };
  let mark = decimalMark(decimals);
  if (mark === 'undecided') {
    const byOthers = decimalMark(otherColumns);
    // Spreadsheets separate by semicolons where the comma is the decimal mark.
    mark = byOthers === '.' || byOthers === ',' ? byOthers : table.delimiter === ';' ? ',' : 'undecided';
  }
  if (mark === 'undecided' && isEnglish(table.headings)) mark = '.';
  if (mark === 'undecided')
    return reject(
      'decimals_ambiguous',
      'decimal',
      `Amounts such as ${openAmount?.cells[columns.cost]} in line ${openAmount?.line} could contain a decimal or a thousands separator. Add ?decimal=point or ?decimal=comma.`,
    );
  return { order, mark: mark === 'mixed' ? null : mark };
}

/** English headings are plain letters; words of the other languages for a cost are not among these. */
function isEnglish(headings: readonly string[]): boolean {
  return headings.some((text) => /^(cost|costs|spend|spent|amount spent|total spen[td])\b/i.test(text));
}
