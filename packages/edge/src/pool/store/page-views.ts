/**
 * A visit's page views as its row keeps them, in the pool and in the ledger: a JSON list in their order, of `[address,
 * milliseconds after the start]`, the address as a path where it begins as the landing page does; one that is no more
 * than a path itself has a `1` behind it. `0` is the landing page at the start; a visit of that alone keeps no
 * list.
 */
export type Views = string | null;

/** Those of a visit that has viewed no page yet. */
export const NO_VIEWS = '[]';
/** The first views of a visit are kept, the rest only counted. */
const VIEWS_KEPT = 50;
/** Addresses may have four thousand characters each: of long ones fewer are kept, as many rows are in memory. */
const CHARACTERS_KEPT = 16_000;

/** The base of the relative addresses and times in a list. */
interface Visit {
  landingPage: string | null;
  startedAt: number;
}

type Packed = (0 | [address: string, after: number, asItIs?: 1])[];

/** Adds a page view, unless there are too many already. */
export function withView(views: Views, { landingPage, startedAt }: Visit, url: string, at: number): Views {
  const packed = parse(views);
  if (packed.length >= VIEWS_KEPT || (views?.length ?? 0) + url.length > CHARACTERS_KEPT) return views;
  if (packed.length === 0 && url === landingPage && at === startedAt) return null;
  const origin = originOf(landingPage);
  const after = at - startedAt;
  const isShort = origin !== '' && url.startsWith(`${origin}/`);
  const view = isShort ? [url.slice(origin.length), after] : url.startsWith('/') ? [url, after, 1] : [url, after];
  return JSON.stringify([...packed, view]);
}

/** Returns the page views, oldest first; moments in milliseconds. */
export function pageViews<At extends number>(
  views: Views,
  { landingPage, startedAt }: Visit & { startedAt: At },
): { url: string; at: At }[] {
  const origin = originOf(landingPage);
  return parse(views).map((view) => {
    if (view === 0) return { url: landingPage ?? '', at: startedAt };
    const [address, after, asItIs] = view;
    const url = address.startsWith('/') && !asItIs ? origin + address : address;
    return { url, at: (startedAt + after) as At };
  });
}

function parse(views: Views): Packed {
  return views === null ? [0] : (JSON.parse(views) as Packed);
}

/** The part of an address before its path; nothing where it has no path. */
function originOf(url: string | null): string {
  return /^[a-z]+:\/\/[^/]*(?=\/)/i.exec(url ?? '')?.[0] ?? '';
}
