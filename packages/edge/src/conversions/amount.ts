import type { CallChange } from '@dialmark/shared';

/** Returns the value of a call; null if it is unknown, so that the platform uses its own default. */
export function amountOf({ call }: CallChange, integration: { value: number | null }): number | null {
  const value = call.value ?? integration.value;
  return value === null || value < 0 ? null : value;
}
