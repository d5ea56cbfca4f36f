/**
 * Runs work that arrives close together in one turn of the event loop and one transaction, so that the runtime commits
 * it to disk together: a commit costs more than a lease. Where one piece fails the others do not suffer: all is rolled
 * back, and each runs again in a transaction of its own. Nothing is answered before the common commit is on disk (the
 * runtime's output gate).
 */
export class GroupCommit {
  #waiting: Work[] = [];
  readonly #transact: <T>(work: () => T) => T;
  readonly #afterGroup: () => void;

  /**
   * @param transact runs work as a transaction, memory included
   * @param afterGroup runs once after each group, in the same commit
   */
  constructor(transact: <T>(work: () => T) => T, afterGroup: () => void) {
    this.#transact = transact;
    this.#afterGroup = afterGroup;
  }

  /**
   * @param work may run twice, the first time to be undone
   * @returns what `work` returns, or rejects with what it throws, once its group has run
   */
  async run<T>(work: () => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push({ run: work, resolve: resolve as (value: unknown) => void, reject });
      // The first to come waits for those whose requests are already at the door.
      if (this.#waiting.length === 1) setTimeout(() => this.#flush(), 0);
    });
  }

  #flush(): void {
    const group = this.#waiting;
    this.#waiting = [];
    try {
      const results = this.#transact(() => group.map(({ run }) => run()));
      for (const [index, { resolve }] of group.entries()) resolve(results[index]);
    } catch {
      for (const { run, resolve, reject } of group) {
        try {
          resolve(this.#transact(run));
        } catch (error) {
          reject(error);
        }
      }
    }
    this.#afterGroup();
  }
}

interface Work {
  run: () => unknown;
  resolve: (value: unknown) => void;
  reject: (error: unknown) => void;
}
