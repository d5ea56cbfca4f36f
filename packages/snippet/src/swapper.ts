import { type Expression, expressionOf } from './expression.ts';
import type { Forms } from './forms.ts';
import { findInLink, LINKS } from './link.ts';
import { render } from './render.ts';
import { eachRun } from './text-runs.ts';

/** A number printed on the page, taken apart, with the links it may be swapped in. */
export interface SwapTarget extends Forms {
  id: string;
  links?: { sms?: boolean; whatsapp?: boolean } | undefined;
}

/** One change in the page. */
export interface Swap {
  target: string;
  /** A text node, or the attribute node of a link or label. */
  node: Text | Attr;
  from: string;
  to: string;
}

export interface Swapper {
  /** Looks at everything under `root` and makes it show the current numbers; returns how many places changed. */
  scan(root: Node): number;
  /** What to show instead of a target from the next scan on; null for the printed number. */
  show(target: string, number: Forms | null): void;
  /** Puts back what was written, except where the page has written something else since. */
  restore(): void;
  /** Ids of the targets seen so far. */
  readonly seen: ReadonlySet<string>;
}

export interface SwapperHooks {
  /** Whether a text may be edited now; a refused one is scanned again by whoever refused it. */
  mayEdit?: (text: Text) => boolean;
  onSwap?: (swap: Swap) => void;
}

const LABELS = ['aria-label', 'title', 'alt'];
const ELEMENTS = `${LINKS},[aria-label],[title],[alt],[data-dialmark]`;
const LEFT_ALONE =
  'script,style,noscript,template,title,textarea,select,input,[contenteditable]:not([contenteditable=false]),[data-dialmark-ignore]';
/** Rounds after which a page that writes its own number back is left in peace. */
const ROUNDS = 5;

/** What was done to a node, kept on the node itself so that it lives exactly as long. */
interface Trace {
  /** Null where the node is ours altogether. */
  original: string | null;
  written: string;
  rounds: number;
}
type Traced = (Text | Attr) & { [trace: symbol]: Trace | undefined };

/** Swaps numbers in place. Every text shows a function of its original, so that scanning twice changes nothing. */
export function createSwapper(targets: readonly SwapTarget[], hooks: SwapperHooks = {}): Swapper {
  const key = Symbol('dialmark');
  const shown = new Map<string, Forms | null>();
  /** Targets first, then every number ever shown for one: a copy the page made of our text is known again. */
  const numbers: Forms[] = [...targets];
  const owners: SwapTarget[] = [...targets];
  let expression: Expression = expressionOf(numbers);
  const seen = new Set<string>();
  const written = new Set<WeakRef<Traced>>();
  let swaps = 0;
  let unclaimed = new Set<Traced>();

  const trace = (node: Text | Attr) => {
    const own = (node as Traced)[key];
    return own?.written === node.nodeValue ? own : undefined;
  };
  const reads = (node: Text | Attr): string => {
    const own = trace(node);
    if (!own) return node.nodeValue as string;
    unclaimed.add(node as Traced);
    return own.original ?? '';
  };

  function write(node: Text | Attr, original: string | null, text: string, target?: SwapTarget): void {
    const traced = node as Traced;
    const current = node.nodeValue as string;
    const before = traced[key];
    unclaimed.delete(traced);
    const rounds = before ? before.rounds + +(current === before.original && current !== before.written) : 0;
    if (rounds > ROUNDS && current === original) return;
    if (text === original) traced[key] = undefined;
    else {
      if (!before) written.add(new WeakRef(traced));
      traced[key] = { original, written: text, rounds };
    }
    if (text === current) return;
    if (original === null && text === '') (node as Text).remove();
    else node.nodeValue = text;
    if (!target) return;
    swaps++;
    hooks.onSwap?.({ target: target.id, node, from: current, to: text });
  }

  function inTexts(nodes: readonly (Text | Attr)[], text: string): void {
    const hits = expression.find(text).map((found) => {
      const target = owners[found.index] as SwapTarget;
      const printed = text.slice(found.start, found.end);
      const number = numbers[found.index] as Forms;
      const original = number === target ? printed : render(printed, number, target);
      const instead = shown.get(target.id);
      seen.add(target.id);
      return { ...found, target, original, text: instead ? render(original, target, instead) : original };
    });
    if (
      !hits.length ||
      ((nodes[0] as Node).nodeType === 3 && hooks.mayEdit && !nodes.every((n) => hooks.mayEdit?.(n as Text)))
    )
      return;
    let from = 0;
    for (const node of nodes) {
      const own = reads(node);
      const to = from + own.length;
      const touched = hits.find((hit) => hit.start < to && hit.end > from);
      const compose = (form: 'original' | 'text') => {
        let composed = '';
        let at = from;
        for (const hit of hits) {
          if (hit.start >= to || hit.end <= from) continue;
          const start = Math.max(hit.start, from);
          const end = Math.min(hit.end, to);
          // Where the lengths agree each digit stays in its own node; else the first node gets all.
          composed += text.slice(at, start);
          if (hit[form].length === hit.end - hit.start) composed += hit[form].slice(start - hit.start, end - hit.start);
          else if (start === hit.start) composed += hit[form];
          at = end;
        }
        return composed + text.slice(at, to);
      };
      if (touched) write(node, compose('original'), compose('text'), touched.target);
      from = to;
    }
  }

  function inLink(href: Attr): void {
    const value = reads(href);
    const found = findInLink(value, numbers, expression);
    if (!found) return;
    const target = owners[found.index] as SwapTarget;
    if (found.kind !== 'call' && target.links?.[found.kind] === false) return;
    seen.add(target.id);
    const instead = shown.get(target.id);
    const original = numbers[found.index] === target ? value : found.to(target);
    write(href, original, instead ? found.to(instead) : original, target);
  }

  /** An element that names its target shows that number, whatever it says. */
  function inNamed(element: Element, target: SwapTarget): void {
    seen.add(target.id);
    const instead = shown.get(target.id);
    const format = element.getAttribute('data-dialmark-format') as 'international' | 'e164' | null;
    const text = instead && instead[format === 'e164' ? 'number' : format === 'international' ? format : 'national'];
    if (element.localName === 'a') {
      const href = element.getAttributeNode('href');
      if (href) write(href, reads(href), instead ? `tel:${instead.number}` : reads(href), target);
    }
    const walker = element.ownerDocument.createTreeWalker(element, 4);
    const texts: Text[] = [];
    while (walker.nextNode())
      if (reads(walker.currentNode as Text).trim() || trace(walker.currentNode as Text))
        texts.push(walker.currentNode as Text);
    if (hooks.mayEdit && !texts.every(hooks.mayEdit)) return;
    if (!texts.length && text) {
      const created = element.ownerDocument.createTextNode('');
      element.append(created);
      write(created, null, text, target);
    }
    texts.forEach((node, at) => {
      const original = (node as Traced)[key]?.original === null ? null : reads(node);
      write(node, original, text ? (at ? '' : text) : (original ?? ''), at ? undefined : target);
    });
  }

  function inElement(element: Element): void {
    if (element.closest(LEFT_ALONE)) return;
    const named = targets.find((target) => target.id === element.getAttribute('data-dialmark'));
    if (named) inNamed(element, named);
    const href = element.getAttributeNode('href');
    if (href && !named) inLink(href);
    for (const label of LABELS) {
      const attribute = element.getAttributeNode(label);
      if (attribute && expression.test(reads(attribute))) inTexts([attribute], reads(attribute));
    }
  }

  return {
    seen,
    show(id, number) {
      const target = targets.find((each) => each.id === id);
      if (!target) return;
      shown.set(id, number);
      if (!number || numbers.some((known) => known.number === number.number)) return;
      numbers.push(number);
      owners.push(target);
      expression = expressionOf(numbers);
    },
    scan(root) {
      swaps = 0;
      unclaimed = new Set();
      eachRun(root, reads, expression.test, ({ nodes, text }) => {
        if (!nodes.some((node) => node.parentElement?.closest(`${LEFT_ALONE},[data-dialmark]`))) inTexts(nodes, text);
      });
      // Half of a number whose other half is gone says nothing any more: it goes back to what the page wrote.
      for (const node of unclaimed) {
        const own = node[key] as Trace;
        if (!node.parentElement?.closest('[data-dialmark]')) write(node, own.original, own.original ?? '');
      }
      if (root.nodeType === 1 && (root as Element).matches(ELEMENTS)) inElement(root as Element);
      if (root.nodeType !== 3) for (const element of (root as Element).querySelectorAll(ELEMENTS)) inElement(element);
      return swaps;
    },
    restore() {
      for (const each of written) {
        const node = each.deref();
        const own = node && trace(node);
        if (own) write(node, own.original, own.original ?? '');
      }
      written.clear();
    },
  };
}
