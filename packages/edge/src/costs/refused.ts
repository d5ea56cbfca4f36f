/** Why a file as a whole is not booked. */
export interface CostsRefused {
  refused: { code: string; path: string; message: string };
}

/** Refuses a file. */
export const refuse = (code: string, path: string, message: string): CostsRefused => ({
  refused: { code, path, message },
});

/** Says that costs are in another currency than the site's. */
export function otherCurrency(found: readonly string[], currency: string): string {
  const names = found.length > 3 ? `${found.slice(0, 3).join(', ')} …` : found.join(' or ');
  return `is in ${names}, and the site counts in ${currency}. Convert the costs first.`;
}
