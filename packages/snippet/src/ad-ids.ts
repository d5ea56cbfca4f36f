import type { Dialmark } from './api.ts';
import { toJson } from './core/json.ts';
import { readCookie } from './visit/read-cookie.ts';

/** Analytics and the pixel write their cookies when they have loaded, often long after the number is there. */
const LATER_MS = [2000, 10_000];

/** Of a session's cookie (`GS1.1.<its start>.…`, `GS2.1.s<its start>$o…`) what stays the same as long as the session. */
const SESSION = /^(GS\d\.\d+\.s?\d+).*/;

/**
 * Tags the visit with the visitor's ids in Google Analytics and Meta, as their own cookies have them, so that its calls
 * are joined there to the visit they saw: `_ga` and `_ga_<stream>`
 * (https://support.google.com/analytics/answer/11397207), `_fbp` and `_fbc`
 * (https://developers.facebook.com/documentation/ads-commerce/conversions-api/parameters/fbp-and-fbc). Nothing is stored
 * here, and no cookie read before the visit has a number, so never without the consent that Dialmark itself waits for.
 *
 * @param cookies names of the cookies to send; those that do not exist yet are sent once they do.
 * @example tellAdIds(createDialmark({ … }), ['_ga', '_ga_ABC123DEF4', '_fbp', '_fbc']);
 */
export function tellAdIds(
  dialmark: Pick<Dialmark, 'numbers' | 'on' | 'ready' | 'tag'>,
  cookies: readonly string[],
): void {
  let sent: string;
  const look = () => {
    // Each session has bindings of its own, and none is there before the edge knows the session.
    const binding = Object.values(dialmark.numbers).find((shown) => shown.binding)?.binding;
    if (!binding) return;
    const ids = Object.fromEntries(
      cookies.flatMap((name) => {
        const value = readCookie(name);
        return value ? [[name, value.replace(SESSION, '$1')]] : [];
      }),
    );
    const current = toJson([binding, ids]);
    if (current === sent || !Object.keys(ids).length) return;
    sent = current;
    dialmark.tag(ids);
  };
  dialmark.ready.then(() => {
    look();
    for (const ms of LATER_MS) setTimeout(look, ms);
  });
  dialmark.on('number', look);
  // The last moment before the phone's own app, or another page, takes over.
  document.addEventListener('visibilitychange', look);
}
