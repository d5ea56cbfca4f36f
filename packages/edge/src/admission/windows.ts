import { SECOND } from '@dialmark/shared';

/** Maximum events for a key in a window. */
export interface Gate {
  limit: number;
  seconds: number;
}

/** More keys than these in one window are a flood from everywhere, which no count by address stops. */
const KEYS = 50_000;

/** Counts events by key in windows of the clock, all of the same length. Memory only; no key outlives its window. */
export class Windows {
  readonly #gate: Gate;
  readonly #counts = new Map<string, number>();
  #window = 0;

  constructor(gate: Gate) {
    this.#gate = gate;
  }

  /** Counts one more. @returns whether it is within the limit */
  count(key: string, now: number): boolean {
    this.#turn(now);
    const count = (this.#counts.get(key) ?? 0) + 1;
    if (count > 1 || this.#counts.size < KEYS) this.#counts.set(key, count);
    return count <= this.#gate.limit;
  }

  /** Returns whether there is room for one more. */
  has(key: string, now: number): boolean {
    this.#turn(now);
    return (this.#counts.get(key) ?? 0) < this.#gate.limit;
  }

  #turn(now: number): void {
    const window = Math.floor(now / (this.#gate.seconds * SECOND));
    if (window === this.#window) return;
    this.#window = window;
    this.#counts.clear();
  }
}
