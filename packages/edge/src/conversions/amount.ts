import type { CallChange } from '@dialmark/shared';

/** What a call is worth; null where nothing is known: the platform then takes its own default. */
export function amountOf({ call }: CallChange, integration: { value: number | null }): number | null {
  const value = call.value ?? integration.value;
  return value === null || value < 0 ? null : value;
}
