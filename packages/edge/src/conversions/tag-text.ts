import type { Change } from './change.ts';

/**
 * Returns the value of a tag set by `dialmark.tag()` under a name, or else under the next, as text. A tag may be any
 * JSON: what is no text is nothing.
 */
export function tagText({ visit }: Change, ...names: readonly string[]): string {
  const values = names.map((name) => visit?.tags[name]);
  return String(values.find((value) => typeof value === 'string' || typeof value === 'number') ?? '');
}
