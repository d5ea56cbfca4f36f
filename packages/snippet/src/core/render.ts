import { plain } from './digits.ts';
import { formatLike } from './format-like.ts';
import type { Forms } from './forms.ts';

/** Writes `to` the way a page printed `from`, in the digits of any script; see `formatLike`. */
export function render(printed: string, from: Forms, to: Forms, dialled?: boolean): string {
  return formatLike(printed, plain(printed).replace(/\D/g, ''), from, to, dialled);
}
