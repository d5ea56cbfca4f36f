import { createScanner } from './scanner.ts';
import { createTargets, type LocateTarget, type Targets } from './targets.ts';
import type { Swap } from './trace.ts';
import { createTraces } from './traces.ts';

export interface SwapperHooks {
  /** Returns true if a text may be edited now; the page is scanned again later. */
  mayEdit?: (text: Text) => boolean;
  /** A target has been seen on the page. */
  onSeen?: (target: string, element: Element | null) => void;
  onSwap?: (swap: Swap) => void;
}

export interface Swapper extends Pick<Targets, 'show'> {
  /** Looks at everything under `root` and makes it show the current numbers; returns how many places changed. */
  scan(root: Node): number;
  /** Puts back what was written, except where the page has written something else since, and shows nothing any more. */
  restore(): void;
}

/** Swaps numbers in place. Every text shows a function of its original, so that scanning twice changes nothing. */
export function createSwapper(printed: readonly LocateTarget[], hooks: SwapperHooks = {}): Swapper {
  const { mayEdit = () => true, onSeen = () => {}, onSwap } = hooks;
  let swaps = 0;
  const targets = createTargets(printed);
  const traces = createTraces((swap) => {
    swaps++;
    onSwap?.(swap);
  });
  const { scan } = createScanner(targets, traces, { mayEdit, onSeen });
  return {
    scan(root) {
      swaps = 0;
      scan(root);
      return swaps;
    },
    show: targets.show,
    restore() {
      for (const { id } of printed) targets.show(id, null);
      traces.restore();
    },
  };
}
