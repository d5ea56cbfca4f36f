import { followConsentMode } from './consent-google.ts';
import type { Call } from './script.ts';

/** For pages with the script tag: a second tag, before or after it. */
const scope = window as { dialmark?: { push(call: Call): void } };
scope.dialmark ??= [] as Call[];
scope.dialmark.push(followConsentMode);
