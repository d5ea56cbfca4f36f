import type { Operation } from '@dialmark/shared';
import { type Arguments, createClient, DialmarkError, type Result } from '@dialmark/shared/client';
import { QueryClient, queryOptions } from '@tanstack/preact-query';
import type { SessionGrant } from './session.ts';

/** The public API of this very origin, with the session's cookie. */
export const client = createClient({
  edge: location.origin,
  fetch: (request) => {
    request.headers.set('Dialmark-Dashboard', '1');
    return fetch(request);
  },
});

export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      // Retrying a rejected request would be pointless.
      retry: (failures, error) => !(error instanceof DialmarkError && error.problem.status < 500) && failures < 2,
    },
  },
});

/** Returns a question to the API, remembered by what was asked. */
export function ask<const O extends Operation>(operation: O, given: Arguments<O>) {
  return queryOptions<Result<O>>({
    queryKey: [operation.path, operation.method, given],
    queryFn: () => client.call(operation, given),
  });
}

/** Lets every answer of an operation be asked for again. */
export function forget(...operations: Operation[]): Promise<unknown> {
  return Promise.all(operations.map(({ path }) => queries.invalidateQueries({ queryKey: [path] })));
}

/** Sets the session (null: logged out) and drops everything cached for another. */
export function enter(grant: SessionGrant | null): void {
  queries.setQueryData(['session'], grant);
  queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' });
}
