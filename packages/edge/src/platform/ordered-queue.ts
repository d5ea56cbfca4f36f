/** The position of an entry; null while it is in no queue. It can be in one queue at a time. */
export interface Queued<Self> {
  place: { queue: unknown; before: Self | null; after: Self | null } | null;
}

/**
 * A doubly linked queue ordered by a key. Constant time to look at the front, to leave from anywhere and to join
 * with the greatest key, which is how things join here; an older key walks back to its place.
 * (A `Map` as queue is not: each look at its front skips every entry deleted since its last rehash.)
 */
export class OrderedQueue<T extends Queued<T>> {
  #front: T | null = null;
  #back: T | null = null;

  readonly key: (entry: T) => number;

  constructor(key: (entry: T) => number) {
    this.key = key;
  }

  get front(): T | null {
    return this.#front;
  }

  has(entry: T): boolean {
    return entry.place?.queue === this;
  }

  join(entry: T): void {
    const key = this.key(entry);
    let before = this.#back;
    while (before && this.key(before) > key) before = before.place?.before ?? null;
    const after = before ? (before.place?.after ?? null) : this.#front;
    entry.place = { queue: this, before, after };
    if (before?.place) before.place.after = entry;
    else this.#front = entry;
    if (after?.place) after.place.before = entry;
    else this.#back = entry;
  }

  leave(entry: T): void {
    if (!this.has(entry) || !entry.place) return;
    const { before, after } = entry.place;
    if (before?.place) before.place.after = after;
    else this.#front = after;
    if (after?.place) after.place.before = before;
    else this.#back = before;
    entry.place = null;
  }
}
