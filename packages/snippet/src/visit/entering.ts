import type { Running } from '../running.ts';
import { enterVisit, isCurrent } from './visits.ts';

/**
 * Enters the session and shows what needs no request: an earlier answer. Numbers that have expired, and those that could
 * not be had, are asked for again.
 */
export function createEnter(running: Running): Running['enter'] {
  const { options, ids, asked } = running;
  return (touch) => {
    asked.clear();
    if (running.allowed) {
      running.visit = enterVisit(options.site, options.session?.timeoutSeconds, touch, running.held);
      running.held = undefined;
    }
    for (const id of ids) {
      const earlier = running.visit?.answer?.numbers[id];
      if (earlier && isCurrent(earlier)) {
        asked.add(id);
        running.show(id, earlier);
      }
    }
    running.resumed = !!asked.size;
    if (running.resumed) running.settle();
    running.rest?.entered(touch);
    running.scan();
    running.ask();
  };
}
