/** Everything that a page may grow: late nodes, shadow roots, frames of the same origin. */
export interface LivingPage {
  /** Every root known so far: the document, open shadow roots, documents of frames. */
  readonly roots: ReadonlySet<Node>;
  /** Scans all roots now, or one node and what grows under it. */
  rescan(node?: Node): number;
  stop(): void;
}

/** Time a batch may take before the next frame goes on with it. */
const SLICE_MS = 8;
const INLINE = /^(?:a|abbr|b|bdi|bdo|cite|code|em|font|i|mark|s|small|span|strong|sub|sup|time|u|wbr)$/;
/** Siblings up to which a text is looked at together with its neighbours. */
const CROWD = 200;

/** Watches a page with one observer; changes are marked and scanned once a frame, before it is painted. */
export function watchPage(document: Document, scan: (root: Node) => number): LivingPage {
  const roots = new Set<Node>();
  const dirty = new Set<Node>();
  let scheduled = false;
  let stopped = false;
  const observer = new MutationObserver(mark);

  function mark(records: MutationRecord[]): void {
    for (const { type, target, addedNodes, removedNodes } of records) {
      if (type === 'attributes') dirty.add(target);
      else if (type === 'characterData' || removedNodes.length) dirty.add(scopeOf(target));
      else for (const node of addedNodes) dirty.add(scopeOf(node));
    }
    if (dirty.size && !scheduled) {
      scheduled = true;
      // A hidden page gets no frames.
      if (document.hidden) setTimeout(flush);
      else requestAnimationFrame(flush);
    }
  }

  function flush(): void {
    scheduled = false;
    if (stopped) return;
    const until = performance.now() + SLICE_MS;
    for (const node of dirty) {
      dirty.delete(node);
      if (node.isConnected) {
        grow(node);
        quietly(node);
      }
      if (performance.now() > until) break;
    }
    mark([]);
  }

  /** Scans without hearing of its own edits; what the page did before is heard first. */
  function quietly(node: Node): number {
    mark(observer.takeRecords());
    let swaps = 0;
    try {
      swaps = scan(node);
    } catch {
      // A page may break what we stand on; it must not hear of it from us.
    }
    observer.takeRecords();
    return swaps;
  }

  /** Adopts shadow roots and frames at or under a node. */
  function grow(node: Node): void {
    if (node.nodeType === 3) return;
    if (node.nodeType === 1) adoptFrom(node as Element);
    for (const element of (node as Element).querySelectorAll('*')) adoptFrom(element);
  }

  function adoptFrom(element: Element): void {
    if (element.shadowRoot) adopt(element.shadowRoot);
    else if (element.localName === 'iframe') {
      try {
        const inner = (element as HTMLIFrameElement).contentDocument;
        if (inner) adopt(inner);
      } catch {
        // Of another origin, which is nobody's business.
      }
    }
  }

  function adopt(root: Node): void {
    if (roots.has(root)) return;
    roots.add(root);
    observer.observe(root, {
      childList: true,
      characterData: true,
      subtree: true,
      attributeFilter: ['href', 'data-dialmark'],
    });
    if (root.nodeType === 9) root.addEventListener('load', onLoad, true);
    dirty.add(root);
    mark([]);
  }

  function onLoad(event: Event): void {
    if ((event.target as Element).localName === 'iframe') adoptFrom(event.target as Element);
  }

  const view = document.defaultView as Window & typeof globalThis;
  const { attachShadow } = view.Element.prototype;
  function attachWatched(this: Element, init: ShadowRootInit): ShadowRoot {
    const root = attachShadow.call(this, init);
    if (root.mode === 'open' && !stopped) adopt(root);
    return root;
  }
  view.Element.prototype.attachShadow = attachWatched;
  adopt(document);

  return {
    roots,
    rescan(node) {
      if (node) {
        grow(node);
        return quietly(node);
      }
      let swaps = 0;
      grow(document);
      for (const root of roots) swaps += quietly(root);
      dirty.clear();
      return swaps;
    },
    stop() {
      stopped = true;
      observer.disconnect();
      for (const root of roots) root.removeEventListener('load', onLoad, true);
      // Somebody may have wrapped it after us.
      if (view.Element.prototype.attachShadow === attachWatched) view.Element.prototype.attachShadow = attachShadow;
    },
  };
}

/** The smallest part of the page that must be judged anew with a node: the block whose text it belongs to. */
function scopeOf(node: Node): Node {
  let scope = node;
  while (
    (scope.nodeType !== 1 || INLINE.test((scope as Element).localName)) &&
    scope.parentNode &&
    scope.parentNode.childNodes.length < CROWD
  )
    scope = scope.parentNode;
  return scope;
}
