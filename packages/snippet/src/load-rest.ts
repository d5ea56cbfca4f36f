import type { Dialmark } from './api.ts';
import { CORE } from './core-for-rest.ts';
import type { Running } from './running.ts';

/** The path of the rest of a script on the edge, and its hash (Subresource Integrity): pinning the script pins both. */
export type Rest = readonly [path: string, integrity: string];

/** Time until texts are edited that a framework might have hydrated. */
const LATE_MS = 5000;

/**
 * Loads the rest of the script, which joins in once it has come. It is an element and not `import()`, for which there is
 * no integrity in Safari; the page's nonce goes along. Where it cannot be had, numbers in clear places are still swapped.
 */
export function loadRest(
  [path, integrity]: Rest,
  nonce: string | undefined,
  running: Running,
  dialmark: Dialmark,
): void {
  const onerror = () =>
    // By then hydration is over, as nearly as this part can tell.
    setTimeout(() => {
      running.blocked = true;
      running.scan();
      running.requestNumbers();
    }, LATE_MS);
  /** Called by the rest. */
  const rest = (make: (core: readonly unknown[]) => (running: Running, dialmark: Dialmark) => void): void => {
    try {
      make(CORE)(running, dialmark);
    } catch {
      // Theirs, not ours.
    }
  };
  try {
    document.head.append(
      Object.assign(document.createElement('script'), {
        nonce,
        crossOrigin: '',
        rest,
        integrity,
        src: dialmark.config.edge + path,
        onerror,
      }),
    );
  } catch {
    // The page enforces Trusted Types, and its default policy lets no address pass.
    onerror();
  }
}
