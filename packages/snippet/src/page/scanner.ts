import { expressionOf } from '../core/expression.ts';
import { findInTexts } from '../core/find-in-texts.ts';
import { findInLink } from '../core/link.ts';
import { render } from '../core/render.ts';
import { LABELS, LINKS } from './attributes.ts';
import { surroundingsOf } from './surroundings.ts';
import type { Known, SwapTarget, Targets } from './targets.ts';
import { eachRun, isLeftAlone } from './text-runs.ts';
import type { Traced } from './trace.ts';
import type { Traces } from './traces.ts';

/** One at a time: names are a quick path of the browser's, and a list of attributes takes it longer than each alone. */
export const ELEMENTS = ['a', 'area', 'img', '[title]', '[aria-label]', '[data-dialmark]'];

export interface Sight {
  mayEdit(text: Text): boolean;
  /** A target has been seen on the page. */
  onSeen(target: string, element: Element | null): void;
}

export interface Scanner {
  /** Looks at everything under `root` and makes it show the current numbers. */
  scan(root: Node): void;
  /** The target that a link dials, under its printed number or under one shown for it. */
  dialled(href: string): string | undefined;
}

/** Finds and swaps every form of a number: split, in labels, in links of all kinds, in places that name their target. */
export function createScanner(
  { targets, numbers }: Targets,
  { key, reads, writeNode, undo }: Traces,
  { mayEdit, onSeen }: Sight,
): Scanner {
  let made = 0;
  let expression = expressionOf<Known>([]);
  let unclaimed = new Set<Traced>();

  const current = () => {
    if (made !== numbers.length) expression = expressionOf(numbers);
    made = numbers.length;
    return expression;
  };

  function look(node: Text | Attr): string | null {
    const original = reads(node);
    if (original !== node.nodeValue) unclaimed.add(node as Traced);
    return original;
  }

  function put(node: Text | Attr, original: string | null, text: string | null, target: SwapTarget): void {
    unclaimed.delete(node as Traced);
    writeNode(node, original, text, target);
  }

  /** One text, or several that make one. */
  function inTexts(nodes: readonly (Text | Attr)[], element: Element | null): void {
    const texts = nodes.map(look) as string[];
    const text = texts.join('');
    const hits = findInTexts(texts, expression, surroundingsOf(nodes, element)).map(({ start, end, number }) => {
      const { target } = number;
      const original = render(text.slice(start, end), number, target);
      onSeen(target.id, element);
      return { start, end, target, original, instead: render(original, target, target.shown ?? target) };
    });
    if (!hits.length || !nodes.every(editable)) return;
    let from = 0;
    for (const node of nodes) {
      const to = from + (texts.shift() as string).length;
      let at = from;
      let original = '';
      let instead = '';
      let target: SwapTarget | undefined;
      for (const hit of hits) {
        const start = Math.max(hit.start, from);
        const end = Math.min(hit.end, to);
        if (start >= end) continue;
        // If the lengths match, each digit stays in its own node; otherwise the first node gets the whole number.
        const part = (whole: string) =>
          whole.length === hit.end - hit.start
            ? whole.slice(start - hit.start, end - hit.start)
            : start === hit.start
              ? whole
              : '';
        const between = text.slice(at, start);
        original += between + part(hit.original);
        instead += between + part(hit.instead);
        target = hit.target;
        at = end;
      }
      const rest = text.slice(at, to);
      if (target) put(node, original + rest, instead + rest, target);
      from = to;
    }
  }

  function editable(node: Text | Attr): boolean {
    return node.nodeType !== 3 || mayEdit(node as Text);
  }

  function inLink(href: Attr): void {
    const found = findInLink(look(href) as string, expression);
    const target = found?.number.target;
    if (!target || (found.kind && !target.links?.[found.kind])) return;
    onSeen(target.id, href.ownerElement);
    put(href, found.to(target), found.to(target.shown ?? target), target);
  }

  /** An element that names its target shows that number, whatever it says. */
  function inNamed(element: Element, target: SwapTarget): void {
    const instead = target.shown;
    onSeen(target.id, element);
    if (element.localName === 'a') {
      let href = element.getAttributeNode('href');
      const original = href && look(href);
      if (!href && instead) {
        href = document.createAttribute('href');
        element.setAttributeNode(href);
      }
      if (href) put(href, original, instead ? `tel:${instead.number}` : original, target);
    }
    const texts: Text[] = [];
    const walker = document.createTreeWalker(element, 4);
    while (walker.nextNode()) {
      const text = walker.currentNode as Traced & Text;
      if (text[key] || text.data.trim()) texts.push(text);
    }
    if (!texts.every(editable)) return;
    if (!texts.length && instead) {
      texts.push(document.createTextNode(''));
      element.append(...texts);
    }
    const format = element.getAttribute('data-dialmark-format');
    let text = instead?.[format === 'e164' ? 'number' : format === 'international' ? format : 'national'];
    for (const node of texts) {
      const original = look(node);
      put(node, original, text ?? original, target);
      // The first has it all.
      text &&= '';
    }
  }

  const named = (element: Element | null | undefined) =>
    element && targets.find(({ id }) => id === element.getAttribute('data-dialmark'));

  function inElement(element: Element): void {
    if (isLeftAlone(element)) return;
    const target = named(element);
    if (target) inNamed(element, target);
    else
      for (const name of LINKS) {
        const href = element.getAttributeNode(name);
        if (href) inLink(href);
      }
    for (const name of LABELS) {
      const label = element.getAttributeNode(name);
      if (label) inTexts([label], element);
    }
  }

  return {
    scan(root) {
      unclaimed = new Set();
      eachRun(root, look as (node: Text) => string, current().test, (nodes) => {
        const { parentElement } = nodes[0] as Text;
        if (!isLeftAlone(parentElement) && !named(parentElement?.closest('[data-dialmark]')))
          inTexts(nodes, parentElement);
      });
      if (root.nodeType === 1) inElement(root as Element);
      for (const names of ELEMENTS) (root as Partial<Element>).querySelectorAll?.(names).forEach(inElement);
      // Half of a number whose other half is gone says nothing any more: back to what the page wrote.
      unclaimed.forEach(undo);
    },
    dialled: (href) => findInLink(href, current())?.number.target.id,
  };
}
