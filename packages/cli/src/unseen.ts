import type { ListPage } from '@dialmark/shared';

/** Pages to look back: changes to older entries are not shown. */
const MAX_PAGES = 20;

/** Finds the entries of a list, latest first, that it did not show before. */
export class Unseen<T> {
  readonly #keyOf: (entry: T) => string;
  #seen = new Set<string>();
  #looked = false;

  /** `keyOf` identifies an entry, with its state if a new state is to be shown again. */
  constructor(keyOf: (entry: T) => string) {
    this.#keyOf = keyOf;
  }

  /**
   * Reads pages until one brings nothing new.
   * @returns the new entries, latest first; at most `count` of them, the rest counting as seen
   */
  async take(page: (cursor: string | null) => Promise<ListPage<T>>, count: number): Promise<T[]> {
    const unseen: T[] = [];
    const first = !this.#looked;
    this.#looked = true;
    let cursor: string | null = null;
    for (let pages = 0; pages < MAX_PAGES; pages++) {
      const { items, cursor: next }: ListPage<T> = await page(cursor);
      const fresh = items.filter((entry) => !this.#seen.has(this.#keyOf(entry)));
      for (const entry of items) this.#seen.add(this.#keyOf(entry));
      unseen.push(...fresh);
      cursor = next;
      // At the beginning everything is new: one page is enough to know what counts as seen.
      if (cursor === null || fresh.length < items.length || first) break;
    }
    return unseen.slice(0, count);
  }
}
