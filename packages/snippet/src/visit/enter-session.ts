import type { Running } from '../running.ts';
import { enterVisit, isCurrent } from './visits.ts';

/**
 * Enters the session and shows what needs no request: an earlier answer. Numbers that have expired, and those that could
 * not be had, are asked for again.
 */
export function createEnterSession(running: Running): Running['enter'] {
  const { options, ids, requestedIds } = running;
  return (touch) => {
    requestedIds.clear();
    if (running.allowed) {
      running.visit = enterVisit(options.site, options.session?.timeoutSeconds, touch, running.held);
      running.held = undefined;
    }
    for (const id of ids) {
      const earlier = running.visit?.answer?.numbers[id];
      if (earlier && isCurrent(earlier)) {
        requestedIds.add(id);
        running.show(id, earlier);
      }
    }
    running.resumed = !!requestedIds.size;
    if (running.resumed) running.resolveReady();
    running.rest?.entered(touch);
    running.scan();
    running.requestNumbers();
  };
}
