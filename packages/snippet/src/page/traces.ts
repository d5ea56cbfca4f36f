import { originalOf, type Swap, type Traced } from './trace.ts';

/** Quick rounds after which a page that writes its own number back is left in peace for a moment. */
const ROUNDS = 5;
/** Time after which a round is not a quick one: two frames. */
const ROUND_MS = 30;

export interface Traces {
  /** The key that a trace is kept under. */
  key: symbol;
  reads(node: Text | Attr): string | null;
  writeNode(node: Text | Attr, original: string | null, text: string | null, target?: { id: string }): void;
  /** Puts back what was written, except where the page has written something else since. */
  undo(node: Text | Attr | undefined): void;
  restore(): void;
}

/** Writes into the page, and remembers what stood there: every node shows a function of its original. */
export function createTraces(
  onSwap: (swap: Swap) => void,
  key: symbol = Symbol(),
  touched: readonly Traced[] = [],
): Traces {
  const written = new Set(touched.map((node) => new WeakRef(node)));

  function writeNode(node: Text | Attr, original: string | null, text: string | null, target?: { id: string }): void {
    const traced = node as Traced;
    const current = node.nodeValue as string;
    const before = traced[key];
    const at = performance.now();
    // A banner that turns or a part that is refreshed may write it as often as it likes; a fight between two is recognized by its speed.
    const rounds = before
      ? Math.max(
          0,
          (before.rounds ?? 0) + +(current === before.original) - Math.floor((at - (before.at ?? 0)) / ROUND_MS),
        )
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
      if (target) onSwap({ target: target.id, node, from: current, to: text });
    }
  }

  function undo(node: Text | Attr | undefined): void {
    const trace = (node as Traced)?.[key];
    if (trace && trace.written === node?.nodeValue) writeNode(node, trace.original, trace.original);
  }

  return {
    key,
    reads: (node) => originalOf(node, key),
    writeNode,
    undo,
    restore() {
      for (const each of written) undo(each.deref());
    },
  };
}
