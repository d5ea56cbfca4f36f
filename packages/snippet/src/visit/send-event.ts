import type { EventType } from '@dialmark/shared/wire/event';
import { type Plain, toJson } from '../core/json.ts';
import type { Running } from '../running.ts';
import { pageNow } from './landing.ts';

/** Sends an event of the current visit to the edge, if there is a visit. */
export type SendEvent = (type: EventType, more?: object) => void;

/** Returns the function that sends events. */
export function createSendEvent(running: Running): SendEvent {
  return (type, more) => {
    const { visit } = running;
    if (!visit) return;
    running.lastSent = Date.now();
    const { session, visitor } = visit;
    const content = { type, session, visitor, page: pageNow(), ...more };
    try {
      // As a page is left, only a beacon is delivered in every browser.
      if (/leave|form/.test(type) && navigator.sendBeacon(running.address('events'), toJson(content as Plain)) === true)
        return;
    } catch {
      // A page has a beacon of its own.
    }
    running.post('events', content).catch(() => {});
  };
}
