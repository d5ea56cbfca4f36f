import type { Surroundings } from '../core/expression.ts';
import { addressAround } from './attributes.ts';
import { INLINE } from './inline.ts';

/** The text around texts in their block; looked up only where a number needs it to be judged. */
export function surroundingsOf(nodes: readonly (Text | Attr)[], element: Element | null): Surroundings {
  return () => {
    const dials = /^\s*(?:tel|callto):/i.test(addressAround(element));
    let block = element;
    while (block?.matches(INLINE)) block = block.parentElement;
    if (!block || nodes[0]?.nodeType !== 3) return ['', '', dials];
    const range = document.createRange();
    const rest = (cut: 'setEndBefore' | 'setStartAfter', node: Text | Attr) => {
      range.selectNodeContents(block as Element);
      range[cut](node);
      return range.toString();
    };
    return [rest('setEndBefore', nodes[0]), rest('setStartAfter', nodes.at(-1) as Text), dials];
  };
}
