import type { Dialmark } from './dialmark.ts';

/** Analytics and the pixel write their cookies when they have loaded, often long after the number is there. */
const LATER_MS = [2000, 10_000];

/**
 * Tells the visitor's ids in Google Analytics and Meta, as their own cookies have them, so that a call is joined to the
 * visit they saw: `_ga` and `_ga_<stream>` (https://support.google.com/analytics/answer/11397207), `_fbp` and `_fbc`
 * (https://developers.facebook.com/docs/marketing-api/conversions-api/parameters/fbp-and-fbc). Nothing is stored, and
 * nothing told without the consent that Dialmark itself waits for.
 *
 * @example tellAdIds(createDialmark({ … }));
 */
export function tellAdIds(dialmark: Pick<Dialmark, 'tag'>): void {
  const look = () => {
    const gaSessions: Record<string, string> = {};
    const found: Record<string, unknown> = {};
    for (const cookie of cookies()) {
      const [, name = '', value = ''] = /^(\w+)=(.*)$/.exec(cookie) ?? [];
      if (name === '_ga') found.gaClientId = value;
      if (name === '_fbp' || name === '_fbc') found[name.slice(1)] = value;
      // GS1.1.<start of the session>.… or GS2.1.s<start of the session>$o…
      const began = /^_ga_\w+$/.test(name) && /^GS\d\.\d\.s?(\d+)/.exec(value)?.[1];
      if (began) {
        gaSessions[name.slice(4)] = began;
        found.gaSessions = gaSessions;
      }
    }
    if (Object.keys(found).length) dialmark.tag(found);
  };
  look();
  for (const ms of LATER_MS) setTimeout(look, ms);
  // The last moment before the phone's own app, or another page, takes over.
  document.addEventListener('visibilitychange', look);
}

/** None where a page may have none: a sandboxed one throws. */
function cookies(): string[] {
  try {
    return document.cookie.split('; ');
  } catch {
    return [];
  }
}
