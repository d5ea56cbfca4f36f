import { tellAdIds } from './ad-ids.ts';
import type { Call } from './script.ts';

/** The Worker writes the names of the cookies that the site's integrations use in its place. */
declare const __DIALMARK_AD_COOKIES__: string[];

/** Served behind the script itself, in the same answer. */
try {
  (window as { dialmark?: { push(call: Call): void } }).dialmark?.push((dialmark) =>
    tellAdIds(dialmark, __DIALMARK_AD_COOKIES__),
  );
} catch {
  // The page is none the worse.
}
