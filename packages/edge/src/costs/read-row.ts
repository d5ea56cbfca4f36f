import { Amount, CostRow, ENGLISH, type FieldCode, fieldErrors } from '@dialmark/shared';
import { readAmount } from '@dialmark/shared/table/amounts';
import { isBlank } from '@dialmark/shared/table/cell';
import { currenciesOf } from '@dialmark/shared/table/currency';
import { readDay } from '@dialmark/shared/table/days';
import * as v from 'valibot';
import type { CostHeadings } from './headings.ts';
import type { Judged } from './judge.ts';
import { otherCurrency } from './rejected.ts';
import { isTotalWord } from './totals.ts';

/** A row of a file. Refunds and credits are negative there. */
const FileCostRow = v.object({ ...CostRow.entries, cost: Amount });

/** A row of a file, as read. */
export type Row =
  | { kind: 'row'; row: CostRow; mayBeTotal: boolean }
  | { kind: 'skip'; code: FieldCode; message: string }
  | {
      kind: 'error';
      path: string;
      code: FieldCode;
      message: string;
      amount: number | null;
      /** True if it is an error only when the row is not a total. */
      mayBeTotal?: boolean;
    };

/** A row that repeats what other rows say. */
export const TOTAL = { kind: 'skip', code: 'total', message: 'is the sum of other rows' } as const;

/** Everything that is decided for a file before any of its rows is read. */
export interface RowContext {
  headings: CostHeadings;
  judged: Judged;
  /** The source and medium of rows that have none of their own. */
  tags: { source: string | null; medium: string | null };
  /** The site's. */
  currency: string;
  /** True if every row must be one of costs, as in files of our own layout: a row without a day is then in error. */
  isOurs: boolean;
}

/** Reads the rows of a file one by one. */
export function rowReader({ headings, judged, tags, currency, isOurs }: RowContext) {
  const { columns, scale } = headings;
  let currencySeen: string | null = null;
  const tagColumns = [columns.campaign, columns.term, columns.source, columns.medium, columns.sourceMedium].filter(
    (index) => index !== null,
  );
  const silent = new Set([columns.date, columns.until, columns.cost, columns.currency]);
  return {
    read,
    /** The one currency that rows named so far; null if they named none, or a sign of several. */
    currencySeen: () => currencySeen,
  };

  function read(cells: readonly string[]): Row {
    const cell = (index: number | null) => (index === null || isBlank(cells[index]) ? null : (cells[index] as string));
    const dayText = cell(columns.date);
    const costText = cell(columns.cost) ?? cells[columns.cost]?.trim() ?? '';
    const day = dayText === null ? null : dayOf(dayText);
    if (day === null && costText === '' && cells.filter((text) => text !== '').length <= 2) {
      return { kind: 'skip', code: 'note', message: 'is a note, not a row of costs' };
    }
    if (dayText === null || isTotalWord(dayText)) {
      if (!isOurs || mayBeTotal(cells) !== false || (dayText !== null && isTotalWord(dayText))) {
        return { ...TOTAL, message: 'has no day: a total of other rows' };
      }
      return rowError('date', 'required', 'must be a day such as 2026-11-24', null);
    }
    const read = costText === '' ? null : readAmount(costText, judged.mark);
    const amount = read && read.amount / scale;
    const until = cell(columns.until);
    if (day === null || (until !== null && dayOf(until) !== day)) {
      const wrong =
        until !== null && day !== null
          ? rowError('date', 'several_days', 'covers several days: export it by day', amount)
          : rowError('date', 'invalid_time', 'must be a day such as 2026-11-24', amount);
      return { ...wrong, mayBeTotal: mayBeTotal(cells) === true };
    }
    if (read === null || amount === null) {
      return rowError('cost', costText === '' ? 'required' : 'not_a_number', 'must be an amount such as 120.50', null);
    }
    const wrong = currencyError(read.currencies, cell(columns.currency));
    if (wrong) return { ...wrong, amount };
    const [source, medium] = cell(columns.sourceMedium)?.split(/\s*\/\s*/) ?? [];
    const parsed = v.safeParse(
      FileCostRow,
      {
        date: day,
        source: cell(columns.source) ?? source ?? tags.source,
        medium: cell(columns.medium) ?? medium ?? tags.medium,
        campaign: cell(columns.campaign),
        term: cell(columns.term),
        cost: amount,
      },
      ENGLISH,
    );
    if (parsed.success) return { kind: 'row', row: parsed.output, mayBeTotal: mayBeTotal(cells) === true };
    const [first] = fieldErrors(parsed.issues);
    return rowError(first?.path ?? '', first?.code ?? 'invalid_format', first?.message ?? '', amount);
  }

  function dayOf(text: string): string | null {
    const read = readDay(text, judged.order);
    // A day in another zone may be another day.
    return read && (read.zone === null || /^00:00(:00)?$/.test(read.time ?? '')) ? read.day : null;
  }

  /**
   * Tells whether a row could be the sum of others: it says so, or none of its labels says anything. Labels are its
   * tags, or whatever else has letters where the file has no tags; null if it has none.
   */
  function mayBeTotal(cells: readonly string[]): boolean | null {
    const words = cells.filter((_, index) => !silent.has(index));
    if (words.some(isTotalWord)) return true;
    if (tagColumns.length > 0) return tagColumns.every((index) => isBlank(cells[index]));
    const labels = words.filter((text) => !/\d/.test(text) || /\p{L}/u.test(text));
    return labels.length === 0 ? null : labels.every(isBlank);
  }

  function currencyError(ofAmount: readonly string[] | null, ofRow: string | null): (Row & { kind: 'error' }) | null {
    const named = ofRow === null ? null : currenciesOf(ofRow);
    if (ofRow !== null && named === null)
      return rowError('currency', 'invalid_format', 'must be a currency code such as USD', null);
    for (const found of [named, ofAmount]) {
      if (!found) continue;
      if (!found.includes(currency))
        return rowError('currency', 'currency_mismatch', otherCurrency(found, currency), null);
      if (found.length === 1) currencySeen = currency;
    }
    return null;
  }
}

const rowError = (path: string, code: FieldCode, message: string, amount: number | null) =>
  ({ kind: 'error', path, code, message, amount }) as const;
