import type { Running } from '../running.ts';
import { pageNow } from './landing.ts';
import type { Send } from './sending.ts';

/**
 * Tells the edge that the visitor is there: heartbeats, and pages of single-page applications.
 *
 * @param keep notes that the visitor is there; false where the session has ended meanwhile
 */
export function createActivity(running: Running, send: Send, keep: () => boolean) {
  const { timeoutSeconds = 1800 } = running.options.session ?? {};
  const addressNow = () => location.href.replace(/#(?![!/]).*/, '');
  let path = addressNow();

  /** `type` says it to the edge, unless the session has ended and another one begins. */
  function stay(type: 'pageview' | 'heartbeat'): void {
    if (!running.visit) return;
    if (keep()) send(type);
    else running.enter(pageNow(''));
  }

  return {
    stay,
    onActivity(): void {
      const pause = Math.min(running.visit?.answer?.renewAfterSeconds ?? timeoutSeconds, timeoutSeconds);
      if (!document.hidden && Date.now() - running.lastSent >= pause * 1000) stay('heartbeat');
    },
    onRoute(): void {
      const before = path;
      path = addressNow();
      if (path !== before) stay('pageview');
    },
  };
}
