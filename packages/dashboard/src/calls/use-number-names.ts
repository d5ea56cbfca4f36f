import { api } from '@dialmark/shared';
import { useQuery } from '@tanstack/preact-query';
import { useMemo } from 'preact/hooks';
import { ask } from '../model/api.ts';

/** Returns what the site calls its numbers, such as `Radio spot`: says where a call to a source number came from. */
export function useNumberNames(site: string): ReadonlyMap<string, string> {
  const { data } = useQuery({ ...ask(api.listNumbers, { site, query: { limit: '1000' } }), staleTime: 60_000 });
  return useMemo(
    () => new Map(data?.items.flatMap(({ number, name }) => (name === null ? [] : [[number, name] as const]))),
    [data],
  );
}
