import type { E164, PrintedNumber } from '@dialmark/shared';
import { parsePhoneNumberFromString } from 'libphonenumber-js/min';

const known = new Map<string, PrintedNumber>();

/** A number in the forms a page may print, after libphonenumber's metadata; its digits where that knows no format. */
export function printed(number: E164): PrintedNumber {
  let forms = known.get(number);
  if (!forms) {
    const parsed = parsePhoneNumberFromString(number);
    forms = {
      number,
      national: parsed?.formatNational() ?? number,
      international: parsed?.formatInternational() ?? number,
    };
    // A cache, not a ledger: a Worker isolate may serve many sites.
    if (known.size > 50_000) known.clear();
    known.set(number, forms);
  }
  return forms;
}
