import { isBlank, visible } from './cell.ts';
import { currenciesOf } from './currency.ts';

export type DecimalMark = '.' | ',';

/** Evidence of a column's decimal mark. */
export interface DecimalEvidence {
  /** Cells that are an amount with one mark only. */
  point: number;
  comma: number;
  /** Cells that are two amounts: `1,234`, `1.234`. */
  open: number;
}

export const noDecimalEvidence = (): DecimalEvidence => ({ point: 0, comma: 0, open: 0 });

/** An amount as it is written. */
export interface ReadAmount {
  amount: number;
  /** The currencies that its sign or code may mean; null where it has none. */
  currencies: readonly string[] | null;
}

/** Adds what a cell says of the decimal mark to the evidence. */
export function weighAmount(evidence: DecimalEvidence, text: string): void {
  const written = writtenAmount(text);
  if (!written) return;
  const [point, comma] = [amountOf(written.digits, '.'), amountOf(written.digits, ',')];
  if (point !== null && comma !== null) {
    if (point !== comma) evidence.open++;
  } else if (point !== null) evidence.point++;
  else if (comma !== null) evidence.comma++;
}

/**
 * Judges the decimal mark by all the cells.
 * @returns the mark; null where no cell needs one; `undecided` where every cell reads both ways; `mixed` where some
 *   have the one and some the other
 */
export function decimalMark({ point, comma, open }: DecimalEvidence): DecimalMark | 'undecided' | 'mixed' | null {
  if (point > 0 && comma > 0) return 'mixed';
  if (point > 0) return '.';
  if (comma > 0) return ',';
  return open > 0 ? 'undecided' : null;
}

/**
 * Reads an amount: `1,234.56`, `1.234,56`, `1 234,56`, `1'234.56`, `1,23,456.00`, `(3.50)`, `3,50-`, with the sign or
 * code of a currency or without. Dashes are nothing spent.
 *
 * @param mark that of the column; with null only what reads one way
 * @returns null for anything else: words, percentages, numbers that a spreadsheet has shortened (`1.2E+05`)
 */
export function readAmount(text: string, mark: DecimalMark | null): ReadAmount | null {
  const bare = visible(text);
  if (bare !== '' && isBlank(bare)) return /^[a-z(]/i.test(bare) ? null : { amount: 0, currencies: null };
  const written = writtenAmount(text);
  if (!written) return null;
  const [point, comma] = [amountOf(written.digits, '.'), amountOf(written.digits, ',')];
  // Cells that read one way only need no judgement, and must not be bent to one.
  const isOpen = point !== null && comma !== null && point !== comma;
  const value = isOpen ? (mark === null ? null : mark === '.' ? point : comma) : (point ?? comma);
  if (value === null || !Number.isFinite(value)) return null;
  return { amount: written.isNegative && value !== 0 ? -value : value, currencies: written.currencies };
}

interface Written {
  isNegative: boolean;
  digits: string;
  currencies: readonly string[] | null;
}

/** A sign or code, digits and what stands between them, a sign or code. The dot of `Rs.500` is no decimal point. */
const WRITTEN = /^(\D*?)((?:(?<!\p{L})[.,](?=\d))?\d(?:[\d.,'’\s]*\d)?)(\D*)$/u;

/** The most common kind of cell. */
const DIGITS_ONLY = /^\d(?:[\d.,]*\d)?$/;

function writtenAmount(text: string): Written | null {
  if (text.length > 60) return null;
  if (DIGITS_ONLY.test(text)) return { isNegative: false, digits: text, currencies: null };
  const bare = visible(text).replace(/[−‐‑–]/g, '-');
  const [, before = '', digits = '', after = ''] = WRITTEN.exec(bare) ?? [];
  if (digits === '') return null;
  const inBrackets = before.includes('(') && after.includes(')');
  const minuses = `${before}${after}`.split('-').length - 1;
  if (minuses > (inBrackets ? 0 : 1)) return null;
  const signs = (part: string) => part.replace(/[()\s+-]/g, '');
  const names = [signs(before), signs(after)].filter((name) => name !== '');
  const currencies = names.map(currenciesOf);
  if (currencies.some((codes) => codes === null)) return null;
  const grouped = withoutSpaces(digits);
  if (grouped === null) return null;
  return { isNegative: inBrackets || minuses === 1, digits: grouped, currencies: narrowest(currencies as string[][]) };
}

/** Of `A$ 12 AUD` both say what is meant. */
function narrowest(all: readonly (readonly string[])[]): readonly string[] | null {
  const [first, second] = all;
  if (!first) return null;
  return second ? first.filter((code) => second.includes(code)) : first;
}

/** Spaces and apostrophes stand between thousands and nowhere else. */
function withoutSpaces(digits: string): string | null {
  if (!/[\s'’]/.test(digits)) return digits;
  return /^\d{1,3}(?:[\s'’]\d{3})+(?:[.,]\d*)?$/.test(digits) ? digits.replace(/[\s'’]/g, '') : null;
}

const PLAIN = { '.': /^\d*(?:\.\d*)?$/, ',': /^\d*(?:,\d*)?$/ };
const GROUPED = {
  // With the lakhs of India: 12,34,567.
  '.': /^[1-9]\d{0,2}(?:,\d{3})+(?:\.\d*)?$|^[1-9]\d?(?:,\d{2})+,\d{3}(?:\.\d*)?$/,
  ',': /^[1-9]\d{0,2}(?:\.\d{3})+(?:,\d*)?$/,
};

/** Returns the amount that digits make with this decimal mark; null where they cannot have it. */
function amountOf(digits: string, mark: DecimalMark): number | null {
  if (!PLAIN[mark].test(digits) && !GROUPED[mark].test(digits)) return null;
  const plain = mark === '.' ? digits.replaceAll(',', '') : digits.replaceAll('.', '').replace(',', '.');
  return Number(plain);
}
