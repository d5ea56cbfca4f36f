import { type FieldError, NUMBERS_AT_ONCE, type ProblemCode, type Site } from '@dialmark/shared';
import { type NumberRows, readNumberRows, usualTarget } from '@dialmark/shared/number-rows';
import { TableError } from '@dialmark/shared/table/records';
import type { Phones } from '../../phones/phones.ts';

/** Why nothing of a file can be taken. */
interface Rejected {
  rejected: { problem: ProblemCode; detail: string; error: FieldError };
}

/**
 * Reads a file of numbers for a site: ours, a carrier's export, or a list.
 * @param target that rows are for which name none; left out: the site's usual one
 */
export function readNumberFile(
  file: Uint8Array,
  site: Site,
  { metadata }: Phones,
  target: string = usualTarget(site),
): NumberRows | Rejected {
  try {
    const read = readNumberRows(file, { target, country: site.country, metadata, most: NUMBERS_AT_ONCE });
    if (read.hasMore) {
      const message = `has more than ${NUMBERS_AT_ONCE.toLocaleString('en')} rows, which is all that one request takes. Send it in parts.`;
      return rejected('payload_too_large', `The file ${message}`, { path: 'rows', code: 'too_many_rows', message });
    }
    if (read.rows.length + read.errors.length > 0) return read;
    return rejected('invalid_request', 'The file has headers but no numbers.', {
      path: 'rows',
      code: 'too_few',
      message: 'must have at least one row',
    });
  } catch (error) {
    if (!(error instanceof TableError)) throw error;
    const { code, line, message } = error;
    const path = line === null ? '' : `rows.${line}`;
    return rejected(code, `The file could not be read. ${message}`, { path, code, message });
  }
}

const rejected = (problem: ProblemCode, detail: string, error: FieldError): Rejected => ({
  rejected: { problem, detail, error },
});
