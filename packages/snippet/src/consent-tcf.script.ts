import { followTcf } from './consent-tcf.ts';
import type { Call } from './script.ts';

/** For pages with the script tag: a second tag. */
const scope = window as { dialmark?: { push(call: Call): void } };
scope.dialmark ??= [] as Call[];
scope.dialmark.push((dialmark) => {
  followTcf(dialmark);
});
