/** Value of an occasion; null where nothing is known: the platform then takes its own default. */
export function amountOf(occasion: { value: number | null }, integration: { value: number | null }): number | null {
  const value = occasion.value ?? integration.value;
  return value === null || value < 0 ? null : value;
}
