import type { Dialmark } from './api.ts';
import { poll } from './page/poll.ts';

/** Default consent to storage by region: ISO 3166-2, upper case; empty for everywhere else. */
export type Defaults = Map<string, boolean>;

/** The visitor's region from `/s/{site}/region.json`: `US` and `US-CA`, null where it does not know. */
export interface Place {
  country?: string | null;
  region?: string | null;
}

interface Command {
  analytics_storage?: string;
  region?: string | string[];
}

/** The consent that Google's tags keep between them; templates of Tag Manager set it without the data layer. */
interface TagConsent {
  entries?: Record<string, { default?: boolean; update?: boolean }>;
  /** 1 for granted, 2 for denied. */
  getConsentState?(type: string): number;
  addListener?(types: string[], changed: () => void): void;
}

interface Scope {
  dataLayer?: ArrayLike<unknown>[];
  google_tag_data?: { ics?: TagConsent };
}

const TYPE = 'analytics_storage';

/**
 * Returns the default for a visitor: that of the most specific region, whichever was stated first. Where the visitor might
 * be in several of those named, the strictest of theirs; undefined where none is stated.
 */
export function defaultFor(defaults: Defaults, { country, region }: Place): boolean | undefined {
  const perhaps = [...defaults.keys()].filter((name) => !country || name.startsWith(`${country}-`));
  const places = region ? [region] : [country ?? '', ...perhaps];
  const stated = places.map((place) => defaults.get(place) ?? defaults.get(place.slice(0, 2)) ?? defaults.get(''));
  return stated.includes(false) ? false : stated.includes(undefined) ? undefined : true;
}

/**
 * Follows Google Consent Mode: `analytics_storage` granted or denied, by `gtag('consent', 'default' | 'update', …)` or
 * Tag Manager's templates, whether it was said before or is said later. A default counts until there is an update, and
 * withdraws nothing; regional ones count for visitors of their regions, which the edge is asked for where there are any.
 * https://developers.google.com/tag-platform/security/guides/consent
 *
 * @example followConsentMode(createDialmark({ …, consent: 'required' }));
 */
export function followConsentMode(dialmark: Pick<Dialmark, 'consent'> & Partial<Pick<Dialmark, 'config'>>): void {
  const scope = window as Scope;
  const defaults: Defaults = new Map();
  let place: Place | undefined;
  let update: boolean | undefined;
  let layer: ArrayLike<unknown>[] | undefined;
  let tags: TagConsent | undefined;

  function hear(entry: ArrayLike<unknown> | undefined): void {
    if (entry?.[0] !== 'consent') return;
    const { analytics_storage: said, region = '' } = (entry[2] ?? {}) as Command;
    if (!said) return;
    const granted = said === 'granted';
    if (entry[1] === 'update') update = granted;
    else if (entry[1] === 'default')
      for (const name of [region].flat()) defaults.set(name.trim().toUpperCase(), granted);
  }

  function follow(): void {
    const byDefault = defaultFor(defaults, place ?? {}) ?? tags?.entries?.[TYPE]?.default;
    // The default first, though both may arrive at once: a refusal after it withdraws nothing that nobody has granted.
    if (byDefault !== undefined && !update) dialmark.consent(byDefault, true);
    if (update !== undefined) dialmark.consent(update);
    if (!place && [...defaults.keys()].some(Boolean)) findPlace();
  }

  function findPlace(): void {
    const { edge, site } = dialmark.config ?? {};
    place = {};
    if (!edge) return;
    fetch(`${edge}/s/${site}/region.json`)
      .then((response) => response.json())
      .then((found: Place) => {
        place = found;
        follow();
      })
      .catch(() => {});
  }

  function followTags(changed?: boolean): void {
    const state = tags?.getConsentState?.(TYPE);
    const entry = tags?.entries?.[TYPE];
    update = entry ? (entry.update ?? update) : changed && state ? state === 1 : update;
    follow();
  }

  poll(() => {
    try {
      scope.dataLayer ??= [];
      if (layer !== scope.dataLayer) {
        const now = scope.dataLayer;
        layer = now;
        const { push } = now;
        now.push = (...entries) => {
          try {
            entries.forEach(hear);
            follow();
          } catch {
            // Theirs, not ours.
          }
          return push.apply(now, entries);
        };
        for (const entry of Array.from(now)) hear(entry);
        follow();
      }
      const { ics } = scope.google_tag_data ?? {};
      if (ics?.addListener && ics !== tags) {
        tags = ics;
        ics.addListener([TYPE], () => followTags(true));
        followTags();
      }
    } catch {
      // Theirs, not ours.
    }
    return false;
  });
}
