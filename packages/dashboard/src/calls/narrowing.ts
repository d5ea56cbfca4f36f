import type { CallsQuery, Model, Site } from '@dialmark/shared';
import { MODELS } from '../components/model-picker.tsx';
import { e164 } from '../model/format.ts';

/** The filters in the page's address, under the API's own names. */
const SAME = [
  'status',
  'match',
  'target',
  'number',
  'hint',
  'test',
  'from',
  'to',
] as const satisfies (keyof CallsQuery)[];
/** Filters by source, which the model may decide. */
export const ORIGINS = ['channel', 'campaign', 'term', 'landing_page', 'source', 'medium'] as const;
export const NARROWING = [...SAME, ...ORIGINS, 'model', 'search', 'spam'] as const;

/** The names of things that have no field of their own on the page. */
export const CHIPS: [(typeof NARROWING)[number], string][] = [
  ['term', 'Keyword'],
  ['landing_page', 'Landing page'],
  ['source', 'Source'],
  ['medium', 'Medium'],
  ['target', 'Target'],
  ['number', 'Dialed number'],
  ['hint', 'Likely cause'],
];

/** Returns the model whose credit the address asks for; null if calls are taken as their visits came. */
export function modelOf(params: URLSearchParams): Model | null {
  const model = params.get('model');
  return model !== null && model in MODELS && ORIGINS.some((name) => params.get(name)) ? (model as Model) : null;
}

/** Returns the query for the API. Leaves spam out unless the address asks for it, as reports do. */
export function narrowingOf(params: URLSearchParams, site: Site): Record<string, string> {
  const query: Record<string, string> = {};
  for (const name of [...SAME, ...ORIGINS]) {
    const value = params.get(name);
    if (value) query[name] = value;
  }
  const model = modelOf(params);
  if (model) query.model = model;
  const spam = params.get('spam') ?? 'false';
  if (spam !== 'all') query.spam = spam;
  const search = params.get('search')?.trim();
  // Hashed callers are found by their whole number only.
  const caller = search && site.callers === 'hashed' ? e164(search, site.country ?? 'US') : null;
  if (caller) query.caller = caller;
  else if (search) query.search = search;
  return query;
}

/** Returns how many of the fields beside the search narrow the list. */
export function narrowed(params: URLSearchParams): number {
  return [...SAME, ...ORIGINS, 'spam'].filter((name) => params.get(name)).length;
}
