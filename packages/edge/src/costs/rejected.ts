import type { FieldCode, ProblemCode } from '@dialmark/shared';

/** A code that says of a field, and of the whole request, what is wrong with the file. */
type FileCode = FieldCode & ProblemCode;

/** Why a file as a whole is not booked. */
export interface CostsRejected {
  rejected: { code: FileCode; path: string; message: string };
}

/** Rejects a file. */
export const reject = (code: FileCode, path: string, message: string): CostsRejected => ({
  rejected: { code, path, message },
});

/** Says that costs are in another currency than the site's. */
export function otherCurrency(found: readonly string[], currency: string): string {
  const names = found.length > 3 ? `${found.slice(0, 3).join(', ')} …` : found.join(' or ');
  return `is in ${names}, but the site’s currency is ${currency}. Convert the costs first.`;
}
