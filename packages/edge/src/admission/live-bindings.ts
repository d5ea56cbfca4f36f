import type { EpochMs } from '@dialmark/shared';

/** Bindings that an address holds, with their expiry: as many as it may hold and those that ran out since. */
export class LiveBindings {
  readonly #untilOf = new Map<string, Map<number, EpochMs>>();
  #untilSweep = 1000;

  /** Notes a hold, or that it lasts longer or shorter than it did. */
  note(key: string, binding: number, until: EpochMs, now: EpochMs): void {
    const holds = this.#untilOf.get(key);
    if (holds) holds.set(binding, until);
    else this.#untilOf.set(key, new Map([[binding, until]]));
    if (--this.#untilSweep > 0) return;
    // Once for as many notes as there are keys: constant cost a note.
    for (const each of [...this.#untilOf.keys()]) this.count(each, now);
    this.#untilSweep = Math.max(1000, this.#untilOf.size);
  }

  /** Returns how many are live at a moment. */
  count(key: string, now: EpochMs): number {
    const holds = this.#untilOf.get(key);
    if (!holds) return 0;
    for (const [binding, until] of holds) if (until <= now) holds.delete(binding);
    if (holds.size === 0) this.#untilOf.delete(key);
    return holds.size;
  }
}
