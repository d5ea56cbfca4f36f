import { api, type Call } from '@dialmark/shared';
import { useInfiniteQuery, useQuery } from '@tanstack/preact-query';
import { useCallback, useEffect, useMemo } from 'preact/hooks';
import { ask, client } from '../api.ts';

const PAGE = 250;
const LATEST = 50;
/** How often the latest calls are asked for. */
const POLL_MS = 2500;

/** The calls that fit, latest first, as far as they were scrolled to; new and changed ones come in by themselves. */
export function useCalls(site: string, filter: Record<string, string>) {
  const pages = useInfiniteQuery({
    queryKey: ['calls', site, filter],
    queryFn: ({ pageParam }) =>
      client.call(api.listCalls, {
        site,
        query: { ...filter, limit: String(PAGE), ...(pageParam ? { cursor: pageParam } : {}) },
      }),
    initialPageParam: '',
    getNextPageParam: (last) => last.cursor,
    // The latest page below keeps it fresh.
    staleTime: Number.POSITIVE_INFINITY,
  });
  const latest = useQuery({
    ...ask(api.listCalls, { site, query: { ...filter, limit: String(LATEST) } }),
    refetchInterval: POLL_MS,
  });

  const { data, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = pages;
  const fresh = latest.data?.items;
  const kept = data?.pages;
  const known = useMemo(() => new Set(kept?.flatMap(({ items }) => items.map(({ id }) => id))), [kept]);
  // More came in at once than the latest page holds: what lies between is asked for as well.
  const torn = !!kept && known.size > 0 && fresh?.length === LATEST && !fresh.some(({ id }) => known.has(id));
  useEffect(() => {
    if (torn) void refetch();
  }, [torn, refetch]);

  const calls = useMemo(() => {
    const byId = new Map<string, Call>();
    for (const page of kept ?? []) for (const call of page.items) byId.set(call.id, call);
    for (const call of fresh ?? []) byId.set(call.id, call);
    return [...byId.values()].sort((a, b) => (a.startedAt < b.startedAt ? 1 : a.startedAt > b.startedAt ? -1 : 0));
  }, [kept, fresh]);

  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);

  return { calls: kept ? calls : undefined, error: pages.error, refetch, more: hasNextPage ? more : undefined };
}
