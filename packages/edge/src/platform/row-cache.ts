/**
 * Rows lately read or written, the least recently used dropped first: a visit that goes on is asked for again and again,
 * and so is what the ledger is told a second later. What is in here is what is in the table; whoever changes the table
 * otherwise clears it.
 */
export class RowCache<K, V> {
  readonly #rows = new Map<K, V>();
  readonly #capacity: number;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get(key: K): V | undefined {
    const row = this.#rows.get(key);
    if (row !== undefined) {
      this.#rows.delete(key);
      this.#rows.set(key, row);
    }
    return row;
  }

  set(key: K, row: V): void {
    this.#rows.delete(key);
    this.#rows.set(key, row);
    if (this.#rows.size > this.#capacity) this.#rows.delete(this.#rows.keys().next().value as K);
  }

  clear(): void {
    this.#rows.clear();
  }
}
