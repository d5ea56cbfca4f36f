import { sideBySide } from './inline.ts';

/** Texts that one number may be split over. */
const PIECES = 40;
/** A long text that begins with a letter is prose: it goes on with no number. */
const WORD = /^[a-z\xc0-\u1fff]/i;
/** How far back from its end a text is looked at: markup is full of blanks. */
const REACH = 40;

/**
 * Whether a number may go on behind a text: it ends in a digit, plus or bracket, then at most punctuation. Undefined
 * where there is nothing but punctuation.
 */
function isOpen(text: string): boolean | undefined {
  for (let at = text.length; at--; ) {
    const code = text.charCodeAt(at);
    if ((code > 47 && code < 58) || code === 40 || code === 43 || (code > 0xff0f && code < 0xff1a)) return true;
    if ((code > 64 && code < 0xa0) || text.length - at > REACH) return false;
  }
  return undefined;
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
  const walker = (root.ownerDocument ?? (root as Document)).createTreeWalker(root, 4);
  let run: Text[] = [];
  let text = '';
  let open = false;
  const close = () => {
    if (!probe(text)) return;
    for (let first = 0, at = 1; at <= run.length; at++) {
      if (at < run.length && sideBySide(run[at - 1] as Text, run[at] as Text)) continue;
      visit(run.slice(first, at));
      first = at;
    }
  };
  for (let node = root.nodeType === 3 ? root : walker.nextNode(); node; node = walker.nextNode()) {
    const own = reads(node as Text);
    if (open && run.length < PIECES && (own.length < 16 || !WORD.test(own))) {
      run.push(node as Text);
      text += own;
    } else {
      close();
      run = [node as Text];
      text = own;
    }
    open = isOpen(own) ?? open;
  }
  close();
}
