import type { DialmarkOptions } from '../api.ts';
import { mayEdit, mayHydrate } from './hydration.ts';

export interface HydrationWait {
  mayEdit(text: Text): boolean;
  /** Another scan begins: what was known of the page counts no more. */
  startScan(): void;
  /** The page has loaded further; returns whether texts have been waiting for it. */
  progress(): boolean;
}

/** Waits for frameworks to hydrate before their texts are edited, and has the page looked at again until they have. */
export function createHydrationWait(
  { hydration }: DialmarkOptions,
  signal: AbortSignal,
  again: () => void,
): HydrationWait {
  /** When the page was loaded. */
  let loaded = hydration === 'now' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  let coming: boolean | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let wait = 50;
  return {
    mayEdit(text) {
      const may = mayEdit(
        text,
        performance.now() - loaded,
        () => (coming ??= hydration === 'idle' || mayHydrate(document)),
      );
      // A clean hydration changes nothing that could be observed: the only way is to look again.
      if (!may && !timer && !signal.aborted) {
        wait = Math.min(wait * 1.5, 5000);
        timer = setTimeout(() => {
          timer = undefined;
          again();
        }, wait);
      }
      return may;
    },
    startScan() {
      coming = undefined;
    },
    progress() {
      if (document.readyState === 'complete') loaded = Math.min(loaded, performance.now());
      return !!timer;
    },
  };
}
