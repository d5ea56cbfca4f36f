/** Tags and click ids (DESIGN section 6): a page address that carries new ones begins a new session. */
const TAGS = /[?&](?:amp;)?(?:utm_\w+|gad_\w+|[gw]braid|\w*cl(?:k|ick)?id|li_fat_id|sccid|rdt_cid|epik)=[^&#]*/gi;

/** Returns the tags and click ids of an address. */
export function tagsOf(url: string): string[] {
  return (url.match(TAGS) ?? []).map((tag) => tag.slice(1));
}

/**
 * Returns the address that the page was opened by, as far as sources go: many pages strip their query before a script that
 * is loaded late has read it. The browser has kept it (https://www.w3.org/TR/navigation-timing-2/). What the address
 * says now counts where it carries tags that it was not opened by, and where the page was written by another one.
 */
export function openedBy(): string {
  const now = location.href;
  try {
    const opened = new URL((performance.getEntriesByType('navigation')[0] as PerformanceEntry).name);
    const { origin, pathname, search } = opened;
    const lost = tagsOf(search);
    const tags = tagsOf(now);
    const stripped = pathname === location.pathname && !location.search && search;
    if (
      origin === location.origin &&
      tags.every((tag) => lost.includes(tag)) &&
      (stripped || lost.length > tags.length)
    )
      return origin + pathname + search;
  } catch {
    // Not kept, or not by that name.
  }
  return now;
}

/** The page as requests describe it. */
export function pageNow(referrer = document.referrer) {
  return {
    url: location.href.slice(0, 4096),
    referrer: referrer.slice(0, 4096),
    title: document.title.slice(0, 999),
  };
}
