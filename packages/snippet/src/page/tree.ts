import type { Running } from '../running.ts';
import { createClearScan } from './clear-places.ts';

/** Swaps clear places, those that the page adds too: until the rest of the script comes, or for good where it cannot. */
export function watchTree(running: Running): void {
  const scan = createClearScan(running);
  const observer = new MutationObserver((records) =>
    requestAnimationFrame(() => {
      for (const { addedNodes } of records) addedNodes.forEach(scan);
      running.requestNumbers();
    }),
  );
  observer.observe(document, { childList: true, subtree: true });
  running.scan = () => scan(document);
  running.stopWatching = () => observer.disconnect();
}
