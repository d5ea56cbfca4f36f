import { useSyncExternalStore } from 'preact/compat';

export const PAGES = ['overview', 'calls', 'reports', 'numbers', 'install', 'settings'] as const;
export type PageName = (typeof PAGES)[number];

/** A place in the dashboard: `#/{site}/{page}/{id}?{params}`. */
export interface Route {
  /** Null before a site is chosen; `+` while one is made. */
  site: string | null;
  page: PageName;
  /** The id of the one item that the page shows, such as a call. */
  id: string | null;
  params: URLSearchParams;
}

export const NEW_SITE = '+';

let current = parsed();

function parsed(): Route {
  const [path = '', query = ''] = location.hash.slice(1).split('?', 2);
  const [site = '', page = '', id = ''] = path.split('/').filter(Boolean).map(decoded);
  const known = PAGES.find((name) => name === page) ?? 'overview';
  return { site: site || null, page: known, id: id || null, params: new URLSearchParams(query) };
}

/** Decodes a part of the hash. One written by hand may hold a stray `%`. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const listeners = new Set<() => void>();
const guards = new Set<() => boolean>();
addEventListener('hashchange', ({ oldURL }) => {
  // Another page only: what stays on its own has no old address.
  if (oldURL && [...guards].some((mayLeave) => !mayLeave())) {
    history.replaceState(null, '', oldURL);
    return;
  }
  current = parsed();
  for (const listener of listeners) listener();
});

function subscribe(changed: () => void): () => void {
  listeners.add(changed);
  return () => listeners.delete(changed);
}

/** Asks before another page is shown; a false answer stays. @returns what ends it */
export function guardLeaving(mayLeave: () => boolean): () => void {
  guards.add(mayLeave);
  return () => guards.delete(mayLeave);
}

export function useRoute(): Route {
  return useSyncExternalStore(subscribe, () => current);
}

export type Params = Record<string, string | undefined>;

/** Returns the address of a page; parameters that are empty or undefined are left out. */
export function hrefOf(site: string, page: PageName = 'overview', id?: string, params: Params = {}): string {
  const path = [site, page, ...(id === undefined ? [] : [id])].map(encodeURIComponent).join('/');
  const query = new URLSearchParams(Object.entries(params).filter((pair): pair is [string, string] => !!pair[1]));
  return `#/${path}${query.size > 0 ? `?${query}` : ''}`;
}

/** Changes parameters of the page shown, without a new entry in the history. */
export function setParams(changes: Params): void {
  const { site, page, id, params } = current;
  const all = { ...Object.fromEntries(params), ...changes };
  history.replaceState(null, '', hrefOf(site ?? '', page, id ?? undefined, all));
  dispatchEvent(new HashChangeEvent('hashchange'));
}
