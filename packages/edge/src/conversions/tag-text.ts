import type { CallNews } from '@dialmark/shared';

/** What the page told by `dialmark.tag()` under a name, as text. A tag may be any JSON: what is no text is nothing. */
export function tagText({ visit }: CallNews, name: string): string {
  const value = visit?.tags[name];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
