/** Attributes with a link's address; the second in SVG. */
export const LINKS = ['href', 'xlink:href'];

/** Attributes that are read out or shown. */
export const LABELS = ['aria-label', 'title', 'alt'];

/** Returns the address of the link that an element is in. */
export function addressAround(element: Element | null): string {
  const link = element?.closest?.('a');
  return LINKS.map((name) => link?.getAttribute(name)).find(Boolean) ?? '';
}
