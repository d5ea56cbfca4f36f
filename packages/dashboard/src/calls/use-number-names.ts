import { api, type TrackingNumber } from '@dialmark/shared';
import { useQuery } from '@tanstack/preact-query';
import { useMemo } from 'preact/hooks';
import { ask } from '../model/api.ts';

/** Returns the site's numbers. */
export function useNumbers(site: string): ReadonlyMap<string, TrackingNumber> {
  const { data } = useQuery({ ...ask(api.listNumbers, { site, query: { limit: '1000' } }), staleTime: 60_000 });
  return useMemo(() => new Map(data?.items.map((each) => [each.number, each])), [data]);
}

/** Returns the names that the site gave its numbers, such as `Radio spot`. */
export function useNumberNames(site: string): ReadonlyMap<string, string> {
  const numbers = useNumbers(site);
  return useMemo(
    () =>
      new Map([...numbers.values()].flatMap(({ number, name }) => (name === null ? [] : [[number, name] as const]))),
    [numbers],
  );
}
