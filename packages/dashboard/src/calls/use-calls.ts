import { api, type Call } from '@dialmark/shared';
import type { Result } from '@dialmark/shared/client';
import { type InfiniteData, infiniteQueryOptions, useInfiniteQuery, useQuery } from '@tanstack/preact-query';
import { useCallback, useEffect, useMemo } from 'preact/hooks';
import { ask, client, queries } from '../model/api.ts';

const PAGE = 250;
const LATEST = 50;
/** Interval at which the latest calls are requested; less often if each request searches thousands. */
const POLL_MS = 2500;
const SEARCH_POLL_MS = 15_000;

type CallsPage = Result<typeof api.listCalls>;

const pagesOf = (site: string, query: Record<string, string>) =>
  infiniteQueryOptions({
    queryKey: ['calls', site, query],
    queryFn: ({ pageParam }) =>
      client.call(api.listCalls, {
        site,
        query: { ...query, limit: String(PAGE), ...(pageParam ? { cursor: pageParam } : {}) },
      }),
    initialPageParam: '',
    getNextPageParam: (last: CallsPage) => last.cursor,
    // The latest page keeps it fresh.
    staleTime: Number.POSITIVE_INFINITY,
  });

const latestOf = (site: string, query: Record<string, string>) =>
  ask(api.listCalls, { site, query: { ...query, limit: String(LATEST) } });

/** Returns the calls that fit, latest first, as far as they were scrolled to; new and changed ones come in by themselves. */
export function useCalls(site: string, query: Record<string, string>) {
  const pages = useInfiniteQuery({ ...pagesOf(site, query), placeholderData: (before) => before });
  const latest = useQuery({ ...latestOf(site, query), refetchInterval: query.search ? SEARCH_POLL_MS : POLL_MS });

  const { data, hasNextPage, isFetchingNextPage, isPlaceholderData, fetchNextPage, refetch } = pages;
  // The previous list stays until the response arrives.
  const fresh = isPlaceholderData ? undefined : latest.data?.items;
  const kept = data?.pages;
  const known = useMemo(() => new Set(kept?.flatMap(({ items }) => items.map(({ id }) => id))), [kept]);
  // More came in at once than the latest page holds: what lies between is asked for as well.
  const torn = !!kept && known.size > 0 && fresh?.length === LATEST && !fresh.some(({ id }) => known.has(id));
  useEffect(() => {
    if (torn) void refetch();
  }, [torn, refetch]);

  const calls = useMemo(() => latestFirst(kept, fresh), [kept, fresh]);
  const goesOn = hasNextPage && !isPlaceholderData;
  const more = useCallback(() => {
    if (goesOn && !isFetchingNextPage) void fetchNextPage();
  }, [goesOn, isFetchingNextPage, fetchNextPage]);

  return {
    calls: kept ? calls : undefined,
    error: pages.error,
    refetch,
    more: goesOn ? more : undefined,
    isOld: isPlaceholderData,
  };
}

/** Returns the calls beside one in the list that was last shown; nothing is asked for. */
export function useNeighbours(site: string, query: Record<string, string>, id: string) {
  // Kept as long as one of them is looked at.
  const pages = useInfiniteQuery({ ...pagesOf(site, query), enabled: false }).data?.pages;
  const latest = useQuery({ ...latestOf(site, query), enabled: false }).data?.items;
  const calls = useMemo(() => latestFirst(pages, latest), [pages, latest]);
  const place = calls.findIndex((call) => call.id === id);
  return place < 0 ? {} : { later: calls[place - 1], earlier: calls[place + 1] };
}

/** Lets the lists be asked for again: a call is no longer what they say. */
export function forgetCalls(): Promise<void> {
  return queries.invalidateQueries({ queryKey: ['calls'] });
}

function latestFirst(kept: InfiniteData<CallsPage>['pages'] = [], fresh: readonly Call[] = []): Call[] {
  const byId = new Map<string, Call>();
  for (const page of kept) for (const call of page.items) byId.set(call.id, call);
  for (const call of fresh) byId.set(call.id, call);
  return [...byId.values()].sort((a, b) => (a.startedAt < b.startedAt ? 1 : a.startedAt > b.startedAt ? -1 : 0));
}
