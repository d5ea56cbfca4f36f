/** Elements that end a line or stand in it like a picture: a number never goes on behind one. */
const BREAKS = /^(?:br|img|input|select|textarea|button|video|iframe)$/i;

function inline(node: Node): boolean {
  return (
    node.nodeType !== 1 ||
    (!BREAKS.test((node as Element).localName) &&
      /^(?:inline|contents)/.test(getComputedStyle(node as Element).display))
  );
}

/** Whether two texts, `a` before `b`, stand side by side: nothing but inline elements and comments between. */
export function sideBySide(a: Node, b: Node): boolean {
  let node: Node | null = a;
  while (node && !node.contains(b)) {
    if (!inline(node)) return false;
    let next: Node | null = node.nextSibling;
    while (next && !next.contains(b)) {
      if (!inline(next)) return false;
      next = next.nextSibling;
    }
    if (next) {
      node = b;
      while (node !== next) {
        node = (node as Node).parentNode as Node;
        if (!inline(node)) return false;
      }
      return true;
    }
    node = node.parentNode;
  }
  return false;
}
