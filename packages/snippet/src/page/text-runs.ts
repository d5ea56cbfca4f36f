import { IGNORED } from './ignored.ts';
import { sideBySide } from './inline.ts';

/** Texts that one number may be split over. */
const PIECES = 40;
/** The number of characters looked at before the end of a text: between inline elements there may be much markup and little text. */
const REACH = 200;

/** Returns true if an element is in a part of the page that is never touched. */
export function isLeftAlone(element: Element | null | undefined): boolean {
  return !!element?.closest(IGNORED);
}

/**
 * Returns true if two texts may hold one number: side by side, in no part of its own, the second not the mark of a
 * footnote.
 */
function belongTogether(a: Text, b: Text): boolean {
  const part = ({ parentElement }: Text) => parentElement?.closest(`${IGNORED},[data-dialmark]`);
  const raised = ({ parentElement }: Text) => parentElement?.closest('sup,sub');
  const isMark = raised(b) && raised(a) !== raised(b) && /\p{N}$/u.test(a.data);
  return part(a) === part(b) && !isMark && sideBySide(a, b);
}

/** A long text that begins with a letter is prose: no number goes on in it. */
function isProse(text: string): boolean {
  const first = text.charCodeAt(0);
  return text.length > 15 && first > 64 && first < 0x2000 && (first < 0xa0 || first > 0xbf);
}

/**
 * Returns true if a number may continue after a text: it ends in a digit, plus or bracket, then at most punctuation.
 */
function isOpen(text: string): boolean {
  for (let at = text.length; at-- && text.length - at < REACH; ) {
    const code = text.charCodeAt(at);
    if ((code > 47 && code < 58) || code === 40 || code === 43 || (code > 0xff0f && code < 0xff1a)) return true;
    if (code > 64 && code < 0xa0) break;
  }
  return false;
}

/**
 * Walks all texts under `root` once. Texts that may hold one number between them are taken together; `visit` gets
 * those that `probe`, which should be quick, does not rule out.
 */
export function eachRun(
  root: Node,
  reads: (node: Text) => string,
  probe: (text: string) => boolean,
  visit: (nodes: readonly Text[]) => void,
): void {
  const walker = document.createTreeWalker(root, 4);
  let last: Text | undefined;
  /** Only where there are several, which is hardly ever: no array is made for each text. */
  let run: Text[] | undefined;
  let text = '';
  const close = () => {
    if (!last || !probe(text)) return;
    const nodes = run ?? [last];
    for (let first = 0, at = 1; at <= nodes.length; at++) {
      if (at < nodes.length && belongTogether(nodes[at - 1] as Text, nodes[at] as Text)) continue;
      visit(nodes.slice(first, at));
      first = at;
    }
  };
  for (
    let node = (root.nodeType === 3 ? root : walker.nextNode()) as Text | null;
    node;
    node = walker.nextNode() as Text
  ) {
    const own = reads(node);
    // The beginning of this text is tested first: it is nearly always prose.
    if (last && !isProse(own) && isOpen(text) && (run?.length ?? 0) < PIECES) {
      run ??= [last];
      run.push(node);
      text += own;
    } else {
      close();
      run = undefined;
      last = node;
      text = own;
    }
  }
  close();
}
