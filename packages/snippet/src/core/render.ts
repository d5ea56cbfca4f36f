import { plain } from './digits.ts';
import type { Forms } from './forms.ts';
import { pour } from './pour.ts';

/** Writes `to` the way a page printed `from`, in the digits of any script; see `pour`. */
export function render(printed: string, from: Forms, to: Forms, dialled?: boolean): string {
  return pour(printed, plain(printed).replace(/\D/g, ''), from, to, dialled);
}
