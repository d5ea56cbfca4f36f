/** One change in the page. */
export interface Swap {
  target: string;
  /** A text node, or the attribute node of a link or label. */
  node: Text | Attr;
  from: string;
  to: string;
}

/** The record of edits to a node. */
export interface Trace {
  /** Null for an attribute that the page did not have. */
  original: string | null;
  written: string | null;
  /** Number of times in quick succession that the page has written it back, with the end of that period. */
  rounds?: number;
  at?: number;
}

/** The trace is kept on the node itself: it lives exactly as long, and costs nothing to look up. */
export type Traced = (Text | Attr) & { [trace: symbol]: Trace | undefined };

/** Reads what the page itself has written there last. */
export function originalOf(node: Text | Attr, key: symbol): string | null {
  const trace = (node as Traced)[key];
  return trace && trace.written === node.nodeValue ? trace.original : node.nodeValue;
}
