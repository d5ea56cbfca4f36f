import type { Forms } from './forms.ts';

/** An occurrence of a number in a text. */
export interface Found<Number extends Forms> {
  start: number;
  end: number;
  /** Which of the numbers that the expression was made for. */
  number: Number;
}

export interface Expression<Number extends Forms> {
  /** Whether the digits of any number are there at all: quick, and may be wrong only in saying yes. */
  test(text: string): boolean;
  /** All occurrences, in order, none overlapping; runs of the right digits that are left alone go to `nearMisses`. */
  find(text: string, nearMisses?: Found<Number>[]): Found<Number>[];
}

/**
 * What may stand between two digits of a number: spaces of all widths, and at most three of brackets, dots, slashes,
 * hyphens and minus signs of all lengths and invisible marks. No character fits twice, so that a hostile text costs
 * linear time.
 */
const GAP = /\s*(?:[()[\]./\xad\xb7\u200b-\u2027\u202a-\u202e\u2060-\u2069\u2212\ufe63\uff08-\uff0f-]\s*){0,3}/.source;

/** The letters on a telephone key (ITU-T E.161, option A). */
const KEYS = '  abc def ghi jkl mno pqrs tuv wxyz'.split(' ');

/** A digit as wide as a Chinese character; one that is stays so. */
export function fullWidth(digit: string): string {
  return String.fromCharCode(0xff10 + (digit.charCodeAt(0) % 16));
}

/** Digits in ASCII or full width; letters for all but the first three: `1-800-FLOWERS`. */
function digits(text: string): string {
  return [...text].map((digit, at) => `[${digit}${fullWidth(digit)}${at > 2 ? KEYS[+digit] : ''}]`).join(GAP);
}

/** What the text after a number must not look like: more of a number or a word. Extensions may follow. */
const GOES_ON = /^(?!(?:ext?\.?|x) ?\d|-0(?!\d))(?:[\p{LC}\p{N}_@]|[-.]\d|[,/:]\d(?!(?:\D?\d){6}))/iu;

/** Whether a number that ends there is only the beginning of something. */
export function goesOn(text: string, end: number): boolean {
  return GOES_ON.test(text.slice(end, end + 16));
}

/** What the text before a number must not look like: a decimal, a longer run, another country's code. */
const COMES_FROM = /\d[-.]$|^(?!.*(?:\d\D{0,2}){7}[,/:]$).*\d[,/:]$|(?:\+|(?:^|[^\d:.])00[1-9])\d{0,3}[\s().-]*$/;

/** One expression for all numbers. It looks for the significant digits alone and judges what surrounds a hit. */
export function expressionOf<Number extends Forms>(numbers: readonly Number[]): Expression<Number> {
  const significant = numbers.map((number) => `(${digits(number.significant)})`).join('|') || '$^';
  const any = new RegExp(significant, 'i');
  const core = new RegExp(any, 'gi');
  const before = numbers.map(({ countryCode, trunk }) => {
    const zero = trunk && `(?:${digits(trunk)}${GAP})?`;
    const abroad = countryCode && `(?:(?:[+\\uff0b]|00|011)${GAP})?${digits(countryCode)}${GAP}${zero}|`;
    return new RegExp(
      `(?:^|[^\\p{LC}\\p{N}_@$=])([([\\uff08]?(?:${abroad}${zero && `[+\\uff0b]?${zero}`})[([\\uff08]?)$`,
      'u',
    );
  });
  return {
    test: (text) => any.test(text),
    find(text, nearMisses) {
      const found: Found<Number>[] = [];
      core.lastIndex = 0;
      for (let hit = core.exec(text); hit; hit = core.exec(text)) {
        const end = core.lastIndex;
        const index = hit.indexOf(hit[0], 1) - 1;
        const prefix = (before[index] as RegExp).exec(text.slice(0, hit.index).slice(-32));
        const start = hit.index - (prefix?.[1] ?? '').length;
        const fits = prefix && !COMES_FROM.test(text.slice(0, start).slice(-24)) && !goesOn(text, end);
        if (!fits) core.lastIndex = hit.index + 1;
        (fits ? found : nearMisses)?.push({ start, end, number: numbers[index] as Number });
      }
      return found;
    },
  };
}
