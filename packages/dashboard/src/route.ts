import { useSyncExternalStore } from 'preact/compat';

export const PAGES = ['overview', 'calls', 'reports', 'numbers', 'install', 'settings'] as const;
export type PageName = (typeof PAGES)[number];

/** Where in the dashboard one is: `#/{site}/{page}/{id}?{params}`. */
export interface Route {
  /** Null before a site is chosen; `+` while one is made. */
  site: string | null;
  page: PageName;
  /** What the page shows one of, such as a call. */
  id: string | null;
  params: URLSearchParams;
}

export const NEW_SITE = '+';

let lastHash: string | undefined;
let lastRoute: Route;

function read(): Route {
  if (location.hash === lastHash) return lastRoute;
  lastHash = location.hash;
  const [path = '', query = ''] = location.hash.slice(1).split('?', 2);
  const [site = '', page = '', id = ''] = path.split('/').filter(Boolean).map(decoded);
  const known = PAGES.find((name) => name === page) ?? 'overview';
  lastRoute = { site: site || null, page: known, id: id || null, params: new URLSearchParams(query) };
  return lastRoute;
}

/** A hash written by hand may hold a stray `%`. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function subscribe(changed: () => void): () => void {
  addEventListener('hashchange', changed);
  return () => removeEventListener('hashchange', changed);
}

export function useRoute(): Route {
  return useSyncExternalStore(subscribe, read);
}

export type Params = Record<string, string | undefined>;

/** The address of a page; parameters that are empty or undefined are left out. */
export function hrefOf(site: string, page: PageName = 'overview', id?: string, params: Params = {}): string {
  const path = [site, page, ...(id === undefined ? [] : [id])].map(encodeURIComponent).join('/');
  const query = new URLSearchParams(Object.entries(params).filter((pair): pair is [string, string] => !!pair[1]));
  return `#/${path}${query.size > 0 ? `?${query}` : ''}`;
}

/** Changes parameters of the page shown, without a new entry in the history. */
export function setParams(changes: Params): void {
  const { site, page, id, params } = read();
  const all = { ...Object.fromEntries(params), ...changes };
  history.replaceState(null, '', hrefOf(site ?? '', page, id ?? undefined, all));
  dispatchEvent(new HashChangeEvent('hashchange'));
}
