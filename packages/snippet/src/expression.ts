import type { Forms } from './forms.ts';

/** An occurrence of a number in a text. */
export interface Found<Number extends Forms> {
  start: number;
  end: number;
  /** Which of the numbers that the expression was made for. */
  number: Number;
}

/** Why a run of the right digits is left alone; the debug overlay shows it. */
export type NearMiss<Number> = (start: number, end: number, number: Number, reason: 'before' | 'after') => void;

export interface Expression<Number extends Forms> {
  /** Whether the digits of any number are there at all: quick, and may be wrong only in saying yes. */
  test(text: string): boolean;
  /** All occurrences, in order, none overlapping. */
  find(text: string, nearMiss?: NearMiss<Number>): Found<Number>[];
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

/** What the text before a number must not look like: a decimal, a longer run, another country's code. */
const COMES_FROM = /\d[-.]$|^(?!.*(?:\d\D{0,2}){7}[,/:]$).*\d[,/:]$|(?:\+|(?:^|[^\d:.])00[1-9])\d{0,3}[\s().-]*$/;

/** One expression for all numbers. It looks for the significant digits alone and judges what surrounds a hit. */
export function expressionOf<Number extends Forms>(numbers: readonly Number[]): Expression<Number> {
  const core = new RegExp(numbers.map(({ significant }) => `(${digits(significant)})`).join('|') || '$^', 'gi');
  const before = numbers.map(({ countryCode, trunk }) => {
    const zero = trunk && `(?:${digits(trunk)}${GAP})?`;
    const abroad = countryCode && `(?:(?:[+\\uff0b]|00|011)${GAP})?${digits(countryCode)}${GAP}${zero}|`;
    return new RegExp(
      `(?:^|[^\\p{LC}\\p{N}_@$=])([([\\uff08]?(?:${abroad}${zero && `[+\\uff0b]?${zero}`})[([\\uff08]?)$`,
      'u',
    );
  });
  return {
    test: (text) => text.search(core) >= 0,
    find(text, nearMiss) {
      const found: Found<Number>[] = [];
      core.lastIndex = 0;
      for (let hit = core.exec(text); hit; hit = core.exec(text)) {
        const at = hit.index;
        const end = core.lastIndex;
        const index = hit.indexOf(hit[0], 1) - 1;
        const number = numbers[index] as Number;
        const prefix = (before[index] as RegExp).exec(text.slice(0, at).slice(-32));
        const start = at - (prefix?.[1] ?? '').length;
        const reason =
          !prefix || COMES_FROM.test(text.slice(0, start).slice(-24))
            ? 'before'
            : GOES_ON.test(text.slice(end, end + 16)) && 'after';
        if (reason) {
          nearMiss?.(at, end, number, reason);
          core.lastIndex = at + 1;
        } else found.push({ start, end, number });
      }
      return found;
    },
  };
}
