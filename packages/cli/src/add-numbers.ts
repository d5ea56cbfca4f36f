import { api } from '@dialmark/shared';
import { DialmarkError } from '@dialmark/shared/client';
import type { SiteConnection } from './connection.ts';

/** Small enough that a slow line shows progress, large enough that ten thousand numbers are ten requests. */
const BATCH = 1000;

export interface Added {
  added: number;
  /** By index into what was given. */
  errors: { index: number; message: string }[];
}

/** Adds numbers; what is wrong with some of them costs the others nothing. */
export async function addNumbers({ client, site }: SiteConnection, numbers: readonly unknown[]): Promise<Added> {
  const all: Added = { added: 0, errors: [] };
  for (let start = 0; start < numbers.length; start += BATCH) {
    const batch = await addBatch(numbers.slice(start, start + BATCH));
    all.added += batch.added;
    all.errors.push(...batch.errors.map(({ index, message }) => ({ index: start + index, message })));
  }
  return all;

  async function addBatch(batch: readonly unknown[]): Promise<Added> {
    try {
      const { added, errors } = await client.call(api.addNumbers, { site, body: { numbers: [...batch] } });
      return {
        added,
        errors: errors.map(({ index, path, message }) => ({ index, message: `${path} ${message}`.trim() })),
      };
    } catch (error) {
      // Every row was rejected: the API then answers with the same errors for the request.
      const rejected =
        error instanceof DialmarkError && error.problem.code === 'invalid_request' ? error.problem.errors : undefined;
      if (!rejected?.length || !rejected.every(({ path }) => /^numbers\.\d+/.test(path))) throw error;
      return {
        added: 0,
        errors: rejected.map(({ path, message }) => {
          const [, index = '0', field = ''] = /^numbers\.(\d+)\.?(.*)$/.exec(path) ?? [];
          return { index: Number(index), message: `${field} ${message}`.trim() };
        }),
      };
    }
  }
}
