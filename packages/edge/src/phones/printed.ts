import type { PrintedNumber, Printing } from '@dialmark/shared';
import { parsePhone } from '@dialmark/shared/parse-phone';
import type { CountryPrinting, LanguageAround } from './country-printing.ts';
import type { Phones } from './phones.ts';

const known = new Map<string, PrintedNumber>();

/** Returns a number in the forms a page may print, after libphonenumber's metadata and the table of countries. */
export function printed(phones: Phones, number: string): PrintedNumber {
  let forms = known.get(number);
  if (!forms) {
    const parsed = parsePhone(phones.metadata, number);
    const code = parsed?.countryCallingCode ?? '';
    const format = parsed && formatOf(phones, code, parsed.nationalNumber);
    forms = {
      number,
      national: format?.national ?? parsed?.formatNational() ?? number,
      international: format ? `+${code} ${format.international}` : (parsed?.formatInternational() ?? number),
    };
    // A cache, not a ledger: a Worker isolate may serve many sites.
    if (known.size > 50_000) known.clear();
    known.set(number, forms);
  }
  return forms;
}

/** Returns how the number's country prints it, for the script. */
export function printingOf(phones: Phones, number: string): Printing {
  const { national, international } = printed(phones, number);
  const [code = '', ...groups] = international.slice(1).split(/\D+/);
  const significant = groups.join('');
  const { trunks, also, areas, marks } = rulesFor(phones, code);
  // In Argentina's international form a 9 stands before the area code of a mobile number.
  const area = (groups[0] === '9' ? groups[1] : groups[0]) ?? '';
  const variants = (also ?? [])
    .map(({ pattern, ...rest }) => ({
      pattern: pattern.replace('{area}', area).replace('{any}', areas?.[area.length] ?? '$^'),
      ...rest,
    }))
    .filter(({ pattern }) => new RegExp(pattern).test(significant));
  const extensions = wordsOf(phones, code, 'extension').join('|');
  const between = wordsOf(phones, code, 'between').join('|');
  const emergency = phones.emergency[code]?.replaceAll(' ', '|').replaceAll('.', '\\d');
  return {
    ...(trunks && { trunks: [...trunks] }),
    ...(variants.length && { also: variants }),
    ...(marks && { marks }),
    ...(extensions && { extensions }),
    ...(between && { between: `\\s+(?:${between})\\s` }),
    ...(emergency && { emergency }),
    called: calledRule(phones, code, significant, [
      national,
      international.replace(/^\+\d+\s*/, ''),
      international.slice(1),
    ]),
  };
}

function rulesFor({ printing }: Phones, code: string): CountryPrinting {
  return printing[code] ?? {};
}

function formatOf(
  phones: Phones,
  code: string,
  digits: string,
): { national: string; international: string } | undefined {
  for (const [pattern, format, national = format] of [
    ...(rulesFor(phones, code).formats ?? []),
    ...(rulesFor(phones, '').formats ?? []),
  ]) {
    const fits = new RegExp(pattern);
    if (fits.test(digits))
      return { national: digits.replace(fits, national), international: digits.replace(fits, format) };
  }
  return undefined;
}

const DAY = '(?:0?[1-9]|[12]\\d|3[01])';
const YEAR = '(?:19|20)\\d\\d';
/** A decimal, and a price with thousands apart. */
const AMOUNT = '(?:0|[1-9]\\d*)(?:\\.\\d+|(?:\\s\\d{3})+\\.\\d\\d)';
const date = (cut: string) => `${YEAR}${cut}${DAY}${cut}${DAY}|${DAY}${cut}${DAY}${cut}(?:${YEAR}|\\d\\d)`;
/** Digits in all below which they may be a count, a price or the number of an order. */
const SHORT = 8;

/**
 * Returns the expression for places where a number is called: nowhere as a date or an amount. A short number must be
 * grouped as its country prints it, or words around it must say so; what could be a count (`116 117`) must not be
 * followed by a word, and what has no groups at all must have its block for itself.
 */
function calledRule(phones: Phones, code: string, significant: string, forms: readonly string[]): string {
  // Countries that print numbers with dots do not print dates with them.
  const cut = `\\s?[\\p{Pd}\u2212/${forms.some((form) => /\d\.\d/.test(form)) ? '' : '.'}]\\s?`;
  const unlike = significant.length > SHORT ? AMOUNT : `${AMOUNT}|${date(cut)}`;
  const rule = `^(?![^\\0]*\\0(?:${unlike})\\0)`;
  if (significant.length >= SHORT) return rule;
  const grouped = forms.map((form) => {
    const groups = form.match(/\d+/g) ?? [];
    const printed = groups
      .map(({ length }) => `\\d{${length}}`)
      .join(/\d\.\d/.test(form) ? '[.\\s\\p{Pd}()]+' : '[\\s\\p{Pd}()]+');
    if (groups.length === 1) return '';
    const isCount = groups.every(({ length }, at) => (at ? length === 3 : length < 4));
    return `\\0[(]?${printed}\\0${isCount ? '(?!\\s?\\p{L})' : ''}`;
  });
  const ways = [
    // With the country code, or letters of the telephone's keys: a word of its own begins with a capital, or it counts.
    `\\0(?=[^\\0]*[+\uff0b]|(?:[^\\d\\0]*\\d){${SHORT}})`,
    '\\0\\d[\\d\\s\\p{Pd}]*[A-Z]',
    '\\0\\d+[a-z]+\\d*\\0',
    ...new Set(grouped.filter(Boolean)),
    '^[^\\p{L}\\p{N}]*\\0\\d+\\0[^\\p{L}\\p{N}]*$',
    ...wordsAround(phones, code),
  ];
  return `${rule}[^]*?(?:${ways.join('|')})`;
}

/** Returns words of the languages that are spoken in a country. */
function wordsOf({ languages }: Phones, code: string, kind: Exclude<keyof LanguageAround, 'codes'>): string[] {
  const spoken = languages.filter(({ codes }) => !codes || codes.includes(+code));
  return [...new Set(spoken.flatMap((language) => language[kind]?.split(' ') ?? []))].filter(Boolean);
}

/** Returns expressions for a number in the same sentence behind a word for a telephone, or before one. */
function wordsAround(phones: Phones, code: string): string[] {
  const words = wordsOf(phones, code, 'telephone');
  const spelled = words.map((word) => {
    const first = word[0] as string;
    const capital = first.toUpperCase();
    return capital === first ? word : `[${capital}${first}]${word.slice(1)}|${word.toUpperCase()}`;
  });
  const word = `(?:(?:^|[^\\p{L}])(?:${spelled.join('|')})(?!\\p{L})|${phones.signs})`;
  return [`${word}\\.?[^.!?;\\0]{0,30}\\0[^\\0./]*\\0`, `\\0[^\\0./]*\\0[^.!?;\\0]{0,16}${word}`];
}
