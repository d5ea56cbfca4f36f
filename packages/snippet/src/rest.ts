import { plainOf } from './core/plain.ts';
import { sourceNumbers } from './core/source-numbers.ts';
import { addressAround } from './page/attributes.ts';
import { createSwapping } from './page/swapping.ts';
import type { Rest, Running } from './running.ts';
import { createActivity, type Listen } from './visit/activity.ts';
import { trackEvent } from './visit/analytics.ts';
import { createConsent } from './visit/consent.ts';
import { createSendEvent } from './visit/send-event.ts';
import { createVisitStorage } from './visit/visit-storage.ts';
import { isCurrent } from './visit/visits.ts';

/**
 * Joins everything that the first paint can wait for: every form of a number, storage of the visit, and events about
 * what the visitor does. Then catches up with what has happened on the page so far.
 */
export function joinRest(running: Running): void {
  const rest = createRest(running);
  running.stopWatching?.();
  running.rest = rest;
  for (const [target, shown] of Object.entries(running.numbers)) rest.shown(target, shown);
  if (running.landing) rest.pageOpened();
  // A call that waited may have withdrawn consent. A visit that the edge does not know yet has not begun.
  if (running.queuedCalls.length && !running.requestedIds.size) running.visit = undefined;
  for (const [name, ...given] of running.queuedCalls.splice(0))
    (rest.late[name] as (...given: unknown[]) => void)(...given);
  if (!running.landing || running.isStopped) return;
  if (!rest.joined) {
    if (running.visit) {
      rest.entered(running.landing);
      if (running.visit.answer) rest.answered(running.visit);
    } else running.enter(running.landing);
  }
  running.scan();
  running.requestNumbers();
}

function createRest(running: Running): Rest {
  const { options, ids, numbers, targets } = running;
  const { session, sources = [], cookie } = options;
  const ending = new AbortController();
  const { signal } = ending;
  const swapping = createSwapping(running, signal);
  const send = createSendEvent(running);
  const storage = createVisitStorage(options.site, session?.timeoutSeconds, cookie?.days);
  const { setConsent, visitLeft } = createConsent(
    running,
    (granted) => send('consent', { data: { granted } }),
    storage.forgetVisit,
  );
  const activity = createActivity(running, send, storage.renew);
  let isCookieDue = cookie?.firstParty;

  const listen: Listen = (to, names, listener) => {
    for (const name of names.split(' '))
      to?.addEventListener(name, listener as EventListener, { capture: true, passive: true, signal });
  };

  const rest: Rest = {
    pageOpened() {
      if (options.autoSwap !== false)
        swapping.watchChanges(() => {
          // Browsers without the Navigation API do not report a route change; a change of the page gives it away.
          activity.onRoute();
          running.requestNumbers();
        });
      activity.listenTo(listen);
      listen(document, 'click auxclick', (event: Event) => {
        const target = swapping.dialled(addressAround(event.composedPath()[0] as Element));
        if (!target) return;
        send('tel_click', { target });
        trackEvent('dialmark_tel_click', { dialmark_target: target });
      });
      listen(document, 'readystatechange', () => {
        // Texts may have waited for the page to finish loading.
        if (swapping.progress()) running.scan();
      });
      listen(window, 'pagehide', () => {
        visitLeft();
        send('leave');
      });
      swapping.progress();
    },
    entered(touch) {
      const { visit } = running;
      rest.joined = true;
      if (visit) storage.saveVisit(visit);
      // A cached copy of the page may still show a number from an earlier visit, which may be someone else's by now.
      for (const { target, ...lent } of visit?.lent ?? []) {
        const now = numbers[target];
        targets.show(target, lent);
        targets.show(target, now?.number ? now : null);
      }
      const decided = sourceNumbers(sources, visit?.touch ?? touch);
      for (const id of ids) {
        const source = decided[id];
        if (source && !isCurrent(visit?.answer?.numbers[id]))
          running.show(id, { ...source, kind: 'source', binding: null, expiresAt: null });
      }
      if (running.resumed) send('pageview');
    },
    answered(visit) {
      if (visit) {
        running.lastSent = Date.now();
        storage.remember(visit);
        // The edge sets the visitor's cookie too: the lease may have been requested before there was one.
        if (isCookieDue && !running.resumed) {
          isCookieDue = false;
          send('heartbeat');
        }
      } else if (!running.allowed) {
        // A response to a request from before consent was withdrawn may have set the cookie again.
        storage.forgetVisit();
      }
    },
    shown(target, { number, kind }) {
      trackEvent('dialmark_number', { dialmark_target: target, dialmark_number: number, dialmark_kind: kind });
    },
    late: {
      consent: setConsent,
      rescan: swapping.scanNow,
      // The edge can only tag a visit that it has answered.
      tag: (data) => running.ready.then(() => send('tag', { data: plainOf(data) })).catch(() => {}),
      stop() {
        ending.abort();
        running.isStopped = true;
        running.visit = undefined;
        for (const id of ids) targets.show(id, null);
        swapping.putBack();
      },
    },
  };
  return rest;
}
