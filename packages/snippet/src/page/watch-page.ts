import { LABELS } from './attributes.ts';
import { INLINE } from './inline.ts';

/** Time that a batch may take before the next frame goes on with it. */
const SLICE_MS = 8;
/** Siblings up to which a text is looked at together with its neighbours. */
const CROWD = 200;
/** Nodes added at a time up to which they are looked at one by one. */
const FEW = 20;

/**
 * Watches a page and all that it may grow, late nodes, shadow roots, frames of the same origin, with one observer.
 * Changes are marked and scanned once a frame, before it is painted. Ends with the signal.
 *
 * @returns looks at once at one node and at what grows under it, or at everything, and counts the places that changed
 */
export function watchPage(
  document: Document,
  scan: (root: Node) => number,
  signal: AbortSignal,
): (node?: Node) => number {
  const roots = new Set<Node>();
  const dirty = new Set<Node>();
  /** Trees still to be searched for shadow roots and frames, which any element may have. */
  const search: TreeWalker[] = [];
  let scheduled = false;
  const observer = new MutationObserver(mark);

  function mark(records: readonly MutationRecord[]): void {
    for (const { target, addedNodes, removedNodes } of records) {
      const one = removedNodes.length || !addedNodes.length || addedNodes.length > FEW;
      for (const node of one ? [target] : addedNodes) dirty.add(scopeOf(node));
    }
    if (scheduled || !(dirty.size || search.length)) return;
    scheduled = true;
    // A hidden page gets no frames.
    if (document.hidden) setTimeout(flush);
    else requestAnimationFrame(flush);
  }

  function flush(): void {
    const until = performance.now() + SLICE_MS;
    const batch = new Set(dirty);
    scheduled = false;
    for (const node of batch) {
      if (performance.now() > until) break;
      dirty.delete(node);
      if (node.isConnected && !isWithin(node, batch)) look(node);
    }
    explore(until);
    mark([]);
  }

  /** Scans without observing its own edits; earlier changes of the page are handled first. */
  function look(node: Node): number {
    mark(observer.takeRecords());
    dirty.delete(node);
    if (node.nodeType !== 3) {
      adopt(node as Element);
      search.push(document.createTreeWalker(node, 1));
    }
    let swaps = 0;
    try {
      swaps = scan(node);
    } catch {
      // A page may break what we stand on; it must not hear of it from us.
    }
    observer.takeRecords();
    return swaps;
  }

  function explore(until: number): void {
    for (let last = search.at(-1); last && performance.now() < until; last = search.at(-1)) {
      const element = last.nextNode();
      if (element) adopt(element as Element);
      else search.pop();
    }
  }

  function adopt(element: Element): void {
    // A list of names never reaches attributes in a namespace, as links in SVG have them.
    if (element.matches?.('svg a')) observer.observe(element, { attributes: true });
    enter(element.shadowRoot ?? (element as HTMLIFrameElement).contentDocument);
  }

  function enter(root: Node | null | undefined): void {
    if (!root || roots.has(root) || signal.aborted) return;
    roots.add(root);
    observer.observe(root, {
      childList: true,
      characterData: true,
      subtree: true,
      attributeFilter: ['href', 'data-dialmark', ...LABELS],
    });
    root.addEventListener('load', ({ target }) => adopt(target as Element), { capture: true, signal });
    dirty.add(root);
    mark([]);
  }

  const { prototype } = Element;
  const { attachShadow } = prototype;
  prototype.attachShadow = function (init) {
    const root = attachShadow.call(this, init);
    adopt(this);
    return root;
  };
  enter(document);
  signal.addEventListener('abort', () => {
    observer.disconnect();
    prototype.attachShadow = attachShadow;
  });

  return (node) => {
    let swaps = 0;
    for (const root of node ? [node] : roots) swaps += look(root);
    if (node) explore(Number.POSITIVE_INFINITY);
    return swaps;
  };
}

function isWithin(node: Node, others: ReadonlySet<Node>): boolean {
  const parent = node.parentNode;
  return !!parent && (others.has(parent) || isWithin(parent, others));
}

/** The smallest part of the page that must be judged again with a node: the block whose text it belongs to. */
function scopeOf(node: Node): Node {
  const parent = node.parentNode;
  return parent && parent.childNodes.length < CROWD && (node.nodeType !== 1 || (node as Element).matches(INLINE))
    ? scopeOf(parent)
    : node;
}
