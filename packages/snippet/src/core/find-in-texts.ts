import type { Expression, Found, Surroundings } from './expression.ts';
import type { Forms } from './forms.ts';

/**
 * Finds numbers in one text, or in several that stand side by side. A number that lies wholly inside one of them is
 * judged by that text alone; joined they are only for numbers that are really split.
 */
export function findInTexts<Number extends Forms>(
  texts: readonly string[],
  expression: Expression<Number>,
  around: Surroundings,
  nearMisses?: Found<Number>[],
): Found<Number>[] {
  const text = texts.join('');
  const found = expression.find(text, around, nearMisses);
  let from = 0;
  for (const own of texts.length > 1 ? texts : []) {
    const offset = from;
    from += own.length;
    const aroundOwn: Surroundings = () => {
      const [before, behind, dials] = around();
      return [before + text.slice(0, offset), text.slice(offset + own.length) + behind, dials];
    };
    for (const hit of expression.find(own, aroundOwn)) {
      const inAll = { ...hit, start: hit.start + offset, end: hit.end + offset };
      if (
        found.every((other) => other.start >= inAll.end || other.end <= inAll.start) &&
        !expression.isPart(text, inAll)
      )
        found.push(inAll);
    }
  }
  return found.sort((a, b) => a.start - b.start);
}
