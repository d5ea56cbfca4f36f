import type { SnippetConfig } from './contract.ts';
import { type Dialmark, type Internals, startDialmark } from './dialmark.ts';

/** The Worker writes the site's configuration in its place. */
declare const __DIALMARK_CONFIG__: SnippetConfig;

/** `dialmark.push(['consent', true])`, or a function that gets the API: both also before the script has come. */
export type Call = ((dialmark: Dialmark) => void) | [name: keyof Dialmark, ...args: unknown[]];

/** `window.dialmark`. */
export interface GlobalDialmark extends Dialmark {
  push(...calls: Call[]): void;
  /** For the debug overlay. */
  internals: Internals;
}

/** The script tag: starts by itself, makes up for calls made before it came, and stays silent whatever happens. */
function start(config: SnippetConfig): void {
  const scope = window as { dialmark?: GlobalDialmark | Call[] };
  const early = scope.dialmark;
  // The same tag twice on a page.
  if ((early as GlobalDialmark)?.config?.site === config.site) return;
  const [, mode] = /[?&]dialmark=(debug|preview)/.exec(location.search) ?? [];
  const dialmark = startDialmark({ ...config, quiet: mode === 'preview' });
  const push = (...calls: Call[]) => {
    for (const call of calls)
      if (typeof call === 'function') call(dialmark);
      else (dialmark[call[0]] as (...args: unknown[]) => void)(...call.slice(1));
  };
  scope.dialmark = { ...dialmark, push };
  if (mode) {
    const script = document.createElement('script');
    script.src = `${config.edge}/s/${config.site}/debug.js`;
    document.head.append(script);
  }
  if (Array.isArray(early)) push(...early);
}

try {
  start(__DIALMARK_CONFIG__);
} catch {
  // The page keeps its printed numbers.
}
