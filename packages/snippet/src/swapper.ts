import type { PrintedNumber, Printing } from './contract.ts';
import { expressionOf } from './expression.ts';
import { findInTexts } from './find-in-texts.ts';
import { type Forms, formsOf } from './forms.ts';
import { findInLink, LINKS } from './link.ts';
import { render } from './render.ts';
import { surroundingsOf } from './surroundings.ts';
import { eachRun, isLeftAlone } from './text-runs.ts';

/** A number to look for: its id, the three forms it is printed in, and the links it may be swapped in. */
export interface LocateTarget extends PrintedNumber {
  id: string;
  links?: { sms?: boolean; whatsapp?: boolean } | undefined;
  /** What else its country prints, as the edge has it. */
  printing?: Printing | undefined;
}

/** One change in the page. */
export interface Swap {
  target: string;
  /** A text node, or the attribute node of a link or label. */
  node: Text | Attr;
  from: string;
  to: string;
}

export interface SwapperHooks {
  /** Whether a text may be edited now; whoever refuses one scans again later. */
  mayEdit?: (text: Text) => boolean;
  /** A target has been seen on the page. */
  onSeen?: (target: string, element: Element | null) => void;
  onSwap?: (swap: Swap) => void;
}

export interface Swapper {
  /** Looks at everything under `root` and makes it show the current numbers; returns how many places changed. */
  scan(root: Node): number;
  /** What to show instead of a target from the next scan on; null for the printed number. */
  show(target: string, number: PrintedNumber | null): void;
  /** Puts back what was written, except where the page has written something else since, and shows nothing any more. */
  restore(): void;
  /** The target that a link dials, under its printed number or under one shown for it. */
  dialled(href: string): string | undefined;
}

/** Attributes that are read out or shown. */
export const LABELS = ['aria-label', 'title', 'alt'];
/** One at a time: names are a quick path of the browser's, and a list of attributes takes it longer than each alone. */
export const ELEMENTS = ['a', 'area', 'img', '[title]', '[aria-label]', '[data-dialmark]'];

/** Quick rounds after which a page that writes its own number back is left in peace for a moment. */
const ROUNDS = 5;
/** Time after which a round is not a quick one: two frames. */
const ROUND_MS = 30;

/** A target, and the number that is shown for it; nullish while that is the printed one. */
interface SwapTarget extends Omit<LocateTarget, 'printing'>, Forms {
  shown?: Forms | null;
}

/** A number looked for, and the target that it is printed or shown for. */
interface Known extends Forms {
  target: SwapTarget;
}

/** What was done to a node. */
interface Trace {
  /** Null for an attribute that the page did not have. */
  original: string | null;
  written: string | null;
  /** How often in quick succession the page has written it back, until when. */
  rounds: number;
  at: number;
}
/** The trace is kept on the node itself: it lives exactly as long, and costs nothing to look up. */
type Traced = (Text | Attr) & { [trace: symbol]: Trace | undefined };

/** Swaps numbers in place. Every text shows a function of its original, so that scanning twice changes nothing. */
export function createSwapper(printed: readonly LocateTarget[], hooks: SwapperHooks = {}): Swapper {
  const { mayEdit = () => true, onSeen, onSwap } = hooks;
  const key = Symbol();
  const targets: SwapTarget[] = printed.map((each) => formsOf(each));
  /** Targets first, then every number ever shown for one: a copy that the page made of our text is known again. */
  const numbers: Known[] = targets.map((target) => ({ ...target, target }));
  let expression = expressionOf(numbers);
  const written = new Set<WeakRef<Traced>>();
  let unclaimed = new Set<Traced>();
  let swaps = 0;

  function reads(node: Text | Attr): string | null {
    const trace = (node as Traced)[key];
    const current = node.nodeValue;
    if (trace?.written !== current) return current;
    unclaimed.add(node as Traced);
    return trace.original;
  }

  function write(node: Text | Attr, original: string | null, text: string | null, target?: SwapTarget): void {
    const traced = node as Traced;
    const current = node.nodeValue as string;
    const before = traced[key];
    unclaimed.delete(traced);
    const at = performance.now();
    // A banner that turns or a part that is refreshed may write it as often as it likes; two that fight are told by haste.
    const rounds = before
      ? Math.max(0, before.rounds + +(current === before.original) - Math.floor((at - before.at) / ROUND_MS))
      : 0;
    if (rounds > ROUNDS) return;
    if (text === original) traced[key] = undefined;
    else {
      if (!before) written.add(new WeakRef(traced));
      traced[key] = { original, written: text, rounds, at };
    }
    if (text === null) (node as Attr).ownerElement?.removeAttributeNode(node as Attr);
    else if (text !== current) {
      node.nodeValue = text;
      if (target) {
        swaps++;
        onSwap?.({ target: target.id, node, from: current, to: text });
      }
    }
  }

  function undo(node: Traced | undefined): void {
    const trace = node?.[key];
    if (trace && trace.written === node.nodeValue) write(node, trace.original, trace.original);
  }

  /** One text, or several that make one. */
  function inTexts(nodes: readonly (Text | Attr)[], element: Element | null): void {
    const texts = nodes.map(reads) as string[];
    const text = texts.join('');
    const hits = findInTexts(texts, expression, surroundingsOf(nodes, element)).map(({ start, end, number }) => {
      const { target } = number;
      const original = render(text.slice(start, end), number, target);
      onSeen?.(target.id, element);
      return { start, end, target, original, instead: render(original, target, target.shown ?? target) };
    });
    if (!hits.length || !nodes.every(editable)) return;
    let from = 0;
    for (const node of nodes) {
      const to = from + (reads(node) as string).length;
      let at = from;
      let original = '';
      let instead = '';
      let target: SwapTarget | undefined;
      for (const hit of hits) {
        const start = Math.max(hit.start, from);
        const end = Math.min(hit.end, to);
        if (start >= end) continue;
        // Where the lengths agree each digit stays in its own node; else the first node gets all.
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
      if (target) write(node, original + rest, instead + rest, target);
      from = to;
    }
  }

  function editable(node: Text | Attr): boolean {
    return node.nodeType !== 3 || mayEdit(node as Text);
  }

  function inLink(href: Attr): void {
    const found = findInLink(reads(href) as string, expression);
    const target = found?.number.target;
    if (!target || (found.kind && target.links?.[found.kind] === false)) return;
    onSeen?.(target.id, href.ownerElement);
    write(href, found.to(target), found.to(target.shown ?? target), target);
  }

  /** An element that names its target shows that number, whatever it says. */
  function inNamed(element: Element, target: SwapTarget): void {
    const instead = target.shown;
    onSeen?.(target.id, element);
    if (element.localName === 'a') {
      let href = element.getAttributeNode('href');
      const original = href && reads(href);
      if (!href && instead) {
        href = document.createAttribute('href');
        element.setAttributeNode(href);
      }
      if (href) write(href, original, instead ? `tel:${instead.number}` : original, target);
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
      const original = reads(node);
      write(node, original, text ?? original, target);
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
      swaps = 0;
      unclaimed = new Set();
      eachRun(root, reads as (node: Text) => string, expression.test, (nodes) => {
        const { parentElement } = nodes[0] as Text;
        if (!isLeftAlone(parentElement) && !named(parentElement?.closest('[data-dialmark]')))
          inTexts(nodes, parentElement);
      });
      if (root.nodeType === 1) inElement(root as Element);
      for (const names of ELEMENTS) (root as Partial<Element>).querySelectorAll?.(names).forEach(inElement);
      // Half of a number whose other half is gone says nothing any more: back to what the page wrote.
      unclaimed.forEach(undo);
      return swaps;
    },
    show(id, number) {
      const target = targets.find((each) => each.id === id);
      if (!target) return;
      target.shown = number && formsOf(number, target.printing);
      // Another country prints by its own rules.
      if (target.shown && target.shown.countryCode !== target.countryCode)
        target.shown = formsOf(number as PrintedNumber, {});
      if (!target.shown || numbers.some((known) => known.number === target.shown?.number)) return;
      numbers.push({ ...target.shown, target });
      expression = expressionOf(numbers);
    },
    restore() {
      for (const target of targets) target.shown = null;
      for (const each of written) undo(each.deref());
    },
    dialled: (href) => findInLink(href, expression)?.number.target.id,
  };
}
