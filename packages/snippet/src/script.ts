import type { Dialmark } from './api.ts';
import type { SnippetConfig } from './core/contract.ts';
import { startDialmark } from './dialmark.ts';
import { loadRest, type Rest } from './load-rest.ts';
import { watchTree } from './page/tree.ts';

/** The Worker writes the site's configuration in its place, and where the rest of the script is. */
declare const __DIALMARK_CONFIG__: Omit<SnippetConfig, 'edge'> & Partial<SnippetConfig>;
declare const __DIALMARK_REST__: Rest;

/** `dialmark.push(['consent', true])`, or a function that gets the API: both also before the script has come. */
export type Call = ((dialmark: Dialmark) => void) | [name: keyof Dialmark, ...args: unknown[]];

/** `window.dialmark`. */
export interface GlobalDialmark extends Dialmark {
  push(...calls: Call[]): void;
  /** For the debug overlay; comes with the rest of the script. */
  internals?: unknown;
}

/** The script tag: starts by itself, makes up for calls made before it came, and stays silent whatever happens. */
function start(config: typeof __DIALMARK_CONFIG__): void {
  const scope = window as { dialmark?: GlobalDialmark | Call[] };
  const early = scope.dialmark;
  // The same tag twice on a page.
  if ((early as GlobalDialmark)?.config?.site === config.site) return;
  // The current script last: a module is none, and an image of that name would be taken for it.
  const { nonce, src } = (document.querySelector(`script[src*="/s/${config.site}"]`) ??
    document.currentScript) as HTMLScriptElement;
  // The edge is where the script came from, unless it is configured. With the name and password that a page was opened with
  // nothing may be asked.
  const edge = src.replace(/[^/]+@|\/s\/.*/g, '');
  const quiet = /[?&]dialmark=preview/.test(location.search);
  const { dialmark, running } = startDialmark({ edge, ...config, quiet }, watchTree);
  const push = (...calls: Call[]) => {
    for (const call of calls)
      if (typeof call === 'function') call(dialmark);
      else (dialmark[call[0]] as (...args: unknown[]) => void)(...call.slice(1));
  };
  const global: GlobalDialmark = { ...dialmark, push };
  scope.dialmark = global;
  loadRest(__DIALMARK_REST__, nonce, running, global);
  if (Array.isArray(early)) push(...early);
}

try {
  start(__DIALMARK_CONFIG__);
} catch {
  // The page keeps its printed numbers.
}
