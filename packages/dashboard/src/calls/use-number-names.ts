import { api } from '@dialmark/shared';
import { useQuery } from '@tanstack/preact-query';
import { useMemo } from 'preact/hooks';
import { ask } from '../model/api.ts';

/** Returns the names that the site gave its numbers, such as `Radio spot`: the source of calls to source numbers. */
export function useNumberNames(site: string): ReadonlyMap<string, string> {
  const { data } = useQuery({ ...ask(api.listNumbers, { site, query: { limit: '1000' } }), staleTime: 60_000 });
  return useMemo(
    () => new Map(data?.items.flatMap(({ number, name }) => (name === null ? [] : [[number, name] as const]))),
    [data],
  );
}
