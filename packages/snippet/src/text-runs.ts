import { sideBySide } from './inline-run.ts';

/** Text nodes that a reader sees as one text. */
export interface Run {
  nodes: readonly Text[];
  text: string;
}

/** How far a gap may reach over the end of a text. */
const REACH = 6;

/** Whether a number may go on behind this text: a digit, a plus or an opening bracket, then perhaps punctuation. */
function isOpen(text: string): boolean | undefined {
  for (let at = text.length; at-- && text.length - at <= REACH; ) {
    const code = text.charCodeAt(at);
    if ((code > 47 && code < 58) || code === 43 || code === 40 || (code > 0xff0f && code < 0xff1a)) return true;
    if (code > 64 && code < 0x2000 && code !== 0xa0 && code !== 0xad && code !== 0xb7) return false;
  }
  // Nothing but punctuation, or too much of it to tell: blank texts leave matters as they were.
  return text.length > REACH ? false : undefined;
}

/**
 * Walks all texts under `root` once. `reads` gives the text of a node, `probe` says cheaply whether a text is worth
 * looking at, `visit` gets each run that is.
 */
export function eachRun(
  root: Node,
  reads: (node: Text) => string,
  probe: (text: string) => boolean,
  visit: (run: Run) => void,
): void {
  const walker = (root.ownerDocument ?? (root as Document)).createTreeWalker(root, 4);
  let nodes: Text[] = [];
  let text = '';
  let open = false;
  const close = () => {
    if (!probe(text)) return;
    for (let first = 0, at = 1; at <= nodes.length; at++) {
      if (at < nodes.length && sideBySide(nodes[at - 1] as Text, nodes[at] as Text)) continue;
      const run = nodes.slice(first, at);
      visit({ nodes: run, text: run.map(reads).join('') });
      first = at;
    }
  };
  for (let node = root.nodeType === 3 ? root : walker.nextNode(); node; node = walker.nextNode()) {
    const own = reads(node as Text);
    if (open && (own.length < 16 || own.charCodeAt(0) < 65 || own.charCodeAt(0) > 0x9f)) {
      nodes.push(node as Text);
      text += own;
    } else {
      close();
      nodes = [node as Text];
      text = own;
    }
    open = isOpen(own) ?? open;
  }
  close();
}
