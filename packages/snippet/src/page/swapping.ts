import type { Running } from '../running.ts';
import { createHydrationWait } from './hydration-wait.ts';
import { createOnSeen } from './in-view.ts';
import { createScanner } from './scanner.ts';
import { createTraces } from './traces.ts';
import { watchPage } from './watch-page.ts';

/** The swapping of a whole page: once, or for as long as the page changes. */
export interface Swapping {
  /** Watches the page from now on, which also makes `running.scan` work. `onScan` runs after each scan. */
  watchChanges(onScan: () => void): void;
  /** Scans now, watched or not. @returns how many places changed */
  scanNow(root?: Node): number;
  /** Returns the target that a link dials. */
  dialled(href: string): string | undefined;
  /** Notes that the page has loaded further. @returns whether texts have been waiting for that */
  progress(): boolean;
  /** Puts back what the page had printed. */
  putBack(): void;
}

/** Creates the swapping of a page that runs until `signal` aborts. */
export function createSwapping(running: Running, signal: AbortSignal): Swapping {
  let swaps = 0;
  let scan: ((root?: Node) => number) | undefined;
  const traces = createTraces(
    (swap) => {
      swaps++;
      running.announce('swap', swap);
    },
    running.key,
    running.touchedNodes,
  );
  const { mayEdit, startScan, progress } = createHydrationWait(running.options, signal, () => running.scan());
  const scanner = createScanner(running.targets, traces, { mayEdit, onSeen: createOnSeen(running, signal) });

  function scanOnce(root: Node): number {
    swaps = 0;
    startScan();
    scanner.scan(root);
    return swaps;
  }

  return {
    scanNow: (root = document) => (scan ? scan(root === document ? undefined : root) : scanOnce(root)),
    progress,
    putBack: traces.restore,
    watchChanges(onScan) {
      running.scan = scan = watchPage(
        document,
        (root) => {
          const count = scanOnce(root);
          onScan();
          return count;
        },
        signal,
      );
    },
    dialled: scanner.dialled,
  };
}
