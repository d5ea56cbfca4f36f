import { type EpochMs, HOUR } from '@dialmark/shared';

/** Counts events by key over the last hour, exactly: an event counts until an hour after it. Memory only. */
export class HourlyLimiter {
  readonly #taken = new Map<string, number[]>();
  #untilSweep = 1000;

  count(key: string, now: EpochMs): number {
    return this.#recent(key, now).length;
  }

  record(key: string, at: EpochMs): void {
    const times = this.#taken.get(key);
    if (times) times.push(at);
    else this.#taken.set(key, [at]);
    if (--this.#untilSweep <= 0) this.#sweep(at);
  }

  #recent(key: string, now: EpochMs): number[] {
    const times = this.#taken.get(key);
    if (!times) return [];
    const first = times.findIndex((at) => at > now - HOUR);
    if (first < 0) {
      this.#taken.delete(key);
      return [];
    }
    if (first > 0) times.splice(0, first);
    return times;
  }

  /** Once for as many records as there are keys: constant cost a record. */
  #sweep(now: EpochMs): void {
    for (const key of [...this.#taken.keys()]) this.#recent(key, now);
    this.#untilSweep = Math.max(1000, this.#taken.size);
  }
}
