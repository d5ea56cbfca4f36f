/** Server-rendered markup that a framework may still take over: what the big ones leave in a page. */
const MAY_HYDRATE =
  '#root,#app,#__next,#__nuxt,#___gatsby,#svelte,[data-reactroot],[data-server-rendered],[data-sveltekit-preload-data],[ng-version],astro-island,script[type=module],link[rel=modulepreload],link[rel=preload][as=script]';

/**
 * Whether a text may be edited without its framework noticing.
 *
 * React rebuilds its whole root when a text differs from what it renders while it hydrates; a node is safe once its
 * parent carries React's own key. Vue marks its container when it is done. Neither mutates the page when it has
 * hydrated, so whoever gets `false` must ask again.
 *
 * @param idle Whether the page has loaded and come to rest.
 */
export function mayEdit(text: Node, idle: boolean): boolean {
  let child: Node = text;
  for (
    let node: Node | null = text.parentNode;
    node;
    child = node, node = node.parentNode ?? (node as ShadowRoot).host
  ) {
    const keys = Object.keys(node).join();
    if (/__vue_app__/.test(keys)) return true;
    if (/__reactFiber/.test(keys)) return child === text || !dehydrated(child);
    if (/__reactContainer/.test(keys)) return false;
  }
  return idle || !(text.ownerDocument as Document).querySelector(MAY_HYDRATE);
}

/** Whether a node stands in a Suspense boundary that React has not come to: `<!--$-->` before, `<!--/$-->` after it. */
function dehydrated(child: Node): boolean {
  let depth = 0;
  for (let node = child.previousSibling; node; node = node.previousSibling) {
    if (node.nodeType !== 8) continue;
    if (node.nodeValue === '/$') depth--;
    else if (/^\$[?!~]?$/.test(node.nodeValue as string)) depth++;
  }
  return depth > 0;
}
