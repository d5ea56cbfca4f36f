import { COMING, CONTAINERS, PERHAPS } from './frameworks.ts';

/** Time after loading until most of what hydrates has, and until nothing more is to be expected. */
const MOST_MS = 300;
const ALL_MS = 3000;

/** Returns true while scripts may still hydrate the page. */
export function mayHydrate(document: Document): boolean {
  return !!document.querySelector(COMING);
}

/**
 * Returns true if a text may be edited without its framework noticing.
 *
 * React rebuilds its whole root when a text differs from what it renders while it hydrates; a node is safe once its
 * parent carries React's own key. Vue marks its container when it is done. Neither mutates the page when it has
 * hydrated, so a caller that gets `false` must ask again.
 *
 * @param rest milliseconds since the page was loaded, negative until then
 */
export function mayEdit(text: Node, rest: number, coming: () => boolean): boolean {
  let child: Node = text;
  // Svelte leaves no mark where it has hydrated, but announces itself when it has loaded.
  const patience = '__svelte' in window ? MOST_MS : ALL_MS;
  const containers = CONTAINERS + (document.readyState === 'loading' ? PERHAPS : '');
  for (let node: Node | null = text.parentNode; node; node = node.parentNode ?? (node as ShadowRoot).host) {
    const keys = Object.keys(node).join();
    if (/__vue_app/.test(keys)) return true;
    if (/__reactFiber/.test(keys)) return child === text || !inBoundary(child);
    if (/__reactContainer/.test(keys)) return false;
    if (rest < patience && (node as Partial<Element>).matches?.(containers)) return false;
    child = node;
  }
  return rest >= MOST_MS || !coming();
}

/**
 * Returns true if a node is in a Suspense boundary, between `<!--$-->` and `<!--/$-->`, that React has not hydrated.
 */
function inBoundary(child: Node): boolean {
  let depth = 0;
  for (let node = child.previousSibling; node; node = node.previousSibling)
    if (node.nodeType === 8) depth += /^\$/.test(node.nodeValue as string) ? 1 : node.nodeValue === '/$' ? -1 : 0;
  return depth > 0;
}
