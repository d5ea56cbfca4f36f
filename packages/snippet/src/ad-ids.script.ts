import { tellAdIds } from './ad-ids.ts';
import type { Call } from './script.ts';

/** For pages with the script tag: appended by the edge where the site's integrations use the ids, or a tag of its own. */
try {
  const scope = window as { dialmark?: { push(call: Call): void } };
  scope.dialmark ??= [] as Call[];
  scope.dialmark.push(tellAdIds);
} catch {
  // The page is none the worse.
}
