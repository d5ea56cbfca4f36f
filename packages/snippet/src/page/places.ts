import type { Found } from '../core/expression.ts';
import type { Forms } from '../core/forms.ts';
import type { Matcher } from './matcher.ts';
import type { LocateTarget } from './targets.ts';

/** A number's place on a page. */
export interface Place {
  /** Id of the target. */
  target: string;
  kind: 'text' | 'link' | 'label' | 'named';
  /** The number as it is printed there. */
  text: string;
  /** The text nodes that it stands in, several where it is split; for links and labels the attribute. */
  nodes: readonly (Text | Attr)[];
  /** For places that hold the right digits and are left alone: why. */
  leftAlone?: (typeof REASONS)[number] | 'scripts, form fields and ignored elements are never changed';
}

/** Why a number is left alone, by `Found.why`. */
const REASONS = [
  undefined,
  'part of a longer word or number',
  'part of a longer word or number',
  'a second number follows in short form and would become somebody else’s number',
  'looks like a date or an amount; add a word such as “call” or a phone link',
] as const;

/** Finds places as `locate` does, by a matcher that may be another script's. */
export function placesBy(
  [
    ,
    expressionOf,
    formsOf,
    findInTexts,
    surroundingsOf,
    eachRun,
    isLeftAlone,
    findInLink,
    LINKS,
    LABELS,
    ELEMENTS,
  ]: Matcher,
  root: Document | ShadowRoot | Element,
  targets: readonly LocateTarget[],
  nearMisses?: boolean,
): Place[] {
  const expression = expressionOf(targets.map((target) => formsOf(target)));
  const places: Place[] = [];

  const inText = (kind: 'text' | 'label', nodes: readonly (Text | Attr)[], element: Element | null) => {
    const texts = nodes.map((node) => node.nodeValue as string);
    const text = texts.join('');
    const place = (start: number, end: number, target: string, leftAlone?: Place['leftAlone']) => {
      if (leftAlone && !nearMisses) return;
      let from = 0;
      const inside = nodes.filter((node) => {
        const to = from + (node.nodeValue as string).length;
        const touched = from < end && to > start;
        from = to;
        return touched;
      });
      places.push({ target, kind, text: text.slice(start, end), nodes: inside, ...(leftAlone && { leftAlone }) });
    };
    const misses: Found<LocateTarget & Forms>[] = [];
    const found = findInTexts(texts, expression, surroundingsOf(nodes, element), misses);
    for (const { start, end, number } of found)
      place(
        start,
        end,
        number.id,
        isLeftAlone(element) ? 'scripts, form fields and ignored elements are never changed' : undefined,
      );
    for (const { start, end, number, why } of misses)
      if (found.every((hit) => hit.start >= end || hit.end <= start)) place(start, end, number.id, REASONS[why]);
  };

  eachRun(
    root,
    (node) => node.data,
    expression.test,
    (nodes) => inText('text', nodes, nodes[0]?.parentElement ?? null),
  );
  // Each once, in the order of the page.
  for (const element of [
    ...(root.nodeType === 1 ? [root as Element] : []),
    ...root.querySelectorAll(ELEMENTS.join()),
  ]) {
    const named = targets.find(({ id }) => id === element.getAttribute('data-dialmark'));
    if (named) places.push({ target: named.id, kind: 'named', text: element.textContent ?? '', nodes: [] });
    else
      for (const name of LINKS) {
        const href = element.getAttributeNode(name);
        if (href) inLink(href, element);
      }
    for (const name of LABELS) {
      const label = element.getAttributeNode(name);
      if (label) inText('label', [label], element);
    }
  }
  return places;

  function inLink(href: Attr, element: Element): void {
    const found = findInLink(href.value, expression);
    if (!found || (isLeftAlone(element) && !nearMisses)) return;
    places.push({
      target: found.number.id,
      kind: 'link',
      text: href.value,
      nodes: [href],
      ...(isLeftAlone(element) && {
        leftAlone: 'scripts, form fields and ignored elements are never changed' as const,
      }),
    });
  }
}
