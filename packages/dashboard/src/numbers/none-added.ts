import type { NumbersAdded } from '@dialmark/shared';
import { DialmarkError } from '@dialmark/shared/client';

/** Reads the problem that names every row, for a file without a valid row. */
export function noneAdded(error: unknown): NumbersAdded {
  const fieldErrors = error instanceof DialmarkError ? (error.problem.errors ?? []) : [];
  const errors = fieldErrors.flatMap(({ path, ...error }) => {
    const [, index, field] = /^numbers\.(\d+)\.?(.*)$/.exec(path) ?? [];
    return index === undefined ? [] : [{ index: Number(index), path: field ?? '', ...error }];
  });
  if (errors.length === 0) throw error;
  return { added: 0, errors };
}
