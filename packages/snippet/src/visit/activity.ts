import type { Running } from '../running.ts';
import { pageNow } from './landing.ts';
import type { SendEvent } from './send-event.ts';
import type { Visit } from './visits.ts';

/** Listens to events, given by their names in one string. */
export type Listen = (to: EventTarget | undefined, names: string, listener: (event: never) => void) => void;

/**
 * Tells the edge that the visitor is active: heartbeats, and the page views of single-page applications.
 *
 * @param renew stores that the visitor is active; returns false if the session has ended
 */
export function createActivity(running: Running, send: SendEvent, renew: (visit: Visit) => boolean) {
  const { timeoutSeconds = 1800 } = running.options.session ?? {};
  const addressNow = () => location.href.replace(/#(?![!/]).*/, '');
  let path = addressNow();

  function note(type: 'pageview' | 'heartbeat'): void {
    const { visit } = running;
    if (!visit) return;
    if (renew(visit)) send(type);
    else running.enter(pageNow(''));
  }

  function onActivity(): void {
    const pause = Math.min(running.visit?.answer?.renewAfterSeconds ?? timeoutSeconds, timeoutSeconds);
    if (!document.hidden && Date.now() - running.lastSent >= pause * 1000) note('heartbeat');
  }

  function onRoute(): void {
    const before = path;
    path = addressNow();
    if (path !== before) note('pageview');
  }

  return {
    onRoute,
    listenTo(listen: Listen): void {
      listen(document, 'pointerdown keydown scroll visibilitychange', onActivity);
      listen(window, 'popstate hashchange', onRoute);
      listen((window as { navigation?: EventTarget }).navigation, 'currententrychange', onRoute);
      listen(window, 'pageshow', ({ persisted }: PageTransitionEvent) => persisted && note('pageview'));
    },
  };
}
