/**
 * Runs work that arrives close together in one turn of the event loop, so that the runtime commits it to disk together:
 * a commit costs more than a lease. Each piece of work stays a transaction of its own and answers for itself; nothing is
 * answered before the common commit is on disk (the runtime's output gate).
 */
export class GroupCommit {
  #waiting: (() => void)[] = [];
  readonly #seal: () => void;

  /** @param seal runs once after each group, in the same commit */
  constructor(seal: () => void) {
    this.#seal = seal;
  }

  /** @returns what `work` returns, or rejects with what it throws, once its group has run */
  async run<T>(work: () => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push(() => {
        try {
          resolve(work());
        } catch (error) {
          reject(error);
        }
      });
      // The first to come waits for those whose requests are already at the door.
      if (this.#waiting.length === 1) setTimeout(() => this.#flush(), 0);
    });
  }

  #flush(): void {
    const group = this.#waiting;
    this.#waiting = [];
    for (const work of group) work();
    this.#seal();
  }
}
