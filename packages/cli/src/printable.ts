/**
 * Text that a terminal shows and does not obey: addresses of pages, referrers and names come from strangers, and escape
 * sequences in them could rewrite what stands on the screen (ECMA-48, control sets C0 and C1). Line breaks stay.
 */
export function printable(text: string): string {
  return text.replace(/[^\n\P{Cc}]/gu, '\uFFFD');
}
