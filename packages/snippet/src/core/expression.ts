import type { Printing } from './contract.ts';
import { plain } from './digits.ts';
import type { Forms } from './forms.ts';

/** An occurrence of a number in a text. */
export interface Found<Number extends Forms> {
  start: number;
  end: number;
  /** Index among the numbers that the expression was made for. */
  number: Number;
  /** Why it is left alone; 0 where it is not. */
  why: 0 | 1 | 2 | 3 | 4;
}

/** The surroundings of a text: the rest of its block before and behind it, and whether a link there dials. */
export type Surroundings = () => readonly [before: string, behind: string, dials: boolean];

export interface Expression<Number extends Forms> {
  /** Tests for the digits of any number: quick, and may be wrong only in saying yes. */
  test(text: string): boolean;
  /** All occurrences, in order, none overlapping; runs of the right digits that are left alone go to `nearMisses`. */
  find(text: string, around?: Surroundings, nearMisses?: Found<Number>[]): Found<Number>[];
  /**
   * Tests if a number found wholly in one of several texts is only a part of a longer one: behind another country's
   * code, before a second line, a bare run of digits within a longer one.
   */
  isPart(text: string, found: Found<Number>): boolean;
}

/** The letters on a telephone key (ITU-T E.161, option A). */
const KEYS = '  abc def ghi jkl mno pqrs tuv wxyz'.split(' ');

/** Digits, `.` for any; letters for all but the first two: `13 CABS`, `1-800-FLOWERS`. */
function digits(text: string, gap: string): string {
  return [...text]
    .map((digit, at) => (at > 1 && KEYS[+digit] ? `[${digit}${KEYS[+digit]}]` : digit.replace('.', '\\d')))
    .join(gap);
}

/** Text that must not come before a number: a decimal or a longer run. */
const COMES_FROM = /\d[-.]$|^(?!.*(?:\d\D{0,2}){7}[,/:]$).*\d[,/:]$/;
/** Nor another country's code. */
const ABROAD = /(?:[+\uff0b]|(?:^|[^\d:.])00[1-9])\d{0,3}[\s().-]*$/;
/**
 * Text that must not come after a number, by its country's words: more of a number, a word, an amount; an extension may
 * follow, and the mark of a footnote, which is no decimal digit. Nor a second line in short form, which would become a
 * stranger's: `/ 0101`, `/-02`, `or 0101`, `bis 02`. Dates, times, counts, amounts, full numbers and the numbers for
 * emergencies are none.
 */
function judgesBehind({ extensions = 'x', between = '/', emergency = '112' }: Printing) {
  return [
    new RegExp(
      `^(?!(?:ext?n?|extension|x|${extensions})[.:]? ?\\d|-0(?!\\d))(?:[\\p{LC}\\p{Nd}_@]|[-.]\\d|[,/:]\\d(?!(?:\\D?\\d){6})|\\s?[\\p{Sc}%](?!\\s?\\d))`,
      'iu',
    ),
    new RegExp(
      `^(?:-0)?(?:\\s*(?:[/|&~\u2012-\u2015\u301c\uff5e]|[,;](?=\\s*(?:0|\\d{3})))|\\s+(?:\\p{Pd}|(?:o[rfu]|and|to|oder|und|bis|e[tn]|[aeoyu])\\s)|${between})\\s*\\p{Pd}?(?!(?:[^\\p{L}\\d]?\\d){8}|(?:911|112|${emergency})(?![-.]?\\d))(?:0\\d{1,7}|\\d{1,7}(?!\\s?[\\p{L}\\p{Sc}%]))(?![\\p{L}\\d]|[.:/]\\d)`,
      'iu',
    ),
  ] as const;
}

/** One expression for all numbers. It looks for the significant digits alone and judges what surrounds a hit. */
export function expressionOf<Number extends Forms>(numbers: readonly Number[]): Expression<Number> {
  const known = numbers.flatMap((number) => {
    const { countryCode, printing, trunk, variants } = number;
    // Spaces of all widths, and at most three of brackets, dots, slashes, hyphens and minus signs of all lengths and
    // invisible marks. No character fits twice, so that a hostile text costs linear time.
    const gap = `\\s*(?:[()[\\]./\\xad\\xb7\\u200b-\\u2027\\u202a-\\u202e\\u2060-\\u2069\\u2212\\ufe63\\uff08-\\uff0f${printing.marks ?? ''}-]\\s*){0,3}`;
    const zeros = [trunk, ...(printing.trunks ?? [])].filter(Boolean).map((each) => digits(each, gap) + gap);
    const zero = zeros[0] ? `(?:${zeros.join('|')})?` : '';
    const abroad = countryCode && `(?:(?:[+\\uff0b]|00|011)${gap})?${digits(countryCode, gap)}${gap}${zero}|`;
    const before = new RegExp(
      `(?:^|[^\\p{LC}\\p{Nd}_@\\p{Sc}#=])([([\\uff08]?(?:${abroad}${zero && `[+\\uff0b]?${zero}`})[([\\uff08]?)$`,
      'u',
    );
    const [goesOn, secondLine] = judgesBehind(printing);
    return variants.flatMap((variant, at) =>
      variant
        ? { number, before, goesOn, secondLine, core: digits(variant, gap), local: printing.also?.[at - 1]?.local }
        : [],
    );
  });
  const any = new RegExp(known.map(({ core }) => `(${core})`).join('|') || '$^', 'i');
  const core = new RegExp(any, 'gi');

  return {
    test: (text) => any.test(plain(text)),
    find(raw, around = () => ['', '', false], nearMisses) {
      const text = plain(raw);
      const found: Found<Number>[] = [];
      core.lastIndex = 0;
      for (let hit = core.exec(text); hit; hit = core.exec(text)) {
        const end = core.lastIndex;
        const { number, before, goesOn, secondLine, local } = known[hit.indexOf(hit[0], 1) - 1] as (typeof known)[0];
        const prefix = before.exec(text.slice(0, hit.index).slice(-32));
        const start = hit.index - (prefix?.[1] ?? '').length;
        const ahead = text.slice(0, start).slice(-24);
        const behind = text.slice(end, end + 32);
        const { called } = number.printing;
        let why: Found<Number>['why'] =
          !prefix || COMES_FROM.test(ahead) || ABROAD.test(ahead) || (local && /\d[\s().-]*$/.test(ahead))
            ? 1
            : goesOn.test(behind)
              ? 2
              : secondLine.test(behind)
                ? 3
                : 0;
        // As a text with the number between two marks, where its country's rule wants to see it.
        if (!why && called) {
          const [first, last, dials] = around();
          const inBlock = `${(first + text.slice(0, start)).slice(-48)}\0${text.slice(start, end)}\0${(text.slice(end) + last).slice(0, 32)}`;
          if (!dials && !new RegExp(called, 'u').test(inBlock)) why = 4;
        }
        if (why) core.lastIndex = hit.index + 1;
        (why ? nearMisses : found)?.push({ start, end, number, why });
      }
      return found;
    },
    isPart(raw, { start, end, number }) {
      const text = plain(raw);
      const before = text.slice(0, start).slice(-24);
      const behind = text.slice(end, end + 32);
      return (
        ABROAD.test(before) ||
        known.some((each) => each.number === number && each.secondLine.test(behind)) ||
        (/^\d+$/.test(text.slice(start, end)) &&
          (/(?:\p{Sc}|(?:^|[^\d.,])\d+)$/u.test(before) || /^\d+(?![\d.,])/.test(behind)))
      );
    },
  };
}
