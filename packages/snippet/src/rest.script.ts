import type { Shown } from './api.ts';
import { MATCHER, type Matcher } from './page/matcher.ts';
import { joinRest } from './rest.ts';
import type { Running } from './running.ts';
import type { GlobalDialmark } from './script.ts';
import type { Visit } from './visit/visits.ts';

/** The debug overlay's further access. */
export interface Internals {
  visit(): Visit | undefined;
  show(target: string, assignment: Shown): void;
  matcher: Matcher;
}

/** The second part of the script, which the first has loaded and hands itself to. */
export default function join(running: Running, dialmark: GlobalDialmark): void {
  joinRest(running);
  dialmark.internals = { visit: () => running.visit, show: running.show, matcher: MATCHER };
  if (!/[?&]dialmark=(?:debug|preview)/.test(location.search)) return;
  const { edge, site } = running.options;
  const script = document.createElement('script');
  script.src = `${edge}/s/${site}/debug.js`;
  document.head.append(script);
}
