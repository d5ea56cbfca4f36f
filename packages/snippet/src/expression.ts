import type { Forms } from './forms.ts';

/** An occurrence of a number in a text. */
export interface Found {
  start: number;
  end: number;
  /** Which of the numbers that the expression was made for. */
  index: number;
}

/** Why a run of the right digits is left alone; the debug overlay shows it. */
export type NearMiss = (start: number, end: number, index: number, reason: 'before' | 'after') => void;

export interface Expression {
  /** Whether the digits of any number are there at all: quick, and may be wrong only in saying yes. */
  test(text: string): boolean;
  /** All occurrences, in order, none overlapping. */
  find(text: string, nearMiss?: NearMiss): Found[];
}

/**
 * What may stand between two digits of a number: spaces of all widths, and at most three of brackets, dots, slashes,
 * hyphens and minus signs of all lengths and invisible marks. No character fits twice, so that a hostile text costs
 * linear time.
 */
const GAP =
  '\\s*(?:[()[\\]./\\xad\\xb7\\u200b-\\u2027\\u202a-\\u202e\\u2060-\\u2069\\u2212\\ufe63\\uff08-\\uff0f-]\\s*){0,3}';

/** The letters on a telephone key (ITU-T E.161, option A). */
const KEYS = ['', '', 'abc', 'def', 'ghi', 'jkl', 'mno', 'pqrs', 'tuv', 'wxyz'];

/** Digits in ASCII or full width; letters for all but the first three: `1-800-FLOWERS`. */
function digits(text: string): string {
  return [...text]
    .map((digit, at) => {
      const letters = at > 2 ? (KEYS[+digit] as string) : '';
      return `[${digit}${String.fromCharCode(0xff10 + +digit)}${letters}${letters.toUpperCase()}]`;
    })
    .join(GAP);
}

/** What the text after a number must not look like: more of a number or a word. Extensions may follow. */
const GOES_ON = /^(?!(?:ext?\.?|x) ?\d|-0(?!\d))(?:[\p{LC}\p{N}_@]|[-.]\d|[,/:]\d(?!(?:\D?\d){6}))/iu;

/** What the text before a number must not look like: a decimal, a longer run, another country's code. */
const COMES_FROM = /\d[-.]$|^(?!.*(?:\d\D{0,2}){7}[,/:]$).*\d[,/:]$|(?:\+|(?:^|[^\d:.])00[1-9])\d{0,3}[\s().-]*$/;

/** One expression for all numbers. It looks for the significant digits alone and judges what surrounds a hit. */
export function expressionOf(numbers: readonly Forms[]): Expression {
  const digitsOfAny = numbers.map((n) => `(${digits(n.significant)})`).join('|') || '$^';
  const any = new RegExp(digitsOfAny);
  const core = new RegExp(digitsOfAny, 'g');
  const before = numbers.map((n) => {
    const trunk = n.trunk && `(?:${digits(n.trunk)}${GAP})?`;
    const abroad = n.countryCode && `(?:(?:[+\\uff0b]|00|011)${GAP})?${digits(n.countryCode)}${GAP}${trunk}|`;
    return new RegExp(
      `(^|[^\\p{LC}\\p{N}_@$=])([([\\uff08]?(?:${abroad}${trunk && `[+\\uff0b]?${trunk}`})[([\\uff08]?)$`,
      'u',
    );
  });
  return {
    test: (text) => any.test(text),
    find(text, nearMiss) {
      const found: Found[] = [];
      core.lastIndex = 0;
      for (let hit = core.exec(text); hit; hit = core.exec(text)) {
        const at = hit.index;
        const end = core.lastIndex;
        const index = hit.indexOf(hit[0], 1) - 1;
        const lead = text.slice(Math.max(0, at - 32), at);
        const prefix = (before[index] as RegExp).exec(lead);
        const start = at - (prefix?.[2] ?? '').length;
        const reason =
          !prefix || COMES_FROM.test(text.slice(Math.max(0, start - 24), start))
            ? 'before'
            : GOES_ON.test(text.slice(end, end + 16)) && 'after';
        if (reason) {
          nearMiss?.(at, end, index, reason);
          core.lastIndex = at + 1;
        } else found.push({ start, end, index });
      }
      return found;
    },
  };
}
