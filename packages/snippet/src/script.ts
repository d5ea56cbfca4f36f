import type { SnippetConfig } from '@dialmark/shared/wire/snippet';
import { createDialmark, type Dialmark } from './dialmark.ts';

/** The Worker writes the site's configuration in its place. */
declare const __DIALMARK_CONFIG__: SnippetConfig;

type Call = ((dialmark: Dialmark) => void) | [name: keyof Dialmark, ...args: unknown[]];
interface Global extends Dialmark {
  site: string;
  push(call: Call): void;
}

/** The script tag: starts by itself, answers the calls made before it came, and stays silent whatever happens. */
function start(config: SnippetConfig): void {
  const scope = window as { dialmark?: Global | Call[] };
  const early = scope.dialmark;
  // The same tag twice on a page.
  if (early && 'site' in early && early.site === config.site) return;
  const debug = /[?&]dialmark=/.test(location.search);
  const dialmark = createDialmark(config);
  const push = (call: Call) => {
    if (typeof call === 'function') call(dialmark);
    else (dialmark[call[0]] as (...args: unknown[]) => unknown)(...call.slice(1));
  };
  scope.dialmark = { ...dialmark, site: config.site, push };
  if (Array.isArray(early)) for (const call of early) push(call);
  if (debug) {
    const script = document.createElement('script');
    script.src = `${config.edge}/s/${config.site}/debug.js`;
    document.head.append(script);
  }
}

try {
  start(__DIALMARK_CONFIG__);
} catch {
  // The page keeps its printed numbers.
}
