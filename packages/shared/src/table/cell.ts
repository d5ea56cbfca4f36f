/** Marks that have no width: text direction, joiners, byte-order marks. They come along when text is copied. */
const INVISIBLE = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]/g;

/** Matches spaces and zero-width marks, which copying puts at the ends of a cell. */
const isNothing = (code: number) =>
  code <= 0x20 ||
  (code >= 0xa0 &&
    (code === 0xa0 ||
      (code >= 0x2000 && code <= 0x200f) ||
      (code >= 0x2028 && code <= 0x202f) ||
      (code >= 0x205f && code <= 0x2069) ||
      code === 0x3000 ||
      code === 0xfeff));

const isVisibleAscii = (code: number) => code > 0x20 && code < 0x7f;

/**
 * Returns what a cell says: without the space around it, and without what keeps a spreadsheet from reading it as a
 * number or a formula, `="…"` or an apostrophe before `=`, `+`, `-` or `@`.
 */
export function cellText(raw: string): string {
  // Nearly every cell is done with here, by its two ends.
  const first = raw.charCodeAt(0);
  const isQuoted = first === 0x3d || first === 0x27;
  if (!isQuoted && isVisibleAscii(first) && isVisibleAscii(raw.charCodeAt(raw.length - 1))) return raw;
  let [start, end] = [0, raw.length];
  while (start < end && isNothing(raw.charCodeAt(start))) start++;
  while (end > start && isNothing(raw.charCodeAt(end - 1))) end--;
  const text = raw.slice(start, end);
  const formula = /^="(.*)"$/s.exec(text);
  if (formula) return (formula[1] as string).replaceAll('""', '"').trim();
  return /^'[=+\-@]/.test(text) ? text.slice(1) : text;
}

/** Returns text without marks that nobody sees, for cells that hold a number. */
export function visible(text: string): string {
  return text.replace(INVISIBLE, '').trim();
}

/** Returns whether a cell says that there is nothing to say: empty, dashes, `(not set)`, `n/a`. */
export function isBlank(text: string | undefined): boolean {
  return text === undefined || /^(?:\s*|-{1,3}|[‐‑–—]{1,2}|\(not set\)|n\/a|null)$/i.test(text);
}
